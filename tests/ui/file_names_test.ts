// File names for saved bytes.

import assert from "node:assert/strict";
import type { ExchangeDetail } from "../../src/catalog/types.ts";
import { connectionFileName, exchangeFileName, savedFileName } from "../../src/ui/file_names.ts";
import { aMessage, anExchange } from "./fakes.ts";

function detail(url: string | null, mediaType: string | null, protocol = "http"): ExchangeDetail {
  const startLine = protocol === "http" ? "x" : null;
  return {
    ...anExchange({ id: "e12", url, protocol }),
    request: null,
    response: aMessage({ mediaType, startLine }),
    interim: [],
  };
}

const CASES: readonly [exchange: ExchangeDetail, part: "wire" | "body", name: string][] = [
  [detail("/shop/orders", "application/json"), "body", "e12-orders-response-body.json"],
  [detail("/shop/orders", "application/json"), "wire", "e12-orders-response.http"],
  [detail("/logo.png?v=1", "image/png"), "body", "e12-logo-response-body.png"],
  [detail("/v1.2/", "application/problem+json"), "body", "e12-v1-response-body.json"],
  [detail("http://shop.example.org/a/b#c", "application/soap+xml"), "body", "e12-b-response-body.xml"],
  [detail("http://shop.example.org", null), "body", "e12-response-body.bin"],
  [detail("/", "application/x-unknown"), "body", "e12-response-body.bin"],
  [detail("/.profile", "text/plain"), "body", "e12-profile-response-body.txt"],
  [detail('/a"b\r\nc/../%2e%2e\\é', "text/html"), "body", "e12-2e_2e-response-body.html"],
  [detail(`/${"x".repeat(200)}`, "text/plain"), "body", `e12-${"x".repeat(60)}-response-body.txt`],
  [detail("HELO me··", null, "tcp"), "wire", "e12-response.bin"],
  [detail(null, null, "tcp"), "wire", "e12-response.bin"],
];

Deno.test("exchangeFileName says what it is, and is safe", () => {
  for (const [exchange, part, name] of CASES) {
    assert.equal(exchangeFileName(exchange, "response", part), name);
  }
});

Deno.test("exchangeFileName has a name for a side that is missing", () => {
  assert.equal(exchangeFileName(detail("/a", null), "request", "wire"), "e12-a-request.bin");
});

Deno.test("connectionFileName is safe", () => {
  assert.equal(connectionFileName("c3", "downstream"), "c3-downstream.bin");
  assert.equal(connectionFileName('../"c3', "upstream"), "c3-upstream.bin");
});

Deno.test("savedFileName tells the listener and the time, or the exchange", () => {
  const at = new Date(Date.UTC(2026, 2, 4, 10, 24, 41, 318));
  assert.equal(
    savedFileName({ listen: "[::1]:8081", exchange: null, at }),
    "tcpmon-8081-20260304-102441.txt",
  );
  assert.equal(savedFileName({ listen: null, exchange: null, at }), "tcpmon-20260304-102441.txt");
  assert.equal(savedFileName({ listen: "h:1", exchange: detail("/a/b.xml", null), at }), "e12-b.txt");
  assert.equal(savedFileName({ listen: null, exchange: detail('"/é', null, "tcp"), at }), "e12.txt");
});
