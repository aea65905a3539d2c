import assert from "node:assert/strict";
import { marksOf } from "../../../src/decode/query/marks.ts";
import { readQuery } from "../../../src/decode/query/parse.ts";

/** A filter, and what is marked: side, part, header, what. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  ["ship status:404", ["both anywhere - ship"]],
  ["-ship not (a b)", []],
  ["(a or -b) request.body:c", ["both anywhere - a", "request body - c"]],
  ["response.body:/x/", ["response body - /x/"]],
  ['bytes:"0a 0b"', ["both bytes - 10,11"]],
  ["header:x-*", ["both head x-* x-"]],
  ["header:content-type=json", ["both head content-type json"]],
  ["path:/orders host:shop", ["request head - /orders", "request head host shop"]],
];

for (const [text, marked] of CASES) {
  Deno.test(`marksOf ${text || "(nothing)"}`, () => {
    const marks = marksOf(readQuery(text)).map(({ sought, side, part, header }) => {
      const what = sought.is === "text"
        ? sought.text
        : sought.is === "regex"
        ? `/${sought.source}/`
        : sought.bytes;
      return `${side ?? "both"} ${part} ${header ?? "-"} ${what}`;
    });
    assert.deepEqual(marks, marked);
  });
}
