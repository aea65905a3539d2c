// What the filter looks for, as a pane marks it.

import assert from "node:assert/strict";
import { marksOf, readQuery } from "../../src/decode/query/mod.ts";
import { elsewhere, headMarks, inOrder, searchesIn } from "../../src/ui/page/pane/filter_marks.ts";
import type { Shown } from "../../src/ui/page/pane/format.ts";
import { together } from "../../src/ui/page/pane/marked.tsx";
import type { MessageDetail } from "../../src/ui/types.ts";

const MESSAGE = {
  startLine: "POST /orders HTTP/1.1",
  headers: [{ name: "X-Orders", value: "json, JSON orders" }, { name: "Content-Type", value: "text/json" }],
  trailers: [{ name: "X-Sum", value: "orders" }],
} as unknown as MessageDetail;

const marks = (filter: string) => marksOf(readQuery(filter));

function head(filter: string): string[] {
  return headMarks(MESSAGE, marks(filter)).map(({ key, from, to }) => `${key} ${from}-${to}`);
}

Deno.test("headMarks are where the filter looks, in the order of the page", () => {
  const cases: [filter: string, found: string[]][] = [
    ["orders", ["start 6-12", "header-0-name 2-8", "header-0-value 11-17", "trailer-0-value 0-6"]],
    ["path:orders", ["start 6-12"]],
    ["header:content-type=json", ["header-1-value 5-9"]],
    ["header:content-type", ["header-1-name 0-12"]],
    ["header:x-*", ["header-0-name 0-2", "trailer-0-name 0-2"]],
    ["/JSON/", ["header-0-value 6-10"]],
    ["/JSON/i header:content-type=text", [
      "header-0-value 0-4",
      "header-0-value 6-10",
      "header-1-value 0-4",
      "header-1-value 5-9",
    ]],
    ["orders or order", ["start 6-12", "header-0-name 2-8", "header-0-value 11-17", "trailer-0-value 0-6"]],
    ["-orders body:orders bytes:6f72 status:200", []],
  ];
  for (const [filter, found] of cases) assert.deepEqual(head(filter), found, filter);
});

Deno.test("searchesIn asks for what the shown view can show", () => {
  const searches = (filter: string, shown: Shown) =>
    searchesIn(marks(filter), shown).map(({ text, regex, caseSensitive }) =>
      `${regex ? "/" : ""}${text}${caseSensitive ? " exactly" : ""}`
    );
  const all = 'word body:b header:c=d bytes:"de ad" /e+/ /f/i';
  assert.deepEqual(searches(all, "xml"), ["word", "b", "/e+ exactly", "/f"]);
  assert.deepEqual(searches(all, "hex"), ["word", "b", "d", "de ad exactly"]);
  assert.deepEqual(searches(all, "image"), []);
  assert.deepEqual(searches("a or a or b", "text"), ["a", "b"], "once each");
  assert.deepEqual(searches("a b c d e f g", "text").length, 5, "not more than five");
  assert.deepEqual(searches(`bytes:${"de".repeat(400)}`, "hex"), [], "longer than can be asked for");
});

Deno.test("elsewhere names the views that can show what this one cannot", () => {
  const views = (filter: string, shown: Shown) => elsewhere(marks(filter), shown).map(({ as }) => as);
  assert.deepEqual(views("word", "xml"), ["text"]);
  assert.deepEqual(views("word", "text"), []);
  assert.deepEqual(views("bytes:de", "xml"), ["hex"]);
  assert.deepEqual(views("bytes:de", "hex"), []);
  assert.deepEqual(views("word bytes:de", "image"), ["hex"]);
  assert.deepEqual(views("header:a=b path:/c", "xml"), []);
});

Deno.test("hits of several searches are in one order, and Find's go before the filter's", () => {
  const at = (line: number, from: number) => ({ line, from, to: from + 1 });
  assert.deepEqual(inOrder([[at(1, 2), at(3, 0)], [at(1, 0), at(2, 9)]]), [
    at(1, 0),
    at(1, 2),
    at(2, 9),
    at(3, 0),
  ]);
  const found = { key: "start", from: 3, to: 5 };
  const filtered = { key: "start", from: 1, to: 2, isOfFilter: true };
  const none = { list: [], current: null };
  const both = together({ list: [found], current: null }, { list: [filtered], current: filtered });
  assert.deepEqual(both, { list: [filtered, found], current: filtered });
  assert.equal(
    together({ list: [found], current: found }, { list: [filtered], current: filtered }).current,
    found,
  );
  assert.equal(together(none, none), none);
});
