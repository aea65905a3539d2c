// What a Pacer grants to whom; what comes of it over time is in slow_sink_test.ts.

import assert from "node:assert/strict";
import { Pacer } from "../../src/relay/pacer.ts";
import { VirtualClock } from "./virtual_time.ts";

/** Takes what there is now, or waits; keeps what it was given. */
function taker(pacer: Pacer, wanted: number) {
  const given: number[] = [];
  const turn = { wanted, grant: (bytes: number) => void given.push(bytes) };
  const now = pacer.take(wanted);
  if (now > 0) given.push(now);
  else pacer.wait(turn);
  return { given, turn };
}

Deno.test("Pacer without a rate grants all there is", () => {
  assert.equal(new Pacer(new VirtualClock(), null).take(1_000_000), 1_000_000);
});

Deno.test("Pacer grants whole bytes only, and keeps fractions", async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, 1.5);
  let granted = 0;
  const again = () => pacer.wait({ wanted: 1, grant: (bytes) => void (granted += bytes, again()) });
  again();
  await clock.pass(20_001);
  assert.equal(granted, 30);
});

Deno.test("Pacer gives those that wait equal parts, and what one leaves to the others", async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, 10_000);
  const [first, little, last] = [taker(pacer, 1_000), taker(pacer, 10), taker(pacer, 1_000)];
  await clock.pass(10);
  assert.deepEqual([first.given, little.given, last.given], [[33], [10], [57]]);
});

Deno.test("Pacer lets nobody pass those that wait", async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, 1_000);
  const first = taker(pacer, 100);
  await clock.pass(5);
  assert.equal(pacer.take(1), 0);
  await clock.pass(5);
  assert.deepEqual(first.given, [10]);
});

Deno.test("Pacer gives nothing to one that has withdrawn, and sets no timer for nobody", async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, 1_000);
  const [gone, stays] = [taker(pacer, 100), taker(pacer, 100)];
  pacer.withdraw(gone.turn);
  await clock.pass(10);
  assert.deepEqual([gone.given, stays.given], [[], [10]]);
  const last = taker(pacer, 100);
  assert.equal(clock.timers, 1);
  pacer.withdraw(last.turn);
  assert.equal(clock.timers, 0);
});

Deno.test("Pacer takes a new rate on for those that wait, also one that was hours away", async () => {
  const clock = new VirtualClock();
  const pacer = new Pacer(clock, 0.001);
  const waiting = taker(pacer, 1_000);
  pacer.set(1_000);
  await clock.pass(10);
  assert.deepEqual(waiting.given, [10]);
  const free = taker(pacer, 1_000);
  pacer.set(null);
  assert.deepEqual(free.given, [1_000]);
  assert.equal(clock.timers, 0);
});
