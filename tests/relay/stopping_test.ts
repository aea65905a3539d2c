import assert from "node:assert/strict";
import { signalOf, Stopping } from "../../src/relay/stopping.ts";

Deno.test("Stopping gives up once, with the first reason, and calls whoever waits", () => {
  const stop = new Stopping();
  let calls = 0;
  stop.onStop = () => calls++;
  assert.deepEqual([stop.isStopped, stop.reason], [false, undefined]);
  stop.stop("first");
  stop.stop("second");
  assert.deepEqual([stop.isStopped, stop.reason, calls], [true, "first", 1]);
});

Deno.test("Stopping has the same AbortSignal for all, aborted with it", () => {
  const stop = new Stopping();
  const signal = signalOf(stop);
  assert.equal(signalOf(stop), signal);
  assert.equal(signal.aborted, false);
  stop.stop("why");
  assert.deepEqual([signal.aborted, signal.reason], [true, "why"]);
});

Deno.test("Stopping has an aborted signal where it is asked for later", () => {
  const stop = new Stopping();
  stop.stop("why");
  assert.deepEqual([stop.signal.aborted, stop.signal.reason], [true, "why"]);
});

Deno.test("signalOf gives an AbortSignal as it is", () => {
  const { signal } = new AbortController();
  assert.equal(signalOf(signal), signal);
});
