// Lists of Exchanges by each sort and in both orders, with a filter, and while rows come, change and go.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { noteGone } from "../../src/catalog/gone.ts";
import { SORT_KEYS } from "../../src/catalog/sorting.ts";
import type { ExchangeQuery, SortKey } from "../../src/catalog/types.ts";
import type { Exchange } from "../../src/model.ts";
import { answer, Capture, get } from "./capture.ts";

/** What rows that are put into the index take in turns: levels, capitals, and what is not there. */
const MADE = `
  INSERT INTO exchange (id, listener, connection, protocol, state, started, elapsed_ms, client, target, method, url,
    status, summary, request_bytes, response_bytes, fault)
  WITH RECURSIVE number(id) AS (SELECT ? UNION ALL SELECT id + 1 FROM number WHERE id < ?)
  SELECT id, 'l' || (id % 2), 1, 'http',
    CASE WHEN id % 50 = 0 THEN 'open' WHEN id % 7 = 0 THEN 'failed' ELSE 'done' END,
    1e12 + id, (id * 7919) % 5003, '127.0.0.1:' || (id * 31 % 500), 'host-' || (id % 3) || ':80',
    CASE id % 5 WHEN 0 THEN NULL WHEN 1 THEN 'post' WHEN 2 THEN 'POST' ELSE 'GET' END,
    CASE WHEN id % 35 = 0 THEN NULL ELSE '/Orders/' || (id * 17 % 1009) END,
    CASE WHEN id % 11 = 0 THEN NULL ELSE 200 + id % 300 END,
    CASE id % 4 WHEN 0 THEN '' ELSE 'json ' || (id % 13) END,
    id * 37 % 997, id * 41 % 1009, CASE WHEN id % 35 = 0 THEN 'refused' END
  FROM number`;

/** As the indexer keeps the counts; the parameter is the epoch. */
const COUNTED = `
  INSERT OR REPLACE INTO counts
  SELECT listener, count(*), sum(state = 'open'), sum(state = 'failed'), 0, ? FROM exchange GROUP BY listener`;

/** What a row is compared by, as the page shows it. */
const COMPARED: Readonly<Record<SortKey, (row: Exchange) => string | number>> = {
  time: numberOf,
  state: (row) => row.state,
  client: (row) => row.client,
  target: (row) => row.target,
  method: (row) => (row.method ?? "").toLowerCase(),
  url: (row) => (row.url ?? row.fault ?? "").toLowerCase(),
  summary: (row) => (row.summary || (row.fault ?? "")).toLowerCase(),
  status: (row) => row.status ?? -1,
  request: (row) => row.requestBytes,
  response: (row) => row.responseBytes,
  elapsed: (row) => row.state === "open" ? Date.now() - Date.parse(row.started) : row.elapsedMs,
};

function numberOf(row: Exchange): number {
  return Number(row.id.slice(1));
}

/** The ids of `rows` as they must be listed. */
function inOrder(rows: readonly Exchange[], { sort = "time", order = "desc" }: ExchangeQuery): string[] {
  const compared = COMPARED[sort];
  const sorted = rows.map((row) => ({ row, by: compared(row) })).sort((a, b) =>
    a.by < b.by ? -1 : a.by > b.by ? 1 : numberOf(a.row) - numberOf(b.row)
  ).map(({ row }) => row.id);
  return order === "asc" ? sorted : sorted.reverse();
}

/** All rows of a query, asked for in parts. */
async function all(catalog: WorkerCatalog, query: ExchangeQuery): Promise<Exchange[]> {
  const rows: Exchange[] = [];
  for (;;) {
    const list = await catalog.exchanges({ ...query, offset: rows.length, limit: 700 });
    assert.deepEqual([list.offset, list.exchanges.length], [
      rows.length,
      Math.min(700, list.total - rows.length),
    ]);
    rows.push(...list.exchanges);
    if (rows.length >= list.total) return rows;
  }
}

const QUERIES: readonly ExchangeQuery[] = SORT_KEYS.flatMap((sort) => [
  { sort, order: "asc" as const },
  { sort, order: "desc" as const },
]);

async function withRows(
  count: number,
  look: (catalog: WorkerCatalog, database: DatabaseSync, capture: Capture) => Promise<void>,
): Promise<void> {
  using capture = new Capture();
  capture.connection(1, [[get("/"), answer("{}")]]);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  const database = new DatabaseSync(`${capture.folder}/catalog.sqlite`);
  try {
    catalog.written(capture.size);
    await catalog.level();
    database.prepare(MADE).run(2, count);
    database.prepare(COUNTED).run(0);
    await look(catalog, database, capture);
  } finally {
    database.close();
    await catalog.close();
  }
}

Deno.test("WorkerCatalog.exchanges sorts by each key in both orders, with a filter, while rows come and change", async (t) => {
  await withRows(1500, async (catalog, database) => {
    const check = async () => {
      const rows = await all(catalog, {});
      const ofFilter = rows.filter((row) => row.listener === "l1" && !row.url?.includes("9"));
      for (const query of QUERIES) {
        const name = JSON.stringify(query);
        const found = await all(catalog, query);
        assert.deepEqual(found.map(({ id }) => id), inOrder(rows, query), name);
        const filtered = await all(catalog, { ...query, listener: "l1", q: "-path:9" });
        assert.deepEqual(filtered.map(({ id }) => id), inOrder(ofFilter, query), `${name}, filtered`);
      }
    };
    await t.step("as they are", check);
    await t.step("with new and changed ones", async () => {
      database.prepare(MADE).run(1501, 2200);
      database.prepare(COUNTED).run(0);
      database.exec(`
        UPDATE exchange SET state = 'done', status = 599, summary = 'zzz', elapsed_ms = 9e6, response_bytes = 77
          WHERE state = 'open' AND id % 100 = 0`);
      await check();
    });
    await t.step("without those that were removed", async () => {
      database.exec("DELETE FROM exchange WHERE id IN (10, 150, 1501)");
      noteGone(database, "exchange", [0]);
      database.prepare(COUNTED).run(1);
      await check();
    });
  });
});

Deno.test("WorkerCatalog.exchanges: a sort that is asked again looks only at what is new or open", async () => {
  await withRows(2000, async (catalog, database) => {
    const query: ExchangeQuery = { sort: "response", order: "desc", limit: 1 };
    const before = (await catalog.exchanges(query)).exchanges[0];
    // Nothing changes a row that is done: where it stands is not looked up again.
    database.prepare("UPDATE exchange SET response_bytes = 0 WHERE id = ?").run(numberOf(before));
    assert.equal((await catalog.exchanges(query)).exchanges[0].id, before.id);
    database.exec("UPDATE exchange SET response_bytes = 5000000 WHERE id = 50 AND state = 'open'");
    assert.equal((await catalog.exchanges(query)).exchanges[0].id, "e50");
  });
});

Deno.test("WorkerCatalog.exchanges: next is only given for the newest first", async () => {
  await withRows(300, async (catalog) => {
    for (const query of QUERIES) {
      const { next } = await catalog.exchanges({ ...query, limit: 10 });
      assert.equal(next, query.sort === "time" && query.order === "desc" ? "e291" : null);
    }
  });
});
