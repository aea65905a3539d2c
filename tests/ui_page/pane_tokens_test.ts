// What the pieces of a line are, and that a line can be read on from the state of the one before.

import assert from "node:assert/strict";
import { type Lexer, lexForm, lexJson, lexXml } from "../../src/ui/page/pane/tokens.ts";

/** The pieces of `lines` with their kinds, as "kind:text", plain text left out, a line for each line. */
function pieces(lex: Lexer, lines: readonly string[]): string[][] {
  let state = "";
  return lines.map((line) => {
    const lexed = lex(line, state);
    state = lexed.state;
    let end = 0;
    for (const { from, to } of lexed.tokens) {
      assert.ok(from >= end && to > from && to <= line.length, `in order and not empty: ${line}`);
      end = to;
    }
    return lexed.tokens.map(({ from, to, kind }) => `${kind}:${line.slice(from, to)}`);
  });
}

const XML:
  readonly (readonly [what: string, lines: readonly string[], expected: readonly (readonly string[])[]])[] = [
    ["an element", ["<q:a>x &amp; y</q:a>"], [[
      "punct:<q:",
      "tag:a",
      "punct:>",
      "punct:</q:",
      "tag:a",
      "punct:>",
    ]]],
    ["attributes", [`<a b="1" c:d='2'/>`], [[
      "punct:<",
      "tag:a",
      "attr:b",
      "punct:=",
      `string:"1"`,
      "attr:c:d",
      "punct:=",
      "string:'2'",
      "punct:/>",
    ]]],
    ["a start tag over lines", ["<a", `  b="one`, `two">x`], [
      ["punct:<", "tag:a"],
      ["attr:b", "punct:=", `string:"one`],
      [`string:two"`, "punct:>"],
    ]],
    ["a comment over lines", ["a <!-- b", "<c>", "d --> e"], [["comment:<!-- b"], ["comment:<c>"], [
      "comment:d -->",
    ]]],
    ["CDATA over lines", ["<![CDATA[ <a>", "b ]]><c/>"], [["punct:<![CDATA["], [
      "punct:]]><",
      "tag:c",
      "punct:/>",
    ]]],
    ["the declaration", [`<?xml version="1.0"?>`], [[`punct:<?xml version="1.0"?>`]]],
    ["a document type with its own part", ["<!DOCTYPE a [", "<!ELEMENT b (c)>", "]><a>"], [
      ["punct:<!DOCTYPE a ["],
      ["punct:<!ELEMENT b (c)>"],
      ["punct:]><", "tag:a", "punct:>"],
    ]],
  ];

for (const [what, lines, expected] of XML) {
  Deno.test(`lexXml reads ${what}`, () => assert.deepEqual(pieces(lexXml, lines), expected));
}

const JSON_CASES: typeof XML = [
  ["members", ['"a": "b",'], [['tag:"a"', "punct::", 'string:"b"', "punct:,"]]],
  ["numbers and literals", ['"n": -1.5e+3, true, null'], [[
    'tag:"n"',
    "punct::",
    "number:-1.5e+3",
    "punct:,",
    "number:true",
    "punct:,",
    "number:null",
  ]]],
  ["escapes", [String.raw`"a\"b\\": 1`], [[String.raw`tag:"a\"b\\"`, "punct::", "number:1"]]],
  ["a string that was cut", ['["abc', 'def", 1]'], [["punct:[", 'string:"abc'], [
    'string:def"',
    "punct:,",
    "number:1",
    "punct:]",
  ]]],
  ["a string that was cut twice", ['"a', "b", 'c"'], [['string:"a'], ["string:b"], ['string:c"']]],
  ["a cut within an escape", ['"a\\', 'n"'], [['string:"a\\'], ['string:n"']]],
];

for (const [what, lines, expected] of JSON_CASES) {
  Deno.test(`lexJson reads ${what}`, () => assert.deepEqual(pieces(lexJson, lines), expected));
}

Deno.test("lexForm divides name and value", () => {
  assert.deepEqual(pieces(lexForm, ["a b = c = d", "alone"]), [["tag:a b", "punct: = "], []]);
});

Deno.test("lexers come to an end with anything", () => {
  const signs = [
    "<",
    ">",
    "/",
    "!",
    "[",
    "]",
    "-",
    "?",
    '"',
    "'",
    "=",
    "a",
    " ",
    "\\",
    ":",
    "{",
    "}",
    "1",
    "&",
    "é",
  ];
  let seed = 7;
  const next = () => seed = (seed * 16_807) % 2_147_483_647;
  for (let n = 0; n < 3_000; n++) {
    const lines = Array.from(
      { length: 3 },
      () => Array.from({ length: next() % 20 }, () => signs[next() % signs.length]).join(""),
    );
    for (const lex of [lexXml, lexJson, lexForm]) pieces(lex, lines);
  }
});
