import assert from "node:assert/strict";
import { chooseView } from "../../../src/decode/views/choose.ts";
import { tls } from "../../../src/decode/views/tls.ts";
import { octets } from "../transcript.ts";
import { hello13, SERVER_13 } from "../tls/records.ts";

Deno.test("tls turns windows-1252 back into every byte", () => {
  // A random that holds bytes which become characters above U+00FF.
  const bytes = octets(SERVER_13);
  const random = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
  bytes.set(random, 11);
  const formatter = tls.create();
  const text = formatter.receive(new TextDecoder("windows-1252").decode(bytes)) + formatter.end();
  assert.match(text, new RegExp(`random: ${Array.from(random, (byte) => byte.toString(16)).join("")}\n`));
  assert.equal(formatter.fault, null);
});

Deno.test("chooseView shows what begins as TLS as that, where nothing else is declared", () => {
  const bodyPrefix = octets(hello13("a"));
  assert.equal(chooseView({ mediaType: null, bodyPrefix, isTurn: true }), "tls");
  assert.equal(chooseView({ mediaType: "application/octet-stream", bodyPrefix, isTurn: false }), "hex");
});
