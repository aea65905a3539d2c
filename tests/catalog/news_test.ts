import assert from "node:assert/strict";
import { News } from "../../src/catalog/news.ts";
import type { ExchangeRow } from "../../src/catalog/rows.ts";

function row(id: number, state: ExchangeRow["state"] = "open"): ExchangeRow {
  return {
    id,
    listener: "l1",
    connection: 1,
    protocol: "http",
    state,
    started: Date.UTC(2026, 0, 1),
    first_byte_ms: null,
    elapsed_ms: 1,
    client: "127.0.0.1:1",
    target: "localhost:80",
    method: "GET",
    url: "/",
    status: null,
    summary: "",
    request_bytes: 1,
    response_bytes: 0,
    tls: null,
    resend_of: null,
    leads_away: null,
    cut: null,
    fault: null,
  };
}

Deno.test("News: is due at once when nothing was told for a tenth of a second, and otherwise when that time is over", () => {
  const news = new News(false);
  assert.equal(news.due(5000), null);
  news.row(row(1), false);
  assert.equal(news.due(5000), 0);
  news.take(5000, {}, 0);
  assert.equal(news.due(5001), null);
  news.other();
  assert.equal(news.due(5030), 55);
  assert.equal(news.due(5200), 0);
});

Deno.test("News: tells each row once, as it is now, newest first", () => {
  const news = new News(false);
  for (const id of [1, 2, 3, 1]) news.row(row(id, id === 1 ? "done" : "open"), id === 1);
  const { exchanges, more, completed } = news.take(0, {}, 0);
  assert.deepEqual(exchanges.map(({ id, state }) => `${id} ${state}`), ["e3 open", "e2 open", "e1 done"]);
  assert.equal(more, false);
  assert.deepEqual(completed, []);
});

Deno.test("News: tells the 200 newest rows, that there are more, and all that are complete", () => {
  const news = new News(true);
  for (let id = 1; id <= 1000; id++) news.row(row(id, "done"), true);
  const { exchanges, more, completed } = news.take(0, {}, 0);
  assert.deepEqual([exchanges.length, exchanges[0].id, exchanges[199].id, more], [
    200,
    "e1000",
    "e801",
    true,
  ]);
  assert.deepEqual([completed.length, completed[0].id, completed[999].id], [1000, "e1", "e1000"]);
  assert.deepEqual(news.take(1, {}, 0).exchanges, []);
});

Deno.test("News: after more rows than are told, the next are told later; after few, as always", () => {
  const news = new News(false);
  for (let id = 1; id <= 201; id++) news.row(row(id), false);
  assert.equal(news.take(5000, {}, 0).more, true);
  news.row(row(202), false);
  assert.equal(news.due(5100), 180);
  assert.equal(news.take(5300, {}, 0).more, false);
  news.row(row(203), false);
  assert.equal(news.due(5300), 85);
});

Deno.test("News: while more than 300 rows change a second, the next are told later; otherwise as always", () => {
  const news = new News(false);
  let [now, id] = [5000, 0];
  // ms since the telling before, rows since then, ms until the next; many at once after a quiet time are few for it.
  const steps = [[10_000, 150, 85], [105, 31, 85], [105, 33, 280], [300, 120, 280], [300, 60, 85], [
    105,
    20,
    85,
  ]];
  for (const [after, rows, wait] of steps) {
    now += after;
    for (let at = 0; at < rows; at++) news.row(row(++id), false);
    news.take(now, {}, 0);
    news.other();
    assert.equal(news.due(now), wait, `${rows} rows in ${after} ms`);
  }
});
