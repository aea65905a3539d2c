// A slow link in words: what is read, what is refused with which words, and that what is written is read again.

import assert from "node:assert/strict";
import {
  formatLimits,
  formatRate,
  parseDelay,
  parseLimits,
  parseRate,
  slowLinkOf,
  slowOptions,
} from "../src/slow_text.ts";

Deno.test("parseRate reads bytes and bits, decimal and binary", () => {
  const cases: [text: string, bytesPerSecond: number][] = [
    ["64 kB/s", 64_000],
    ["64kB/s", 64_000],
    ["64KB/s", 64_000],
    ["64kB", 64_000],
    ["64 kBps", 64_000],
    ["100 B/s", 100],
    ["100 bytes/s", 100],
    ["1 MB/s", 1_000_000],
    ["1.1 MB/s", 1_100_000],
    [".5 MB/s", 500_000],
    ["64 KiB/s", 65_536],
    ["1 MiB/sec", 1_048_576],
    ["1 GB/s", 1_000_000_000],
    ["56 kbit/s", 7_000],
    ["56 kbps", 7_000],
    ["8 Mbps", 1_000_000],
    ["1.6 Mbit/s", 200_000],
    ["1 Gbit/s", 125_000_000],
    ["8 bit/s", 1],
  ];
  for (const [text, bytesPerSecond] of cases) assert.equal(parseRate(text), bytesPerSecond, text);
});

Deno.test("parseRate refuses what is not clear, and says what to write", () => {
  const cases: [text: string, words: string][] = [
    ["64", "Cannot use 64 as a rate: its unit is missing. Write 64B/s, 64kB/s or 64kbit/s."],
    [
      "64 kb/s",
      "Cannot use 64 kb/s as a rate: it is not clear whether that is bytes or bits. Write 64kB/s or 64kbit/s.",
    ],
    ["fast", "Cannot use fast as a rate: it is not a number with a unit. Write it as 64kB/s."],
    ["", 'Cannot use "" as a rate: it is not a number with a unit. Write it as 64kB/s.'],
    ["-1 kB/s", "Cannot use -1 kB/s as a rate: it is not a number with a unit. Write it as 64kB/s."],
    [
      "64 apples/s",
      "Cannot use 64 apples/s as a rate: apples is no unit of it. Write B/s, kB/s, MB/s, kbit/s or Mbit/s.",
    ],
    ["0 B/s", "Cannot use 0 B/s as a rate: it is less than 1 B/s. Write a higher one."],
    ["1 bit/s", "Cannot use 1 bit/s as a rate: it is less than 1 B/s. Write a higher one."],
    ["2000 GB/s", "Cannot use 2000 GB/s as a rate: it is more than 1000 GB/s. Write a lower one."],
  ];
  for (const [text, message] of cases) assert.throws(() => parseRate(text), { name: "SyntaxError", message });
});

Deno.test("parseDelay reads milliseconds and seconds, and nothing without a unit", () => {
  assert.equal(parseDelay("200ms"), 200);
  assert.equal(parseDelay("1.5 s"), 1_500);
  assert.equal(parseDelay("0ms"), 0);
  assert.throws(() => parseDelay("200", "a latency"), {
    message: "Cannot use 200 as a latency: its unit is missing. Write 200ms or 200s.",
  });
  assert.throws(() => parseDelay("601s"), { message: /more than ten minutes/ });
  assert.throws(() => parseDelay("soon"), { message: /Write it as 200ms or 1\.5s/ });
});

Deno.test("parseLimits reads a rate alone, members, and TCPMon's bytes per pause", () => {
  const cases: [text: string, rate: number | null, latencyMs: number, jitterMs: number][] = [
    ["64kB/s", 64_000, 0, 0],
    ["rate=64kB/s,latency=200ms,jitter=50ms", 64_000, 200, 50],
    ["latency=1s", null, 1_000, 0],
    [" rate = 56 kbit/s , latency = 120ms ", 7_000, 120, 0],
    ["bytes=100,pause=50ms", 2_000, 0, 0],
    ["bytes=1,pause=1s,latency=10ms", 1, 10, 0],
    ["bytes=1000,pause=3ms", 333_333.333333, 0, 0],
  ];
  for (const [text, bytesPerSecond, latencyMs, jitterMs] of cases) {
    assert.deepEqual(parseLimits(text), { bytesPerSecond, latencyMs, jitterMs }, text);
  }
});

Deno.test("parseLimits refuses what does not go together, and says what to write", () => {
  const cases: [text: string, words: string][] = [
    [
      "speed=64kB/s",
      "Cannot use speed=64kB/s: a slow link has no such member. Write rate, latency, jitter, bytes, pause.",
    ],
    ["latecy=200ms", "Cannot use latecy=200ms: a slow link has no such member. Write latency=200ms."],
    ["rate=64kB/s,", "Cannot use : "],
    [
      "rate=1kB/s,rate=2kB/s",
      "Cannot use rate=1kB/s,rate=2kB/s as a slow link: it says rate twice. Leave one of them out.",
    ],
    ["rate=", "Cannot use rate=: its value is missing. Write rate=64kB/s."],
    ["rate=1kB/s,latency", "Cannot use latency: its value is missing. Write latency=200ms."],
    [
      "rate=1kB/s,pause=50ms",
      "Cannot use rate=1kB/s,pause=50ms as a slow link: it says its rate in two ways. Write rate, or bytes and pause.",
    ],
    [
      "bytes=100",
      "Cannot use bytes=100 as a slow link: pause is missing beside bytes. Write bytes=100,pause=50ms.",
    ],
    [
      "pause=50ms",
      "Cannot use pause=50ms as a slow link: bytes is missing beside pause. Write bytes=100,pause=50ms.",
    ],
    ["bytes=0,pause=50ms", "Cannot use bytes=0: it is not a whole number from 1 up. Write bytes=100."],
    ["bytes=100,pause=0ms", "Cannot use pause=0ms: a pause has to take time. Write pause=50ms."],
    [
      "bytes=1,pause=60s",
      "Cannot use bytes=1,pause=60s as a slow link: that is not between 1 B/s and 1000 GB/s. Write other bytes or another pause.",
    ],
    [
      "jitter=50ms",
      "Cannot use jitter=50ms: there is no latency that it could vary. Write latency=200ms too.",
    ],
    [
      "latency=10ms,jitter=50ms",
      "Cannot use jitter=50ms: a latency of 10ms cannot vary by more than itself. Write a smaller jitter.",
    ],
    [
      "latency=0ms",
      "Cannot use latency=0ms as a slow link: it slows nothing down. Write a rate such as 64kB/s, or a latency.",
    ],
    ["latency=200", "Cannot use 200 as a latency: its unit is missing. Write 200ms or 200s."],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseLimits(text), (error: Error) => {
      assert.equal(error.name, "SyntaxError");
      if (message.endsWith(": ")) assert.match(error.message, /no such member/);
      else assert.equal(error.message, message);
      return true;
    });
  }
});

Deno.test("formatRate and formatLimits write what is read again", () => {
  assert.equal(formatRate(64_000), "64 kB/s");
  assert.equal(formatRate(1_500_000), "1.5 MB/s");
  assert.equal(formatRate(7_000), "7 kB/s");
  assert.equal(formatRate(100), "100 B/s");
  assert.equal(formatRate(1_234_567), "1234.567 kB/s");
  for (const rate of [1, 7, 999, 1_024, 65_536, 333_333.333333, 1_234_567, 50_000_000, 2_500_000_000]) {
    assert.equal(parseRate(formatRate(rate)), rate);
    const limits = { bytesPerSecond: rate, latencyMs: 120.5, jitterMs: 7 };
    assert.deepEqual(parseLimits(formatLimits(limits)), limits);
  }
  assert.equal(formatLimits({ bytesPerSecond: 64_000, latencyMs: 0, jitterMs: 0 }), "64kB/s");
  assert.equal(formatLimits({ bytesPerSecond: null, latencyMs: 200, jitterMs: 0 }), "latency=200ms");
  assert.equal(formatLimits({ bytesPerSecond: null, latencyMs: 0, jitterMs: 0 }), "");
});

Deno.test("slowLinkOf lets a Direction's own limits go before those of both; slowOptions says the same", () => {
  const [both, up] = [parseLimits("64kB/s"), parseLimits("latency=200ms")];
  assert.equal(slowLinkOf({}), null);
  assert.deepEqual(slowLinkOf({ both, up }), { upstream: up, downstream: both });
  assert.deepEqual(slowOptions(slowLinkOf({ both })), ["--slow", "64kB/s"]);
  assert.deepEqual(slowOptions(slowLinkOf({ both, up })), [
    "--slow-up",
    "latency=200ms",
    "--slow-down",
    "64kB/s",
  ]);
  assert.deepEqual(slowOptions(slowLinkOf({ down: both })), ["--slow-down", "64kB/s"]);
  assert.deepEqual(slowOptions(null), []);
});
