// Output before what reads slowly, has gone, or fails.

import assert from "node:assert/strict";
import { Output } from "../../src/headless/output.ts";

Deno.test("Output writes all of it, however little is taken at once", async () => {
  let text = "";
  const output = new Output({
    write: (bytes) => {
      text += new TextDecoder().decode(bytes.subarray(0, 2));
      return Promise.resolve(Math.min(2, bytes.length));
    },
  });
  await output.lines(["one", "two"]);
  await output.lines([]);
  await output.bytes(new Uint8Array([33]));
  assert.equal(text, "one\ntwo\n!");
  assert.equal(output.gone, false);
});

Deno.test("Output is gone once nobody reads it, and writes no more", async () => {
  let calls = 0;
  const output = new Output({ write: () => (calls++, Promise.reject(new Deno.errors.BrokenPipe())) });
  await output.lines(["one"]);
  await output.lines(["two"]);
  assert.deepEqual([output.gone, calls], [true, 1]);
});

Deno.test("Output says in words why it cannot write", async () => {
  const full = new Error("No space left on device (os error 28)");
  const output = new Output({ write: () => Promise.reject(full) });
  await assert.rejects(output.lines(["one"]), /^Error: Cannot print: .*space.*\. Send it elsewhere\.$/);
});
