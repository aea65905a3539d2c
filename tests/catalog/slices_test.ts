import assert from "node:assert/strict";
import { Slices } from "../../src/catalog/slices.ts";

/** Works until the slice is used up, so many times, with a pause before each. */
async function work(slices: Slices, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await slices.pause();
    while (!slices.due());
  }
}

Deno.test("Slices: what works for long rests as it is told, and what is soon done does not", async () => {
  const rests: number[] = [];
  const slices = new Slices(5, (worked) => {
    rests.push(worked);
    return 1;
  });
  while (rests.length < 3) await work(slices, 3);
  assert.ok(rests.every((worked) => worked > 0 && worked <= 10), `at most two slices count: ${rests}`);

  // What is asked after a while without work is begun at once again.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = rests.length;
  await work(slices, 1);
  assert.equal(rests.length, before);
});

Deno.test("Slices: a slice that others took the processor from is not taken for other work", async () => {
  let rests = 0;
  const slices = new Slices(5, () => {
    rests += 1;
    return 1;
  });
  const began = performance.now();
  const stand = () => {
    for (const from = performance.now(); performance.now() - from < 100;);
  };
  while (performance.now() - began < 400) {
    await slices.pause();
    // It is asked while it works, as ever, but a tenth of a second later.
    stand();
    slices.due();
    stand();
  }
  assert.ok(rests > 0);
});

Deno.test("Slices: several pieces of work go on in rotation, and messages and timers between them", async () => {
  const slices = new Slices(1);
  const order: string[] = [];
  const piece = async (name: string) => {
    for (let time = 0; time < 3; time++) {
      await slices.pause();
      order.push(name);
    }
  };
  const timer = new Promise<void>((resolve) => setTimeout(() => resolve(void order.push("timer")), 0));
  await Promise.all([piece("a"), piece("b"), timer]);
  assert.equal(order.filter((name) => name !== "timer").join(""), "ababab");
  assert.ok(order.indexOf("timer") < order.length - 1);
});
