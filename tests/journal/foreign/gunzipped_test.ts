// What is compressed with gzip, in whatever pieces it comes.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { gunzipped } from "../../../src/journal/foreign/gunzipped.ts";
import { concat } from "./made.ts";

/** Not to be compressed much. */
const FIRST = Uint8Array.from({ length: 100_000 }, (_, n) => Math.imul(n * n + 7, 0x9e3779b1) >>> 24);
const SECOND = new Uint8Array(500_000).fill(7);
const packed = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
const both = concat(packed(FIRST), packed(SECOND));

/** What is unpacked of bytes that come in pieces of a size, and the error. */
async function unpacked(bytes: Uint8Array, size: number) {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield await bytes.subarray(at, at + size);
  }
  const out: Uint8Array[] = [];
  try {
    for await (const piece of gunzipped(pieces())) out.push(piece);
    return { bytes: concat(...out), fails: false };
  } catch {
    return { bytes: concat(...out), fails: true };
  }
}

for (const size of [997, 65_536, 10_000_000]) {
  Deno.test(`gunzipped: several members one behind the other are all there, in pieces of ${size}`, async () => {
    assert.deepEqual(await unpacked(both, size), { bytes: concat(FIRST, SECOND), fails: false });
  });

  Deno.test(`gunzipped: what is cut or damaged gives what comes before, in pieces of ${size}`, async () => {
    const cut = await unpacked(both.subarray(0, 60_000), size);
    assert.ok(cut.fails && cut.bytes.length > 30_000);
    assert.deepEqual(cut.bytes, FIRST.subarray(0, cut.bytes.length));
    const followed = await unpacked(concat(packed(FIRST), new Uint8Array([1, 2, 3, 4])), size);
    assert.ok(followed.fails && followed.bytes.length > 80_000);
    assert.deepEqual(followed.bytes, FIRST.subarray(0, followed.bytes.length));
  });
}
