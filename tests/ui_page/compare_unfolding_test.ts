import assert from "node:assert/strict";
import type { DiffRow } from "../../src/ui/types.ts";
import { type Unfolded, unfolded, withUnfolded } from "../../src/ui/page/compare/unfolding.ts";

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

function shown(from: number, lines: number): Unfolded {
  return { before: from, after: from + 10, lines, rows: equal(from, lines) };
}

Deno.test("withUnfolded: what was unfolded stands in its place, and what is not shown yet behind it", () => {
  const added: DiffRow = { kind: "added", after: 9, text: "new" };
  const cases: [what: string, rows: DiffRow[], unfolded: Unfolded[], expected: DiffRow[]][] = [
    ["nothing", [leftOut(0, 5)], [], [leftOut(0, 5)]],
    ["all of it", [added, leftOut(0, 5), ...equal(5, 1)], [shown(0, 5)], [added, ...equal(0, 6)]],
    ["its beginning", [leftOut(0, 5)], [shown(0, 2)], [...equal(0, 2), leftOut(2, 3)]],
    ["one part after the other", [leftOut(0, 5)], [shown(2, 2), shown(0, 2)], [
      ...equal(0, 4),
      leftOut(4, 1),
    ]],
    ["another place", [leftOut(1, 5)], [shown(0, 5)], [leftOut(1, 5)]],
    ["what has become more", [leftOut(0, 9)], [shown(0, 5)], [...equal(0, 5), leftOut(5, 4)]],
    ["what has become less", [leftOut(0, 3), added], [shown(0, 5)], [...equal(0, 3), added]],
  ];
  for (const [what, rows, unfolded, expected] of cases) {
    assert.deepEqual(withUnfolded(rows, unfolded), expected, what);
  }
});

Deno.test("withUnfolded: bytes in hex are counted as bytes", () => {
  const rows = [0, 16, 32].map((at): DiffRow => ({ kind: "equal", before: at, after: at, text: `${at}` }));
  const row: DiffRow = { kind: "left-out", before: 0, after: 0, lines: 80 };
  const rest: DiffRow = { kind: "left-out", before: 48, after: 48, lines: 32 };
  assert.deepEqual(withUnfolded([row], [{ before: 0, after: 0, lines: 48, rows }]), [...rows, rest]);
});

Deno.test("unfolded takes what came with the difference", async () => {
  const source = { id: "e1", side: "request", sent: false, as: "text" } as const;
  const row = { kind: "left-out", before: 10, after: 20, lines: 1, rows: equal(10, 1) } as const;
  assert.deepEqual(await unfolded(row, source), { before: 10, after: 20, lines: 1, rows: equal(10, 1) });
});
