import assert from "node:assert/strict";
import { Parts } from "../../../src/catalog/export/parts.ts";

Deno.test("Parts takes stretches alone, however the bytes come, and says where each byte is then", () => {
  const stretches = {
    upstream: [{ start: 3, end: 7 }, { start: 7, end: 8 }, { start: 20, end: 25 }],
    downstream: [],
  };
  const bytes = Array.from({ length: 30 }, (_, n) => n);
  const wanted = [3, 4, 5, 6, 7, 20, 21, 22, 23, 24];
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  let random = seed;
  const next = () => (random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  for (let round = 0; round < 200; round++) {
    const parts = new Parts(stretches);
    const taken: number[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = round === 0 ? 1 : round === 1 ? 30 : 1 + Math.floor(next() * 9);
      const piece = bytes.slice(at, at + length);
      for (const { from, to } of parts.take("upstream", piece.length)) taken.push(...piece.slice(from, to));
      assert.deepEqual(parts.take("downstream", length), []);
      at += length;
    }
    assert.deepEqual(taken, wanted, `seed ${seed}`);
    assert.deepEqual(parts.taken, { upstream: wanted.length, downstream: 0 });
    for (const byte of bytes) {
      const place = wanted.indexOf(byte);
      assert.equal(parts.place("upstream", byte), place < 0 ? null : place);
    }
  }
  const whole = new Parts(null);
  assert.deepEqual(whole.take("downstream", 5), [{ from: 0, to: 5 }]);
  assert.deepEqual([whole.place("upstream", 9), whole.taken.downstream, whole.isWhole], [9, 5, true]);
});
