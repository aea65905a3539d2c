import assert from "node:assert/strict";
import { Following } from "../../src/ui/page/state/following.ts";

/** At which times the panes show a row, and which, where rows come so. */
function shownOf(rows: readonly { readonly at: number; readonly id: string }[]): readonly string[] {
  const following = new Following();
  const shown: string[] = [];
  rows.forEach(({ at, id }, index) => {
    const due = at + following.wait(id, at);
    const next = rows[index + 1]?.at ?? Infinity;
    if (due >= next) return;
    following.shown();
    shown.push(`${id} at ${due}`);
  });
  return shown;
}

const every = (ms: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ at: 1_000 + n * ms, id: `e${n + 1}` }));

Deno.test("a row is shown soon where it came alone, and each where a second lies between", () => {
  assert.deepEqual(shownOf(every(1_000, 3)), ["e1 at 1250", "e2 at 2250", "e3 at 3250"]);
});

Deno.test("of rows that keep coming the last is shown, and one now and then", () => {
  assert.deepEqual(shownOf(every(300, 8)), ["e1 at 1250", "e8 at 3900"]);
  assert.deepEqual(shownOf(every(300, 14)), ["e1 at 1250", "e12 at 4300", "e14 at 5700"]);
});

Deno.test("a row that changes while it waits is shown no later", () => {
  const following = new Following();
  assert.equal(following.wait("e1", 1_000), 250);
  assert.equal(following.wait("e1", 1_200), 50);
  assert.equal(following.wait("e1", 1_300), 0);
});
