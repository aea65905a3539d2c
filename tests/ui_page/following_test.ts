import assert from "node:assert/strict";
import { Following } from "../../src/ui/page/state/following.ts";

/** At which times the panes show a row, and which, where rows come so. */
function shownOf(rows: readonly { readonly at: number; readonly count: number }[]): readonly string[] {
  const following = new Following();
  const shown: string[] = [];
  rows.forEach(({ at, count }, index) => {
    const id = `e${count}`;
    const due = at + following.wait(id, count, at);
    const next = rows[index + 1]?.at ?? Infinity;
    if (due >= next) return;
    following.shown();
    shown.push(`${id} at ${due}`);
  });
  return shown;
}

/** So many tellings, so far apart, each of so many rows. */
const every = (ms: number, count: number, rows = 1) =>
  Array.from({ length: count }, (_, n) => ({ at: 1_000 + n * ms, count: (n + 1) * rows }));

Deno.test("a row is shown soon where it came alone, and each where few come at a time", () => {
  assert.deepEqual(shownOf(every(1_000, 3)), ["e1 at 1250", "e2 at 2250", "e3 at 3250"]);
  assert.deepEqual(shownOf(every(300, 3, 5)), ["e5 at 1250", "e10 at 1550", "e15 at 1850"]);
  assert.deepEqual(shownOf(every(100, 3)), ["e3 at 1450"]);
});

Deno.test("of rows that keep coming the last is shown, and one now and then", () => {
  assert.deepEqual(shownOf(every(300, 8, 6)), ["e6 at 1250", "e48 at 3900"]);
  assert.deepEqual(shownOf(every(300, 14, 6)), ["e6 at 1250", "e72 at 4300", "e84 at 5700"]);
  assert.deepEqual(shownOf(every(200, 20)), ["e16 at 4000", "e20 at 5050"]);
});

Deno.test("a row that changes while it waits is shown no later", () => {
  const following = new Following();
  assert.equal(following.wait("e1", 1, 1_000), 250);
  assert.equal(following.wait("e1", 1, 1_200), 50);
  assert.equal(following.wait("e1", 1, 1_300), 0);
});
