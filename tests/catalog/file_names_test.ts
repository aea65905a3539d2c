// File names for saved bytes.

import assert from "node:assert/strict";
import type { ExchangeDetail, MessagePart } from "../../src/catalog/types.ts";
import { connectionFileName, exchangeFileName, savedFileName } from "../../src/catalog/file_names.ts";
import { aMessage, anExchange } from "../ui/fakes.ts";

const STARTED = "2026-03-04T10:24:41.318Z";

/** "20260304-102441" where that is the local time; Swedes write it so. */
const LOCAL = new Date(STARTED).toLocaleString("sv-SE").replaceAll(/[-:]/g, "").replace(" ", "-");

function detail(
  url: string | null,
  mediaType: string | null,
  protocol = "http",
  contentCoding: readonly string[] = [],
): ExchangeDetail {
  const isHttp = protocol === "http";
  return {
    ...anExchange({
      id: "e12",
      url,
      protocol,
      started: STARTED,
      method: isHttp ? "POST" : null,
      status: isHttp ? 409 : null,
    }),
    request: null,
    response: aMessage({ mediaType, startLine: isHttp ? "x" : null, contentCoding }),
    interim: [],
  };
}

const CASES: readonly [exchange: ExchangeDetail, part: MessagePart, name: string][] = [
  [detail("/shop/orders", "application/json"), "body", "e12-POST-orders-409-response-body.json"],
  [detail("/shop/orders", "application/json"), "wire", "e12-POST-orders-409-response.http"],
  [detail("/logo.png?v=1", "image/png"), "body", "e12-POST-logo-409-response-body.png"],
  [detail("/v1.2/", "application/problem+json"), "body", "e12-POST-v1-409-response-body.json"],
  [
    detail("http://shop.example.org/a/b#c", "application/soap+xml"),
    "body",
    "e12-POST-b-409-response-body.xml",
  ],
  [detail("http://shop.example.org", null), "body", "e12-POST-409-response-body.bin"],
  [detail("/", "application/x-unknown"), "body", "e12-POST-409-response-body.bin"],
  [detail("/.profile", "text/plain"), "body", "e12-POST-profile-409-response-body.txt"],
  [detail('/a"b\r\nc/../%2e%2e\\é', "text/html"), "body", "e12-POST-2e_2e-409-response-body.html"],
  [
    detail(`/${"x".repeat(200)}`, "text/plain"),
    "body",
    `e12-POST-${"x".repeat(60)}-409-response-body.txt`,
  ],
  [detail("/a", "text/xml", "http", ["gzip"]), "coded", "e12-POST-a-409-response-body.xml.gz"],
  [detail("/a", "text/xml", "http", ["gzip"]), "body", "e12-POST-a-409-response-body.xml"],
  [detail("/a", "text/xml", "http", ["br", "x/../y"]), "coded", "e12-POST-a-409-response-body.xml.br.bin"],
  [detail("/a", "text/xml"), "coded", "e12-POST-a-409-response-body.xml"],
  [detail("HELO me··", null, "tcp"), "wire", "e12-tcp-response.bin"],
  [detail(null, null, "tcp"), "wire", "e12-tcp-response.bin"],
];

Deno.test("exchangeFileName says what it is, and is safe", () => {
  for (const [exchange, part, name] of CASES) {
    assert.equal(exchangeFileName(exchange, "response", part), `${LOCAL}-${name}`);
  }
});

Deno.test("exchangeFileName has a name for a side that is missing", () => {
  assert.equal(
    exchangeFileName(detail("/a", null), "request", "wire"),
    `${LOCAL}-e12-POST-a-409-request.bin`,
  );
});

Deno.test("connectionFileName is safe", () => {
  assert.equal(connectionFileName("c3", "downstream"), "c3-downstream.bin");
  assert.equal(connectionFileName('../"c3', "upstream"), "c3-upstream.bin");
});

Deno.test("savedFileName tells the listener and the time, or the exchange", () => {
  const at = new Date(STARTED);
  assert.equal(savedFileName({ listen: "[::1]:8081", exchange: null, at }), `tcpmon-8081-${LOCAL}.txt`);
  assert.equal(savedFileName({ listen: null, exchange: null, at }), `tcpmon-${LOCAL}.txt`);
  const one = detail("/a/b.xml", null);
  assert.equal(savedFileName({ listen: "h:1", exchange: one, at }), `${LOCAL}-e12-POST-b-409.txt`);
  const turn = detail('"/é', null, "tcp");
  assert.equal(savedFileName({ listen: null, exchange: turn, at }), `${LOCAL}-e12-tcp.txt`);
});
