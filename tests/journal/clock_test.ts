// The Clock: it follows the wall's clock where the two part, and never goes backwards.

import assert from "node:assert/strict";
import { Clock } from "../../src/journal/clock.ts";

Deno.test("Clock follows the wall's clock from 50 ms on, and stands still rather than go backwards", () => {
  let wall = 1_000_000;
  let steady = 0;
  const clock = new Clock(() => wall, () => steady);
  const table: readonly (readonly [wall: number, steady: number, told: number, name: string])[] = [
    [1_000_010, 10.25, 1_000_010.25, "the steady clock tells finely"],
    [1_000_060, 20.5, 1_000_020.5, "a small difference is none"],
    [1_060_000, 30, 1_060_000, "the machine slept"],
    [1_060_010, 40, 1_060_010, "and goes on"],
    [1_059_000, 50, 1_060_010, "the clock was set back"],
    [1_060_050, 1_100, 1_060_050, "until it has caught up"],
  ];
  for (const row of table) {
    [wall, steady] = row;
    clock.look();
    assert.equal(clock.now(), row[2], row[3]);
  }
});
