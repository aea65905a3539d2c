import assert from "node:assert/strict";
import { answersInOrder } from "../../src/ui/answers_in_order.ts";

/** Questions that are answered when the test says so. */
function questions() {
  const asked = new Map<number, PromiseWithResolvers<string>>();
  const ask = (question: number) => {
    const answer = Promise.withResolvers<string>();
    asked.set(question, answer);
    return answer.promise;
  };
  return { asked, ask };
}

Deno.test("answersInOrder gives answers in the order of the questions, however they come, and asks so many at once", async () => {
  const { asked, ask } = questions();
  const answers = answersInOrder([0, 1, 2, 3], ask, 3);
  const first = answers.next();
  assert.deepEqual([...asked.keys()], [0, 1, 2]);
  asked.get(2)!.resolve("c");
  asked.get(1)!.resolve("b");
  asked.get(0)!.resolve("a");
  assert.equal((await first).value, "a");
  assert.equal(asked.size, 3, "nothing is asked before the next answer is wanted");
  assert.equal((await answers.next()).value, "b");
  assert.equal((await answers.next()).value, "c");
  asked.get(3)!.resolve("d");
  assert.equal((await answers.next()).value, "d");
  assert.equal((await answers.next()).done, true);
});

Deno.test("answersInOrder throws a rejection in its place, after the answers before it", async () => {
  const { asked, ask } = questions();
  const answers = answersInOrder([0, 1, 2], ask, 3);
  const first = answers.next();
  asked.get(1)!.reject(new Error("no"));
  asked.get(0)!.resolve("a");
  assert.equal((await first).value, "a");
  const second = answers.next();
  asked.get(2)!.resolve("c");
  await assert.rejects(second, /no/);
});
