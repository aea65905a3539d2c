// Heights of a very long document on the page: what is seen stays where it is while other lines are drawn, no height is
// lost, and near the ends everything is drawn as high as it is.

import assert from "node:assert/strict";
import { SteadyScaler } from "../../src/ui/page/pane/steady_scroll.ts";

const HEIGHT = 60_000_000;
const DRAWN = 7_000_000;

/** Draws 1,300 px around `seen`, which is to be at `at`; a line elsewhere, the cursor's, is drawn too. */
function around(seen: number, at: number, cursor: number | null = null): SteadyScaler {
  const main = { from: 1, top: Math.max(0, seen - 500), bottom: Math.min(HEIGHT, seen + 800) };
  const other = cursor === null ? [] : [{ from: 2, top: cursor, bottom: cursor + 18 }];
  const all = [main, ...other].sort((one, two) => one.top - two.top);
  return SteadyScaler.holding(all, all.indexOf(main), HEIGHT, seen, at);
}

function near(is: number, wanted: number): void {
  assert.ok(Math.abs(is - wanted) < 0.01, `${is} is not ${wanted}`);
}

Deno.test("what is seen stays where it is, however far the wheel is turned", () => {
  for (const [from, by] of [[0, 900], [30_000_000, 900], [30_000_000, -900], [HEIGHT - 600, -900]]) {
    let seen = from;
    let scaler = around(seen, seen * DRAWN / HEIGHT);
    let at = scaler.toDOM(seen);
    for (let turn = 0; turn < 1_000; turn++) {
      at += by;
      assert.equal(Math.round(scaler.fromDOM(at) - seen), by);
      seen = scaler.fromDOM(at);
      scaler = around(seen, at);
      near(scaler.toDOM(seen), at);
    }
  }
});

Deno.test("every height has its place, in order, and all of them are as high as can be drawn", () => {
  for (const cursor of [null, 4_000, 59_000_000]) {
    for (const seen of [0, 3_000_000, 31_000_000, HEIGHT - 400]) {
      for (const at of [0, 1_000, 3_500_000, DRAWN]) {
        const scaler = around(seen, at, cursor);
        near(scaler.toDOM(0), 0);
        near(scaler.toDOM(HEIGHT), DRAWN);
        let last = -1;
        for (let height = 0; height <= HEIGHT; height += 250_000) {
          const drawn = scaler.toDOM(height);
          assert.ok(drawn > last, `${height} is at ${drawn}, after ${last}`);
          near(scaler.fromDOM(drawn), height);
          last = drawn;
        }
      }
    }
  }
});

Deno.test("where there is no room for what is above or below, places are given out anew", () => {
  assert.ok(around(30_000_000, 100).toDOM(30_000_000) > 1_000_000);
  assert.ok(around(30_000_000, DRAWN - 100).toDOM(30_000_000) < DRAWN - 1_000_000);
  near(around(1_000_000, 10_000).toDOM(1_000_000), 1_000_000);
  near(around(HEIGHT - 1_000_000, DRAWN - 10_000).toDOM(HEIGHT - 1_000_000), DRAWN - 1_000_000);
});
