import assert from "node:assert/strict";
import { Numbering, NumberList } from "../../../src/decode/diff/numbering.ts";
import { generator, printedSeed } from "../draft/requests.ts";

Deno.test("Numbering gives the same number to the same thing, and to nothing else", () => {
  const random = generator(printedSeed());
  const numbering = new Numbering([random() * 2 ** 32 | 0, random() * 2 ** 32 | 0]);
  const known = new Map<string, number>();
  for (let round = 0; round < 200_000; round++) {
    const text = `${Math.floor(random() * 60_000)}`;
    const number = numbering.ofText(text);
    assert.equal(number, known.get(text) ?? known.size);
    known.set(text, number);
  }
  assert.equal(numbering.count, known.size);
  const all = ["", "\0", "\0\0", "a\0", "a", "b", "ab", "ba"].map((text) => numbering.ofText(`x${text}`));
  assert.equal(new Set(all).size, all.length);
});

Deno.test("Numbering knows bytes wherever they stand", () => {
  const numbering = new Numbering([1, 2]);
  const bytes = Uint8Array.from([1, 2, 3, 1, 2, 3, 0, 0]);
  assert.equal(numbering.ofBytes(bytes, 0, 3), numbering.ofBytes(bytes, 3, 6));
  const others = [[0, 2], [6, 7], [6, 8], [6, 6]].map(([from, to]) => numbering.ofBytes(bytes, from, to));
  assert.equal(new Set([0, ...others]).size, 5);
});

Deno.test("NumberList grows", () => {
  const list = new NumberList();
  for (let at = 0; at < 5_000; at++) list.push(at * 2);
  assert.equal(list.length, 5_000);
  assert.deepEqual([list.array()[0], list.array()[4_999], list.array().length], [0, 9_998, 5_000]);
});
