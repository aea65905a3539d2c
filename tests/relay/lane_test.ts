// The limits of one Direction as SlowSinks look them up.

import assert from "node:assert/strict";
import type { LinkLimits } from "../../src/model.ts";
import { Lane } from "../../src/relay/lane.ts";
import { VirtualClock } from "./virtual_time.ts";

Deno.test("Lane takes limits that limit nothing for none", () => {
  const lane = new Lane({ clock: new VirtualClock(), random: () => 0.5 });
  const cases: [limits: LinkLimits | null, slows: boolean][] = [
    [null, false],
    [{ bytesPerSecond: null, latencyMs: 0, jitterMs: 0 }, false],
    [{ bytesPerSecond: 1, latencyMs: 0, jitterMs: 0 }, true],
    [{ bytesPerSecond: null, latencyMs: 1, jitterMs: 0 }, true],
    [{ bytesPerSecond: null, latencyMs: 0, jitterMs: 1 }, true],
  ];
  for (const [limits, slows] of cases) {
    lane.limits = limits;
    assert.equal(lane.limits !== null, slows, JSON.stringify(limits));
  }
});

Deno.test("Lane draws latencies evenly from the whole range", () => {
  let next = 0;
  const lane = new Lane({ clock: new VirtualClock(), random: () => next });
  lane.limits = { bytesPerSecond: null, latencyMs: 100, jitterMs: 40 };
  for (const [random, latency] of [[0, 60], [0.5, 100], [0.75, 120]]) {
    next = random;
    assert.equal(lane.drawLatency(), latency);
  }
  assert.equal(lane.mostLatency, 140);
});
