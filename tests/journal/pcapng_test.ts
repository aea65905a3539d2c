// The blocks of pcapng: lengths, times and comments.

import assert from "node:assert/strict";
import {
  commentLength,
  commentOf,
  packetHeader,
  padded,
  putComment,
  secretsBlock,
  secretsIn,
} from "../../src/journal/pcapng.ts";

Deno.test("padded: the next multiple of 4", () => {
  const table = [[0, 0], [1, 4], [3, 4], [4, 4], [5, 8], [65_535, 65_536]];
  for (const [length, expected] of table) assert.equal(padded(length), expected, `${length}`);
});

Deno.test("packetHeader: length and time of a block, to the nanosecond as far as a number has it", () => {
  const view = new DataView(new ArrayBuffer(64));
  const table = [0, 1, 1_000.5, 1_700_000_000_123.25];
  for (const time of table) {
    assert.equal(packetHeader(view, 4, time, 61, 12), 28 + 64 + 12 + 4);
    const told = view.getUint32(16, true) * 2 ** 32 + view.getUint32(20, true);
    assert.equal(told / 1e6, time);
    assert.deepEqual([view.getUint32(24, true), view.getUint32(28, true)], [61, 61]);
  }
});

Deno.test("commentOf gives back what putComment wrote", () => {
  for (const length of [1, 2, 3, 4, 5, 1_000, 65_535]) {
    const comment = new Uint8Array(length).fill(0x41);
    // What lies there before is not part of it.
    const out = new Uint8Array(commentLength(length)).fill(0xee);
    putComment(out, new DataView(out.buffer), 0, comment);
    assert.deepEqual(commentOf(out), comment);
    assert.deepEqual([...out.slice(-4)], [0, 0, 0, 0], "the end mark");
  }
  assert.equal(commentOf(new Uint8Array(4)), null);
});

Deno.test("secretsIn gives back what secretsBlock has, and nothing of other secrets or of a damaged block", () => {
  for (const length of [0, 1, 3, 4, 1_000]) {
    const lines = new Uint8Array(length).fill(0x41);
    const block = secretsBlock(lines);
    assert.deepEqual(secretsIn(block), lines);
    const [others, long] = [block.slice(), block.slice()];
    // WireGuard's keys (WGKL), and a length beyond the block.
    new DataView(others.buffer).setUint32(8, 0x57474b4c, true);
    new DataView(long.buffer).setUint32(12, block.length, true);
    for (const bytes of [others, long, block.subarray(0, 12)]) assert.equal(secretsIn(bytes), null);
  }
});
