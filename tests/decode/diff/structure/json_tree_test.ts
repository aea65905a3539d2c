import assert from "node:assert/strict";
import { numberOf } from "../../../../src/decode/diff/structure/json_tree.ts";
import { faultOf, shown } from "./differences.ts";

const CASES: readonly [name: string, before: string, after: string, found: readonly string[]][] = [
  ["key order means nothing", '{"a":1,"b":2}', '{"b":2,"a":1}', [
    "[the order of members, which means nothing, differs in 1 place]",
  ]],
  ["nor does white space", '{"a":[1,2]}', '{\n  "a": [ 1,\t2 ]\r\n}', []],
  [
    "numbers are values, and how they are written is said",
    '{"a":1.0,"b":100,"c":0}',
    '{"a":1,"b":1e2,"c":-0.0}',
    [
      "written $.a: 1.0 → 1",
      "written $.b: 100 → 1e2",
      "written $.c: 0 → -0.0",
    ],
  ],
  ["large numbers differ in their last digit", "[9223372036854775807]", "[9223372036854775806]", [
    "changed $[0]: 9223372036854775807 → 9223372036854775806",
  ]],
  ["strings are characters", '{"a":"A\\u00e9/"}', '{"\\u0061":"\\u0041é\\/"}', [
    'written $.a: "A\\u00e9/" → "\\u0041é\\/"',
  ]],
  ["a string is no number", '{"a":"1"}', '{"a":1}', ['changed $.a: "1" → 1']],
  ["members come and go", '{"a":1,"x y":null}', '{"a":1,"b":[true]}', [
    'removed $["x y"]: null',
    "added $.b: [true]",
  ]],
  ["members with one name are told apart by their place", '{"a":1,"a":2}', '{"a":1,"a":3,"a":4}', [
    "changed $.a#2: 2 → 3",
    "added $.a#3: 4",
  ]],
  ["a value that becomes another in its place", "[1,2,3]", "[1,5,3]", ["changed $[1]: 2 → 5"]],
  ["what was put into a list", "[1,2,3]", "[0,1,2,3]", ["added $[0]: 0"]],
  ["what was moved in a list", '["a","b","c","d"]', '["b","c","d","a"]', ["moved $[0] to $[3]"]],
  [
    "objects of a list are known by what they have in common",
    '[{"id":1,"n":"a"},{"id":2,"n":"b"}]',
    '[{"id":9,"n":"z"},{"id":1,"n":"a2"},{"id":2,"n":"b"}]',
    ['added $[0]: {"id":9,"n":"z"}', 'changed $[0].n to $[1].n: "a" → "a2"'],
  ],
  ["another kind of value", '{"a":{"b":1}}', '{"a":[1]}', ['changed $.a: {"b":1} → [1]']],
  ["several texts are a list", '{"a":1}\n{"b":2}', '{"a":1}\n{"b":3}\n{"c":4}', [
    "changed $[1].b: 2 → 3",
    'added $[2]: {"c":4}',
  ]],
  ["a byte order mark and record separators are no text", '\ufeff\x1e{"a":1}', '{"a":1}', []],
  ["a text without members", '"a"', '"b"', ['changed $: "a" → "b"']],
];

for (const [name, before, after, found] of CASES) {
  Deno.test(`jsonTree: ${name}`, () => assert.deepEqual(shown("json", before, after), found));
}

Deno.test("jsonTree says why a text has no tree", () => {
  const cases = [
    ["", "there is nothing at 0"],
    ['{"a":1', "it ends early at 6"],
    ['{"a" 1}', "a colon is missing at 5"],
    ["[1 2]", "a comma is missing at 3"],
    ["[1,]", "a value is missing at 3"],
    ['{"a":1,}', "a name is missing at 7"],
    ["[1}", '"}" closes nothing at 2'],
    ["[01x]", "01x is no value at 1"],
    ["[nul]", "nul is no value at 1"],
    ['["abc]', "a value is missing at 1"],
    ["]", "a value is missing at 0"],
  ];
  for (const [text, fault] of cases) assert.equal(faultOf("json", text), fault, text);
});

Deno.test("jsonTree of a text as deep as memory allows", () => {
  const deep = (inner: string) => "[".repeat(100_000) + inner + "]".repeat(100_000);
  const found = shown("json", deep("1"), deep("2"));
  assert.equal(found.length, 1);
  assert.equal(found[0].replaceAll("[0]", ""), "changed $: 1 → 2");
});

Deno.test("numberOf is the same for equal numbers only", () => {
  const same = [["1", "1.0", "10e-1", "0.1E1"], ["0", "-0", "0.00e9"], ["1200", "12e2", "1.2E+3"], [
    "-5",
    "-5.00",
  ]];
  for (const numbers of same) {
    assert.equal(new Set(numbers.map(numberOf)).size, 1, numbers.join(" "));
    for (const number of numbers) assert.notEqual(numberOf(number), numberOf("7"));
  }
  assert.equal(new Set(same.map(([first]) => numberOf(first))).size, same.length);
  assert.equal(numberOf("1e999999999999999999999"), numberOf("10e999999999999999999998"));
  assert.equal(numberOf("x"), null);
});

Deno.test("numberOf takes no longer for a million zeros within a number", () => {
  const zeros = "0".repeat(1_000_000);
  assert.equal(numberOf(`1${zeros}1`), `1${zeros}1e0`);
  assert.equal(numberOf(`1${zeros}`), "1e1000000");
});
