import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { conditionOf } from "../../../src/catalog/search/condition.ts";
import { matchesQuery, meantAsField, readQuery } from "../../../src/decode/query/mod.ts";
import type { Exchange } from "../../../src/model.ts";
import type { FilteredTable } from "../../../src/decode/query/mod.ts";

/** Rows of the table that filters are tried on, by name. */
const ROWS = {
  quote: {
    protocol: "http",
    client: "127.0.0.1:50001",
    target: "localhost:8080",
    method: "POST",
    url: "/quotes?symbol=ACME",
    status: 200,
    summary: "soap: GetQuoteResponse",
    fault: null,
    state: "done",
    elapsed_ms: 41,
    response_bytes: 812,
  },
  missing: {
    protocol: "http",
    client: "127.0.0.1:50002",
    target: "localhost:8080",
    method: "GET",
    url: "/orders/17",
    status: 404,
    summary: "order not found",
    fault: null,
    state: "done",
    elapsed_ms: 3,
    response_bytes: 120,
  },
  broken: {
    protocol: "tls",
    client: "[::1]:50003",
    target: "db.example.org:5432",
    method: "GET",
    url: "http://db/100%_\\",
    status: 502,
    summary: "",
    fault: "Content-Length says 640",
    state: "failed",
    elapsed_ms: 5020,
    response_bytes: 2_500_000,
  },
  turn: {
    protocol: "tcp",
    client: "127.0.0.1:50004",
    target: "mail:25",
    method: null,
    url: "HELO example",
    status: null,
    summary: "250 ok",
    fault: null,
    state: "open",
    elapsed_ms: 61_000,
    response_bytes: 0,
  },
};
type Name = keyof typeof ROWS;

function parseFilter(filter: string, table: FilteredTable = "exchange") {
  return conditionOf(readQuery(filter, table), { table, now: Date.now(), contents: "0" });
}

/** The rows that match by what the table shows. */
function matching(filter: string): string[] {
  const database = new DatabaseSync(":memory:");
  try {
    database.exec(
      "CREATE TABLE exchange (name, protocol, client, target, method, url, status, summary, fault, state, elapsed_ms, response_bytes)",
    );
    const insert = database.prepare("INSERT INTO exchange VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const [name, row] of Object.entries(ROWS)) insert.run(name, ...Object.values(row));
    const { sql, parameters } = parseFilter(filter);
    const rows = database.prepare(`SELECT name FROM exchange WHERE ${sql}`).all(...parameters);
    return rows.map(({ name }) => String(name));
  } finally {
    database.close();
  }
}

/** The same, without an index. */
function matchingShown(filter: string): string[] {
  const query = readQuery(filter);
  return Object.entries(ROWS).filter(([, row]) => {
    const { elapsed_ms, response_bytes, state, ...more } = row;
    const exchange = {
      ...more,
      state: state as Exchange["state"],
      id: "e1",
      listener: "l1",
      connection: "c1",
      started: new Date(0).toISOString(),
      firstByteMs: null,
      elapsedMs: elapsed_ms,
      requestBytes: 0,
      responseBytes: response_bytes,
      tls: null,
      resendOf: null,
      leadsAway: null,
    } as Exchange;
    return matchesQuery(query, { exchange, request: null, response: null }, Date.now());
  }).map(([name]) => name);
}

const MATCHING: readonly (readonly [string, readonly Name[]])[] = [
  ["", ["quote", "missing", "broken", "turn"]],
  ["  \t ", ["quote", "missing", "broken", "turn"]],
  ["quote", ["quote"]],
  ["ACME", ["quote"]],
  ["acme", ["quote"]],
  ["orders found", ["missing"]],
  ["orders quote", []],
  ['"order not found"', ["missing"]],
  ['"not order"', []],
  ["localhost:8080", ["quote", "missing"]],
  ["http://db", ["broken"]],
  ["[::1]", ["broken"]],
  ["100%_\\", ["broken"]],
  ["%", ["broken"]],
  ["_", ["broken"]],
  ["404", ["missing"]],
  ["failed", ["broken"]],
  ["Content-Length", ["broken"]],
  ["-get", ["turn"]],
  ['-"order not found" get', ["quote", "broken"]],
  ["status:404", ["missing"]],
  ["status:=404", ["missing"]],
  ["status:>=404", ["missing", "broken"]],
  ["status:>404", ["broken"]],
  ["status:<=404", ["quote", "missing"]],
  ["status:<404", ["quote"]],
  ["status:4xx", ["missing"]],
  ["STATUS:5XX", ["broken"]],
  ["-status:200", ["missing", "broken", "turn"]],
  ["-status:4xx", ["quote", "broken", "turn"]],
  ["method:post", ["quote"]],
  ["method:PO", []],
  ["-method:GET", ["quote", "turn"]],
  ["path:/orders", ["missing"]],
  ['path:"HELO ex"', ["turn"]],
  ["state:open", ["turn"]],
  ["state:Failed", ["broken"]],
  ["-state:done", ["broken", "turn"]],
  ["protocol:tls", ["broken"]],
  ["protocol:TCP", ["turn"]],
  ["-protocol:http", ["broken", "turn"]],
  ["client:50004", ["turn"]],
  ["target:8080 -status:2xx", ["missing"]],
  ["time:>1s", ["broken", "turn"]],
  ["time:>1min", ["turn"]],
  ["time:<=41ms", ["quote", "missing"]],
  ["time:<41", ["missing"]],
  ["size:>1MB", ["broken"]],
  ["size:>=2.5mb", ["broken"]],
  ["size:<1kB", ["quote", "missing", "turn"]],
  ["size:812", ["quote"]],
  ["size:0", ["turn"]],
  ["-status:404 ".repeat(50), ["quote", "broken", "turn"]],
];

for (const [filter, names] of MATCHING) {
  Deno.test(`parseFilter: ${JSON.stringify(filter).slice(0, 60)} matches ${names.join(", ") || "nothing"}`, () => {
    assert.deepEqual(matching(filter), names);
    assert.deepEqual(matchingShown(filter), names);
  });
}

const WRONG: readonly (readonly [string, string])[] = [
  ["status:", "A number is missing after status:."],
  ["status:>=", "A number is missing after status:>=."],
  ["get -status:>=", "A number is missing after -status:>=."],
  ["status:abc", "status:abc has no number such as 404 or 4xx after its colon."],
  ["status:0xx", "status:0xx has no number such as 404 or 4xx after its colon."],
  ["method:", "A method is missing after method:."],
  ["path:", "A path is missing after path:."],
  ["client:", "An address is missing after client:."],
  ["state:", "A state is missing after state:."],
  ["state:opn", "state:opn is none of state:open, state:done, state:failed."],
  ["protocol:", "A protocol is missing after protocol:."],
  ["protocol:quic", "protocol:quic is none of protocol:http, protocol:tcp, protocol:tls."],
  ["time:", "A time is missing after time:."],
  ["time:>", "A number is missing after time:>."],
  ["time:>soon", "time:>soon has no number with a unit (ms, s, min) after its colon."],
  ["time:>1h", "The unit in time:>1h is none of ms, s, min."],
  ["size:>1TB", "The unit in size:>1TB is none of B, kB, MB, GB."],
  ["-", "A word is missing after -."],
  ['""', 'A word is missing after "".'],
  ['get "not found', 'A quotation mark is missing after "not found.'],
  ["get ".repeat(51), "The filter has 51 terms: at most 50 can be used. Shorten it."],
  ["a ".repeat(5_000), "The filter has 5000 terms: at most 50 can be used. Shorten it."],
];

for (const [filter, message] of WRONG) {
  Deno.test(`parseFilter: ${JSON.stringify(filter).slice(0, 60)} is refused: ${message}`, () => {
    assert.throws(() => parseFilter(filter), new RangeError(message));
  });
}

Deno.test("parseFilter: of connections, looks in what they have", () => {
  assert.deepEqual(parseFilter("state:closed", "connection").parameters, ["closed"]);
  assert.throws(() => parseFilter("state:done", "connection"), RangeError);
  // A status is none of a connection's fields, so this is a word.
  assert.equal(parseFilter("status:404", "connection").parameters[0], "%status:404%");
});

Deno.test("meantAsField names a prefix that is no field, and lets addresses and URLs be", () => {
  for (
    const [text, meant] of [
      ["stat:404", /^“stat:” is no field, so the text “stat:404” is looked for\. Write (state|status): for/],
      ["ok -methd:GET", /“methd:GET” is looked for\. Write method: for that field\.$/],
      ["foo:bar", /Fields are client, target, status, /],
    ] as const
  ) assert.match(meantAsField(text) ?? "", meant);
  for (
    const text of [
      "",
      "word",
      "status:404 STATE:open",
      "localhost:8080",
      "localhost:8080/x",
      "http://localhost/",
      '"foo:bar"',
      "::1",
      "12:30",
      '"never closed',
    ]
  ) assert.equal(meantAsField(text), null, text);
});
