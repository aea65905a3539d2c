// Removing rows goes in steps, and takes no rows that came meanwhile.

import assert from "node:assert/strict";
import { type Removal, type Removed, removeRows } from "../../src/catalog/removing.ts";

/** Tables with rows 1 to 5,000 of listener "a", and 5,001 to 5,003 of "b". */
function tables() {
  const rows = new Map<number, Removed>();
  for (let id = 1; id <= 5_003; id++) rows.set(id, { id, listener: id <= 5_000 ? "a" : "b", state: "done" });
  const remove = (id: number) => {
    const row = rows.get(id) ?? null;
    rows.delete(id);
    return row;
  };
  const removeOldest = (listener: string, last: number, limit: number) =>
    [...rows.values()].filter((row) => row.listener === listener && row.id <= last).slice(0, limit)
      .map(({ id }) => remove(id)!);
  return { rows, remove, removeOldest };
}

const IDS = Array.from({ length: 2_500 }, (_, at) => at + 1);
const CASES: readonly [what: string, removal: Removal, steps: readonly number[]][] = [
  ["none", { ids: [] }, []],
  ["some, of which one is gone already", { ids: [...IDS, 9_999] }, [2_000, 500]],
  ["all of a listener", { listener: "a" }, [2_000, 2_000, 1_000]],
  ["all, but not what came since", { listener: null }, [2_000, 2_000, 1_000, 2]],
];

for (const [what, removal, steps] of CASES) {
  Deno.test(`removeRows: ${what}`, () => {
    const made = tables();
    const removed = [...removeRows(made, removal, { listeners: ["a", "b"], last: 5_002 })];
    assert.deepEqual(removed.map((rows) => rows.length), steps);
    const sum = steps.reduce((total, step) => total + step, 0);
    assert.equal(made.rows.size, 5_003 - sum);
    assert.ok(made.rows.has(5_003));
  });
}
