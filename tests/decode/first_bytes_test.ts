import assert from "node:assert/strict";
import { firstBytes, firstBytesOf } from "../../src/decode/first_bytes.ts";
import { nothingSeen } from "../../src/decode/tls/seen.ts";
import { exchange, message } from "./exchanges.ts";

Deno.test("firstBytes shows what can be seen, and CR LF as it is", () => {
  const cases: readonly [bytes: string, shown: string][] = [
    ["EHLO build-7.example.org\r\n", "EHLO build-7.example.org\r\n"],
    ["Q\0\0\0ZSELECT id\t\x1b\x7f", "Q···ZSELECT id···"],
    ["a\nb\rc", "a\nb\rc"],
    ["\xc3\xa4\xe2\x82\xac", "ä€"],
    ["\xe4\xf6 latin", "·· latin"],
    ["\xe2\x80\xaetxt.exe", "·txt.exe"],
    ["", ""],
  ];
  for (const [bytes, shown] of cases) assert.equal(firstBytes(message({ body: bytes })), shown);
});

Deno.test("firstBytes shows at most 120 characters and cuts none of them", () => {
  assert.equal(firstBytes(message({ body: "x".repeat(1000) })), "x".repeat(120));
  const smile = "\xf0\x9f\x98\x80";
  assert.equal(firstBytes(message({ body: smile.repeat(200) })), "😀".repeat(120));
  assert.equal(firstBytes(message({ body: `ab${smile}`.slice(0, 4) })), "ab");
});

Deno.test("firstBytesOf gives the server's name of TLS, on one line", () => {
  const seen = { ...nothingSeen(), serverName: "shop\n.test" };
  assert.equal(firstBytesOf(exchange({ protocol: "tls", seen })), "shop·.test");
  assert.equal(firstBytesOf(exchange({ protocol: "tls", seen: nothingSeen() })), "");
});

Deno.test("firstBytesOf marks a turn that the target began", () => {
  const greeting = message({ direction: "downstream", body: "220 ready\r\n" });
  assert.equal(firstBytesOf(exchange({ protocol: "tcp", response: greeting })), "← 220 ready\r\n");
  const request = message({ body: "QUIT\r\n" });
  assert.equal(firstBytesOf(exchange({ protocol: "tcp", request, response: greeting })), "QUIT\r\n");
  assert.equal(firstBytesOf(exchange({ protocol: "tcp" })), "");
});
