// Scrolling of a table of any length: what is shown does not move while rows come, and every row can be reached.

import assert from "node:assert/strict";
import {
  isOutOfSight,
  isStuck,
  jumpedTo,
  onScreen,
  physicalHeight,
  placeOf,
  revealing,
  ROW,
  type Scroll,
  scrolledTo,
  settled,
  TALLEST,
  TOP,
  withRows,
  withView,
} from "../../src/ui/page/grid/scroll.ts";

function table(rows: number, view = 240): Scroll {
  return withView(withRows(TOP, rows, false), view);
}

/** What the browser does with a wheel: scrollTop moves, and cannot leave the element. */
function wheel(scroll: Scroll, px: number): Scroll {
  const most = Math.max(0, physicalHeight(scroll) - scroll.view);
  const next = scrolledTo(scroll, Math.max(0, Math.min(most, scroll.physical + px)));
  return isStuck(next) ? settled(next) : next;
}

Deno.test("scrolledTo follows the element where the table is short", () => {
  const scroll = scrolledTo(table(1000), 480);
  assert.equal(scroll.top, 480);
  assert.deepEqual(onScreen(scroll, 0), { first: 20, last: 29 });
  assert.equal(placeOf(scroll, 20), 480);
});

Deno.test("isOutOfSight is so of rows that end above what is shown, or begin below it", () => {
  const scroll = scrolledTo(table(1000), 480);
  const seen = (first: number, count: number) => !isOutOfSight(scroll, placeOf(scroll, first), count);
  assert.deepEqual([seen(10, 10), seen(10, 11), seen(29, 10), seen(30, 10)], [false, true, true, false]);
});

Deno.test("withRows, held, leaves every row where it is on the screen", () => {
  const before = scrolledTo(table(1000), 480);
  const after = withRows(before, 1003, true);
  assert.equal(placeOf(after, 23) - after.physical, placeOf(before, 20) - before.physical);
  assert.equal(after.physical, before.physical, "without touching scrollTop");
  const calm = settled(after);
  assert.equal(calm.physical, 480 + 3 * ROW);
  assert.equal(placeOf(calm, 23) - calm.physical, placeOf(before, 20) - before.physical);
});

Deno.test("withRows, held, keeps a short table in place too, with room below", () => {
  const after = settled(withRows(table(3), 5, true));
  assert.equal(after.top, 2 * ROW);
  assert.ok(physicalHeight(after) >= after.physical + after.view);
  assert.equal(wheel(after, -1000).top, 0, "what came is reached by scrolling up");
});

Deno.test("withRows, not held, stays at the newest", () => {
  assert.equal(withRows(table(1000), 1005, false).top, 0);
});

Deno.test("withRows with fewer rows does not stand beyond the end", () => {
  assert.equal(withRows(scrolledTo(table(1000), 20_000), 5, false).top, 0);
});

Deno.test("a million rows are reached from end to end by the wheel, a row at a time", () => {
  let scroll = settled(jumpedTo(table(1_000_000), 500_000 * ROW));
  assert.ok(physicalHeight(scroll) <= TALLEST);
  for (let i = 0; i < 1000; i++) {
    const before = scroll.top;
    scroll = wheel(scroll, ROW);
    assert.ok(Math.abs(scroll.top - before - ROW) < 0.001, `step ${i}`);
  }
});

Deno.test("a million rows are reached proportionally by the scroll bar", () => {
  const scroll = table(1_000_000);
  const most = physicalHeight(scroll) - scroll.view;
  const middle = scrolledTo(scroll, most / 2);
  assert.ok(Math.abs(onScreen(middle, 0).first - 500_000) < 20);
  assert.equal(onScreen(scrolledTo(middle, most), 0).last, 999_999);
  assert.equal(scrolledTo(middle, 0).top, 0);
});

Deno.test("both ends are reached by the wheel, wherever scrolling began", () => {
  for (const rows of [1000, 1_000_000]) {
    let up = settled(jumpedTo(table(rows), 100 * ROW));
    for (let i = 0; i < 60; i++) up = wheel(up, -120);
    assert.equal(up.top, 0, `${rows} rows, up`);
    let down = settled(jumpedTo(table(rows), (rows - 100) * ROW));
    for (let i = 0; i < 60; i++) down = wheel(down, 120);
    assert.equal(onScreen(down, 0).last, rows - 1, `${rows} rows, down`);
  }
});

Deno.test("revealing moves no farther than needed", () => {
  const scroll = jumpedTo(table(1000), 480);
  assert.equal(revealing(scroll, 25), scroll);
  assert.equal(revealing(scroll, 19).top, 19 * ROW);
  assert.equal(revealing(scroll, 30).top, 31 * ROW - 240);
});

Deno.test("onScreen stays within the table", () => {
  assert.deepEqual(onScreen(table(3), 16), { first: 0, last: 2 });
  assert.deepEqual(onScreen(table(0), 16), { first: 0, last: -1 });
});
