// Bytes of any protocol as text with escapes, and back.

import assert from "node:assert/strict";
import { bytesOfEscaped, escapedOf } from "../../../src/decode/draft/escaped_text.ts";

const encoder = new TextEncoder();
const octets = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

const CASES: readonly (readonly [what: string, bytes: Uint8Array, text: string])[] = [
  ["nothing", new Uint8Array(0), ""],
  ["a line of SMTP", octets("EHLO here\r\n"), "EHLO here\\r\\n"],
  ["lines are broken after each line feed", octets("a\r\nb\nc"), "a\\r\\n\nb\\n\nc"],
  ["a lone carriage return", octets("a\rb"), "a\\rb"],
  ["a backslash", octets("C:\\new"), "C:\\\\new"],
  ["bytes that are no text", octets("Q\0\0\0\x13\xff"), "Q\\x00\\x00\\x00\\x13\\xff"],
  ["UTF-8", encoder.encode("é€😀"), "é€😀"],
  ["cut UTF-8", encoder.encode("é€").subarray(0, 4), "é\\xe2\\x82"],
  ["UTF-8 that is too long for its character", octets("\xc0\xaf"), "\\xc0\\xaf"],
  ["what would not be seen", encoder.encode("a\u202eb\ufeff"), "a\\xe2\\x80\\xaeb\\xef\\xbb\\xbf"],
  ["a private character", encoder.encode("\uf7e9"), "\\xef\\x9f\\xa9"],
];

Deno.test("escapedOf and bytesOfEscaped", async (t) => {
  for (const [what, bytes, text] of CASES) {
    await t.step(what, () => {
      assert.equal(escapedOf(bytes), text);
      assert.deepEqual(bytesOfEscaped(text), bytes);
    });
  }
});

Deno.test("bytesOfEscaped takes breaks for nothing and both cases of digits", () => {
  assert.deepEqual(bytesOfEscaped("a\r\nb\n\\0\\xFf\\t"), octets("ab\0\xff\t"));
});

Deno.test("bytesOfEscaped says where an escape is none", () => {
  for (const [text, line, column] of [["a\\q", 1, 2], ["a\\n\nb\\x1", 2, 2], ["\\", 1, 1]] as const) {
    assert.throws(() => bytesOfEscaped(text), (error: Error) => {
      assert.equal(error.name, "SyntaxError");
      assert.match(error.message, new RegExp(`line ${line}, column ${column}: write`));
      assert.deepEqual(error.cause, { line, column });
      return true;
    });
  }
});

Deno.test("escapedOf loses no byte", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const next = () => state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: next() % 40 }, () => next() >> 8 & 0xff);
    assert.deepEqual(bytesOfEscaped(escapedOf(bytes)), bytes, `seed ${seed}, round ${round}`);
  }
});
