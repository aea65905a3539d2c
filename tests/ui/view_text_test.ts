// A view as text: parts put together, as far as they have come.

import assert from "node:assert/strict";
import type { ViewPart, ViewQuery } from "../../src/catalog/types.ts";
import { streamViewText } from "../../src/ui/view_text.ts";
import { aViewPart } from "./fakes.ts";

const QUERY: ViewQuery = { exchange: "e1", side: "request", as: "text", from: 0, lines: 2 };

/** A Catalog that answers with these parts, one after the other. */
function answering(parts: (ViewPart | null)[]) {
  const asked: ViewQuery[] = [];
  return {
    asked,
    view(query: ViewQuery) {
      asked.push(query);
      const part = parts.shift();
      assert(part !== undefined, "asked once too often");
      return Promise.resolve(part);
    },
  };
}

const part = (text: string, changes: Partial<ViewPart> = {}) =>
  aViewPart({ text, lines: text.split("\n").length, total: 100, ...changes });

async function textOf(parts: (ViewPart | null)[], lines = Infinity, from = 0) {
  const [first, ...others] = parts;
  assert(first !== null);
  const catalog = answering(others);
  const stream = streamViewText(catalog, { ...QUERY, from }, first, lines);
  return { text: await new Response(stream).text(), asked: catalog.asked };
}

Deno.test("streamViewText puts parts together, and asks on from where it is", async () => {
  const { text, asked } = await textOf([
    part("a\nb", { total: 5 }),
    part("c\nd", { total: 5 }),
    part("e", { total: 5 }),
  ]);
  assert.equal(text, "a\nb\nc\nd\ne");
  assert.deepEqual(asked.map(({ from, lines }) => [from, lines]), [[2, 5000], [4, 5000]]);
});

Deno.test("streamViewText puts lines together that were cut", async () => {
  const { text } = await textOf([
    part("a1\na2\nb1", { continued: [false, true, false], total: 6 }),
    part("b2\nb3\nc", { continued: [true, true, false], total: 6 }),
  ]);
  assert.equal(text, "a1a2\nb1b2b3\nc");
});

Deno.test("streamViewText keeps empty lines", async () => {
  const { text } = await textOf([part("\n", { total: 3 }), part("", { lines: 1, total: 3 })]);
  assert.equal(text, "\n\n");
});

Deno.test("streamViewText gives no more lines than are wanted", async () => {
  const { text, asked } = await textOf([part("a\nb"), part("c")], 3, 7);
  assert.equal(text, "a\nb\nc");
  assert.deepEqual(asked.map(({ from, lines }) => [from, lines]), [[9, 1]]);
});

Deno.test("streamViewText waits for what is not laid out yet, and ends with what has come", async () => {
  const { text } = await textOf([
    part("", { lines: 0, doneBytes: 0, bytes: 9, complete: false }),
    part("a", { doneBytes: 5, bytes: 9, complete: false }),
    part("", { lines: 0, doneBytes: 5, bytes: 9, complete: false }),
    part("b", { doneBytes: 9, bytes: 9, complete: false }),
    part("", { lines: 0, doneBytes: 9, bytes: 9, complete: false }),
  ]);
  assert.equal(text, "a\nb");
});

Deno.test("streamViewText ends where the exchange is removed meanwhile", async () => {
  assert.equal((await textOf([part("a"), null])).text, "a");
});

Deno.test("streamViewText stops asking when it is cancelled, also while it waits", async () => {
  const waiting = part("", { lines: 0, doneBytes: 0, bytes: 9, complete: false });
  const catalog = answering([]);
  const reader = streamViewText(catalog, QUERY, waiting, Infinity).getReader();
  const read = reader.read();
  await reader.cancel();
  assert.deepEqual([(await read).done, catalog.asked.length], [true, 0]);
});
