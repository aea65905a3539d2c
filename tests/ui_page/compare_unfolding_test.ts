import assert from "node:assert/strict";
import type { Difference, DiffRow } from "../../src/ui/types.ts";
import { unfolded, withUnfolded } from "../../src/ui/page/compare/unfolding.ts";

/** Equal lines from one of those before; of those after it is ten more. */
function equal(from: number, count: number): DiffRow[] {
  return Array.from({ length: count }, (_, at) => ({
    kind: "equal",
    before: from + at,
    after: from + at + 10,
    text: `line ${from + at}`,
  }));
}

function leftOut(from: number, lines: number): DiffRow {
  return { kind: "left-out", before: from, after: from + 10, lines };
}

/** A difference with these rows, of which the first Message has so many lines. */
function difference(rows: readonly DiffRow[], before = 1_000): Difference {
  return { before, after: before + 10, removed: 0, added: 0, rows };
}

Deno.test("withUnfolded: what was unfolded stands in its place, and what is not shown yet behind it", () => {
  const added: DiffRow = { kind: "added", after: 9, text: "new" };
  const cases: [
    what: string,
    rows: DiffRow[],
    unfolded: [from: number, lines: number][],
    expected: DiffRow[],
  ][] = [
    ["nothing", [leftOut(0, 5)], [], [leftOut(0, 5)]],
    ["all of it", [added, leftOut(0, 5), ...equal(5, 1)], [[0, 5]], [added, ...equal(0, 6)]],
    ["its beginning", [leftOut(0, 5)], [[0, 2]], [...equal(0, 2), leftOut(2, 3)]],
    ["one part after the other", [leftOut(0, 5)], [[2, 2], [0, 2]], [...equal(0, 4), leftOut(4, 1)]],
    ["another place", [leftOut(1, 5)], [[0, 5]], [leftOut(1, 5)]],
    ["what has become more", [leftOut(0, 9)], [[0, 5]], [...equal(0, 5), leftOut(5, 4)]],
    ["what has become less", [leftOut(0, 3), added], [[0, 5]], [...equal(0, 3), added]],
  ];
  for (const [what, rows, unfolded, expected] of cases) {
    for (const before of [difference(rows), difference([])]) {
      const parts = unfolded.map(([from, lines]) => ({
        ...{ before: from, after: from + 10, lines, rows: equal(from, lines), of: before },
      }));
      const of = before.rows === rows ? before : difference(rows);
      assert.deepEqual(withUnfolded(of, parts), expected, what);
    }
  }
});

Deno.test("withUnfolded: the last line of a Message is shown as it was only in the difference that it was unfolded in", () => {
  const half = difference([leftOut(0, 5)], 5);
  const part = { before: 0, after: 10, lines: 5, rows: equal(0, 5), of: half };
  assert.deepEqual(withUnfolded(half, [part]), equal(0, 5));
  const grown = difference([leftOut(0, 7)], 7);
  assert.deepEqual(withUnfolded(grown, [part]), [...equal(0, 4), leftOut(4, 3)]);
  const one = { ...part, before: 4, after: 14, lines: 1, rows: equal(4, 1) };
  assert.deepEqual(withUnfolded(difference([leftOut(4, 1)], 5), [one]), [leftOut(4, 1)], "it may be longer");
  // What came with the new difference is as it is now.
  const now = equal(0, 7).map((row) => ({ ...row, text: "now" }));
  const given: DiffRow = { kind: "left-out", before: 0, after: 10, lines: 7, rows: now };
  assert.deepEqual(withUnfolded(difference([given], 7), [part]), [...now.slice(0, 4), leftOut(4, 3)]);
});

Deno.test("withUnfolded: bytes in hex are counted as bytes", () => {
  const rows = [0, 16, 32].map((at): DiffRow => ({ kind: "equal", before: at, after: at, text: `${at}` }));
  const row: DiffRow = { kind: "left-out", before: 0, after: 0, lines: 80 };
  const rest: DiffRow = { kind: "left-out", before: 48, after: 48, lines: 32 };
  const of = difference([row]);
  assert.deepEqual(withUnfolded(of, [{ before: 0, after: 0, lines: 48, rows, of }]), [...rows, rest]);
});

Deno.test("unfolded takes what came with the difference", async () => {
  const source = { id: "e1", side: "request", sent: false, as: "text" } as const;
  const row = { kind: "left-out", before: 10, after: 20, lines: 1, rows: equal(10, 1) } as const;
  assert.deepEqual(await unfolded(row, source), { before: 10, after: 20, lines: 1, rows: equal(10, 1) });
});
