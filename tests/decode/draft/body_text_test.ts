import assert from "node:assert/strict";
import { bodyOfText, type BodyText, bodyTextOf } from "../../../src/decode/draft/body_text.ts";
import { draftOf } from "../../../src/decode/draft/draft.ts";
import { withoutCoding } from "../../../src/decode/draft/head_lines.ts";
import { bytesOfHex, hexOf } from "../../../src/decode/draft/hex_text.ts";
import { generator, octets, printedSeed, textOf } from "./requests.ts";

function bodyText(contentType: string, body: Uint8Array): BodyText {
  const text = bodyTextOf({ protocol: "http", head: `POST / HTTP/1.1\nContent-Type: ${contentType}`, body });
  assert.ok("text" in text, JSON.stringify(text));
  return text;
}

function bytes(...numbers: number[]): Uint8Array {
  return Uint8Array.from(numbers);
}

/** What is declared, the body, its text, an edited text, and the body for that. */
const EDITS: readonly [
  contentType: string,
  body: Uint8Array,
  text: string,
  edited: string,
  sent: Uint8Array,
][] = [
  ["text/plain; charset=utf-8", bytes(0xc3, 0xa9), "é", "é€", bytes(0xc3, 0xa9, 0xe2, 0x82, 0xac)],
  ["text/plain; charset=iso-8859-1", bytes(0x61, 0xe9), "aé", "ñé", bytes(0xf1, 0xe9)],
  ["text/plain; charset=windows-1252", bytes(0x80), "€", "€–", bytes(0x80, 0x96)],
  ["text/plain; charset=iso-8859-1", bytes(0x80), "€", "€€", bytes(0x80, 0x80)],
  ["text/plain; charset=iso-8859-15", bytes(0xa4), "€", "€Š", bytes(0xa4, 0xa6)],
  ["text/plain; charset=koi8-r", bytes(0xc1), "а", "ба", bytes(0xc2, 0xc1)],
  [
    "text/plain; charset=shift_jis",
    bytes(0x83, 0x65),
    "テ",
    "テスト",
    bytes(0x83, 0x65, 0x83, 0x58, 0x83, 0x67),
  ],
  ["text/plain; charset=gbk", bytes(0xc4, 0xe3), "你", "你好", bytes(0xc4, 0xe3, 0xba, 0xc3)],
  ["text/xml; charset=utf-16", bytes(0xff, 0xfe, 0x41, 0), "A", "A€", bytes(0xff, 0xfe, 0x41, 0, 0xac, 0x20)],
  ["text/xml", bytes(0xfe, 0xff, 0, 0x41), "A", "AB", bytes(0xfe, 0xff, 0, 0x41, 0, 0x42)],
  ["text/plain", bytes(0xef, 0xbb, 0xbf, 0x41), "A", "é", bytes(0xef, 0xbb, 0xbf, 0xc3, 0xa9)],
  ["text/plain", octets("a\r\nb\nc\rd"), "a\nb\nc\nd", "a\nB\nc\nd", octets("a\r\nB\nc\rd")],
  [
    "text/plain",
    octets("a\r\nb\r\nc"),
    "a\nb\nc",
    "a\nnew\nlines\nb\nc",
    octets("a\r\nnew\r\nlines\r\nb\r\nc"),
  ],
  ["text/plain", octets("a\nb\r\nc\nd\r\n"), "a\nb\nc\nd\n", "A\nb\nc\nD\n", octets("A\nb\r\nc\nD\r\n")],
  ["text/plain", octets("a\nb\r\nc\n"), "a\nb\nc\n", "x\na\nb\ny\nc\n", octets("x\na\nb\r\ny\nc\n")],
  ["text/plain", octets("a\r\nb\r\n"), "a\nb\n", "a\nb", octets("a\r\nb")],
  ["text/plain", octets(""), "", "x\ny", octets("x\ny")],
];

Deno.test("bodyOfText writes an edited text in the charset and with the line ends of the body", () => {
  for (const [contentType, body, text, edited, sent] of EDITS) {
    const shown = bodyText(contentType, body);
    assert.equal(shown.text, text, contentType);
    assert.deepEqual(bodyOfText(shown, text), body, contentType);
    assert.deepEqual(bodyOfText(shown, edited), sent, contentType);
  }
});

const UNWRITABLE: readonly [contentType: string, body: Uint8Array, edited: string, error: RegExp][] = [
  [
    "text/plain; charset=iso-8859-1",
    octets("caf\xe9"),
    "café\n5 € and ☃",
    /"€" \(U\+20AC\), "☃" \(U\+2603\) in iso-8859-1, first in line 2, column 3\./,
  ],
  ["text/plain; charset=us-ascii", octets("a"), "é", /"é" \(U\+00E9\) in us-ascii/],
  ["text/plain; charset=windows-1252", octets("a"), "ł", /"ł" \(U\+0142\) in windows-1252/],
  ["text/plain; charset=shift_jis", octets("a"), "é", /"é" \(U\+00E9\) in shift_jis/],
  ["text/plain; charset=utf-8", octets("a"), "b\ud800", /U\+D800 in utf-8, first in line 1, column 2/],
];

Deno.test("bodyOfText names the characters that a charset has not", () => {
  for (const [contentType, body, edited, error] of UNWRITABLE) {
    const shown = bodyText(contentType, body);
    assert.throws(() => bodyOfText(shown, edited), (thrown: unknown) => {
      assert.ok(thrown instanceof RangeError);
      assert.match(thrown.message, error);
      return true;
    });
  }
});

Deno.test("bodyTextOf says why a body is no text to edit", () => {
  const cases: [head: string, body: Uint8Array, reason: RegExp][] = [
    ["POST / HTTP/1.1\nContent-Encoding: gzip", bytes(0x1f, 0x8b), /coded with gzip\. Take the coding off/],
    [
      "POST / HTTP/1.1\nContent-Type: text/plain; charset=utf-8",
      bytes(0xff),
      /Not all of its bytes are utf-8/,
    ],
    ["POST / HTTP/1.1\nContent-Type: text/plain; charset=iso-2022-jp", octets("a"), /can read but not write/],
  ];
  for (const [head, body, reason] of cases) {
    const text = bodyTextOf({ protocol: "http", head, body });
    assert.ok("reason" in text, head);
    assert.match(text.reason, reason);
  }
  const turn = bodyTextOf({ protocol: "tcp", head: "", body: octets("EHLO h\xe9\r\n") });
  assert.deepEqual("text" in turn && [turn.text, turn.charset], ["EHLO hé\n", "windows-1252"]);
});

Deno.test("bodyOfText gives random bodies back unchanged, in every charset that it offers as text", () => {
  const random = generator(printedSeed());
  const labels = [
    "utf-8",
    "iso-8859-1",
    "windows-1252",
    "windows-1251",
    "utf-16le",
    "utf-16be",
    "shift_jis",
    "big5",
    "euc-kr",
    "euc-jp",
    "gbk",
    "ibm866",
    "macintosh",
    "us-ascii",
  ];
  let texts = 0;
  for (let round = 0; round < 2000; round++) {
    const label = labels[round % labels.length];
    const body = Uint8Array.from({ length: Math.floor(random() * 12) }, () => Math.floor(random() * 256));
    const head = `POST / HTTP/1.1\nContent-Type: text/plain; charset=${label}`;
    const text = bodyTextOf({ protocol: "http", head, body });
    if ("reason" in text) continue;
    texts++;
    assert.deepEqual(bodyOfText(text, text.text), body, label);
  }
  assert.ok(texts > 800, `${texts} were text`);
});

Deno.test("withoutCoding takes the coding off visibly", () => {
  const draft = draftOf(
    octets("POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b"),
  );
  const plain = withoutCoding(draft, octets("text"));
  assert.equal(plain.head, "POST / HTTP/1.1\nContent-Length: 2");
  assert.equal((bodyTextOf(plain) as BodyText).text, "text");
});

Deno.test("bytesOfHex reads what hexOf writes, and what was edited", () => {
  const random = generator(printedSeed());
  const sent = Uint8Array.from({ length: 1000 }, () => Math.floor(random() * 256));
  assert.deepEqual(bytesOfHex(hexOf(sent)), sent);
  assert.equal(hexOf(octets("GET / HTTP/1.1\r\n!")), "47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a\n21");
  assert.deepEqual(bytesOfHex(" 00ff\n\t1 ".replace("1", "1a")), bytes(0, 0xff, 0x1a));
  assert.throws(() => bytesOfHex("00\n0g"), /^SyntaxError: Cannot read "0g" in line 2 as bytes: write two/);
  assert.throws(() => bytesOfHex("123"), /"123" in line 1/);
  assert.equal(textOf(bytesOfHex("")), "");
});
