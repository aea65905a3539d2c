// The index of byte strings against the simplest way to find them.

import assert from "node:assert/strict";
import { FormIndex, SHORTEST_FORM } from "../../../src/decode/redact/form_index.ts";

Deno.test("FormIndex finds what comparing at each place finds, the longest first, while it grows", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`seed ${seed}`);
  let state = seed | 1;
  const next = (below: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  // Of two letters, so that many begin alike and stand in each other.
  const some = (length: number) => Uint8Array.from({ length }, () => 0x61 + next(2));
  for (let round = 0; round < 40; round++) {
    const index = new FormIndex();
    const forms: string[] = [];
    for (let step = 0; step < 10; step++) {
      const form = some(SHORTEST_FORM + next(step < 5 ? 4 : 40));
      const text = String.fromCharCode(...form);
      if (!forms.includes(text)) forms.push(text);
      index.add(form, text);
      const bytes = new Uint8Array([...some(next(60)), ...(next(2) === 0 ? form : []), ...some(next(60))]);
      const to = next(bytes.length + 1);
      const whole = String.fromCharCode(...bytes);
      let expected = null;
      for (let at = 0; at < to && expected === null; at++) {
        const here = forms.filter((one) => whole.startsWith(one, at)).sort((a, b) => b.length - a.length)[0];
        if (here !== undefined) expected = { at, length: here.length, name: here };
      }
      assert.deepEqual(index.find(bytes, 0, to), expected, `round ${round}`);
    }
  }
});

Deno.test("FormIndex: thousands that begin alike take no more than one at each place", () => {
  const index = new FormIndex();
  const encoder = new TextEncoder();
  const form = (n: number) => encoder.encode(`eyJhbGciOiJIUzI1NiJ9.${String(n).padStart(7, "0")}`);
  for (let n = 0; n < 20_000; n++) index.add(form(n), `${n}`);
  const text = encoder.encode("eyJhbGciOiJIUzI1NiJ9.x".repeat(20_000));
  assert.equal(index.find(text, 0, text.length), null);
  const last = form(19_999);
  assert.deepEqual(index.find(last, 0, last.length), { at: 0, length: last.length, name: "19999" });
});
