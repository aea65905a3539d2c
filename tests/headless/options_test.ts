// The command lines of search, tail and export: what they mean, and the words for what they cannot mean.

import assert from "node:assert/strict";
import { parseFileCommand } from "../../src/headless/options.ts";
import { UsageError } from "../../src/usage_error.ts";

Deno.test("parseFileCommand reads search: the query first, then files", () => {
  assert.deepEqual(parseFileCommand("search", ["status:500", "a.pcapng", "b.har", "-c"]), {
    verb: "search",
    query: "status:500",
    files: ["a.pcapng", "b.har"],
    json: false,
    count: true,
    heads: false,
    bodies: false,
  });
});

Deno.test("parseFileCommand reads tail: bodies come with their heads", () => {
  assert.deepEqual(parseFileCommand("tail", ["a.pcapng", "-f", "path:/x", "--last=all", "--bodies"]), {
    verb: "tail",
    files: ["a.pcapng"],
    filter: "path:/x",
    last: null,
    heads: true,
    bodies: true,
  });
});

Deno.test("parseFileCommand reads export, with any number of rules", () => {
  const args = ["a", "--redact", "secrets", "--redact=json:pin", "-o", "x.har", "--no-bodies", "--force"];
  assert.deepEqual(parseFileCommand("export", args), {
    verb: "export",
    files: ["a"],
    format: null,
    output: "x.har",
    force: true,
    filter: "",
    redact: ["secrets", "json:pin"],
    bodies: false,
    wholeConnections: false,
  });
});

Deno.test("parseFileCommand takes a query that begins with - and is no option, or stands behind =", () => {
  for (const [args, filter] of [[["-f", "-status:200"], "-status:200"], [["--filter=-n"], "-n"]] as const) {
    const command = parseFileCommand("tail", ["a.pcapng", ...args]);
    assert.equal(command.verb === "tail" && command.filter, filter);
  }
});

Deno.test("parseFileCommand gives help wherever it is asked for", () => {
  assert.deepEqual(parseFileCommand("export", ["x", "--nonsense", "--help"]), { verb: "help" });
});

const REFUSED: readonly (readonly ["search" | "tail" | "export", readonly string[], RegExp])[] = [
  ["search", [], /^Cannot search: what to look for is missing\. Write tcpmon search /],
  [
    "search",
    ["x y"],
    /^Cannot search for x y: the capture to look in is missing\. Write tcpmon search 'x y' FILE\.$/,
  ],
  [
    "search",
    ["a.pcapng"],
    /^Cannot search a\.pcapng: what to look for is missing\. .* write tcpmon search 'status:>=500' a\.pcapng\.$/,
  ],
  ["search", ["-"], /^Cannot search -: what to look for is missing\. /],
  ["search", ["x", "f", "--json", "--heads"], /use tcpmon export --format ndjson\.$/],
  ["tail", [], /^Cannot tail: the capture is missing\. Write tcpmon tail FILE\.$/],
  [
    "tail",
    ["f", "--last", "some"],
    /^Cannot use --last some: it is no number\. Write --last 100, or --last all\.$/,
  ],
  ["search", ["--hlep"], /^Cannot use --hlep with tcpmon search: .*\. Write --help,/],
  [
    "search",
    ["-status:200", "f"],
    /^Cannot use -s with .* stands behind --: write tcpmon search -- '-status:200' FILE\.$/,
  ],
  ["search", ["--status:200", "f"], /there is no such option\. See tcpmon search --help\.$/],
  ["tail", ["f", "--fliter", "x"], /there is no such option\. Write --filter, or see tcpmon tail --help\.$/],
  [
    "tail",
    ["f", "--filter"],
    /^Cannot use --filter: its value is missing\. Write --filter 'status:>=500'\.$/,
  ],
  ...([
    ["export", ["f", "--redact", "-o", "x.html"], "--redact", "--redact secrets"],
    ["export", ["f", "--redact", "--output=x.html"], "--redact", "--redact secrets"],
    ["export", ["f", "--filter", "-o", "x.html"], "--filter", "--filter 'status:>=500'"],
    ["export", ["f", "-f", "-o", "x.html"], "-f", "--filter 'status:>=500'"],
    ["export", ["f", "-o", "--force"], "-o", "--output today.har"],
    ["tail", ["f", "-f", "-n", "5"], "-f", "--filter 'status:>=500'"],
    ["tail", ["f", "-n", "--heads"], "-n", "--last 100"],
  ] as const).map(([verb, args, option, example]) =>
    [verb, args, new RegExp(`^Cannot use ${option}: its value is missing\\. Write ${example}\\.$`)] as const
  ),
  ["tail", ["f", "-f", "a", "-f", "b"], /^Cannot use --filter twice: there is only one\. /],
  ["tail", ["f", "--heads=yes"], /^Cannot use --heads=yes: it takes no value\. Write --heads\.$/],
  ["export", ["f", "--out", "x"], /there is no such option\. Write --output, or see tcpmon export --help\.$/],
  ...([["-t", "localhost:80"], ["--target=a:1"]] as const).map((args) =>
    [
      "tail",
      args,
      /^Cannot use -\S+ with tcpmon tail: it stands behind a -l, .* Write -l 8081 before it\.$/,
    ] as const
  ),
  ["export", [], /^Cannot export: the capture is missing\. /],
  ["export", ["f", "--constructor"], /there is no such option\. See tcpmon export --help\.$/],
];

for (const [verb, args, words] of REFUSED) {
  Deno.test(`parseFileCommand refuses: ${verb} ${args.join(" ")}`, () => {
    assert.throws(() => parseFileCommand(verb, args), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, words);
      return true;
    });
  });
}
