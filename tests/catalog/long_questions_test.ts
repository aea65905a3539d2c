// That long work delays no short question: what is asked later is answered earlier.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { answer, Capture, get } from "./capture.ts";

/** Rows that are put into the index beside the first one, as if they had been indexed. */
const ROWS = 300_000;

function addRows(folder: string): void {
  const database = new DatabaseSync(`${folder}/catalog.sqlite`);
  try {
    database.exec(`
      WITH RECURSIVE number(id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM number WHERE id < ${ROWS})
      INSERT INTO exchange (id, listener, connection, protocol, state, started, elapsed_ms, client, target, method, url,
        status, summary, request_bytes, response_bytes)
      SELECT id, 'l1', 1, 'http', 'done', 0, 1, '127.0.0.1:50000', 'localhost:80', 'GET', '/orders/' || id,
        200, 'json, an order of three lines', 100, 200 FROM number`);
  } finally {
    database.close();
  }
}

/** The names of the questions in the order in which they are answered; all are asked at once, in the order given. */
async function answered(questions: Readonly<Record<string, () => Promise<unknown>>>): Promise<string[]> {
  const order: string[] = [];
  await Promise.all(
    Object.entries(questions).map(([name, ask]) => ask().finally(() => order.push(name))),
  );
  return order;
}

Deno.test("WorkerCatalog: a filter or a sort over 300,000 rows delays no short question, and can be given up", async () => {
  using capture = new Capture();
  capture.connection(1, [[get("/"), answer("{}")]]);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    addRows(capture.folder);
    const abort = new AbortController();
    const long: Promise<unknown>[] = [];
    const order = await answered({
      filter: () => catalog.exchanges({ q: "three -status:200", whole: true }),
      "another filter": () => catalog.exchanges({ q: "299999 time:<1s", listener: "l1", whole: true }),
      sorted: () => catalog.exchanges({ sort: "url", order: "asc" }),
      "given up": () => {
        long.push(assert.rejects(catalog.exchanges({ q: "never" }, abort.signal), /changed my mind/));
        abort.abort(new Error("changed my mind"));
        return Promise.all(long);
      },
      exchange: () => catalog.exchange("e1"),
      list: () => catalog.exchanges({ listener: "l1", limit: 10 }),
      overview: () => catalog.overview(),
    });
    assert.deepEqual(order.slice(0, 4).sort(), ["exchange", "given up", "list", "overview"]);
    // Who asks the same as somebody who gives up, gets an answer all the same.
    const other = new AbortController();
    const given = assert.rejects(
      catalog.exchanges({ q: "299999 three", whole: true }, other.signal),
      /never mind/,
    );
    const kept = catalog.exchanges({ q: "299999 three", whole: true });
    await catalog.exchange("e1");
    other.abort(new Error("never mind"));
    await given;
    assert.equal((await kept).total, 1);
  } finally {
    await catalog.close();
  }
});

Deno.test("WorkerCatalog: a view and a search of a large body delay no short question", async () => {
  using capture = new Capture();
  const order = JSON.stringify({ id: 17, customer: "ACME", lines: [1, 2, 3] });
  const body = `[${Array.from({ length: 150_000 }, () => order).join(",")}]`;
  capture.connection(1, [[get("/all"), answer(body)], [get("/one"), answer(order)]]);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    const large = { exchange: "e1", side: "response", as: "json" } as const;
    const small = { exchange: "e2", side: "response", as: "json" } as const;
    const answers = await answered({
      view: () => catalog.view({ ...large, from: 1_000_000, lines: 10 }),
      find: () => catalog.find({ ...large, text: "nowhere", caseSensitive: true, regex: false }),
      "small view": () => catalog.view({ ...small, from: 0, lines: 10 }),
      exchange: () => catalog.exchange("e2"),
    });
    assert.deepEqual(answers.slice(0, 2).sort(), ["exchange", "small view"]);
  } finally {
    await catalog.close();
  }
});

Deno.test("WorkerCatalog: the bytes of a large connection delay no short question while they are taken", async () => {
  using capture = new Capture();
  const body = "x".repeat(32 * 1024 * 1024);
  capture.connection(1, [[get("/all"), answer(body)], [get("/one"), answer("{}")]]);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    const bytes = await catalog.bytes({ connection: "c1", direction: "downstream" });
    const reader = bytes!.stream.getReader();
    let read = 0;
    let answers = 0;
    const taking = (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) read += next.value.length;
    })();
    while (read < bytes!.total) {
      await Promise.race([catalog.exchange("e2").then(() => answers++), taking]);
    }
    await taking;
    assert.ok(answers >= 10, `${answers} questions were answered meanwhile`);
  } finally {
    await catalog.close();
  }
});

Deno.test("WorkerCatalog: while many rows are removed, the index goes on", async () => {
  using capture = new Capture();
  capture.connection(1, [[get("/"), answer("{}")]]);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    addRows(capture.folder);
    capture.connection(2, [[get("/later"), answer("{}")]]);
    const order = await answered({
      remove: () => catalog.remove({ ids: Array.from({ length: 60_000 }, (_, i) => `e${i + 3}`) }),
      level: () => {
        catalog.written(capture.size);
        return catalog.level();
      },
      exchange: () => catalog.exchange("e1"),
    });
    assert.equal(order.at(-1), "remove");
  } finally {
    await catalog.close();
  }
});
