import assert from "node:assert/strict";
import { Unwritten } from "../../src/catalog/unwritten.ts";

const thing = (id: number) => ({ id, place: -1 });

Deno.test("Unwritten: gives each thing once, by its number, and then none", () => {
  const waiting = new Unwritten<ReturnType<typeof thing>>();
  const [one, two, three] = [thing(1), thing(2), thing(3)];
  for (const some of [three, one, three, two]) waiting.add(some);
  assert.equal(waiting.size, 3);
  assert.deepEqual(waiting.take().map(({ id }) => id), [1, 2, 3]);
  assert.equal(waiting.size, 0);
  assert.deepEqual(waiting.take(), []);
  waiting.add(two);
  assert.deepEqual(waiting.take().map(({ id }) => id), [2]);
});

Deno.test("Unwritten: what is taken out alone does not wait, wherever it stood", () => {
  for (const gone of [1, 2, 3]) {
    const things = [thing(1), thing(2), thing(3)];
    const waiting = new Unwritten<ReturnType<typeof thing>>();
    for (const some of things) waiting.add(some);
    waiting.delete(things[gone - 1]);
    waiting.delete(things[gone - 1]);
    assert.deepEqual(waiting.take().map(({ id }) => id), [1, 2, 3].filter((id) => id !== gone));
  }
});
