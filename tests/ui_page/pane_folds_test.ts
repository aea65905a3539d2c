// What can be folded in lines that are laid out by indentation.

import assert from "node:assert/strict";
import { type Fold, foldsOf } from "../../src/ui/page/pane/folds.ts";
import type { ViewKind } from "../../src/ui/types.ts";

/** The folds as "line-last", with "+" where the last line's closer stays. */
function folds(kind: ViewKind, text: string, first = 0, isEnd = true): string[] {
  const words = ({ line, last, closer }: Fold) => `${line}-${last}${closer === null ? "" : "+"}`;
  return foldsOf(text.split("\n"), first, isEnd, kind).sort((a, b) => a.line - b.line).map(words);
}

Deno.test("foldsOf folds an element up to its end tag", () => {
  const xml = "<a>\n  <b>\n    <c>1</c>\n    <d/>\n  </b>\n  <e>2</e>\n</a>";
  assert.deepEqual(folds("xml", xml), ["0-6+", "1-4+"]);
  const [outer] = foldsOf(xml.split("\n"), 0, true, "xml").filter(({ line }) => line === 1);
  assert.equal(outer.closer, 2, "the end tag begins there");
});

Deno.test("foldsOf folds objects and lists", () => {
  assert.deepEqual(folds("json", '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}'), ["0-6+", "1-4+"]);
});

Deno.test("foldsOf counts from the line that it is told", () => {
  assert.deepEqual(folds("json", "{\n  1\n}", 100), ["100-102+"]);
});

Deno.test("foldsOf does not fold what goes on in lines that are not there", () => {
  const cut = "<a>\n  <b>\n    <c/>\n  </b>\n  <d>";
  assert.deepEqual(folds("xml", cut, 0, false), ["1-3+"]);
  assert.deepEqual(folds("xml", cut, 0, true), ["0-4", "1-3+"], "at the end of all, it ends there");
});

Deno.test("foldsOf is not misled by text with its own lines", () => {
  assert.deepEqual(folds("xml", "<a>\n  <b>one\ntwo\n  three</b>\n  <c/>\n</a>"), ["0-5+", "1-3"]);
  assert.deepEqual(folds("xml", "<a>\n  <![CDATA[\n<x>\n</x>\n]]>\n  <b/>\n</a>"), ["0-6+", "1-4"]);
  assert.deepEqual(folds("xml", "<a>\n  <!-- b\n<c>\n-->\n  <d/>\n</a>"), ["0-5+", "1-3"]);
});

Deno.test("foldsOf passes over empty lines", () => {
  assert.deepEqual(folds("xml", "<a>\n\n  <b/>\n\n</a>"), ["0-4+"]);
});

Deno.test("foldsOf folds nothing that is not indented, nor other kinds", () => {
  assert.deepEqual(folds("xml", "<a/>\n<b/>"), []);
  assert.deepEqual(folds("text", "a\n  b\nc"), []);
});
