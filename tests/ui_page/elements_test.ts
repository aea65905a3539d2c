// Which element of the table shows which row: those that stay keep theirs; where most are others, all are written anew.

import assert from "node:assert/strict";
import { type Elements, elementsFor, NO_ELEMENTS } from "../../src/ui/page/grid/elements.ts";

/** For each row, the newest first, its element before and after `moved` rows down. */
function moved(before: Elements, rows: number, count = before.keys.length): readonly number[] {
  return elementsFor(before, before.newest - rows, count).keys;
}

const TEN = elementsFor(NO_ELEMENTS, 99, 10);

Deno.test("elementsFor gives each row an element of its own", () => {
  assert.equal(new Set(TEN.keys).size, 10);
  assert.equal(elementsFor(TEN, 99, 10), TEN, "and the same for the same rows");
});

Deno.test("elementsFor leaves rows that stay their elements, and makes as many as come", () => {
  assert.deepEqual(moved(TEN, 3), [...TEN.keys.slice(3), 10, 11, 12], "further down");
  assert.deepEqual(moved(TEN, -3), [10, 11, 12, ...TEN.keys.slice(0, 7)], "further up");
  assert.deepEqual(moved(TEN, 2, 4), TEN.keys.slice(2, 6), "fewer");
  assert.deepEqual(moved(TEN, -2, 14), [10, 11, ...TEN.keys, 12, 13], "more on both sides");
});

Deno.test("elementsFor makes none where most rows are others, and moves none", () => {
  assert.deepEqual(moved(TEN, 8), TEN.keys);
  assert.deepEqual(moved(TEN, -8), TEN.keys);
  assert.deepEqual(moved(TEN, 50), TEN.keys);
  assert.deepEqual(moved(TEN, 50, 4), TEN.keys.slice(0, 4), "fewer");
  assert.deepEqual(moved(TEN, 50, 12), [...TEN.keys, 10, 11], "more");
});

Deno.test("elementsFor never gives an element that was taken away to another row", () => {
  const fewer = elementsFor(TEN, 99, 4);
  assert.deepEqual(moved(fewer, 0, 6), [...TEN.keys.slice(0, 4), 10, 11]);
  assert.deepEqual(elementsFor(fewer, -1, 0).keys, []);
});
