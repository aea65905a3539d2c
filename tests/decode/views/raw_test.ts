import assert from "node:assert/strict";
import { raw } from "../../../src/decode/views/raw.ts";
import { layOut } from "./pieces.ts";

Deno.test("raw tells line ends apart and shows control characters", () => {
  const cases: readonly [string, string][] = [
    ["GET / HTTP/1.1\r\nHost: x\n\r\n", "GET / HTTP/1.1␍\nHost: x\n␍\n"],
    ["a\tb", "a\tb"],
    ["\0\x01\x1b[0m\x1f\x7f", "␀␁␛[0m␟␡"],
    ["\x80\x9f\u202e\u2066\u2028\ufeff", "······"],
    ["é € 😀 \ud800 ␍", "é € 😀 \ud800 ␍"],
  ];
  for (const [source, shown] of cases) assert.equal(layOut(raw, source).text, shown);
});

Deno.test("raw keeps the position of every character", () => {
  const source = String.fromCharCode(...Array.from({ length: 0x3000 }, (_, code) => code));
  const { text } = layOut(raw, source);
  assert.equal(text.length, source.length);
  assert.equal(text.indexOf("\n"), source.indexOf("\n"));
  assert.equal(text.split("\n").length, 2);
});
