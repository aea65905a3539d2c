import assert from "node:assert/strict";
import { ByteStreams, type Readable } from "../../src/catalog/byte_streams.ts";
import type { ByteRange } from "../../src/catalog/questions.ts";

function readable(total: number, there = total): Readable & { closed: number } {
  return {
    total,
    complete: true,
    contentType: null,
    closed: 0,
    read(from, into) {
      const count = Math.max(0, Math.min(into.length, there - from));
      for (let at = 0; at < count; at++) into[at] = (from + at) % 251;
      return count;
    },
    close() {
      this.closed++;
    },
  };
}

const RANGES: readonly (readonly [ByteRange | undefined, number, number])[] = [
  [undefined, 0, 1000],
  [{ from: 0 }, 0, 1000],
  [{ from: 0, to: 0 }, 0, 1],
  [{ from: 10, to: 19 }, 10, 20],
  [{ from: 990, to: 5000 }, 990, 1000],
  [{ from: 1000 }, 1000, 1000],
  [{ from: 4000, to: 5000 }, 1000, 1000],
  [{ last: 1 }, 999, 1000],
  [{ last: 5000 }, 0, 1000],
  [{ last: 0 }, 1000, 1000],
];

for (const [range, from, to] of RANGES) {
  Deno.test(`ByteStreams: of 1000 bytes, ${JSON.stringify(range) ?? "all"} is ${from} to before ${to}`, () => {
    const opened = new ByteStreams().open(readable(1000), range);
    assert.deepEqual([opened.from, opened.to, opened.total], [from, to, 1000]);
  });
}

Deno.test("ByteStreams: gives pieces of at most 256 KiB, and closes the bytes with the last one", () => {
  const streams = new ByteStreams();
  const bytes = readable(600_000);
  const { stream } = streams.open(bytes, { from: 1 });
  const pieces = [streams.take(stream), streams.take(stream), streams.take(stream)];
  assert.deepEqual(pieces.map((piece) => piece?.length), [262_144, 262_144, 75_711]);
  assert.deepEqual(pieces.map((piece) => piece?.[0]), [1, 262_145 % 251, 524_289 % 251]);
  assert.equal(bytes.closed, 1);
  assert.equal(streams.take(stream), null);
});

Deno.test("ByteStreams: a stream that is dropped closes the bytes once and gives nothing", () => {
  const streams = new ByteStreams();
  const bytes = readable(10);
  const { stream } = streams.open(bytes);
  streams.drop(stream);
  streams.drop(stream);
  assert.equal(bytes.closed, 1);
  assert.equal(streams.take(stream), null);
});

Deno.test("ByteStreams: says so when bytes are missing", () => {
  const streams = new ByteStreams();
  const { stream } = streams.open(readable(1000, 600));
  assert.throws(() => streams.take(stream), /Cannot read byte 600/);
});
