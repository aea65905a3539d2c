// Workers that one thread begins for another: here both are one.

import assert from "node:assert/strict";
import { BorrowedWorkers } from "../../src/catalog/borrowed_workers.ts";
import type { AnswerNews } from "../../src/catalog/questions.ts";
import { LineRegex } from "../../src/catalog/regex.ts";
import { borrowing, findWorker } from "./find_worker.ts";

Deno.test("LineRegex finds in a borrowed worker, and ends it where it takes too long", async () => {
  const regex = new LineRegex(/b+/g, findWorker());
  assert.deepEqual([...(await regex.find(["abba", "", "b"]))!], [0, 1, 3, 2, 0, 1]);
  assert.deepEqual([...(await regex.find(["a"]))!], []);
  regex.close();

  const endless = new LineRegex(/^(a+)+$/g, findWorker());
  assert.equal(await endless.find([`${"a".repeat(60)}!`]), null);
  endless.close();

  const given = new AbortController();
  const stopped = new LineRegex(/a/g, findWorker());
  given.abort(new Error("no more"));
  await assert.rejects(stopped.find(["a"], given.signal), /no more/);
  stopped.close();
});

Deno.test("one that fails says so to whoever waits, and one that is not wanted any more is ended before it was there", async () => {
  const news: AnswerNews[] = [];
  const workers = new BorrowedWorkers((one) => news.push(one));
  const failing = workers.begin("find");
  const ended = workers.begin("search");
  assert.deepEqual(news, [{ begin: "find", number: 1 }, { begin: "search", number: 2 }]);
  workers.given({ number: 1, failed: "out of memory" });
  await assert.rejects(failing.port, /The search has stopped: out of memory/);
  await assert.rejects(failing.failed, /out of memory/);
  failing.end();
  ended.end();
  assert.deepEqual(news.slice(2), [{ end: 2 }]);
  await assert.rejects(ended.port, /closed/);
  // It comes too late: nobody keeps it.
  const { port1, port2 } = new MessageChannel();
  workers.given({ number: 2, port: port1 });
  port2.close();
});

Deno.test("all that are lent are ended with the thread that lent them", async () => {
  const { borrowed, lent } = borrowing();
  const both = [borrowed.begin("find"), borrowed.begin("find")];
  for (const { port } of both) await port;
  lent.close();
  for (const one of both) one.end();
});
