import assert from "node:assert/strict";
import { type CharsetFrom, findCharset, isUtf8, wholeCharacters } from "../../src/decode/charset.ts";
import { cutAnywhere, oneOf, seeded, upTo } from "./views/pieces.ts";

const CASES: readonly [
  contentType: string | null,
  body: string,
  label: string,
  from: CharsetFrom,
  unknown?: string,
][] = [
  ["text/xml; charset=utf-8", "<a/>", "utf-8", "declared"],
  ['text/plain;CHARSET="ISO-8859-1"; x=y', "\xe4", "iso-8859-1", "declared"],
  ["text/plain; charset=Shift_JIS", "\x93\xfa", "shift_jis", "declared"],
  ["text/plain; charset=utf-8", "\xff\xfea\0", "utf-16le", "byte order mark"],
  ["text/plain", "\xfe\xff\0a", "utf-16be", "byte order mark"],
  [null, "\xef\xbb\xbfa", "utf-8", "byte order mark"],
  ["text/xml", "<?xml version='1.0' encoding='ISO-8859-15'?><a/>", "iso-8859-15", "XML declaration"],
  ["text/xml; charset=utf-8", "<?xml version='1.0' encoding='ISO-8859-15'?><a/>", "utf-8", "declared"],
  [
    null,
    "<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\x001\x006\0'\0?\0>\0",
    "utf-16",
    "XML declaration",
  ],
  [null, "<?xml version='1.0' encoding='utf-16'?><a>\xc3\xbc</a>", "utf-8", "guessed"],
  [null, "\0<\0a\0/\0>", "utf-16be", "guessed"],
  ["text/html", "<html><head><meta charset='windows-1251'>", "windows-1251", "meta element"],
  [
    "text/html",
    "<META http-equiv=Content-Type content='text/html; charset=koi8-r'>",
    "koi8-r",
    "meta element",
  ],
  ["text/plain", "<meta charset='windows-1251'>", "utf-8", "guessed"],
  ["application/json", '{"a":"\xc3\xa4"}', "utf-8", "default of JSON"],
  ["application/json", '{"a":"\xc3', "utf-8", "default of JSON"],
  [" Application/Problem+JSON ; x=y", "{}", "utf-8", "default of JSON"],
  ["model/gltf+json", "{}", "utf-8", "default of JSON"],
  ["application/json; charset=none", "{}", "utf-8", "guessed", "none"],
  ["application/json", "\0{\0}", "utf-16be", "guessed"],
  [null, "{}", "utf-8", "guessed"],
  ["text/xml", "<a/>", "utf-8", "default of XML"],
  ["application/soap+xml; action=x", "<?xml version='1.0'?><a/>", "utf-8", "default of XML"],
  ["image/svg+xml", "<svg/>", "utf-8", "default of XML"],
  [null, "<?xml version='1.0'?><a/>", "utf-8", "default of XML"],
  [null, "<a/>", "utf-8", "guessed"],
  ["text/xml", "<a>\xe4</a>", "windows-1252", "guessed"],
  ["text/xml", "<?xml version='1.0' encoding='utf-16'?><a/>", "utf-8", "guessed"],
  ["text/plain", "<?xml version='1.0'?><a/>", "utf-8", "guessed"],
  ["application/json", '{"a":"\xe4"}', "windows-1252", "guessed"],
  ["text/plain; charset=ebcdic-cp-us", "plain", "utf-8", "guessed", "ebcdic-cp-us"],
  ["text/plain; charset=", "plain", "utf-8", "guessed"],
  [
    "text/xml; charset=none",
    "<?xml version='1.0' encoding='us-ascii'?>",
    "us-ascii",
    "XML declaration",
    "none",
  ],
  [null, "", "utf-8", "guessed"],
];

for (const [contentType, body, label, from, unknown = null] of CASES) {
  Deno.test(`findCharset finds ${label}, ${from}, for ${contentType} with ${JSON.stringify(body.slice(0, 30))}`, () => {
    const found = findCharset(contentType, bytesOf(body));
    assert.deepEqual([found.label, found.from, found.unknown], [label, from, unknown]);
    assert.equal(new TextDecoder(found.encoding).encoding, found.encoding);
  });
}

Deno.test("findCharset takes the byte order of utf-16 from the bytes", () => {
  assert.equal(findCharset("text/xml; charset=utf-16", bytesOf("\0<\0a\0/\0>")).encoding, "utf-16be");
  assert.equal(findCharset("text/xml; charset=utf-16", bytesOf("<\0a\0/\0>\0")).encoding, "utf-16le");
  assert.equal(findCharset("text/xml; charset=utf-16be", bytesOf("<\0a\0/\0>\0")).encoding, "utf-16be");
});

Deno.test("isUtf8 lets the last character be cut", () => {
  const bytes = new TextEncoder().encode("aä€😀");
  for (let length = 0; length <= bytes.length; length++) assert.ok(isUtf8(bytes.subarray(0, length)));
  assert.ok(!isUtf8(Uint8Array.of(0xc3, 0x28)));
  assert.ok(!isUtf8(Uint8Array.of(0x80)));
});

const ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1252",
  "iso-8859-15",
  "koi8-r",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "big5",
  "gbk",
  "gb18030",
];

for (const encoding of ENCODINGS) {
  Deno.test(`wholeCharacters lets a new decoder go on anywhere in ${encoding}`, () => {
    const random = seeded();
    for (let round = 0; round < 300; round++) {
      const bytes = randomBytes(random, encoding);
      const expected = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
      assert.equal(
        decodeInPieces(encoding, bytes, cutAnywhere(random, "x".repeat(bytes.length), 12)),
        expected,
      );
    }
  });
}

Deno.test("wholeCharacters cuts iso-2022-jp after lines", () => {
  const bytes = bytesOf("a\x1b$B%F%9\x1b(B\nb\x1b$B%H");
  assert.equal(wholeCharacters("iso-2022-jp", bytes), bytes.indexOf(0x0a) + 1);
  assert.equal(wholeCharacters("iso-2022-jp", bytes.subarray(0, 5)), 5);
});

Deno.test("wholeCharacters holds back no more than the beginning of a character", () => {
  const cases: readonly [encoding: string, bytes: number[], whole: number][] = [
    ["utf-8", [0x61, 0xf0, 0x9f, 0x98], 1],
    ["utf-8", [0x61, 0xf0, 0x9f, 0x98, 0x80], 5],
    ["utf-8", [0x80, 0x80, 0x80, 0x80], 4],
    ["utf-16le", [0x61, 0, 0x3d, 0xd8, 0x00], 2],
    ["utf-16be", [0, 0x61, 0xd8, 0x3d, 0xde, 0x00], 6],
    ["shift_jis", [0x93, 0xfa, 0x96], 2],
    ["gb18030", [0x81, 0x30, 0x81], 0],
    ["gb18030", [0x81, 0x30, 0x81, 0x30], 4],
    ["windows-1252", [0xff], 1],
  ];
  for (const [encoding, bytes, whole] of cases) {
    assert.equal(wholeCharacters(encoding, Uint8Array.from(bytes)), whole, `${encoding} ${bytes}`);
  }
});

/** Each piece by a decoder of its own, from where the one before left off. */
function decodeInPieces(encoding: string, bytes: Uint8Array, pieces: readonly string[]): string {
  const decode = (part: Uint8Array) => new TextDecoder(encoding, { ignoreBOM: true }).decode(part);
  let text = "";
  let from = 0;
  let to = 0;
  for (const { length } of pieces) {
    to = Math.min(to + length, bytes.length);
    const whole = wholeCharacters(encoding, bytes.subarray(from, to));
    assert.ok(to - from - whole < 4, "at most the beginning of a character waits");
    text += decode(bytes.subarray(from, from + whole));
    from += whole;
  }
  return text + decode(bytes.subarray(from));
}

/** Text in the encoding, mostly; some of it spoilt, some of it anything. */
function randomBytes(random: () => number, encoding: string): Uint8Array {
  const length = upTo(random, 120);
  const lead = () => 0x81 + upTo(random, 0x7d);
  const units: (() => number[])[] = [
    () => [0x20 + upTo(random, 0x5f)],
    () => [oneOf(random, [0x0a, 0x20, 0x3c, 0x30])],
    () =>
      encoding.startsWith("utf-16")
        ? [upTo(random, 256), oneOf(random, [0xd8, 0xdc, 0x4e, 0])]
        : [lead(), lead()],
    () =>
      encoding === "gb18030"
        ? [0x81, 0x30, 0x81, 0x30 + upTo(random, 10)]
        : [lead(), 0x40 + upTo(random, 0x3e)],
    () =>
      encoding === "utf-8"
        ? [...new TextEncoder().encode(oneOf(random, ["ä", "€", "😀"]))]
        : [lead(), lead()],
    () => random() < 0.1 ? [upTo(random, 256)] : [0x61],
  ];
  return Uint8Array.from(Array.from({ length }, () => oneOf(random, units)()).flat());
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
