import assert from "node:assert/strict";
import { completionsAt } from "../../../src/decode/query/complete.ts";
import type { FilteredTable } from "../../../src/decode/query/types.ts";

/** A text with "|" for the caret, and what it becomes with each completion. */
const CASES: readonly (readonly [text: string, completed: readonly string[], table?: FilteredTable])[] = [
  ["sta|", ["status:", "state:"]],
  ["x -sta|", ["x -status:", "x -state:"]],
  ["(sta|", ["(status:", "(state:"]],
  ["request.b|", ["request.body:", "request.bytes:"]],
  ["status:>|", ["status:>=400"]],
  ["is:re| x", ["is:resent x", "is:rewritten x"]],
  ["state:c|", ["state:closed"], "connection"],
  ['body:"sta|', []],
  ["/sta|", []],
  ["foo:|", []],
  ["http:|", []],
];

for (const [marked, completed, table] of CASES) {
  Deno.test(`completionsAt ${marked}`, () => {
    const caret = marked.indexOf("|");
    const text = marked.replace("|", "");
    const found = completionsAt(text, caret, table).map(({ from, to, insert }) =>
      text.slice(0, from) + insert + text.slice(to)
    );
    assert.deepEqual(found, completed);
  });
}

Deno.test("completionsAt explains each, and begins with all fields where nothing is typed", () => {
  const all = completionsAt("", 0);
  assert.ok(all.some(({ insert }) => insert === "body:"));
  assert.ok(all.every(({ help }) => help.endsWith(".") || help !== ""));
});

Deno.test("completionsAt looks only at the last word, however long those before it are", () => {
  const text = `${"a".repeat(1_000_000)} sta`;
  assert.deepEqual(completionsAt(text, text.length).map(({ insert }) => insert), ["status:", "state:"]);
});
