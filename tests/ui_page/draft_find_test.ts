// Find in the texts of a Draft.

import assert from "node:assert/strict";
import { hexOf } from "../../src/decode/draft/hex_text.ts";
import { type DraftText, findInDraft } from "../../src/ui/page/draft/find_in_draft.ts";
import type { Search } from "../../src/ui/page/pane/api.ts";

const head: DraftText = { key: "head", text: "POST /a HTTP/1.1\nHost: a.b", isHex: false };
const body: DraftText = { key: "body", text: "A\na.b\n\naxb", isHex: false };

function find(texts: readonly DraftText[], text: string, how: Partial<Search> = {}): string[] {
  const search = { text, caseSensitive: false, regex: false, hex: false, ...how };
  return findInDraft(texts, search).list.map(({ key, line, from, to, toLine }) =>
    `${key} ${line}:${from}-${toLine === undefined ? "" : `${toLine}:`}${to}`
  );
}

Deno.test("findInDraft finds texts and expressions in all texts, in order", () => {
  assert.deepEqual(find([head, body], "a.b"), ["head 1:6-9", "body 1:0-3"]);
  assert.deepEqual(find([head, body], "a.b", { regex: true }), ["head 1:6-9", "body 1:0-3", "body 3:0-3"]);
  assert.deepEqual(find([body], "A", { caseSensitive: true }), ["body 0:0-1"]);
  assert.deepEqual(find([body], "b\\s+a", { regex: true }), ["body 1:2-3:1"]);
  assert.deepEqual(find([body], "^a", { regex: true }), ["body 0:0-1", "body 1:0-1", "body 3:0-1"]);
  assert.deepEqual(find([body], "x*", { regex: true }), ["body 3:1-2"], "nothing is no hit");
  assert.deepEqual(find([head], ""), []);
});

Deno.test("findInDraft finds bytes in hex wherever its lines break, but none that lies across two", () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, at) => at);
  const hex = { key: "body", text: hexOf(bytes), isHex: true };
  assert.deepEqual(find([hex], "0e0f 10"), ["body 0:42-1:2"]);
  assert.deepEqual(find([{ ...hex, text: "0dadb0" }], "da db"), [], "a half of one byte");
  assert.deepEqual(find([{ ...hex, text: "dadadb" }], "da db"), ["body 0:2-6"]);
  assert.deepEqual(find([{ ...hex, text: "0a da db" }], "0a d"), ["body 0:0-4"], "no bytes: the text");
});

Deno.test("findInDraft says what is no expression, and counts more than it lists", () => {
  const search = { text: "(", caseSensitive: false, regex: true, hex: false };
  assert.match(findInDraft([head], search).error ?? "", /^Cannot search for “\(”: not a regular expression/);
  const many = findInDraft([{ ...body, text: "ab\n".repeat(2_500) }], { ...search, text: "a", regex: false });
  assert.deepEqual([many.total, many.list.length, many.list.at(-1)?.line], [2_500, 1_000, 999]);
});
