// Answers that take long, and that nobody waits for any more.

import assert from "node:assert/strict";
import { answerJson } from "../../src/ui/slow_answer.ts";

Deno.test("answerJson gives a quick answer as it is", async () => {
  const answer = await answerJson(() => Promise.resolve({ a: 1 }));
  assert.equal(answer.headers.get("content-type"), "application/json");
  assert.deepEqual(await answer.json(), { a: 1 });
});

Deno.test("answerJson throws what quick work throws", async () => {
  await assert.rejects(answerJson(() => Promise.reject(new RangeError("no"))), { message: "no" });
});

Deno.test("answerJson answers before slow work is done, then gives what it gave", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const answer = await answerJson(() => promise, 1);
  resolve({ a: 1 });
  assert.deepEqual(await answer.json(), { a: 1 });
});

Deno.test("answerJson breaks off where slow work fails", async () => {
  const { promise, reject } = Promise.withResolvers<unknown>();
  const answer = await answerJson(() => promise, 1);
  reject(new Error("no"));
  await assert.rejects(answer.text(), { message: "no" });
});

Deno.test("answerJson gives slow work up when nobody waits any more", async () => {
  const given = Promise.withResolvers<AbortSignal>();
  const answer = await answerJson((signal) =>
    new Promise((_, reject) => {
      given.resolve(signal);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }), 1);
  const signal = await given.promise;
  assert.equal(signal.aborted, false);
  await answer.body!.cancel();
  assert.equal(signal.aborted, true);
});
