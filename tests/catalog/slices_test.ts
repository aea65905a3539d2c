import assert from "node:assert/strict";
import { Slices } from "../../src/catalog/slices.ts";

/** Slices of 5 ms in a time that the test makes, and how often they rested. */
class Scene {
  now = 0;
  readonly rests: number[] = [];
  readonly slices = new Slices(5, (worked) => {
    this.rests.push(worked);
    return 0;
  }, () => this.now);

  /** Works for `ms`, each ms of it asking whether it is time to pause, as most of what works in slices does. */
  async work(ms: number, atATime = 1): Promise<void> {
    for (const end = this.now + ms; this.now < end;) {
      this.now += atATime;
      if (this.slices.due()) await this.slices.pause();
    }
  }
}

Deno.test("Slices: what works for long rests as it is told, and what is soon done does not", async () => {
  const scene = new Scene();
  await scene.work(149);
  assert.deepEqual(scene.rests, []);
  await scene.work(20);
  assert.deepEqual(scene.rests, [5, 5, 5, 5]);
  // At most two slices count, however long one took.
  await scene.work(60, 60);
  assert.equal(scene.rests.at(-1), 10);
});

Deno.test("Slices: what comes after a while without work is done at once again", async () => {
  const scene = new Scene();
  await scene.work(200);
  const before = scene.rests.length;
  assert.ok(before > 0);
  scene.now += 400;
  await scene.work(149);
  assert.equal(scene.rests.length, before, "where it works first");
  scene.now += 400;
  await scene.slices.pause();
  await scene.work(140);
  assert.equal(scene.rests.length, before, "where it pauses first");
});

Deno.test("Slices: a slice that others took the processor from is not taken for other work", async () => {
  const scene = new Scene();
  await scene.work(1_000, 100);
  assert.equal(scene.rests.length, 9);
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
