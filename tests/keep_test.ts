import assert from "node:assert/strict";
import { bytesWords, keepWords, NO_KEEP, parseCaptureLimit, parseKeep, roomToKeep } from "../src/keep.ts";

Deno.test("parseKeep reads sizes, durations and counts, and says them again", () => {
  const table: readonly (readonly [string, Partial<typeof NO_KEEP>, string])[] = [
    ["500MB", { bytes: 500e6 }, "at most 500 MB"],
    [" 2 GiB", { bytes: 2 ** 31 }, "at most 2.1 GB"],
    ["1.5gb", { bytes: 1.5e9 }, "at most 1.5 GB"],
    ["90min", { ms: 90 * 60e3 }, "the latest 90 minutes"],
    ["7d", { ms: 7 * 24 * 3600e3 }, "the latest 7 days"],
    ["1h", { ms: 3600e3 }, "the latest hour"],
    ["100000", { exchanges: 100_000 }, "the latest 100,000 exchanges"],
  ];
  for (const [text, keep, words] of table) {
    assert.deepEqual(parseKeep(text), { ...NO_KEEP, ...keep }, text);
    assert.equal(keepWords(parseKeep(text)), words);
  }
  assert.equal(keepWords({ bytes: 1e9, ms: 60e3, exchanges: null }), "the latest minute, at most 1 GB");
});

Deno.test("parseKeep refuses what cannot be meant, and says what to write", () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ["", /no size, duration or count. Write 500MB, 7d or 100000\.$/],
    ["much", /no size, duration or count/],
    ["0", /whole number from 1 on/],
    ["1.5", /whole number from 1 on/],
    ["10kB", /too little. Write 1MB or more/],
    ["2s", /too short. Write 10s or more/],
    ["5m", /For minutes write 5min, for megabytes 5MB/],
    ["5 foot", /foot is no unit of it. Write kB/],
  ];
  for (const [text, words] of table) {
    assert.throws(() => parseKeep(text), (error: Error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, words);
      return true;
    });
  }
});

Deno.test("parseCaptureLimit reads sizes, 0 too; bytesWords says them", () => {
  assert.deepEqual(["64kB", "1MiB", "0", "0B"].map(parseCaptureLimit), [64_000, 1_048_576, 0, 0]);
  for (const text of ["", "64", "-1kB", "7d"]) {
    assert.throws(
      () => parseCaptureLimit(text),
      /^SyntaxError: Cannot record up to .*: it is no size\. Write 64kB/,
    );
  }
  assert.deepEqual([0, 999, 1_000, 1_234_567, 123e9].map(bytesWords), [
    "0 B",
    "999 B",
    "1 kB",
    "1.2 MB",
    "123 GB",
  ]);
});

Deno.test("roomToKeep is true of large disks, of small ones, and of full ones", () => {
  const MiB = 1024 * 1024;
  assert.deepEqual(roomToKeep(0, 400 * MiB), { bytes: 100 * MiB, share: "a quarter of what was free" });
  assert.deepEqual(roomToKeep(7, 400 * MiB), {
    bytes: 100 * MiB + 7,
    share: "what was there and a quarter of what was free",
  });
  assert.deepEqual(roomToKeep(0, 20 * MiB), { bytes: 8 * MiB, share: null });
  assert.deepEqual(roomToKeep(0, 3 * MiB), { bytes: 1.5 * MiB, share: "half of what was free" });
  assert.deepEqual(roomToKeep(0, 1000), { bytes: MiB, share: null });
  // Never more than leaves room for the index, but for the least.
  for (const free of [0, 1, MiB, 5 * MiB, 8 * MiB, 33 * MiB, 1e12]) {
    assert.ok(roomToKeep(0, free).bytes <= Math.max(free / 2, MiB), `${free}`);
  }
});
