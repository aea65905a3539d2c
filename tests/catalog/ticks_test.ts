import assert from "node:assert/strict";
import { SLACK_MS, Ticks } from "../../src/catalog/ticks.ts";

/** The times at which it is told, where something changes at each of `changes`; a timer is late by what `late` gives. */
function toldAt(ticks: Ticks, changes: readonly number[], late: () => number): number[] {
  const told: number[] = [];
  let next = -Infinity;
  for (const change of changes) {
    if (change <= next) continue;
    const wait = ticks.wait(change);
    next = wait === 0 ? change : change + wait + late();
    ticks.told(next);
    told.push(next);
  }
  return told;
}

/** Changes every `step` ms for `ms`. */
function every(step: number, ms: number): number[] {
  return Array.from({ length: Math.floor(ms / step) }, (_, at) => at * step);
}

/** The most times that lie within `ms` of one another. */
function mostWithin(times: readonly number[], ms: number): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + ms).length));
}

Deno.test("Ticks: at once at first, and at once after a quiet time", () => {
  const ticks = new Ticks(102);
  assert.equal(ticks.wait(5000), 0);
  ticks.told(5000);
  assert.equal(ticks.wait(5010), 72);
  assert.equal(ticks.wait(5082), 0);
  assert.equal(ticks.wait(9000), 0);
});

Deno.test("Ticks: at most ten within a second at 102 ms, whenever something changes and however late timers are", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = () => (random = (random * 48271 + 1) % 2147483647) / 2147483647;
  const bursts = Array.from({ length: 4000 }, () => next() < 0.02 ? 400 * next() : 12 * next());
  let at = 0;
  const times = bursts.map((step) => at += step);
  for (const [name, changes] of [["steady", every(1, 20_000)], ["in bursts", times]] as const) {
    for (const late of [0, SLACK_MS / 2, SLACK_MS]) {
      const told = toldAt(new Ticks(102), changes, () => late * next());
      assert.ok(mostWithin(told, 1000) <= 10, `${name}, up to ${late} ms late, seed ${seed}`);
    }
  }
});

Deno.test("Ticks: keep their pace where every timer is late", () => {
  const told = toldAt(new Ticks(100), every(1, 10_000), () => 10);
  assert.ok(told.length >= 99, `${told.length} in ten seconds`);
});

Deno.test("Ticks: one that follows another at a slower pace does not wait for its own", () => {
  let random = 1;
  const late = () => SLACK_MS * (random = (random * 48271 + 1) % 2147483647) / 2147483647;
  const told = toldAt(new Ticks(105), every(1, 20_000), late);
  const ticks = new Ticks(102);
  const waits = told.map((time) => {
    const wait = ticks.wait(time);
    ticks.told(time + wait);
    return wait;
  });
  assert.deepEqual(waits.filter((wait) => wait > 1), []);
});
