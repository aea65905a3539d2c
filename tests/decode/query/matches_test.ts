import assert from "node:assert/strict";
import { matchesQuery, type ShownMessage } from "../../../src/decode/query/matches.ts";
import { readQuery } from "../../../src/decode/query/parse.ts";
import type { Exchange } from "../../../src/model.ts";

const encoder = new TextEncoder();
const NOW = new Date(2026, 10, 27, 14, 3, 0).getTime();

function message(head: string, body: string, more: Partial<ShownMessage> = {}): ShownMessage {
  return {
    head: encoder.encode(head),
    wire: encoder.encode(head + body),
    body: encoder.encode(body),
    contentType: null,
    trailers: [],
    isCut: false,
    isRewritten: false,
    ...more,
  };
}

const exchange = {
  id: "e7",
  protocol: "http",
  state: "done",
  started: new Date(NOW - 5 * 60_000).toISOString(),
  firstByteMs: 12,
  elapsedMs: 30,
  client: "127.0.0.1:50001",
  target: "localhost:8080",
  method: "POST",
  url: "http://shop.example.org/orders",
  status: 201,
  summary: "order 17",
  requestBytes: 120,
  responseBytes: 4000,
  tls: "decrypted",
  resendOf: "e1",
  fault: null,
} as Exchange;

const request = message(
  "POST /orders HTTP/1.1\r\nHost: shop.example.org\r\nSOAPAction: urn:Order\r\n\r\n",
  "<größe>4</größe>",
  { isRewritten: true },
);
const response = message("HTTP/1.1 201 Created\r\nX-Trace: abc\r\n\r\n", "Tracking 4711", {
  isCut: true,
  trailers: [{ name: "X-Sum", value: "beef", offset: 0 }],
});

const HOLDS = [
  "shop created tracking",
  "GRÖSSE or Größe",
  "body:/Tracking \\d+$/ -request.body:tracking",
  "header:soapaction=order response.header:x-trace not response.header:host",
  "header:x-sum=beef",
  "host:shop.example -host:other",
  'bytes:"0d 0a 0d 0a 54"',
  "is:resent is:tls is:decrypted is:done is:cut response.is:cut request.is:rewritten",
  "has:body has:request has:response request.has:body",
  "since:10min before:14:00 on:today since:13:58 since:2026-11-27 on:2026-11-27",
  "wait:<20 time:>=30ms request.size:120 size:>3kb id:e7 status:2xx status:>200",
  "path:/^http:\\/\\/shop/ /order 1\\d/",
];
const FAILS = [
  "nowhere",
  "request.is:cut",
  "response.is:rewritten",
  "has:fault",
  "since:4min",
  "before:13:58",
  "on:yesterday",
  "since:2026-11-28",
  "response.bytes:0a0b0c",
  "header:x-tra",
  "-header:x-tra*",
  "request.size:>120",
];

for (const [filters, expected] of [[HOLDS, true], [FAILS, false]] as const) {
  for (const filter of filters) {
    Deno.test(`matchesQuery: ${filter} ${expected ? "holds" : "does not hold"}`, () => {
      assert.equal(matchesQuery(readQuery(filter), { exchange, request, response }, NOW), expected);
    });
  }
}
