// What the rows say of TLS that the monitor ended: on which legs, from where on, and with whom.

import assert from "node:assert/strict";
import { connectionOf, type ConnectionRow, exchangeOf, type ExchangeRow } from "../../src/catalog/rows.ts";
import type { Direction } from "../../src/model.ts";
import { aCertificate } from "../ui/tls_facts.ts";
import { answer, Capture, get } from "./capture.ts";
import { everything, Indexing, select } from "./indexing.ts";

type Part = readonly [direction: Direction, bytes: string | Uint8Array];

function exchanges(capture: Capture) {
  return select(capture, "SELECT * FROM exchange ORDER BY id").map((row) =>
    exchangeOf(row as unknown as ExchangeRow)
  );
}

function connections(capture: Capture) {
  return select(capture, "SELECT * FROM connection ORDER BY id").map((row) =>
    connectionOf(row as unknown as ConnectionRow)
  );
}

Deno.test("Indexer: exchanges and connections tell on which legs they were inside TLS", () => {
  using capture = new Capture();
  const cases = [[], ["client"], ["target"], ["target", "client"]] as const;
  for (const [at, legs] of cases.entries()) {
    capture.opened(at + 1);
    capture.connected(at + 1);
    for (const leg of legs) capture.secured(at + 1, leg);
    capture.chunk(at + 1, "upstream", get("/"));
    capture.chunk(at + 1, "downstream", answer("{}"));
  }
  using _indexing = new Indexing(capture).read();
  assert.deepEqual(exchanges(capture).map(({ tls }) => tls), [null, "client", "target", "both"]);
  assert.deepEqual(
    connections(capture).map(({ tls }) => [tls.client !== null, tls.target !== null]),
    [[false, false], [true, false], [false, true], [true, true]],
  );
});

Deno.test("Indexer: what was agreed on is kept whole, with its time and where it began", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.connected(1);
  const at = new Date(capture.now).toISOString();
  const peer = [aCertificate(), aCertificate({ subject: 'CN="Wurzel, Größe"', publicKey: null })];
  capture.secured(1, "target", { peer, trust: "nothing", untrusted: "it has expired", alpn: null });
  using _indexing = new Indexing(capture).read();
  assert.deepEqual(connections(capture)[0].tls, {
    client: null,
    target: {
      version: "TLSv1.3",
      cipher: "TLS_AES_256_GCM_SHA384",
      alpn: null,
      serverName: "localhost",
      peer,
      trust: "nothing",
      untrusted: "it has expired",
      at,
      upstreamFrom: 0,
      downstreamFrom: 0,
    },
  });
});

Deno.test("Indexer: turns before STARTTLS are in the clear, those after it are not", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.connected(1);
  capture.chunk(1, "downstream", "220 mail ready\r\n");
  capture.chunk(1, "upstream", "STARTTLS\r\n");
  capture.chunk(1, "downstream", "220 go ahead\r\n");
  capture.secured(1, "target", { alpn: null });
  capture.secured(1, "client", { alpn: null });
  capture.chunk(1, "upstream", "EHLO again\r\n");
  capture.chunk(1, "downstream", "250 ok\r\n");
  const whole = new Indexing(capture).read();
  assert.deepEqual(
    exchanges(capture).map(({ url, tls }) => [url, tls]),
    [["← 220 mail ready\r\n", null], ["STARTTLS\r\n", null], ["EHLO again\r\n", "both"]],
  );
  const { client } = connections(capture)[0].tls;
  assert.deepEqual([client?.upstreamFrom, client?.downstreamFrom], [10, 30]);

  const atOnce = everything(capture);
  whole[Symbol.dispose]();
  using slices = new Indexing(capture);
  for (let limit = 0; limit <= capture.size; limit += 100) slices.read(limit);
  slices.read();
  assert.deepEqual(everything(capture), atOnce);
});

Deno.test("Indexer: what an HTTP/2 target says while the client is shaking hands was inside TLS", () => {
  using capture = new Capture();
  capture.opened(1);
  capture.connected(1);
  capture.secured(1, "target", { alpn: "h2" });
  capture.chunk(1, "downstream", "\0\0\x12\x04\0\0\0\0\0 settings");
  capture.secured(1, "client", { alpn: "h2" });
  capture.chunk(1, "upstream", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  using slices = new Indexing(capture);
  for (let limit = 0; limit <= capture.size; limit += 100) slices.read(limit);
  slices.read();
  assert.deepEqual(exchanges(capture).map(({ tls }) => tls), ["both", "both"]);
  const { client } = connections(capture)[0].tls;
  assert.deepEqual([client?.upstreamFrom, client?.downstreamFrom], [0, 0]);
});

Deno.test("Indexer: an error that no exchange ended with has a row of its own, once", () => {
  const refused = "the client does not trust the certificate (alert unknown_ca). Run tcpmon ca.";
  using capture = new Capture();
  capture.opened(1, "l1", undefined, { forward: true });
  capture.connected(1);
  capture.chunk(1, "upstream", "CONNECT shop.example.org:443 HTTP/1.1\r\nHost: shop.example.org:443\r\n\r\n");
  capture.chunk(1, "downstream", "HTTP/1.1 200 Connection established\r\n\r\n");
  capture.secured(1, "target");
  capture.ended(1, "client", "error");
  capture.closed(1, "error", refused);
  // Here a request had begun that tells it.
  capture.opened(2);
  capture.connected(2);
  capture.chunk(2, "upstream", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  capture.ended(2, "client", "error");
  capture.closed(2, "error", "the client's socket broke");
  // And here nobody did anything wrong that was not done with.
  capture.connection(3, [[get("/"), answer("{}")]]);
  using _indexing = new Indexing(capture).read();
  assert.deepEqual(
    exchanges(capture).map(({ connection, state, method, fault }) => [connection, state, method, fault]),
    [
      ["c1", "done", "CONNECT", null],
      ["c1", "failed", null, refused],
      ["c2", "failed", "GET", "the client's socket broke"],
      ["c3", "done", "GET", null],
    ],
  );
});

Deno.test("Indexer: an end that is not said inside TLS is a note, and an error only within a message", () => {
  const note = "the client ended without saying so inside TLS (no close_notify)";
  const error = `${note}: what it sent may have been cut off`;
  const cases: readonly [
    what: string,
    error: string | null,
    note: string | null,
    ...parts: readonly Part[],
  ][] = [
    ["all was answered", null, note, ["upstream", get("/")], ["downstream", answer("{}")]],
    ["turns, whose end no protocol tells", null, note, ["upstream", "QUIT\r\n"], [
      "downstream",
      "221 Bye\r\n",
    ]],
    ["nothing was said", null, note],
    ["a request that is not whole", error, null, [
      "upstream",
      "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
    ]],
    ["an answer is due", error, null, ["upstream", get("/")]],
    ["an answer is not whole", error, null, ["upstream", get("/")], [
      "downstream",
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
    ]],
    ["an answer until the end", error, null, ["upstream", get("/")], [
      "downstream",
      "HTTP/1.0 200 OK\r\n\r\nabc",
    ]],
  ];
  using capture = new Capture();
  for (const [at, [, , , ...parts]] of cases.entries()) {
    capture.opened(at + 1);
    capture.connected(at + 1);
    capture.secured(at + 1, "client");
    for (const [direction, bytes] of parts) capture.chunk(at + 1, direction, bytes);
    capture.ended(at + 1, "client");
    capture.ended(at + 1, "target");
    capture.closed(at + 1, "end", null, note);
  }
  using _indexing = new Indexing(capture).read();
  const told = connections(capture);
  for (const [at, [what, error, note]] of cases.entries()) {
    assert.deepEqual([told[at].error, told[at].note], [error, note], what);
  }
  const [whole] = exchanges(capture).filter(({ connection }) => connection === "c1");
  assert.deepEqual([whole.state, whole.fault], ["done", null]);
});
