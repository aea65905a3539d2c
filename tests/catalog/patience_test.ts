// What is tried again where files cannot be opened, and what is not.

import assert from "node:assert/strict";
import { Patience } from "../../src/catalog/patience.ts";

const SQLITE = "unable to open database file";

/** An `open` that fails with each of `errors`, then gives 1. */
function failing(...errors: string[]): () => Promise<number> {
  return () => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve(1) : Promise.reject(new Error(error));
  };
}

Deno.test("Patience tries again while files are lacking, and says so once", async () => {
  const told: string[] = [];
  const patience = new Patience(() => null, (reason) => told.push(reason), () => true);
  assert.equal(await patience.opened(failing(SQLITE, "Too many open files (os error 24)", SQLITE)), 1);
  assert.deepEqual(told, [SQLITE]);
});

Deno.test("Patience throws what SQLite says where other files can be opened, unless the lack has just gone", async () => {
  const told: string[] = [];
  const patience = new Patience(() => null, (reason) => told.push(reason));
  assert.equal(await patience.opened(failing(SQLITE)), 1);
  await assert.rejects(patience.opened(failing(SQLITE, SQLITE)), { message: SQLITE });
  assert.deepEqual(told, []);
});

Deno.test("Patience throws why it fails for good, not the lack that it has waited for", async () => {
  let failure: Error | null = null;
  const fail = () => failure = new Error("The worker of the catalog has stopped");
  const patience = new Patience(() => failure, fail, () => true);
  await assert.rejects(patience.opened(failing(SQLITE, SQLITE)), /worker of the catalog has stopped/);
});
