import assert from "node:assert/strict";
import type { DiffRow } from "../../src/ui/types.ts";
import { sideRows } from "../../src/ui/page/compare/side_rows.ts";
import { drawnRows } from "../../src/ui/page/pane/diff_text.ts";
import { difference } from "../../src/decode/diff/rows.ts";
import { generator, printedSeed } from "../decode/draft/requests.ts";
import { run } from "../decode/diff/run.ts";

/** "left | right", with the number of the change that begins there. */
function shown(rows: readonly DiffRow[]): string[] {
  const text = (row: DiffRow | undefined) =>
    row === undefined ? "" : row.kind === "left-out" ? `${row.lines} lines` : row.text;
  return sideRows(drawnRows(rows, "text", 0)).map(({ left, right, change }) =>
    `${text(left?.row)} | ${text(right?.row)}${change === null ? "" : ` #${change}`}`
  );
}

Deno.test("sideRows puts what became what beside each other, and the rest at its place", () => {
  assert.deepEqual(
    shown([
      { kind: "equal", before: 0, after: 0, text: "a" },
      { kind: "removed", before: 1, text: "b" },
      { kind: "removed", before: 2, text: "c", pair: 2 },
      { kind: "added", after: 1, text: "x" },
      { kind: "added", after: 2, text: "c2", pair: 2 },
      { kind: "added", after: 3, text: "y" },
      { kind: "left-out", before: 3, after: 4, lines: 7 },
      { kind: "added", after: 11, text: "z" },
    ]),
    ["a | a", "b | x #0", "c | c2", " | y", "7 lines | 7 lines", " | z #1"],
  );
});

Deno.test("sideRows shows every line once on its side, in order", () => {
  const random = generator(printedSeed());
  for (let round = 0; round < 300; round++) {
    const lines = () =>
      Array.from(
        { length: Math.floor(random() * 12) },
        () => `${"ab c"[Math.floor(random() * 4)]} same words`,
      );
    const { rows } = run(difference(lines(), lines(), 1));
    const beside = sideRows(drawnRows(rows, "text", 0));
    assert.deepEqual(
      beside.flatMap(({ left }) => left ? [left.row] : []),
      rows.filter(({ kind }) => kind !== "added"),
    );
    assert.deepEqual(
      beside.flatMap(({ right }) => right ? [right.row] : []),
      rows.filter(({ kind }) => kind !== "removed"),
    );
  }
});
