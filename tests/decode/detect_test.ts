import assert from "node:assert/strict";
import {
  followRequestLine,
  followStatusLine,
  headEnd,
  isRequestLine,
  MAX_HEAD,
  MAX_UNKNOWN_LINE,
  NO,
  RECOGNISED,
  REST,
  START,
} from "../../src/decode/detect.ts";
import { octets } from "./transcript.ts";

const LINES: readonly (readonly [line: string, is: boolean])[] = [
  ["GET / HTTP/1.1\r", true],
  ["GET / HTTP/1.1", true],
  ["GET  /  HTTP/1.1 \r", true],
  ["GET\t/\thttp/1.0\r", true],
  ["GET HTTP/1.1\r", true],
  ["X-ANY!#$%&'*+-.^_`|~ /a b HTTP/9.9.9\r", true],
  ["GET /\xe9 HTTP/1.1\r", true],
  ["GET /\r", false],
  ["GET / HTTP/\r", false],
  ["GET / RTSP/1.0\r", false],
  ["GET / HTTPS/1.1\r", false],
  ["GET / HTTP/1.1 more\r", false],
  ["GET /\x00 HTTP/1.1\r", false],
  [" GET / HTTP/1.1\r", false],
  ["HTTP/1.1 200 OK\r", false],
  ["PRI * HTTP/2.0\r", false],
  ["PRIM * HTTP/2.0\r", true],
  ["\r", false],
  ["", false],
  [`GET /${"a".repeat(MAX_UNKNOWN_LINE)} HTTP/1.1\r`, true],
  [`GOT /${"a".repeat(MAX_UNKNOWN_LINE)} HTTP/1.1\r`, false],
  [`GET /${"a".repeat(MAX_HEAD)} HTTP/1.1\r`, false],
];

for (const [line, is] of LINES) {
  const name = line.length > 60 ? `${line.slice(0, 6)}… of ${line.length} B` : JSON.stringify(line);
  Deno.test(`isRequestLine: ${name} is ${is ? "one" : "none"}`, () => {
    assert.equal(isRequestLine(octets(`\n${line}\n`), 1, line.length + 1), is);
  });
}

Deno.test("followRequestLine says no as early as can be, and never where a request line is still possible", () => {
  for (
    const [line, at] of [["\x16\x03", 1], ["*1\r\n", 3], ["PING\r\n", 5], ["GE T\x00", 5], [
      "\x00",
      1,
    ]] as const
  ) {
    const bytes = octets(line);
    assert.equal(followRequestLine(START, bytes, 0, at), NO, line);
    assert.notEqual(followRequestLine(START, bytes, 0, at - 1), NO, line);
  }
  for (const [line, is] of LINES) {
    const state = followRequestLine(START, octets(line), 0, line.length);
    if (is) assert.equal(state, REST, JSON.stringify(line.slice(0, 40)));
  }
});

Deno.test("followStatusLine recognises HTTP and a digit, byte by byte", () => {
  const follow = (text: string) => {
    let matched = 0;
    for (const byte of octets(text)) {
      matched = matched < 0 ? matched : followStatusLine(matched, Uint8Array.of(byte), 0, 1);
    }
    assert.equal(followStatusLine(0, octets(text), 0, text.length), matched, text);
    return matched;
  };
  assert.deepEqual(["HTTP/1.1 200", "http/2", "hTTp/9x"].map(follow), [RECOGNISED, RECOGNISED, RECOGNISED]);
  assert.deepEqual(["HTTP/", "H", ""].map(follow), [5, 1, 0]);
  assert.deepEqual(["HTTP/x", "HTTPS/1", "220 ", "\r\nHTTP/1"].map(follow), [-1, -1, -1, -1]);
});

Deno.test("headEnd finds the empty line of either kind", () => {
  const end = (text: string) => headEnd(octets(text), 0, text.length);
  assert.deepEqual(["a\r\n\r\nb", "a\n\nb", "a\r\n\nb", "a\n\r\nb", "\r\nb"].map(end), [5, 3, 4, 4, 2]);
  assert.deepEqual(["a\r\n\r", "a\n\r", "a\r\rb\n", "a\n\r\r\n", ""].map(end), [-1, -1, -1, -1, -1]);
});
