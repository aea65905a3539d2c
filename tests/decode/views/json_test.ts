import assert from "node:assert/strict";
import { MAX_DEPTH, MAX_INDENT } from "../../../src/decode/views/indent.ts";
import { json } from "../../../src/decode/views/json.ts";
import { cutAnywhere, inPieces, layOut, oneOf, type Random, seeded, spoil, upTo } from "./pieces.ts";

/** JSON texts with white space anywhere, numbers and escapes in many forms, and names given twice. */
function randomJson(random: Random, depth = 0): string {
  const white = () => oneOf(random, ["", "", "", " ", "\n", "\r\n\t"]);
  const word = () =>
    oneOf(random, ["0", "-0", "1.50", "1E+3", "12345678901234567890", "true", "false", "null"]);
  const string = () =>
    oneOf(random, ['""', '"a"', '"a  b"', '"\\u00e9\\\\\\""', '"ü{[,:]}"', '"\\ud83d"', '"__proto__"']);
  const several = (one: () => string) =>
    Array.from({ length: upTo(random, 4) }, () => white() + one() + white()).join(",") || white();
  const value = (): string => randomJson(random, depth + 1);
  const kind = depth > 5 ? 1 : random();
  if (kind < 0.35) return `{${several(() => `${string()}${white()}:${white()}${value()}`)}}`;
  if (kind < 0.7) return `[${several(value)}]`;
  return random() < 0.5 ? word() : string();
}

Deno.test("json keeps every token of random texts, and what JSON.parse makes of them", () => {
  const random = seeded();
  for (let round = 0; round < 2000; round++) {
    const source = oneOf(random, ["", " ", "\n"]) + randomJson(random) + oneOf(random, ["", "\n"]);
    const { text, fault } = layOut(json, source);
    assert.equal(fault, null, source);
    assert.deepEqual(tokensOf(text), tokensOf(source), source);
    assert.deepEqual(JSON.parse(text), JSON.parse(source));
    assert.equal(layOut(json, text).text, text, "laid out once more");
  }
});

Deno.test("json keeps a byte order mark at the beginning", () => {
  assert.deepEqual(layOut(json, "\ufeff [1]"), { text: "\ufeff[\n  1\n]", fault: null });
  assert.equal(inPieces(json, ["", "\ufeff", "[1]"]).text, "\ufeff[\n  1\n]");
});

Deno.test("json lays out as JSON.stringify does", () => {
  const random = seeded();
  for (let round = 0; round < 1000; round++) {
    const value = JSON.parse(randomJson(random));
    assert.equal(layOut(json, JSON.stringify(value)).text, JSON.stringify(value, null, 2));
  }
});

Deno.test("json finds a fault exactly where JSON.parse does", () => {
  const random = seeded();
  const bits = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\",
    "\\u12",
    "0",
    "-",
    ".",
    "e",
    "t",
    "null",
    "\n",
    "\u0001",
    " ",
    "'",
    "NaN",
  ];
  let faults = 0;
  for (let round = 0; round < 4000; round++) {
    const source = spoil(random, randomJson(random), bits);
    const { text, fault } = layOut(json, source);
    assert.equal(withoutWhite(text), withoutWhite(source), source);
    // Several values in a row are no fault here, and none is no fault either.
    if (!fault && parses(source) === false) assert.ok(valuesOf(source) !== 1, source);
    if (fault) assert.equal(parses(source), false, `${JSON.stringify(source)}: ${fault.text}`);
    if (fault) faults += 1;
  }
  assert.ok(faults > 1000, `${faults} faults`);
});

const FAULTS: readonly [source: string, column: number, words: string][] = [
  ['{"a":1,}', 8, "a name in quotes is missing"],
  ["[1,]", 4, "a value is missing"],
  ["[,1]", 2, "a value is missing"],
  ['{"a"}', 5, '":" is missing'],
  ['{"a" 1}', 6, '":" is missing'],
  ['{"a"::1}', 6, "a value is missing"],
  ["{a:1}", 2, "a name in quotes is missing"],
  ["[1 2]", 4, '"," or "]" is missing'],
  ['{"a":1 "b":2}', 8, '"," or "}" is missing'],
  ['["a" "b"]', 6, '"," or "]" is missing'],
  ["[1}", 3, '"}" comes before "]"'],
  ["]", 1, '"]" closes nothing'],
  ["{},{}", 3, "a value is missing"],
  [":", 1, "a value is missing"],
  ["[NaN]", 2, "NaN is no JSON value"],
  ["[01]", 2, "01 is no JSON value"],
  ["[1.]", 2, "1. is no JSON value"],
  ["[+1]", 2, "+1 is no JSON value"],
  ["['a']", 2, "'a' is no JSON value"],
  ['["\\x"]', 3, '"\\" begins no escape'],
  ['["\\u12"]', 3, '"\\" begins no escape'],
  ['["a\tb"]', 4, "a control character in a string"],
  ['["a', 4, "the text ends inside a string"],
  ['{"a":[1', 8, 'the text ends before "]"'],
  ["[tru", 2, "tru is no JSON value"],
  ["hello", 1, "hello is no JSON value"],
];

for (const [source, column, text] of FAULTS) {
  Deno.test(`json tells the place of the fault in ${source}`, () => {
    const fault = { line: 1, column, offset: column - 1, text };
    assert.deepEqual(layOut(json, source).fault, fault);
    assert.deepEqual(inPieces(json, [...source]).fault, fault);
  });
}

Deno.test("json shows what follows a fault as it came, on a line of its own", () => {
  assert.equal(layOut(json, '{"a": [1, 2 }, "b" : 3 }\n').text, '{\n  "a": [\n    1,\n    2\n}, "b" : 3 }\n');
  assert.equal(layOut(json, ")]}',\n[1]").text, ")]}',\n[1]");
});

Deno.test("json indents deep nesting no further than MAX_INDENT and follows it to MAX_DEPTH", () => {
  for (const depth of [20_000, MAX_DEPTH]) {
    const { text, fault } = layOut(json, "[".repeat(depth) + "]".repeat(depth));
    assert.equal(fault, null);
    const lines = text.split("\n");
    assert.equal(lines.length, 2 * depth - 1);
    assert.equal(lines[depth - 1], `${"  ".repeat(MAX_INDENT)}[]`);
  }
  assert.equal(layOut(json, "[".repeat(MAX_DEPTH + 1)).fault?.text, "nested more than 30,000 levels deep");
});

for (const piece of ["text ", "\\u00e9", "\\\\", "12345678", "   ", "{},", "é"]) {
  Deno.test(`json holds little of ${JSON.stringify(piece)}, however long it goes on`, () => {
    const string = /^[t\\é]/.test(piece);
    const pieces = [string ? '["' : "[", ...Array<string>(4000).fill(piece.repeat(16)), string ? '"]' : "0]"];
    let largest = 0;
    const { text, fault } = inPieces(json, pieces, (formatter) => {
      largest = Math.max(largest, JSON.stringify(formatter.snapshot()).length);
      return formatter;
    });
    assert.equal(fault, null);
    assert.equal(withoutWhite(text), withoutWhite(pieces.join("")));
    assert.ok(largest < 4096, `${largest} characters`);
  });
}

Deno.test("json gives the same wherever random texts are cut", () => {
  const random = seeded();
  for (let round = 0; round < 1000; round++) {
    const source = spoil(random, randomJson(random), ["{", "]", "\\", '"', ","]);
    assert.deepEqual(inPieces(json, cutAnywhere(random, source, 4)), layOut(json, source), source);
  }
});

function parses(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

/** How many values stand side by side, outside of all brackets. */
function valuesOf(source: string): number {
  let depth = 0;
  let values = 0;
  for (const token of tokensOf(source)) {
    if (depth === 0) values += 1;
    if (/^[[{]/.test(token)) depth += 1;
    else if (/^[\]}]/.test(token)) depth -= 1;
  }
  return values;
}

function tokensOf(source: string): string[] {
  return source.match(/"(?:[^"\\]|\\[^])*"?|[{}[\],:]|[^\s"{}[\],:]+/g) ?? [];
}

function withoutWhite(text: string): string {
  return text.replace(/[ \t\r\n]+/g, "");
}
