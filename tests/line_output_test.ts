// LineOutput before outputs that are slow, gone, or write less than they are given.

import assert from "node:assert/strict";
import { LineOutput } from "../src/line_output.ts";

const lost = (count: number) => `lost ${count}`;

/** An output that takes three bytes at a time, and keeps them. */
class Slow {
  text = "";

  write(bytes: Uint8Array): Promise<number> {
    const taken = bytes.subarray(0, 3);
    this.text += new TextDecoder().decode(taken);
    return Promise.resolve(taken.length);
  }
}

Deno.test("LineOutput writes lines in order, also when the output takes few bytes at a time", async () => {
  const slow = new Slow();
  const out = new LineOutput(slow, lost);
  out.line("one");
  out.line("two");
  await out.flush(1000);
  out.line("three");
  await out.flush(1000);
  assert.equal(slow.text, "one\ntwo\nthree\n");
});

Deno.test("LineOutput bounds what waits for a slow output, and says how much was left out", async () => {
  let text = "";
  const gate = Promise.withResolvers<void>();
  const out = new LineOutput(
    {
      write: async (bytes) => {
        await gate.promise;
        text += new TextDecoder().decode(bytes);
        return bytes.length;
      },
    },
    lost,
    10,
  );
  out.line("first");
  await Promise.resolve();
  await Promise.resolve();
  for (let at = 0; at < 100; at++) out.line("abcde");
  gate.resolve();
  await out.flush(1000);
  assert.equal(text, "first\nabcde\nabcde\nlost 98\n");
});

Deno.test("LineOutput neither throws nor waits when the output is gone", async () => {
  let calls = 0;
  const out = new LineOutput({ write: () => (calls++, Promise.reject(new Deno.errors.BrokenPipe())) }, lost);
  out.line("one");
  await out.flush(1000);
  out.line("two");
  await out.flush(1000);
  assert.equal(calls, 1);
});

Deno.test("LineOutput tells once why it writes no more", async () => {
  const told: unknown[] = [];
  const full = new Error("No space left on device (os error 28)");
  const out = new LineOutput(
    { write: () => Promise.reject(full) },
    lost,
    undefined,
    (error) => told.push(error),
  );
  out.line("one");
  await out.flush(1000);
  out.line("two");
  await out.flush(1000);
  assert.deepEqual(told, [full]);
});

Deno.test("LineOutput.long: a line in pieces stands alone between those before and those after", async () => {
  const slow = new Slow();
  const out = new LineOutput(slow, lost);
  const encoder = new TextEncoder();
  async function* pieces() {
    yield encoder.encode("lo");
    out.line("meanwhile");
    await Promise.resolve();
    yield encoder.encode("ng\n");
  }
  out.line("before");
  await out.long(pieces());
  await out.flush(1000);
  out.line("after");
  await out.flush(1000);
  assert.equal(slow.text, "before\nlong\nmeanwhile\nafter\n");
});

Deno.test("LineOutput.long: when the output is gone the pieces are made no further", async () => {
  let made = 0;
  const out = new LineOutput({ write: () => Promise.reject(new Deno.errors.BrokenPipe()) }, lost);
  async function* pieces() {
    for (; made < 100; made++) yield await Promise.resolve(new Uint8Array([65]));
  }
  await out.long(pieces());
  assert.equal(made, 0);
  await out.long(pieces());
  assert.equal(made, 0);
});
