import assert from "node:assert/strict";
import { summarise } from "../../src/decode/summary.ts";
import { exchange, message, type Sketch } from "./exchanges.ts";

const ENVELOPE = (body: string) =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`;
const GET_QUOTE = ENVELOPE("<q:getQuote/>");
const FAULT = ENVELOPE(
  "<e:Fault><faultcode>e:Server</faultcode><faultstring>unknown\n  symbol GOGG</faultstring></e:Fault>",
);
const XML = "Content-Type: text/xml; charset=utf-8";
const JSON_TYPE = "Content-Type: application/json";
const PARTS = "--b\r\nA: b\r\n\r\n1\r\n--b\r\n\r\n<html>--b\r\n--b--\r\n";
const WIDE = (text: string) => "\xff\xfe" + [...text].map((character) => `${character}\0`).join("");

const CASES: readonly [what: string, request: Sketch | null, response: Sketch | null, summary: string][] = [
  [
    "SOAP",
    { headers: [XML], body: GET_QUOTE },
    { headers: [XML], body: ENVELOPE("<getQuoteResponse/>") },
    "getQuote",
  ],
  [
    "a SOAP fault",
    { headers: [XML], body: GET_QUOTE },
    { status: 500, headers: [XML], body: FAULT },
    "getQuote, fault Server: unknown symbol GOGG",
  ],
  ["SOAP in UTF-16", { headers: ["Content-Type: text/xml"], body: WIDE(GET_QUOTE) }, null, "getQuote"],
  [
    "a SOAP answer alone",
    null,
    { headers: [XML], body: ENVELOPE("<getQuoteResponse/>") },
    "getQuoteResponse",
  ],
  [
    "a long SOAP header",
    { headers: [XML, 'SOAPAction: "http://q.example.org/v1/getQuote"'], body: "<e:Envelope><e:Header>" },
    null,
    "getQuote",
  ],
  [
    "SOAP 1.2's action",
    { headers: ['Content-Type: application/soap+xml; action="urn:getQuote"'], body: "<e:Envelope>" },
    null,
    "getQuote",
  ],
  [
    "SOAP with attachments",
    {
      headers: ["Content-Type: multipart/related; boundary=b"],
      body: `--b\r\n\r\n${GET_QUOTE}\r\n--b\r\n\r\nx\r\n--b--`,
    },
    null,
    "getQuote, multipart, 2 parts",
  ],
  ["XML-RPC", { headers: [XML], body: "<methodCall><methodName>sum</methodName>" }, null, "sum"],
  ["JSON-RPC", { headers: [JSON_TYPE], body: '{"jsonrpc":"2.0","method":"sum"}' }, {
    headers: [JSON_TYPE],
    body: '{"error":{"code":1,"message":"no"}}',
  }, "sum, error 1: no"],
  ["GraphQL", { headers: [JSON_TYPE], body: '{"query":"query GetUser{id}"}' }, {
    headers: [JSON_TYPE],
    body: '{"data":{}}',
  }, "GetUser"],
  ["an error that answers no call", { headers: [JSON_TYPE], body: "{}" }, {
    headers: [JSON_TYPE],
    body: '{"error":{"message":"no"}}',
  }, ""],
  ["a form", { headers: ["Content-Type: application/x-www-form-urlencoded"], body: "a=1" }, {
    headers: [JSON_TYPE],
    body: "{}",
  }, "form"],
  ["a multipart form", { headers: ['Content-Type: multipart/form-data; boundary="b"'], body: PARTS }, {
    status: 201,
    headers: [],
  }, "multipart, 2 parts"],
  [
    "a long multipart form",
    { headers: ["Content-Type: multipart/form-data; boundary=b"], body: PARTS, bodyBytes: 1e6 },
    null,
    "multipart",
  ],
  [
    "a multipart form that is not complete",
    { headers: ["Content-Type: multipart/form-data; boundary=b"], body: PARTS, state: "open" },
    null,
    "multipart",
  ],
  ["coded CSV", { headers: [] }, {
    headers: ["Content-Type: text/csv", "Content-Encoding: gzip"],
    body: "\x1f\x8b",
  }, "csv, gzip"],
  [
    "events",
    { headers: [] },
    { headers: ["Content-Type: text/event-stream"], state: "open" },
    "text/event-stream",
  ],
  ["an image", { headers: [] }, { headers: ["Content-Type: image/png"], body: "\x89PNG" }, "image/png"],
  ["other types", { headers: [] }, { headers: ["Content-Type: application/x-tar"], body: "x" }, "tar"],
  ["bytes", { headers: [] }, { headers: ["Content-Type: application/octet-stream"], body: "x" }, "binary"],
  ["XML", { headers: [] }, { headers: ["Content-Type: application/atom+xml"], body: "<feed/>" }, "xml"],
  [
    "JSON",
    { headers: [JSON_TYPE], body: "{}" },
    { headers: [JSON_TYPE, "Content-Encoding: br"], body: "xx" },
    "",
  ],
  ["HTML", { headers: [] }, { headers: ["Content-Type: text/html"], body: "<html/>" }, ""],
  ["an empty answer", { headers: [] }, { status: 304, headers: ["Content-Type: image/png"] }, ""],
  ["an upgrade", { headers: [] }, { status: 101, headers: ["Upgrade: WebSocket"] }, "websocket"],
  ["no answer yet", { headers: [] }, null, ""],
];

for (const [what, request, response, summary] of CASES) {
  Deno.test(`summarise says of ${what}: ${summary || "nothing"}`, () => {
    const decoded = exchange({
      request: request && message(request),
      response: response && message({ direction: "downstream", status: 200, ...response }),
    });
    assert.equal(summarise(decoded), summary);
  });
}

Deno.test("summarise looks into a coded body only when its decoded beginning is given", () => {
  const headers = [XML, "Content-Encoding: gzip"];
  const request = message({ headers, body: GET_QUOTE });
  const response = message({ direction: "downstream", status: 500, headers, body: "\x1f\x8b" });
  const coded = exchange({ request, response });
  assert.equal(summarise(coded), "xml, gzip");
  const [asked, answered] = [GET_QUOTE, FAULT].map((text) => new TextEncoder().encode(text));
  assert.equal(
    summarise(coded, { request: asked, response: answered }),
    "getQuote, fault Server: unknown symbol GOGG",
  );
});

Deno.test("summarise numbers turns and tells which the target began", () => {
  const request = message({ body: "QUIT\r\n" });
  const response = message({ direction: "downstream", body: "220 ready\r\n" });
  assert.equal(summarise(exchange({ protocol: "tcp", ordinal: 0, response })), "turn 1, server first");
  assert.equal(summarise(exchange({ protocol: "tcp", ordinal: 2, request, response })), "turn 3");
});

Deno.test("summarise stays on one line and within 200 characters", () => {
  const body = ENVELOPE(`<e:Fault><faultstring>a&#10;b&#x202e;c ${"x".repeat(500)}</faultstring></e:Fault>`);
  const summary = summarise(exchange({ response: message({ status: 500, headers: [XML], body }) }));
  assert.match(summary, /^fault: a b c x+…$/);
  assert.equal(summary.length, 200);
});
