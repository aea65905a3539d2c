import assert from "node:assert/strict";
import {
  HEX_BYTES,
  HEX_COLUMN,
  HEX_TEXT_COLUMN,
  hexColumn,
  hexLines,
} from "../../../src/decode/views/hex.ts";
import { seeded, upTo } from "./pieces.ts";

Deno.test("hexLines shows offset, bytes and text in fixed columns", () => {
  const bytes = Uint8Array.from("Q\0\0\0ZSELECT id, x", (character) => character.charCodeAt(0));
  assert.equal(
    hexLines(bytes, 0x20),
    "00000020  51 00 00 00 5a 53 45 4c  45 43 54 20 69 64 2c 20  Q···ZSELECT id, \n" +
      `00000030  78${" ".repeat(48)}x`,
  );
  assert.equal(hexLines(new Uint8Array(0), 0), "");
});

Deno.test("hexLines puts every byte where hexColumn and HEX_TEXT_COLUMN say", () => {
  const random = seeded();
  for (let round = 0; round < 100; round++) {
    const bytes = Uint8Array.from({ length: upTo(random, 70) }, () => upTo(random, 256));
    const offset = upTo(random, 2 ** 28) * HEX_BYTES;
    const lines = hexLines(bytes, offset).split("\n").filter((line) => line !== "");
    assert.equal(lines.length, Math.ceil(bytes.length / HEX_BYTES));
    for (const [index, byte] of bytes.entries()) {
      const line = lines[Math.floor(index / HEX_BYTES)];
      const at = index % HEX_BYTES;
      assert.equal(parseInt(line.slice(0, HEX_COLUMN), 16), offset + index - at);
      assert.equal(parseInt(line.slice(hexColumn(at), hexColumn(at) + 2), 16), byte);
      const shown = byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
      assert.equal(line[HEX_TEXT_COLUMN + at], shown);
    }
    if (lines.length > 0) {
      assert.equal(lines.at(-1)!.length, HEX_TEXT_COLUMN + (bytes.length - 1) % HEX_BYTES + 1);
    }
  }
});

Deno.test("hexLines gives the lines beyond 4 GiB more digits, and only those", () => {
  const [below, above] = hexLines(new Uint8Array(17), 2 ** 32 - 16).split("\n");
  assert.equal(below, `fffffff0  ${"00 ".repeat(8)} ${"00 ".repeat(8)} ${"·".repeat(16)}`);
  assert.equal(above, `100000000  00${" ".repeat(48)}·`);
  assert.match(hexLines(new Uint8Array(1), 2 ** 40), /^10000000000 {2}00/);
});

Deno.test("hexLines takes no longer for as many gaps as bytes", () => {
  const bytes = new Uint8Array(200_000);
  const missing = Array.from({ length: 100_000 }, (_, at) => ({ start: 2 * at + 1, end: 2 * at + 2 }));
  const lines = hexLines(bytes, 0, missing).split("\n");
  assert.equal(lines.length, 12_500);
  for (const line of lines) assert.match(line, /^[0-9a-f]{8} {2}(00 -- ){4} (00 -- ){4} (· ){7}· $/);
});
