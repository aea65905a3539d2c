// A SlowSink in virtual time: rates over any second, latency and jitter, order, bounds, and ends, exactly.

import assert from "node:assert/strict";
import { SlowSink } from "../../src/relay/slow_sink.ts";
import { Arrivals, rates, saturate, seeded, settled, slowed, writeAll } from "./virtual_time.ts";

const MODEM = 7_000; // 56 kbit/s

Deno.test("SlowSink keeps to within 10 % of its rate in any second, at any rate, also when timers are late", async () => {
  const latencies = [{ latencyMs: 0, jitterMs: 0 }, { latencyMs: 200, jitterMs: 50 }];
  for (const bytesPerSecond of [100, 1_000, MODEM, 1_000_000, 50_000_000]) {
    for (const latency of latencies) {
      for (const latest of [0, 8, 40]) {
        const random = seeded(bytesPerSecond + latest);
        const late = () => random() * latest;
        const { clock, arrivals, sink } = slowed({ bytesPerSecond, ...latency }, {
          late,
          random,
          keepsBytes: false,
        });
        const source = saturate(sink);
        await clock.pass(6_000);
        const { least, most } = rates(arrivals.list, 300, 6_000);
        const name = `${bytesPerSecond} B/s, ${latency.latencyMs} ms, timers up to ${latest} ms late`;
        assert.ok(least >= bytesPerSecond * 0.9, `${name}: only ${least} bytes in some second`);
        assert.ok(most <= bytesPerSecond * 1.1, `${name}: ${most} bytes in some second`);
        sink.stop();
        await settled();
        assert.ok(source.error instanceof Deno.errors.Interrupted);
        assert.equal(clock.timers, 0, `${name}: no timer is left`);
      }
    }
  }
});

Deno.test("SlowSink is smooth: a slice every 10 ms, single bytes where the rate is low", async () => {
  const cases: [rate: number, slice: number, everyMs: number][] = [
    [10, 1, 100],
    [100, 1, 10],
    [1_000, 10, 10],
    [1_000_000, 10_000, 10],
  ];
  for (const [bytesPerSecond, slice, everyMs] of cases) {
    const { clock, arrivals, sink } = slowed({ bytesPerSecond }, { keepsBytes: false });
    saturate(sink);
    await clock.pass(3_000);
    sink.stop();
    const steady = arrivals.list.slice(5);
    assert.ok(steady.length > 20);
    const mean = steady.reduce((sum, { bytes }) => sum + bytes, 0) / steady.length;
    assert.ok(Math.abs(mean - slice) < slice / 50, `${bytesPerSecond} B/s: ${mean} at once on average`);
    for (const [nth, { at, bytes }] of steady.entries()) {
      // Where a chunk ends within a slice, the next slice has the rest.
      assert.ok(bytes <= slice * 2, `${bytesPerSecond} B/s: ${bytes} at once`);
      if (nth === 0) continue;
      const gap = at - steady[nth - 1].at;
      assert.ok(Math.abs(gap - everyMs) < 0.01, `${bytesPerSecond} B/s: a slice after ${gap} ms`);
    }
  }
});

Deno.test("SlowSink sends no more than 50 ms' worth at once after a pause", async () => {
  const { clock, arrivals, sink } = slowed({ bytesPerSecond: 10_000 });
  await clock.pass(60_000);
  await writeAll(sink, new Uint8Array(2_000));
  await settled();
  assert.ok(arrivals.total <= 501, `${arrivals.total} bytes at once`);
  await clock.pass(160);
  assert.equal(arrivals.total, 2_000);
});

Deno.test("SlowSink passes every byte on once and in order, at random sizes and jitter", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  const random = seeded(seed);
  const { clock, arrivals, sink } = slowed({ bytesPerSecond: 40_000, latencyMs: 100, jitterMs: 90 }, {
    random,
    late: () => random() * 20,
  });
  const sent: number[] = [];
  for (let nth = 0; nth < 200; nth++) {
    const chunk = Uint8Array.from({ length: 1 + random() * 900 }, () => random() * 256);
    sent.push(...chunk);
    const writing = writeAll(sink, chunk);
    await clock.pass(random() * 40);
    // The pump may use its buffer again once it was taken.
    writing.then(() => chunk.fill(0));
    while (await Promise.race([writing.then(() => false), settled().then(() => true)])) await clock.pass(10);
  }
  const ended = sink.closeWrite();
  await clock.pass(10_000);
  await ended;
  assert.deepEqual(arrivals.bytes, sent, `seed ${seed}`);
});

Deno.test("SlowSink delays every byte by its latency, the first and the end too", async () => {
  const { clock, arrivals, sink } = slowed({ latencyMs: 200 });
  await writeAll(sink, new Uint8Array(3));
  await clock.pass(50);
  await writeAll(sink, new Uint8Array(4));
  sink.closeWrite();
  await clock.pass(149);
  assert.deepEqual(arrivals.list, []);
  await clock.pass(1);
  assert.deepEqual(arrivals.list, [{ at: 200, bytes: 3 }]);
  await clock.pass(500);
  assert.deepEqual(arrivals.list, [{ at: 200, bytes: 3 }, { at: 250, bytes: 4 }]);
  assert.equal(arrivals.endedAt, 250);
});

Deno.test("SlowSink keeps jitter within its bounds, uses them, and keeps the order", async () => {
  const random = seeded(7);
  const { clock, arrivals, sink } = slowed({ latencyMs: 100, jitterMs: 40 }, { random });
  const sent: number[] = [];
  for (let nth = 0; nth < 300; nth++) {
    sent.push(clock.now());
    await writeAll(sink, new Uint8Array([nth]));
    await clock.pass(200 * (nth % 3));
  }
  await clock.pass(1_000);
  assert.deepEqual(arrivals.bytes, sent.map((_, nth) => nth & 0xff));
  const delays = arrivals.times.map((at, nth) => at - sent[nth]);
  assert.ok(Math.min(...delays) >= 60 && Math.min(...delays) < 64, `at least ${Math.min(...delays)} ms`);
  assert.ok(Math.max(...delays) <= 140 && Math.max(...delays) > 136, `at most ${Math.max(...delays)} ms`);
});

Deno.test("SlowSink never delivers before bytes came, whatever the jitter", async () => {
  const { clock, arrivals, sink } = slowed({ latencyMs: 10, jitterMs: 50 }, { random: () => 0 });
  await clock.pass(5);
  await writeAll(sink, new Uint8Array(1));
  await clock.pass(0);
  assert.deepEqual(arrivals.list, [{ at: 5, bytes: 1 }]);
});

Deno.test("SlowSink holds at most what is on its way and one buffer; the rest is not taken", async () => {
  const cases = [
    { limits: { bytesPerSecond: 100 }, most: 17_000 },
    { limits: { bytesPerSecond: 100, latencyMs: 10_000 }, most: 18_000 },
    { limits: { bytesPerSecond: 100_000, latencyMs: 300, jitterMs: 100 }, most: 40_000 + 5_000 + 16_384 },
    { limits: { latencyMs: 5_000 }, most: 16 * 1024 * 1024 },
    { limits: { bytesPerSecond: 1_000_000_000, latencyMs: 60_000 }, most: 16 * 1024 * 1024 },
  ];
  for (const { limits, most } of cases) {
    const { clock, arrivals, sink } = slowed(limits, { keepsBytes: false });
    const source = saturate(sink);
    for (let at = 0; at < 8_000; at += 100) {
      await clock.pass(100);
      assert.ok(sink.held <= most, `${JSON.stringify(limits)}: ${sink.held} bytes held`);
      assert.equal(source.taken - sink.held, arrivals.total);
    }
    sink.stop();
  }
});

Deno.test("SlowSink holds less for each where many share the link", async () => {
  const { clock, lane, sink } = slowed({ latencyMs: 5_000 }, { keepsBytes: false });
  lane.sharers = 640;
  saturate(sink);
  await clock.pass(1_000);
  assert.ok(sink.held <= 64 * 1024 * 1024 / 640, `${sink.held} bytes held`);
  sink.stop();
});

Deno.test("SlowSink takes nothing more while the receiver takes nothing", async () => {
  const { clock, arrivals, sink } = slowed({ bytesPerSecond: 1_000_000 });
  const blocked = Promise.withResolvers<void>();
  arrivals.blocked = blocked.promise;
  const source = saturate(sink);
  await clock.pass(60_000);
  assert.ok(source.taken <= 1_000_000 * 0.05 + 16_384, `${source.taken} bytes taken`);
  arrivals.blocked = null;
  blocked.resolve();
  await clock.pass(2_000);
  assert.ok(source.taken > 1_800_000);
  // What the receiver has missed is not made up for in a burst.
  assert.ok(rates(arrivals.list, 60_000, 62_000).most <= 1_100_000);
  sink.stop();
});

Deno.test("SlowSink carries a burst that fits the rate with its latency alone", async () => {
  const { clock, arrivals, sink } = slowed({ bytesPerSecond: 1_000_000, latencyMs: 100 });
  await clock.pass(1_000);
  await writeAll(sink, new Uint8Array(40_000));
  await clock.pass(100);
  assert.deepEqual(arrivals.list, [{ at: 1_100, bytes: 40_000 }]);
});

Deno.test("SlowSink tells the error of its Sink with the next write, and to who waits for the end", async () => {
  const { clock, arrivals, sink } = slowed({ latencyMs: 100 });
  await writeAll(sink, new Uint8Array(10));
  const end = assert.rejects(sink.closeWrite(), Deno.errors.BrokenPipe);
  arrivals.error = new Deno.errors.BrokenPipe();
  await clock.pass(200);
  await end;
  await assert.rejects(sink.write(new Uint8Array(1)), Deno.errors.BrokenPipe);
  await assert.rejects(sink.closeWrite(), Deno.errors.BrokenPipe);
});

Deno.test("SlowSink that is stopped drops what it holds, ends every wait and leaves no timer", async () => {
  for (
    const limits of [{ bytesPerSecond: 10 }, { latencyMs: 1_000 }, { bytesPerSecond: 10, latencyMs: 1_000 }]
  ) {
    for (const after of [0, 500, 1_500]) {
      const { clock, arrivals, sink } = slowed(limits, { keepsBytes: false });
      const source = saturate(sink);
      await clock.pass(after);
      assert.ok(sink.isHolding);
      const end = assert.rejects(sink.closeWrite(), Deno.errors.Interrupted);
      sink.stop();
      await settled();
      await end;
      assert.ok(source.error instanceof Deno.errors.Interrupted);
      assert.equal(clock.timers, 0);
      const { total } = arrivals;
      await clock.pass(10_000);
      assert.equal(arrivals.total, total, "nothing arrives after a stop");
    }
  }
});

Deno.test("SlowSink takes on a new rate at once, in both directions of change", async () => {
  const { clock, lane, arrivals, sink } = slowed({ bytesPerSecond: 100 }, { keepsBytes: false });
  saturate(sink);
  await clock.pass(3_000);
  for (const bytesPerSecond of [100_000, 1, 5_000]) {
    lane.limits = { bytesPerSecond, latencyMs: 0, jitterMs: 0 };
    sink.changed();
    const began = clock.now();
    await clock.pass(4_000);
    const { least, most } = rates(arrivals.list.filter(({ at }) => at > began), began, began + 4_000);
    assert.ok(least >= bytesPerSecond * 0.9, `${bytesPerSecond} B/s: ${least} in some second`);
    assert.ok(most <= bytesPerSecond * 1.1, `${bytesPerSecond} B/s: ${most} in some second`);
  }
  sink.stop();
});

Deno.test("SlowSink with less latency from now on delivers what is on its way as early, in order", async () => {
  const { clock, lane, arrivals, sink } = slowed({ latencyMs: 30_000 });
  await writeAll(sink, new Uint8Array([1]));
  await clock.pass(1_000);
  await writeAll(sink, new Uint8Array([2]));
  lane.limits = { bytesPerSecond: null, latencyMs: 500, jitterMs: 0 };
  sink.changed();
  await writeAll(sink, new Uint8Array([3]));
  await clock.pass(400);
  assert.deepEqual(arrivals.bytes, [1]);
  await clock.pass(100);
  assert.deepEqual(arrivals.bytes, [1, 2, 3]);
});

Deno.test("SlowSink whose limits are lifted delivers all at once, and is left out from the next write on", async () => {
  const { clock, lane, arrivals, sink, frees } = slowed({ bytesPerSecond: 10, latencyMs: 1_000 });
  await writeAll(sink, new Uint8Array([1, 2, 3]));
  lane.limits = null;
  sink.changed();
  const writing = writeAll(sink, new Uint8Array([4, 5]));
  await settled();
  await writing;
  assert.deepEqual(arrivals.bytes, [1, 2, 3, 4, 5]);
  assert.equal(frees(), 1);
  assert.equal(clock.timers, 0);
});

Deno.test("SlowSinks on one link share its rate in equal parts, and one that sends little waits for none", async () => {
  const { clock, lane, arrivals, sink } = slowed({ bytesPerSecond: 30_000 }, { keepsBytes: false });
  const others = [1, 2].map(() => new Arrivals(clock));
  const sinks = others.map((other) => new SlowSink(other, lane, () => {}));
  for (const each of [sink, sinks[0]]) saturate(each);
  await clock.pass(2_000);
  for (const { total } of [arrivals, others[0]]) {
    assert.ok(Math.abs(total - 30_000) < 2_000, `${total} bytes`);
  }
  await writeAll(sinks[1], new Uint8Array(50));
  await clock.pass(30);
  assert.equal(others[1].total, 50);
  for (const each of [sink, ...sinks]) each.stop();
});
