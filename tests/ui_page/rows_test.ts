// The row store: ordinals stay, deltas and answers agree in any order, and memory stays bounded.

import assert from "node:assert/strict";
import type { Exchange } from "../../src/ui/types.ts";
import {
  answered,
  asked,
  changed,
  doubted,
  eachRow,
  grown,
  later,
  missing,
  ordinalOf,
  rowAt,
  type Rows,
  trimmed,
  unknownRows,
} from "../../src/ui/page/state/rows.ts";
import { exchange, exchanges } from "./made.ts";

/** Row e(n) has ordinal n. */
function list(newest: number, oldest: number, total: number) {
  return { exchanges: exchanges(newest, oldest), total, offset: total - 1 - newest, next: null };
}

function known(rows: Rows): Map<number, string> {
  const ids = new Map<number, string>();
  eachRow(rows, (row, ordinal) => ids.set(ordinal, row.id));
  return ids;
}

Deno.test("answered puts rows at their ordinals, counted from the oldest", () => {
  const rows = answered(unknownRows(0, 250), list(249, 150, 250), false);
  assert.equal(rowAt(rows, 249)?.id, "e249");
  assert.equal(rowAt(rows, 150)?.id, "e150");
  assert.equal(rowAt(rows, 149), undefined);
  assert.equal(ordinalOf(rows, "e200"), 200);
  assert.equal(ordinalOf(rows, "e1"), null);
});

Deno.test("answered places rows rightly when others came before the answer", () => {
  // Asked for while there were 250, answered when there were 253: the same offset is three rows newer.
  const rows = answered(unknownRows(0, 250), { ...list(252, 153, 253), offset: 0 }, false);
  assert.equal(rows.total, 253);
  for (const [ordinal, id] of known(rows)) assert.equal(id, `e${ordinal}`);
});

Deno.test("answered of a filtered table takes a smaller total, and forgets the ordinals", () => {
  const before = answered(unknownRows(0, 10), list(9, 0, 10), true);
  const rows = answered(before, { exchanges: [exchange(9)], total: 1, offset: 0, next: null }, true);
  assert.equal(rows.total, 1);
  assert.deepEqual([...known(rows)], [[0, "e9"]]);
});

Deno.test("grown appends new rows, the newest last, and replaces known ones in place", () => {
  const before = answered(unknownRows(0, 3), list(2, 0, 3), false);
  const told = [exchange(4), exchange(3), exchange(1, { status: 500, responseBytes: 30 })];
  const rows = grown(before, 5, told, false);
  assert.deepEqual([...known(rows)].sort(([a], [b]) => a - b), [0, 1, 2, 3, 4].map((n) => [n, `e${n}`]));
  assert.equal(rowAt(rows, 1)?.status, 500);
});

Deno.test("grown takes the order of ids, not of the telling: e9 before e10", () => {
  const rows = grown(unknownRows(0, 9), 11, [exchange(9), exchange(10)], false);
  assert.deepEqual([rowAt(rows, 9)?.id, rowAt(rows, 10)?.id], ["e9", "e10"]);
});

Deno.test("grown leaves places unknown when it is not told all that is new", () => {
  const rows = grown(unknownRows(0, 0), 5, [exchange(4)], false);
  assert.equal(rows.total, 5);
  assert.equal(known(rows).size, 0);
  assert.deepEqual(missing(rows, { from: 0, to: 4 }, false), { from: 0, to: 4 });
});

Deno.test("grown shows the newest at once when there is more, and doubts them", () => {
  const rows = grown(unknownRows(0, 0), 500, exchanges(499, 300), true);
  assert.equal(rowAt(rows, 499)?.id, "e499");
  assert.equal(missing(rows, { from: 450, to: 499 }, false), null);
  assert.deepEqual(missing(rows, { from: 450, to: 499 }, true), { from: 400, to: 499 });
});

Deno.test("grown with rows that a snapshot told already changes no place", () => {
  const before = answered(unknownRows(0, 3), list(2, 0, 3), false);
  const rows = grown(before, 3, exchanges(2, 1), false);
  assert.deepEqual(known(rows), known(before));
  assert.equal(rows.total, 3);
});

Deno.test("changed gives the same rows where nothing is told", () => {
  const rows = answered(unknownRows(0, 3), list(2, 0, 3), false);
  assert.equal(changed(rows, [], false), rows);
});

Deno.test("changed keeps pages that are not concerned as they are", () => {
  const before = answered(unknownRows(0, 250), list(249, 0, 250), false);
  const rows = changed(before, [exchange(120, { responseBytes: 99 })], false);
  assert.equal(rows.pages.get(0), before.pages.get(0));
  assert.notEqual(rows.pages.get(1), before.pages.get(1));
});

Deno.test("changed with more doubts pages that hold open rows, and no others", () => {
  const open = exchange(5, { state: "open" });
  let rows = answered(unknownRows(0, 200), list(199, 0, 200), false);
  rows = { ...rows, pages: new Map(rows.pages) };
  rows = answered(rows, { exchanges: [open], total: 200, offset: 194, next: null }, false);
  assert.equal(
    missing(changed(rows, [], true), { from: 0, to: 199 }, true),
    null,
    "an ended row stays ended",
  );
  const withOpen = answered(unknownRows(0, 200), {
    ...list(199, 0, 200),
    exchanges: exchanges(199, 0).map((row) => row.id === "e5" ? open : row),
  }, false);
  assert.deepEqual(missing(changed(withOpen, [], true), { from: 0, to: 199 }, true), { from: 0, to: 99 });
});

const TELLINGS: readonly [
  name: string,
  known: Partial<Exchange>,
  told: Partial<Exchange>,
  wins: "known" | "told",
][] = [
  ["ended over open", { state: "done" }, { state: "open" }, "known"],
  ["open gives way to ended", { state: "open", responseBytes: 99 }, { state: "failed" }, "told"],
  ["more bytes", { state: "open", responseBytes: 99 }, { state: "open", responseBytes: 20 }, "known"],
  ["longer", { state: "open", elapsedMs: 9 }, { state: "open", elapsedMs: 2 }, "known"],
  ["level", {}, { summary: "x" }, "told"],
];

Deno.test("later prefers what has ended and grown", () => {
  for (const [name, a, b, wins] of TELLINGS) {
    const [before, told] = [exchange(1, a), exchange(1, b)];
    assert.equal(later(before, told), wins === "known" ? before : told, name);
  }
});

Deno.test("answered does not undo a delta that overtook it", () => {
  const rows = asked(unknownRows(0, 3));
  const overtaken = changed(rows, [exchange(1, { status: 503, responseBytes: 70 })], false);
  const after = answered(overtaken, {
    ...list(2, 0, 3),
    exchanges: [exchange(2), exchange(1, { state: "open", status: null, responseBytes: 0 }), exchange(0)],
  }, false);
  assert.equal(rowAt(after, 1)?.status, 503);
  assert.equal(after.late, null);
});

Deno.test("doubted asks again for what is looked at, and an answer settles it", () => {
  const rows = doubted(answered(unknownRows(0, 100), list(99, 0, 100), false));
  assert.equal(missing(rows, { from: 0, to: 99 }, false), null);
  assert.deepEqual(missing(rows, { from: 10, to: 20 }, true), { from: 0, to: 99 });
  assert.equal(missing(answered(rows, list(99, 0, 100), false), { from: 0, to: 99 }, true), null);
  const half = answered(rows, list(99, 50, 100), false);
  assert.deepEqual(missing(half, { from: 0, to: 99 }, true), { from: 0, to: 99 }, "half an answer does not");
});

Deno.test("missing gives the first run of whole pages within the table", () => {
  const rows = answered(unknownRows(0, 450), list(299, 200, 450), false);
  assert.deepEqual(missing(rows, { from: 150, to: 420 }, false), { from: 100, to: 199 });
  assert.deepEqual(missing(rows, { from: 250, to: 900 }, false), { from: 300, to: 449 });
  assert.equal(missing(rows, { from: 210, to: 290 }, false), null);
  assert.equal(missing(unknownRows(0, 0), { from: 0, to: 0 }, false), null);
});

Deno.test("trimmed keeps the pages nearest to what is on the screen", () => {
  const rows = answered(unknownRows(0, 1000), list(999, 0, 1000), false);
  const near = trimmed(rows, { from: 400, to: 450 }, 3);
  assert.deepEqual([...near.pages.keys()].sort((a, b) => a - b), [3, 4, 5]);
  assert.equal(trimmed(rows, { from: 0, to: 0 }), rows);
});
