// Exchanges as text for a terminal, which must never obey what was captured.

import assert from "node:assert/strict";
import type { MessageDetail } from "../../src/catalog/types.ts";
import {
  colours,
  exchangeText,
  headTexts,
  plain,
  shownText,
  sizeText,
  spanText,
} from "../../src/headless/words.ts";
import type { Exchange } from "../../src/model.ts";

const EXCHANGE = {
  id: "e1",
  listener: "l1",
  connection: "c1",
  protocol: "http",
  state: "done",
  started: "2026-01-02T03:04:05.006Z",
  firstByteMs: 1,
  elapsedMs: 34.4,
  client: "127.0.0.1:5000",
  target: "localhost:80",
  method: "GET",
  url: "/orders/17",
  status: 200,
  summary: "",
  requestBytes: 80,
  responseBytes: 1234,
  tls: null,
  resendOf: null,
  leadsAway: null,
  fault: null,
} as Exchange;

Deno.test("exchangeText: time, status, span, size, request and target, in columns", () => {
  const line = exchangeText(EXCHANGE, plain);
  const [time, ...rest] = line.split(/ {2,}/);
  assert.match(time, /^\d\d:\d\d:05\.006$/);
  assert.deepEqual(rest, ["200", "34 ms", "1.2 kB", "GET /orders/17 → localhost:80"]);
});

Deno.test("exchangeText says what failed and why, and what is still open", () => {
  const failed = { ...EXCHANGE, state: "failed", status: null, fault: "refused\nby the target" } as Exchange;
  assert.match(exchangeText(failed, plain), / fail .* → localhost:80 {2}refused\\nby the target$/);
  const open = { ...EXCHANGE, state: "open", status: null } as Exchange;
  assert.match(exchangeText(open, plain), /^\S+ {2}open /);
  const turn = { ...EXCHANGE, protocol: "tcp", method: null, url: "PING··", status: null } as Exchange;
  assert.match(exchangeText(turn, plain), / {3}– .* {2}tcp PING·· → /);
});

Deno.test("colours are those of the status, and plain has none", () => {
  const coloured = (status: number) => exchangeText({ ...EXCHANGE, status }, colours);
  assert.notEqual(coloured(200).replace(/200/, ""), coloured(500).replace(/500/, ""));
  assert.match(coloured(200), /\x1b\[32m/);
  // deno-lint-ignore no-control-regex -- colours are what is taken away
  assert.equal(coloured(200).replace(/\x1b\[\d+m/g, ""), exchangeText(EXCHANGE, plain));
  assert.doesNotMatch(exchangeText(EXCHANGE, plain), /\x1b/);
});

Deno.test("shownText leaves nothing that a terminal obeys, in no way of writing it", () => {
  for (let code = 0; code < 0x2100; code++) {
    const shown = shownText(`a${String.fromCharCode(code)}b`);
    assert.doesNotMatch(shown, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/, `U+${code.toString(16)}`);
  }
  assert.equal(shownText("\x1b]0;title\x07\x9b31m\u202e"), "\\x1b]0;title\\x07\\x9b31m\\u202e");
  assert.equal(shownText("Zürich 日本\t\n"), "Zürich 日本\t\n");
});

Deno.test("exchangeText and headTexts are one line for one line, whatever was captured", () => {
  const evil = "\x1b[2J\r\nX: y\n\t\x00";
  const captured = { ...EXCHANGE, url: evil, fault: evil, target: evil, method: evil };
  const line = exchangeText(captured, plain);
  assert.doesNotMatch(line, /[\x00-\x1f]/);
  const message = {
    bytes: 100,
    startLine: `GET ${evil} HTTP/1.1`,
    headers: [{ name: evil, value: evil }],
    trailers: [{ name: "t", value: "1" }],
    bodyBytes: 2048,
  } as unknown as MessageDetail;
  const texts = headTexts(message, "request", plain);
  assert.equal(texts.length, 4);
  for (const text of texts) assert.match(text, /^> [^\x00-\x08\x0a-\x1f]*$/);
  assert.equal(texts[2], "> (2.0 kB of body)");
  assert.equal(headTexts(message, "response", plain)[3], "< t: 1");
});

const SIZES: readonly (readonly [number, string])[] = [
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [99_900, "100 kB"],
  [1_500_000, "1.5 MB"],
  [5e9, "5.0 GB"],
  [2e15, "2000 TB"],
];
Deno.test("sizeText and spanText take at most eight columns", () => {
  for (const [count, text] of SIZES) assert.equal(sizeText(count), text);
  const spans = [[0, "0.0 ms"], [9.94, "9.9 ms"], [34.4, "34 ms"], [2100, "2.1 s"], [
    600_000,
    "10 min",
  ]] as const;
  for (const [ms, text] of spans) assert.equal(spanText(ms), text);
});
