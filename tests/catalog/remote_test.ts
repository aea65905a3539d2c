import assert from "node:assert/strict";
import { NO_WORKER_ROOM } from "../../src/catalog/file_room.ts";
import { Remote } from "../../src/catalog/remote.ts";
import type { TestQuestions } from "./remote_worker.ts";

interface Asking {
  readonly remote: Remote<TestQuestions, string>;
  readonly told: string[];
  /** The error with which the worker failed. */
  readonly over: Promise<Error>;
}

async function withWorker(ask: (asking: Asking) => Promise<void>): Promise<void> {
  const told: string[] = [];
  const { promise: over, resolve } = Promise.withResolvers<Error>();
  const remote = new Remote<TestQuestions, string>(
    new URL("./remote_worker.ts", import.meta.url),
    "test",
    (text) => told.push(text),
    resolve,
  );
  try {
    await ask({ remote, told, over });
  } finally {
    remote.end();
  }
}

Deno.test("Remote: each question gets its own answer, whenever it comes", async () => {
  await withWorker(async ({ remote }) => {
    const answers = [remote.ask("later", 1), remote.ask("double", 2), remote.ask("later", 3)];
    assert.deepEqual(await Promise.all(answers), [1, 4, 3]);
    assert.deepEqual(await remote.ask("bytes", 3), new Uint8Array([7, 7, 7]));
  });
});

Deno.test("Remote: a RangeError stays one, other errors keep their words", async () => {
  await withWorker(async ({ remote }) => {
    await assert.rejects(remote.ask("refuse", "RangeError"), new RangeError("out of range"));
    await assert.rejects(remote.ask("refuse", "TypeError"), new Error("a mistake"));
  });
});

Deno.test("Remote: aborting rejects with the signal's reason, and tells the worker", async () => {
  await withWorker(async ({ remote }) => {
    const abort = new AbortController();
    const waiting = remote.ask("untilAborted", null, abort.signal);
    abort.abort(new Error("not wanted any more"));
    await assert.rejects(waiting, /not wanted any more/);
    assert.equal(await remote.ask("aborted", null), 1);
    await assert.rejects(remote.ask("untilAborted", null, abort.signal), /not wanted any more/);
    assert.equal(await remote.ask("aborted", null), 1);
  });
});

Deno.test("Remote: tells what the worker tells, and ends with the reason that it gives", async () => {
  await withWorker(async ({ remote, told, over }) => {
    const waiting = assert.rejects(remote.ask("untilAborted", null), /failed after the news/);
    remote.say("tellAndFail", "the news");
    assert.equal((await over).message, "failed after the news");
    await waiting;
    assert.deepEqual(told, ["the news"]);
    await assert.rejects(remote.ask("double", 1), /failed after the news/);
  });
});

Deno.test("Remote: what waits when it is ended is answered with an error", async () => {
  await withWorker(async ({ remote }) => {
    const waiting = assert.rejects(remote.ask("untilAborted", null), /closed/);
    remote.end();
    await waiting;
    await assert.rejects(remote.ask("double", 1), /closed/);
  });
});

Deno.test("Remote: a mistake in the worker ends it, and not the program", async () => {
  await withWorker(async ({ remote, over }) => {
    remote.say("crash", null);
    assert.match((await over).message, /worker of the test has stopped: .*a mistake in the worker/);
  });
});

Deno.test("Remote: a worker whose modules cannot be read for a lack of files is begun again by the next open", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const file = `${folder}/worker.js`;
  Deno.writeTextFileSync(file, `throw new Error("Too many open files (os error 24)");`);
  const overs: Error[] = [];
  const over = (error: Error) => overs.push(error);
  const remote = new Remote<TestQuestions, string>(new URL(`file://${file}`), "test", () => {}, over, true);
  const waiting = remote.ask("double", 4);
  await assert.rejects(remote.open("double", 2), new Error(NO_WORKER_ROOM));
  const worker = new URL("./remote_worker.ts", import.meta.url);
  Deno.writeTextFileSync(file, `import ${JSON.stringify(worker.href)};`);
  assert.equal(await remote.open("double", 3), 6);
  assert.equal(await waiting, 8);
  assert.deepEqual(overs, []);
  remote.end();
  Deno.removeSync(folder, { recursive: true });
});
