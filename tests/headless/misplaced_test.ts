// Words in the wrong place on the command lines of search, tail and export: what was meant, in words.

import assert from "node:assert/strict";
import { refuseMisplaced } from "../../src/headless/misplaced.ts";
import { parseFileCommand } from "../../src/headless/options.ts";

type Verb = "search" | "tail" | "export";

/** What `args` are refused with where no files are there but a.pcapng and "b c.har"; null where they are not. */
function refusal(verb: Verb, args: readonly string[]): string | null {
  const command = parseFileCommand(verb, args);
  assert.ok(command.verb !== "help");
  try {
    refuseMisplaced(command, (file) => ["a.pcapng", "b c.har", "-"].includes(file));
  } catch (error) {
    assert.equal((error as Error).name, "UsageError");
    return (error as Error).message;
  }
  return null;
}

const REFUSED: readonly (readonly [Verb, readonly string[], string])[] = [
  [
    "search",
    ["a.pcapng", "status:>=500", "--count"],
    "Cannot search status:>=500: there is no such file. The query comes first, and captures behind it: " +
    "write 'status:>=500' before a.pcapng.",
  ],
  [
    "tail",
    ["a.pcapng", "path:/x"],
    "Cannot tail path:/x: there is no such file. If it is a query, write --filter path:/x.",
  ],
  [
    "tail",
    ["status:5xx", "a.pcapng", "--bodies"],
    "Cannot tail status:5xx: there is no such file. If it is a query, write --filter status:5xx.",
  ],
  [
    "tail",
    ["a.pcapng", "25"],
    "Cannot tail 25: there is no such file. If it is how many to begin with, write --last 25.",
  ],
  ...([
    [["8081", "--filter", "x"], "8081", "HOST:PORT"],
    [["8081", "localhost:80"], "8081 localhost:80", "localhost:80"],
    [["8081", "localhost", "80"], "8081 localhost 80", "localhost:80"],
  ] as const).map(([args, words, target]) =>
    [
      "tail",
      args,
      `Cannot tail ${words}: there is no such file. To listen, write -l 8081 -t ${target} behind tail.`,
    ] as const
  ),
  [
    "export",
    ["a.pcapng", "b c.har", "GET", "and", "time:>1s", "-o", "x.har", "--redact", "secrets"],
    "Cannot export GET and time:>1s: there is no such file. If it is a query, write --filter 'GET and time:>1s'.",
  ],
  [
    "export",
    ["a.pcapng", "har", "--redact", "secrets"],
    "Cannot export har: there is no such file. A format stands behind --format: --format har, " +
    "or --output NAME.har for a file.",
  ],
  [
    "export",
    ["-", "RAW"],
    "Cannot export RAW: there is no such file. A format stands behind --format: --format raw, " +
    "or --output NAME.zip for a file.",
  ],
  [
    "export",
    ["a.pcapng", "ndjson", "status:200"],
    "Cannot export ndjson status:200: there is no such file. A format stands behind --format: --format ndjson, " +
    "or --output NAME.ndjson for a file. If it is a query, write --filter status:200.",
  ],
  [
    "export",
    ["a.pcapng", "tue.har"],
    "Cannot export tue.har: there is no such file. If it is what to write to, write --output tue.har.",
  ],
];

for (const [verb, args, message] of REFUSED) {
  Deno.test(`refuseMisplaced refuses: ${verb} ${args.join(" ")}`, () => {
    assert.equal(refusal(verb, args), message);
  });
}

Deno.test("refuseMisplaced lets captures that are not there be told as such", () => {
  const table: readonly (readonly [Verb, readonly string[]])[] = [
    ["tail", ["a.pcapng"]],
    ["tail", ["a.pcapng", "-"]],
    ["tail", ["none.pcapng"]],
    ["tail", ["path:/x"]],
    ["tail", ["a.pcapng", "none.pcapng"]],
    ["tail", ["a.pcapng", "C:\\captures\\x.pcapng"]],
    ["tail", ["a.pcapng", "path:/x", "--filter", "status:500"]],
    ["export", ["a.pcapng", "none.har", "-o", "x.har"]],
    ["search", ["x", "none.pcapng"]],
    ["search", ["a.pcapng", "none.har"]],
    ["tail", ["a.pcapng", "later"]],
    ["tail", ["a.pcapng", "8081", "localhost", "80"]],
    ["export", ["a.pcapng", "out"]],
  ];
  for (const [verb, args] of table) assert.equal(refusal(verb, args), null, args.join(" "));
});
