import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { answer, Capture, get } from "./capture.ts";
import { unpackMessage } from "../../src/catalog/facts.ts";
import { everything, Indexing, select } from "./indexing.ts";

/** Makes a capture, indexes all of it and gives the chosen columns of its exchanges. */
function rowsOf(make: (capture: Capture) => void, columns: string): unknown[] {
  using capture = new Capture();
  make(capture);
  new Indexing(capture).read()[Symbol.dispose]();
  return select(capture, `SELECT ${columns} FROM exchange ORDER BY id`).map((row) => Object.values(row));
}

Deno.test("Indexer: an HTTP exchange is a row with its sizes, times and status", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.connected(1);
  capture.chunk(1, "upstream", get("/orders?id=17").slice(0, 10));
  capture.chunk(1, "upstream", get("/orders?id=17").slice(10));
  capture.chunk(1, "downstream", answer("{}").slice(0, 20));
  capture.chunk(1, "downstream", answer("{}").slice(20));
  using indexing = new Indexing(capture).read();
  const [row] = select(capture, "SELECT * FROM exchange");
  const { started, first_byte_ms, elapsed_ms, request_bytes, response_bytes } = row;
  assert.deepEqual([first_byte_ms, elapsed_ms], [2, 3]);
  assert.equal(started, Date.UTC(2026, 0, 1) + 3);
  assert.deepEqual([request_bytes, response_bytes], [get("/orders?id=17").length, answer("{}").length]);
  assert.deepEqual(
    [row.listener, row.connection, row.protocol, row.state, row.method, row.url, row.status, row.fault],
    ["l1", 1, "http", "done", "GET", "/orders?id=17", 200, null],
  );
  assert.deepEqual([row.client, row.target], ["127.0.0.1:40001", "localhost:80"]);
  assert.deepEqual(indexing.completed, [1]);
});

Deno.test("Indexer: a request in a tunnel is shown with the server that CONNECT named, and inside TLS as https", () => {
  const tunnelled = (server: string, secured: boolean) =>
    rowsOf((capture) => {
      capture.opened(1);
      capture.connected(1);
      capture.chunk(1, "upstream", `CONNECT ${server} HTTP/1.1\r\nHost: ${server}\r\n\r\n`);
      capture.chunk(1, "downstream", "HTTP/1.1 200 Connection established\r\n\r\n");
      if (secured) { for (const leg of ["target", "client"] as const) capture.secured(1, leg); }
      capture.chunk(1, "upstream", get("/orders?id=17"));
      capture.chunk(
        1,
        "downstream",
        "HTTP/1.1 302 Found\r\nLocation: https://b/\r\nContent-Length: 0\r\n\r\n",
      );
    }, "method, url, tls, leads_away");
  for (
    const [server, secured, url] of [
      ["a:443", true, "https://a/orders?id=17"],
      ["a:8443", true, "https://a:8443/orders?id=17"],
      ["[::1]:80", false, "http://[::1]/orders?id=17"],
      ["a:443", false, "http://a:443/orders?id=17"],
    ] as const
  ) {
    assert.deepEqual(tunnelled(server, secured), [
      ["CONNECT", server, null, null],
      ["GET", url, secured ? "both" : null, null],
    ]);
  }
});

const CONVERSATIONS: Readonly<
  Record<string, {
    readonly make: (capture: Capture) => void;
    /** id, connection, protocol, state, method, url, status, fault */
    readonly rows: readonly (readonly unknown[])[];
  }>
> = {
  "a request whose head is not complete has no row": {
    make(capture) {
      capture.opened(1);
      capture.chunk(1, "upstream", "GET /orders HTTP/1.1\r\nHost: l");
    },
    rows: [],
  },
  "a request that waits for its answer is open": {
    make(capture) {
      capture.opened(1);
      capture.chunk(1, "upstream", get("/slow"));
    },
    rows: [[1, 1, "http", "open", "GET", "/slow", null, null]],
  },
  "pipelined requests have a row each": {
    make(capture) {
      capture.opened(1);
      capture.chunk(1, "upstream", get("/1") + get("/2"));
      capture.chunk(1, "downstream", answer("1") + answer("2", "404 Not Found"));
    },
    rows: [
      [1, 1, "http", "done", "GET", "/1", 200, null],
      [2, 1, "http", "done", "GET", "/2", 404, null],
    ],
  },
  "turns are rows with their first bytes": {
    make(capture) {
      capture.opened(1);
      capture.connected(1);
      capture.chunk(1, "downstream", "220 ready\r\n");
      capture.chunk(1, "upstream", "HELO me\r\n");
      capture.chunk(1, "downstream", "250 ok\r\n");
      capture.ended(1, "client");
      capture.ended(1, "target");
      capture.closed(1);
    },
    rows: [
      [1, 1, "tcp", "done", null, "← 220 ready\r\n", null, null],
      [2, 1, "tcp", "done", null, "HELO me\r\n", null, null],
    ],
  },
  "a target that cannot be reached is a failed row with the reason": {
    make(capture) {
      capture.opened(1);
      capture.failed(1, "localhost:80 refused the connection");
    },
    rows: [[1, 1, "tcp", "failed", null, null, null, "localhost:80 refused the connection"]],
  },
  "a connection that ends in order without any bytes has no row": {
    make: (capture) => capture.connection(1, []),
    rows: [],
  },
  "a connection that breaks without any bytes is a failed row": {
    make(capture) {
      capture.opened(1);
      capture.connected(1);
      capture.ended(1, "client", "reset");
      capture.closed(1, "reset", "the client reset the connection");
    },
    rows: [[1, 1, "tcp", "failed", null, null, null, "the client reset the connection"]],
  },
  "what the monitor stops fails with the monitor's words": {
    make(capture) {
      capture.opened(1);
      capture.connected(1);
      capture.chunk(1, "upstream", get("/slow"));
      capture.closed(1, "stopped", "the listener was closed");
      capture.opened(2);
      capture.closed(2, "stopped", "the listener was closed");
    },
    rows: [[1, 1, "http", "failed", "GET", "/slow", null, "the listener was closed"]],
  },
  "what another run left open is over": {
    make(capture) {
      capture.opened(1);
      capture.connected(1);
      capture.chunk(1, "upstream", get("/slow"));
      capture.continue();
      capture.connection(2, [[get("/next"), answer("{}")]]);
    },
    rows: [
      [1, 1, "http", "failed", "GET", "/slow", null, "tcpmon ended"],
      [2, 2, "http", "done", "GET", "/next", 200, null],
    ],
  },
  "while there is only an interim response, its status shows": {
    make(capture) {
      capture.opened(1);
      capture.chunk(1, "upstream", get("/upload"));
      capture.chunk(1, "downstream", "HTTP/1.1 100 Continue\r\n\r\n");
    },
    rows: [[1, 1, "http", "open", "GET", "/upload", 100, null]],
  },
};

for (const [name, { make, rows }] of Object.entries(CONVERSATIONS)) {
  Deno.test(`Indexer: ${name}`, () => {
    assert.deepEqual(rowsOf(make, "id, connection, protocol, state, method, url, status, fault"), rows);
  });
}

Deno.test("Indexer: an interim response is none of the response's bytes", () => {
  const make = (last: string) => (capture: Capture) => {
    capture.opened(1);
    capture.chunk(1, "upstream", get("/upload"));
    capture.chunk(1, "downstream", "HTTP/1.1 100 Continue\r\n\r\n");
    if (last) capture.chunk(1, "downstream", last);
  };
  const columns = "status, response_bytes, first_byte_ms, elapsed_ms";
  assert.deepEqual(rowsOf(make(""), columns), [[100, 0, null, 1]]);
  assert.deepEqual(rowsOf(make(answer("{}")), columns), [[200, answer("{}").length, 2, 2]]);
});

Deno.test("Indexer: connections are rows that say how they ended", () => {
  using capture = new Capture();
  capture.connection(1, [[get("/"), answer("{}")]]);
  capture.opened(2);
  capture.failed(2, "localhost:80 refused the connection");
  capture.opened(3);
  capture.connected(3);
  capture.chunk(3, "upstream", "abc");
  capture.ended(3, "client", "reset");
  capture.closed(3, "reset", "the client reset the connection");
  capture.opened(4);
  capture.continue();
  capture.opened(5);
  new Indexing(capture).read()[Symbol.dispose]();
  const columns = "id, state, target_address, ended_by, how, passed_on, upstream_bytes, error";
  assert.deepEqual(select(capture, `SELECT ${columns} FROM connection`).map((row) => Object.values(row)), [
    [1, "closed", "127.0.0.1:80", "client", "end", "end", get("/").length, null],
    [2, "failed", null, null, "refused", null, 0, "localhost:80 refused the connection"],
    [3, "closed", "127.0.0.1:80", "client", "reset", "reset", 3, "the client reset the connection"],
    [4, "closed", null, "monitor", "stopped", null, 0, "tcpmon ended"],
    [5, "open", null, null, null, null, 0, null],
  ]);
});

Deno.test("Indexer.stop: what is open ends with the reason, and nothing comes after it", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", get("/cut"));
  using indexing = new Indexing(capture);
  indexing.read();
  indexing.indexer.stop("not recorded further: the disk is full");
  capture.chunk(1, "downstream", answer("{}"));
  indexing.read();
  assert.deepEqual(select(capture, "SELECT state, fault FROM exchange"), [
    { state: "failed", fault: "not recorded further: the disk is full" },
  ]);
  assert.deepEqual(select(capture, "SELECT state, ended_by, how, error FROM connection"), [
    { state: "closed", ended_by: "monitor", how: "stopped", error: "not recorded further: the disk is full" },
  ]);
  assert.equal(select(capture, "SELECT open_connections FROM counts")[0].open_connections, 0);
});

Deno.test("Indexer: the summary sees through gzip", () => {
  const soap = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
    `<q:getQuote xmlns:q="urn:q"><symbol>ACME</symbol></q:getQuote></soap:Body></soap:Envelope>`;
  const summary = (coded: boolean) =>
    rowsOf((capture) => {
      const body = coded ? gzipSync(soap) : new TextEncoder().encode(soap);
      capture.opened(1);
      capture.chunk(
        1,
        "upstream",
        `POST /quotes HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n` +
          `${coded ? "Content-Encoding: gzip\r\n" : ""}\r\n`,
      );
      capture.chunk(1, "upstream", new Uint8Array(body));
    }, "summary")[0] as string[];
  assert.match(summary(false)[0], /getQuote/);
  assert.match(summary(true)[0], /getQuote/);
});

Deno.test("Indexer: what was taken for a request is withdrawn when it was none", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", get("/"));
  using indexing = new Indexing(capture).read();
  assert.deepEqual(select(capture, "SELECT id, protocol FROM exchange"), [{ id: 1, protocol: "http" }]);
  capture.chunk(1, "downstream", "220 this is no HTTP\r\n");
  indexing.read();
  assert.deepEqual(select(capture, "SELECT id, protocol FROM exchange"), [{ id: 2, protocol: "tcp" }]);
  assert.deepEqual(select(capture, "SELECT total, open, epoch FROM counts"), [{
    total: 1,
    open: 1,
    epoch: 1,
  }]);
});

Deno.test("Indexer: an exchange that has failed while its request goes on stays one row", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  capture.ended(1, "target");
  using indexing = new Indexing(capture).read();
  const row = () => select(capture, "SELECT id, state, request_bytes FROM exchange");
  const before = row();
  assert.equal(before[0].state, "failed");
  capture.chunk(1, "upstream", "defghij");
  indexing.read();
  assert.deepEqual(row(), [{ ...before[0], request_bytes: before[0].request_bytes as number + 7 }]);
  assert.deepEqual(indexing.completed, [1]);
});

Deno.test("Indexer: payloads that need not be looked at are not asked for", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", get("/big"));
  capture.chunk(1, "downstream", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
  for (let i = 0; i < 100; i++) capture.chunk(1, "downstream", new Uint8Array(10_000));
  using indexing = new Indexing(capture);
  const asked = indexing.countPayloads();
  indexing.read();
  assert.deepEqual(select(capture, "SELECT state, response_bytes FROM exchange"), [
    { state: "done", response_bytes: 1_000_044 },
  ]);
  assert.ok(asked() < 10, `${asked()} payloads were read`);
});

/** Many connections of all kinds, with their records in between each other. */
function mixture(capture: Capture): number[] {
  const positions: number[] = [];
  const mark = () => positions.push(capture.size);
  for (let connection = 1; connection <= 60; connection++) {
    const listener = `l${connection % 3}`;
    if (connection % 10 === 0) {
      capture.opened(connection, listener);
      mark();
      capture.failed(connection, "localhost:80 refused the connection");
      continue;
    }
    if (connection % 7 === 0) {
      capture.opened(connection, listener);
      capture.chunk(connection, "upstream", get("/mistaken"));
      mark();
      capture.chunk(connection, "downstream", "220 this is no HTTP\r\n");
      mark();
      capture.chunk(connection, "upstream", "QUIT\r\n");
      mark();
      if (connection % 2) capture.closed(connection, "reset", "the target reset the connection");
      continue;
    }
    if (connection === 25) capture.continue();
    capture.opened(connection, listener);
    mark();
    capture.connected(connection);
    for (let i = 0; i < connection % 9; i++) {
      capture.chunk(connection, "upstream", get(`/${connection}/${i}`).slice(0, 12));
      mark();
      capture.chunk(connection, "upstream", get(`/${connection}/${i}`).slice(12));
      mark();
      const body = "x".repeat(connection * 997 * i);
      capture.chunk(connection, "downstream", answer(body, i % 4 ? "200 OK" : "500 Oops", "text/plain"));
      mark();
    }
    if (connection % 4 === 0) continue;
    capture.ended(connection, "client");
    mark();
    capture.ended(connection, "target");
    capture.closed(connection);
  }
  return positions;
}

Deno.test("Indexer: the rows are the same whether the journal grows, in whatever steps, or is finished", () => {
  using capture = new Capture();
  const positions = mixture(capture);
  new Indexing(capture).read()[Symbol.dispose]();
  const finished = everything(capture);
  assert.ok(finished.exchange.length > 150, `${finished.exchange.length} exchanges`);
  const steps: Readonly<Record<string, number[]>> = {
    "after every record": positions,
    "every 100 bytes": Array.from({ length: Math.ceil(capture.size / 100) }, (_, i) => (i + 1) * 100),
    "every 77,777 bytes": Array.from(
      { length: Math.ceil(capture.size / 77_777) },
      (_, i) => (i + 1) * 77_777,
    ),
  };
  for (const [name, limits] of Object.entries(steps)) {
    using indexing = new Indexing(capture);
    for (const limit of limits) indexing.read(Math.min(limit, capture.size));
    indexing.read();
    assert.deepEqual(everything(capture), finished, name);
  }
});

Deno.test("Indexer: every exchange is told to be complete once, when it is", () => {
  using capture = new Capture();
  const positions = mixture(capture);
  using indexing = new Indexing(capture);
  for (const limit of positions) indexing.read(limit);
  indexing.read();
  const over = select(capture, "SELECT id FROM exchange WHERE state != 'open'").map(({ id }) => id);
  const withdrawn = indexing.completed.filter((id) => !over.includes(id));
  assert.deepEqual(withdrawn, []);
  assert.deepEqual(indexing.completed.toSorted((a, b) => a - b), over);
});

Deno.test("Indexer: the counts are those of the rows", () => {
  using capture = new Capture();
  const positions = mixture(capture);
  using indexing = new Indexing(capture);
  for (const limit of positions.filter((_, i) => i % 5 === 0)) {
    indexing.read(limit);
    const counted = select(
      capture,
      `SELECT listener, total, open, failed, open_connections FROM counts ORDER BY listener`,
    );
    const rows = select(
      capture,
      `SELECT listener,
        (SELECT count(*) FROM exchange e WHERE e.listener = c.listener) AS total,
        (SELECT count(*) FROM exchange e WHERE e.listener = c.listener AND state = 'open') AS open,
        (SELECT count(*) FROM exchange e WHERE e.listener = c.listener AND state = 'failed') AS failed,
        sum(state = 'open') AS open_connections
      FROM connection c GROUP BY listener ORDER BY listener`,
    );
    assert.deepEqual(counted, rows);
  }
});

Deno.test("Indexer: keeps nothing of what is over", () => {
  using capture = new Capture();
  using indexing = new Indexing(capture);
  for (let connection = 1; connection <= 50; connection++) {
    capture.connection(connection, [[get("/"), answer("{}")], [get("/"), answer("{}")]]);
  }
  capture.opened(51);
  capture.chunk(51, "upstream", get("/"));
  indexing.read();
  assert.deepEqual(indexing.indexer.held, { connections: 1, exchanges: 1 });
});

Deno.test("Indexer.remove: removes rows and nothing else, and counts an epoch", () => {
  using capture = new Capture();
  mixture(capture);
  using indexing = new Indexing(capture).read();
  const before = everything(capture);
  const epochs = () => select(capture, "SELECT listener, epoch FROM counts ORDER BY listener");
  const [first, second] = epochs();
  const ids = [2, 3, 5, 100_000];
  const gone = before.exchange.filter(({ id }) => ids.includes(Number(id)));
  assert.equal(run(indexing.indexer.remove({ ids })), gone.length);
  const after = everything(capture);
  assert.deepEqual(after.exchange, before.exchange.filter((row) => !gone.includes(row)));
  assert.deepEqual([after.connection, after.extent], [before.connection, before.extent]);

  const inListener = after.exchange.filter(({ listener }) => listener === "l0").length;
  assert.equal(run(indexing.indexer.remove({ listener: "l0" })), inListener);
  assert.equal(run(indexing.indexer.remove({ listener: null })), after.exchange.length - inListener);
  assert.deepEqual(select(capture, "SELECT count(*) AS rows FROM exchange"), [{ rows: 0 }]);
  assert.ok(select(capture, "SELECT total, open, failed FROM counts").every(({ total }) => total === 0));
  assert.deepEqual(everything(capture).connection, before.connection);
  assert.ok(epochs()[0].epoch as number >= (first.epoch as number) + 1);
  assert.ok(epochs()[1].epoch as number >= (second.epoch as number) + 1);
});

Deno.test("Indexer.remove: an exchange that was open when it was removed does not come back", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", get("/slow"));
  using indexing = new Indexing(capture).read();
  assert.equal(run(indexing.indexer.remove({ listener: null })), 1);
  capture.chunk(1, "downstream", answer("{}"));
  capture.chunk(1, "upstream", get("/next"));
  indexing.read();
  assert.deepEqual(select(capture, "SELECT id, url FROM exchange"), [{ id: 2, url: "/next" }]);
  assert.deepEqual(select(capture, "SELECT total, open FROM counts"), [{ total: 1, open: 1 }]);
  assert.deepEqual(indexing.completed, []);
});

function run(steps: Generator<void, number>): number {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** A Connection of tcpmon's own, sent again from these. */
function resent(capture: Capture, connection: number, resendOf: readonly (string | null)[]): void {
  const client = { host: "127.0.0.1", port: 1 };
  capture.opened(connection, "l1", client, { origin: "tcpmon", resendOf });
}

Deno.test("Indexer: what tcpmon sent again is linked, request by request", () => {
  const rows = rowsOf((capture) => {
    resent(capture, 1, ["e7", null, "e9"]);
    capture.connected(1);
    capture.chunk(1, "upstream", get("/1") + get("/2"));
    capture.chunk(1, "downstream", answer("1") + answer("2"));
    capture.chunk(1, "upstream", get("/3") + get("/4"));
    // The target speaks first: its turn is no request.
    resent(capture, 2, ["e5"]);
    capture.chunk(2, "downstream", "220 ready\r\n");
    capture.chunk(2, "upstream", "HELO\r\n");
    // What was taken for HTTP first, and is turns, begins again.
    resent(capture, 3, ["e6"]);
    capture.chunk(3, "upstream", get("/x"));
    capture.chunk(3, "downstream", "no HTTP\r\n");
    resent(capture, 4, ["e8"]);
    capture.failed(4, "localhost:80 refused the connection");
    capture.opened(5);
    capture.chunk(5, "upstream", get("/client"));
  }, "connection, url, client, resend_of");
  assert.deepEqual(rows, [
    [1, "/1", "tcpmon", "e7"],
    [1, "/2", "tcpmon", null],
    [1, "/3", "tcpmon", "e9"],
    [1, "/4", "tcpmon", null],
    [2, "← 220 ready\r\n", "tcpmon", null],
    [2, "HELO\r\n", "tcpmon", "e5"],
    [3, get("/x"), "tcpmon", "e6"],
    [4, null, "tcpmon", "e8"],
    [5, "/client", "127.0.0.1:40005", null],
  ]);
});

Deno.test("Indexer: a connection keeps the address that its listener had", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.opened(2, "sender", undefined, { origin: "tcpmon", listen: { host: "127.0.0.1", port: 0 } });
  new Indexing(capture).read()[Symbol.dispose]();
  assert.deepEqual(select(capture, "SELECT listener, listen, client FROM connection ORDER BY id"), [
    { listener: "l1", listen: "127.0.0.1:8081", client: "127.0.0.1:40001" },
    { listener: "sender", listen: null, client: "tcpmon" },
  ]);
});

Deno.test("Indexer: what the monitor answered because the target was not reached has failed, with the reason", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", "GET http://shop/ HTTP/1.1\r\n\r\n");
  capture.chunk(1, "downstream", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
  capture.failed(1, "shop:80 refused the connection");
  using indexing = new Indexing(capture).read();
  assert.deepEqual(select(capture, "SELECT state, status, fault FROM exchange"), [
    { state: "failed", status: 502, fault: "shop:80 refused the connection" },
  ]);
  assert.deepEqual(indexing.completed, [1]);
});

Deno.test("Indexer: where the target is not reached, or the monitor ends it, nobody else is said to have broken it", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", get("/"));
  capture.failed(1, "shop:80 refused the connection");
  capture.opened(2);
  capture.connected(2);
  capture.chunk(2, "upstream", get("/"));
  capture.closed(2, "stopped", "the listener was closed");
  new Indexing(capture).read()[Symbol.dispose]();
  const rows = select(capture, "SELECT request FROM exchange ORDER BY id");
  const faults = rows.map(({ request }) => unpackMessage(String(request))?.faults[0].text);
  const words = "The monitor ended the connection before there was an answer";
  assert.deepEqual(faults, [words, words]);
});
