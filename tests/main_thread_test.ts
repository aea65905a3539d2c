// Reading never holds up relaying: while 10 MB of SOAP are laid out and searched and many rows are filtered, timers of
// the relay's thread go on, and a client of a listener in that thread has its round trips.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { WorkerCatalog } from "../src/catalog/catalog.ts";
import { answer, Capture, get } from "./catalog/capture.ts";
import { relayTo, server, write } from "./relay/transcript.ts";

/** About 10 MB on one line. */
function soap(): string {
  const quote =
    '<q:quote xmlns:q="urn:q"><q:symbol>ACME</q:symbol><q:price currency="EUR">12</q:price></q:quote>';
  return `<e:Envelope xmlns:e="urn:e"><e:Body>${quote.repeat(100_000)}</e:Body></e:Envelope>`;
}

/** Rows as if they had been indexed, beside the first one. */
function addRows(folder: string): void {
  const database = new DatabaseSync(`${folder}/catalog.sqlite`);
  try {
    database.exec(`
    WITH RECURSIVE number(id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM number WHERE id < 200000)
    INSERT INTO exchange (id, listener, connection, protocol, state, started, elapsed_ms, client, target, method, url,
      status, summary, request_bytes, response_bytes)
    SELECT id, 'l1', 1, 'http', 'done', 0, 1, '127.0.0.1:50000', 'localhost:80', 'GET', '/orders/' || id,
      200, 'json, an order of three lines', 100, 200 FROM number`);
  } finally {
    database.close();
  }
}

Deno.test("WorkerCatalog lays out, searches and filters beside the thread that relays", async () => {
  using capture = new Capture();
  const body = soap();
  assert.ok(body.length > 9_000_000);
  capture.connection(1, [[get("/quotes"), answer(body)]]);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  const echo = server(async (conn) => await conn.readable.pipeTo(conn.writable));
  const { connect, close } = relayTo(echo.address);
  const conn = await connect();
  try {
    catalog.written(capture.size);
    await catalog.level();
    addRows(capture.folder);

    let answered = false;
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 1);
    let trips = 0;
    const travelling = (async () => {
      const buffer = new Uint8Array(16);
      while (!answered) {
        await write(conn, "ping");
        await conn.read(buffer);
        trips++;
      }
    })();
    const message = { exchange: "e1", side: "response", as: "xml" } as const;
    const [view, found, rows] = await Promise.all([
      catalog.view({ ...message, from: 0, lines: 1000 }),
      catalog.find({ ...message, text: "no such price", caseSensitive: true, regex: false }),
      catalog.exchanges({ q: "three -status:404 price" }),
    ]);
    const before = { ticks, trips };
    answered = true;
    clearInterval(ticking);
    await travelling;

    assert.equal(view?.lines, 1000);
    assert.deepEqual([found?.total, found?.complete], [0, true], "all of it was laid out");
    assert.equal(rows.total, 0);
    assert.ok(before.ticks >= 20, `${before.ticks} ticks before the answers`);
    assert.ok(before.trips >= 50, `${before.trips} round trips before the answers`);
  } finally {
    conn.close();
    await close();
    await echo.close();
    await catalog.close();
  }
});
