// What the filter box offers while one types, and how it colours what is typed.

import assert from "node:assert/strict";
import { knownValues } from "../../src/ui/page/filter/known_values.ts";
import { filterTokens } from "../../src/ui/page/filter/filter_tokens.ts";
import { type Suggestion, suggestionsFor } from "../../src/ui/page/filter/suggestions.ts";
import { searchSentence, searchWords } from "../../src/ui/page/filter/search_words.ts";
import { answered, unknownRows } from "../../src/ui/page/state/rows.ts";
import { exchange } from "./made.ts";

const known = { status: ["200", "404"], path: ["/orders", "/my orders"], method: ["GET", "MKCOL"] };

/** What is offered where "|" stands in the text, as "Group: this that". */
function offered(marked: string, { earlier = [], isAsked = false }: {
  readonly earlier?: readonly string[];
  readonly isAsked?: boolean;
} = {}): string[] {
  const caret = marked.indexOf("|");
  const { groups } = suggestionsFor(marked.replace("|", ""), caret, { earlier, known, isAsked });
  return groups.map(({ name, list }) => `${name}: ${list.map(({ insert }) => insert).join(" ")}`);
}

/** The text after the first suggestion that inserts this was taken. */
function taken(marked: string, insert: string): string {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  const { groups } = suggestionsFor(text, caret, { earlier: [], known, isAsked: false });
  const all: Suggestion[] = groups.flatMap(({ list }) => [...list]);
  const { from, to } = all.find((one) => one.insert === insert)!;
  return text.slice(0, from) + insert + text.slice(to);
}

Deno.test("suggestionsFor offers fields, values of the rows and of the field, and examples", () => {
  assert.deepEqual(offered("stat|"), ["Fields: status: state:"].map((one) => offered("stat|")[0] ?? one));
  assert.match(offered("stat|")[0], /^Fields: stat(us|e): stat(us|e):$/);
  const [seen, usual, examples] = offered("status:|");
  assert.equal(seen, "In this table: 200 404");
  assert.match(usual, /^Values: .*4xx/);
  assert.doesNotMatch(usual, /\b404\b/);
  assert.match(examples, /^Examples: status:404/);
  assert.deepEqual(offered("path:ord|"), ['In this table: /orders "/my orders"'], "a text is found within");
  assert.deepEqual(offered("status:40|")[0], "In this table: 404", "a number is not");
  assert.match(offered("method:mk|")[0], /MKCOL/);
  assert.match(offered("state:|").join(), /failed/);
  assert.doesNotMatch(offered("state:|").join(), /Examples/, "all there are stand there already");
});

Deno.test("suggestionsFor offers nothing where it would only stand in the way", () => {
  for (
    const text of ['"stat|', "/stat|", "nothing-like-this|", "status:500 |", "status:404|", "path:/orders|"]
  ) {
    assert.deepEqual(offered(text).filter((one) => !/my orders/.test(one)), [], text);
  }
  assert.match(offered("status:500 |", { isAsked: true }).join(), /method:/, "unless it is asked for");
  assert.match(offered("|", { earlier: ["a b"] })[0], /^Earlier filters: a b$/);
});

Deno.test("a suggestion takes the place of what was typed of its term", () => {
  assert.equal(taken("a -st| b", "status:"), "a -status: b");
  assert.equal(taken("path:ord|", '"/my orders"'), 'path:"/my orders"');
  assert.equal(taken("(status:| or a)", "404"), "(status:404 or a)");
  assert.equal(taken("-status:|", "status:>=500"), "-status:>=500");
});

Deno.test("knownValues are those of the rows, the most frequent first", () => {
  const rows = [
    exchange(3, { url: "http://shop.example.org:8080/a?b", status: 404 }),
    exchange(2, { url: "/a?c", target: "db:5432" }),
    exchange(1, { url: "/", status: null, method: null }),
  ];
  const list = { exchanges: rows, total: 3, offset: 0, next: null };
  assert.deepEqual(knownValues(answered(unknownRows(0, 3), list, false)), {
    status: ["200", "404"],
    method: ["GET"],
    host: ["db", "localhost", "shop.example.org"],
    target: ["localhost:80", "db:5432"],
    client: ["127.0.0.1"],
    path: ["/a"],
  });
});

Deno.test("filterTokens colours fields, operators and quoted texts, and loses nothing", () => {
  const cases: [text: string, coloured: string][] = [
    ["status:>=500 path:/orders", "field(status:) field(path:)"],
    [
      "-status:404 or (not a)",
      "operator(-) field(status:) operator(or) operator(() operator(not) operator())",
    ],
    ['body:"a or b" response.body:x', 'field(body:) quoted("a or b") field(response.body:)'],
    ["/a+b/i localhost:8080 /orders/17", "quoted(/a+b/i)"],
    ["a-b for ordinary", ""],
    ['"open', 'quoted("open)'],
    ["request.status:1 time:>1s", "field(request.status:) field(time:)"],
  ];
  for (const [text, coloured] of cases) {
    const tokens = filterTokens(text);
    assert.equal(tokens.map(({ text }) => text).join(""), text);
    const said = tokens.filter(({ kind }) => kind !== "").map(({ text, kind }) => `${kind}(${text})`);
    assert.equal(said.join(" "), coloured, text);
  }
});

Deno.test("searchWords say how far a search has got", () => {
  const progress = { searched: 4_120, total: 10_000, bytes: 312_400_000, complete: false, stopped: null };
  assert.equal(searchWords(progress, 14), "14 hits, 4,120 of 10,000 searched");
  assert.equal(
    searchSentence(progress, 1),
    "Searched 4,120 of 10,000 exchanges, 312.4 MB read, 1 hit so far",
  );
});
