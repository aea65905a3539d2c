// Selecting rows: alone, in ranges, one by one, also where rows are not known yet.

import assert from "node:assert/strict";
import { answered, rowAt, type Rows, unknownRows } from "../../src/ui/page/state/rows.ts";
import {
  choose,
  chooseAll,
  found,
  MOST_SELECTED,
  NOTHING,
  resolved,
  revealed,
  settled,
  shown,
  without,
} from "../../src/ui/page/state/selection.ts";
import { exchange, exchanges } from "./made.ts";

/** `total` rows, of which the newest `known` are known. */
function rows(total: number, known = total): Rows {
  const told = exchanges(total - 1, total - known);
  return answered(unknownRows(0, total), { exchanges: told, total, offset: 0, next: null }, false);
}

Deno.test("choose selects one row, and shows it", () => {
  const { ids, lead, current } = choose(NOTHING, rows(10), 4, "only");
  assert.deepEqual([[...ids], lead?.id, current], [["e4"], "e4", 4]);
});

Deno.test("choose extends from where the range began, both ways", () => {
  const begun = choose(NOTHING, rows(10), 4, "only");
  const up = choose(begun, rows(10), 6, "range");
  assert.deepEqual([...up.ids], ["e4", "e5", "e6"]);
  assert.equal(up.lead?.id, "e6");
  assert.deepEqual([...choose(up, rows(10), 3, "range").ids], ["e3", "e4"]);
});

Deno.test("choose adds and takes back one row", () => {
  const one = choose(NOTHING, rows(10), 4, "only");
  const two = choose(one, rows(10), 7, "toggle");
  assert.deepEqual([...two.ids], ["e4", "e7"]);
  const back = choose(two, rows(10), 7, "toggle");
  assert.deepEqual([[...back.ids], back.lead], [["e4"], null]);
});

Deno.test("choose of a row that is not known yet waits for it", () => {
  const some = rows(500, 100);
  const waiting = choose(NOTHING, some, 0, "only");
  assert.deepEqual([waiting.ids.size, waiting.awaited], [0, 0]);
  const all = rows(500);
  const come = resolved(waiting, all, 499, exchanges(499, 0));
  assert.deepEqual([[...come.ids], come.lead?.id, come.awaited], [["e0"], "e0", null]);
});

Deno.test("choose of a range over unknown rows asks for their ids, and takes them as they come", () => {
  const begun = choose(NOTHING, rows(500, 100), 499, "only");
  const range = choose(begun, rows(500, 100), 250, "range");
  assert.deepEqual(range.unresolved, { from: 250, to: 399 });
  const first = resolved(range, rows(500, 200), 399, exchanges(399, 300));
  assert.deepEqual(first.unresolved, { from: 250, to: 299 });
  const last = resolved(first, rows(500, 300), 310, exchanges(310, 200));
  assert.equal(last.unresolved, null);
  assert.deepEqual([last.ids.size, last.ids.has("e250"), last.ids.has("e249")], [250, true, false]);
  assert.equal(last.lead?.id, "e250");
});

Deno.test("resolved gives up a range that nothing is left of", () => {
  const range = choose(choose(NOTHING, rows(500, 100), 499, "only"), rows(500, 100), 250, "range");
  assert.equal(resolved(range, rows(500, 100), 399, []).unresolved, null);
});

Deno.test("chooseAll takes no more rows than a selection holds, and keeps what is shown", () => {
  const some = rows(20_000, 100);
  const one = choose(NOTHING, some, 19_950, "only");
  const all = chooseAll(one, some);
  assert.equal(all.lead?.id, "e19950");
  assert.deepEqual(all.unresolved, { from: 20_000 - MOST_SELECTED, to: 19_899 });
});

Deno.test("settled selects what is shown", () => {
  const { ids, current } = settled(shown(NOTHING, exchange(3)), rows(10));
  assert.deepEqual([[...ids], current], [["e3"], 3]);
});

Deno.test("without forgets rows that are gone, also the one that is shown", () => {
  const two = choose(choose(NOTHING, rows(10), 4, "only"), rows(10), 7, "toggle");
  const { ids, lead } = without(two, new Set(["e7"]));
  assert.deepEqual([[...ids], lead], [["e4"], null]);
  assert.equal(rowAt(rows(10), 7)?.id, "e7");
});

Deno.test("revealed selects an exchange wherever its row is, and found takes the keyboard there once it comes", () => {
  const known = revealed(NOTHING, rows(10), exchange(4), null);
  assert.deepEqual([[...known.ids], known.lead?.id, known.current], [["e4"], "e4", 4]);
  assert.equal(revealed(NOTHING, rows(100, 10), exchange(4), 4).current, 4);
  const awaited = revealed(choose(NOTHING, rows(10), 2, "only"), rows(10), exchange(10), null);
  assert.deepEqual([[...awaited.ids], awaited.current], [["e10"], null]);
  assert.equal(found(awaited, rows(10)), awaited);
  assert.equal(found(awaited, rows(11)).current, 10);
  assert.equal(found(NOTHING, rows(11)), NOTHING);
});
