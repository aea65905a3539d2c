// Things by their numbers: what was put there and not taken away is there, in the order of the numbers.

import assert from "node:assert/strict";
import { Numbered } from "../../src/catalog/numbered.ts";

Deno.test("Numbered has what a Map would have, whatever comes and goes", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  let state = seed;
  const random = (below: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  const things = new Numbered<{ readonly step: number }>();
  const model = new Map<number, { readonly step: number }>();
  for (let step = 0; step < 3_000; step++) {
    // Connections near the greatest number are there too.
    const number = random(2) ? random(300) : 2 ** 32 - 2 - random(300);
    if (random(3) > 0) {
      things.set(number, { step });
      model.set(number, { step });
    } else {
      things.delete(number);
      model.delete(number);
    }
    assert.deepEqual(things.get(number), model.get(number), `seed ${seed}, step ${step}`);
    assert.equal(things.size, model.size, `seed ${seed}, step ${step}`);
  }
  const inOrder = [...model].sort(([a], [b]) => a - b).map(([, thing]) => thing);
  assert.deepEqual(things.values(), inOrder, `seed ${seed}`);
});
