// Find: every hit in the whole of a view, shown or not, also where a long line was cut; bytes in hex views
// over the ends of lines; expressions that are wrong or never come to an end.

import assert from "node:assert/strict";
import { type MessageFacts, messageFacts, TURN_FACTS } from "../../src/catalog/content.ts";
import { LINE_LIMIT } from "../../src/catalog/lines.ts";
import type { FindQuery, FindResult, Hit } from "../../src/catalog/types.ts";
import { Views } from "../../src/catalog/view.ts";
import { GrowingWire, randomFrom, someBytes } from "./growing_wire.ts";
import { findWorker } from "./find_worker.ts";

const PLAIN: MessageFacts = messageFacts([{ name: "Content-Type", value: "text/plain" }]);
const JSON_FACTS: MessageFacts = messageFacts([{ name: "Content-Type", value: "application/json" }]);

type Asked = Pick<FindQuery, "text"> & Partial<FindQuery>;

async function withViews<T>(use: (views: Views) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  const views = new Views({ folder, findWorker });
  try {
    return await use(views);
  } finally {
    await views.close();
    await Deno.remove(folder, { recursive: true });
  }
}

function find(
  views: Views,
  wire: GrowingWire,
  query: Asked,
  facts = PLAIN,
  signal?: AbortSignal,
): Promise<FindResult> {
  return views.find(wire, facts, { as: "auto", caseSensitive: false, regex: false, ...query }, signal);
}

/** What is found in one complete message. */
function found(body: Uint8Array | string, query: Asked, facts = PLAIN): Promise<FindResult> {
  const wire = new GrowingWire("length").append(body).complete();
  return withViews((views) => find(views, wire, query, facts));
}

const hit = (line: number, from: number, to: number, toLine?: number): Hit =>
  toLine === undefined ? { line, from, to } : { line, from, to, toLine };

const FOUND: Readonly<Record<string, readonly [body: string, query: Asked, hits: readonly Hit[]]>> = {
  "text": ["one two\ntwo one", { text: "one" }, [hit(0, 0, 3), hit(1, 4, 7)]],
  "text that is not there": ["one", { text: "three" }, []],
  "text in any case": ["Straße STRASSE straSSe", { text: "strasse" }, [hit(0, 7, 14), hit(0, 15, 22)]],
  "letters beyond ASCII in any case": ["ÄÖÜ äöü", { text: "äÖü" }, [hit(0, 0, 3), hit(0, 4, 7)]],
  "text in this case": ["one One", { text: "One", caseSensitive: true }, [hit(0, 4, 7)]],
  "text that overlaps itself": ["aaaaa", { text: "aa" }, [hit(0, 0, 2), hit(0, 2, 4)]],
  "what means something to expressions": ["a.b*c[d]", { text: ".b*c[" }, [hit(0, 1, 6)]],
  "characters of two units": ["𝄞𝄞a", { text: "𝄞a" }, [hit(0, 2, 5)]],
  "an expression": ["a1 b22\nc333", { text: "[a-z]\\d+", regex: true }, [
    hit(0, 0, 2),
    hit(0, 3, 6),
    hit(1, 0, 4),
  ]],
  "an expression in this case": ["ab AB", { text: "A.", regex: true, caseSensitive: true }, [hit(0, 3, 5)]],
  "an expression with Unicode's properties": ["日本a", { text: "\\p{Script=Han}+", regex: true }, [
    hit(0, 0, 2),
  ]],
  "an expression that Unicode's rules refuse": ["a-b", { text: "a\\-b", regex: true }, [hit(0, 0, 3)]],
  "an expression that also matches nothing": ["abc", { text: "b*", regex: true }, [hit(0, 1, 2)]],
  "the start and end of a line": ["ab\nab", { text: "^a|b$", regex: true }, [
    hit(0, 0, 1),
    hit(0, 1, 2),
    hit(1, 0, 1),
    hit(1, 1, 2),
  ]],
};

Deno.test("Views.find finds text and expressions in the lines of a view", async () => {
  for (const [name, [body, query, hits]] of Object.entries(FOUND)) {
    assert.deepEqual(await found(body, query), { hits, total: hits.length, complete: true }, name);
  }
});

Deno.test("Views.find looks in the lines as they are laid out", async () => {
  const { hits } = await found('{"a":[1,2]}', { text: "2" }, JSON_FACTS);
  assert.deepEqual(hits, [hit(3, 4, 5)]);
});

Deno.test("Views.find looks through all of a large message and counts what it does not give", async () => {
  const body = `${"needle in the hay\n".repeat(60_000)}Needle`;
  for (const regex of [false, true]) {
    const { hits, total, complete } = await found(body, { text: "needle", regex });
    assert.deepEqual([hits.length, total, complete], [1000, 60_001, true]);
    assert.deepEqual(hits.at(-1), hit(999, 0, 6));
  }
  const { hits } = await found(body, { text: "Needle", caseSensitive: true });
  assert.deepEqual(hits, [hit(60_000, 0, 6)]);
});

Deno.test("Views.find finds what is cut with its line", async () => {
  const line = `${"x".repeat(LINE_LIMIT - 2)}needle${"y".repeat(LINE_LIMIT - 6)}two needles${
    "z".repeat(5000)
  }`;
  const { hits } = await found(`${line}\nneedle`, { text: "needle" });
  assert.deepEqual(hits, [hit(0, LINE_LIMIT - 2, 4, 1), hit(2, 2, 8), hit(4, 0, 6)]);
  const overlapping = await found("ab".repeat(6000), { text: "abab" });
  assert.equal(overlapping.total, 3000, "no unit is part of two hits");
});

Deno.test("Views.find agrees with a search in the whole text", async () => {
  const random = randomFrom(41);
  let text = "";
  while (text.length < 400_000) text += random(9) === 0 ? "\n" : "abAB"[random(4)].repeat(1 + random(3));
  for (const sought of ["ab", "aab", "bA", "bbabb"]) {
    const lines = text.split("\n");
    const expected = lines.flatMap((line, number) =>
      [...line.toLowerCase().matchAll(new RegExp(sought.toLowerCase(), "g"))].map(({ index }) =>
        hit(number, index, index + sought.length)
      )
    );
    const { hits, total } = await found(text, { text: sought });
    assert.equal(total, expected.length, sought);
    assert.deepEqual(hits, expected.slice(0, 1000), sought);
  }
});

Deno.test("Views.find finds bytes in hex over the ends of lines", async () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
  bytes.set([0, 0, 0, 0x30], 14);
  for (const text of ["00 00 00 30", "00000030", "00  0000 30"]) {
    const result = await found(bytes, { as: "hex", text }, TURN_FACTS);
    assert.deepEqual(result, { hits: [hit(0, 53, 15, 1)], total: 1, complete: true }, text);
  }
  const one = await found(bytes, { as: "hex", text: "3F" }, TURN_FACTS);
  assert.deepEqual(one.hits, [hit(3, 56, 58)]);
});

Deno.test("Views.find finds text in hex over the ends of lines, in either case", async () => {
  const body = "0123456789abcdHeLLo there, hello";
  const all = await found(body, { as: "hex", text: "hello" }, TURN_FACTS);
  assert.deepEqual(all.hits, [hit(0, 74, 63, 1), hit(1, 71, 76)]);
  const exact = await found(body, { as: "hex", text: "HeLLo", caseSensitive: true }, TURN_FACTS);
  assert.deepEqual(exact.hits, [hit(0, 74, 63, 1)]);
  const lines = await found(body, { as: "hex", text: "^\\S{8}  30 31", regex: true }, TURN_FACTS);
  assert.deepEqual(lines.hits, [hit(0, 0, 15)]);
});

Deno.test("Views.find finds every sequence of bytes, wherever pieces end", async () => {
  const random = randomFrom(42);
  const bytes = someBytes(400_000, random);
  const sought = Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0xde);
  const places = new Set([0, 65_533, 131_071, 200_000, bytes.length - 5]);
  for (const place of places) bytes.set(sought, place);
  const { hits } = await found(bytes, { as: "hex", text: "de ad be ef de" }, TURN_FACTS);
  assert.deepEqual(hits.map(({ line, from }) => line * 16 + Math.floor((from - 10) / 3)), [...places]);
});

Deno.test("Views.find refuses what cannot be looked for, in words", async () => {
  const wire = new GrowingWire("length").append("abc").complete();
  const refused: readonly [Asked, RegExp][] = [
    [{ text: "" }, /^Cannot search for nothing/],
    [{ text: "x".repeat(1001) }, /^Cannot search for 1001 characters: at most 1000/],
    [
      { text: "(", regex: true },
      /^Cannot search for “\(”: not a regular expression \(Unterminated group\)\. Mend it/,
    ],
    [{ text: "a**", regex: true }, /^Cannot search for “a\*\*”: not a regular expression/],
  ];
  await withViews(async (views) => {
    for (const [query, message] of refused) {
      await assert.rejects(find(views, wire, query), { name: "RangeError", message });
    }
  });
});

Deno.test("Views.find gives up an expression that never ends, and holds up no other question", async () => {
  const wire = new GrowingWire("length").append(`aab\n${"a".repeat(3000)}`).complete();
  await withViews(async (views) => {
    let over = false;
    const endless = find(views, wire, { text: "(a+)+b", regex: true }).then((result) => {
      over = true;
      return result;
    });
    assert.equal((await find(views, wire, { text: "aab" })).total, 1);
    assert.equal(over, false);
    assert.equal((await endless).complete, false);
  });
});

Deno.test("Views.find stops when its signal is aborted", async () => {
  const wire = new GrowingWire("length").append("some line\n".repeat(3_000_000)).complete();
  await withViews(async (views) => {
    for (
      const query of [{ text: "line" }, { text: "l.ne", regex: true }, { as: "hex", text: "line" }] as const
    ) {
      const controller = new AbortController();
      const searching = find(views, wire, query, PLAIN, controller.signal);
      await views.view(wire, PLAIN, { as: "text", from: 0, lines: 1 });
      controller.abort(new Error("enough"));
      await assert.rejects(searching, /enough/);
      await assert.rejects(find(views, wire, query, PLAIN, controller.signal), /enough/);
    }
  });
});

Deno.test("Views.find looks through what has come of a message that grows", async () => {
  const wire = new GrowingWire("until-close").append("one\ntw");
  await withViews(async (views) => {
    assert.deepEqual((await find(views, wire, { text: "tw" })).hits, [hit(1, 0, 2)]);
    wire.append("o\nthree two");
    assert.deepEqual((await find(views, wire, { text: "two" })).hits, [hit(1, 0, 3), hit(2, 6, 9)]);
  });
});
