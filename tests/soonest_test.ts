import assert from "node:assert/strict";
import { soonest } from "../src/soonest.ts";

Deno.test("soonest resolves as what is waited for does, where that is in time", async () => {
  assert.equal(await soonest(Promise.resolve("done"), 60_000), "done");
});

Deno.test("soonest rejects as it does", async () => {
  await assert.rejects(soonest(Promise.reject(new Error("no")), 60_000), /no/);
});

Deno.test("soonest gives null once the time is over", async () => {
  assert.equal(await soonest(new Promise(() => {}), 1), null);
});
