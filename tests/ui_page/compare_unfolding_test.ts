import assert from "node:assert/strict";
import type { DiffRow } from "../../src/ui/types.ts";
import { unfolded, withRest } from "../../src/ui/page/compare/unfolding.ts";

const ROW: DiffRow = { kind: "equal", before: 10, after: 20, text: "a" };

Deno.test("withRest leaves out what is not shown yet", () => {
  const row = { kind: "left-out", before: 10, after: 20, lines: 5 } as const;
  assert.deepEqual(withRest(row, [ROW], 5), [ROW]);
  assert.deepEqual(withRest(row, [ROW], 1), [ROW, { kind: "left-out", before: 11, after: 21, lines: 4 }]);
});

Deno.test("unfolded takes what came with the difference", async () => {
  const source = { id: "e1", side: "request", sent: false, as: "text" } as const;
  const row = { kind: "left-out", before: 10, after: 20, lines: 1, rows: [ROW] } as const;
  assert.deepEqual(await unfolded(row, source), [ROW]);
});
