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

const WITH_FILTER = "there is no such file. A query stands behind --filter: write tcpmon";
const REFUSED: readonly (readonly [Verb, readonly string[], string])[] = [
  [
    "search",
    ["a.pcapng", "status:>=500"],
    "Cannot search status:>=500: there is no such file. The query comes first, and captures behind it: " +
    "write tcpmon search 'status:>=500' a.pcapng.",
  ],
  ["tail", ["a.pcapng", "path:/x"], `Cannot tail path:/x: ${WITH_FILTER} tail a.pcapng --filter path:/x.`],
  [
    "tail",
    ["status:5xx", "a.pcapng"],
    `Cannot tail status:5xx: ${WITH_FILTER} tail a.pcapng --filter status:5xx.`,
  ],
  [
    "export",
    ["a.pcapng", "b c.har", "GET", "and", "time:>1s", "-o", "x.har"],
    `Cannot export GET and time:>1s: ${WITH_FILTER} export a.pcapng 'b c.har' --filter 'GET and time:>1s'.`,
  ],
  [
    "export",
    ["a.pcapng", "har"],
    "Cannot export har: there is no such file. A format is an option: write tcpmon export a.pcapng " +
    "--output NAME.har, or --format har for the standard output.",
  ],
  [
    "export",
    ["-", "RAW"],
    "Cannot export RAW: there is no such file. A format is an option: write tcpmon export - " +
    "--output NAME.zip, or --format raw for the standard output.",
  ],
  [
    "export",
    ["a.pcapng", "out.har"],
    "Cannot export out.har: there is no such file. What to write to stands behind --output: " +
    "write tcpmon export a.pcapng --output out.har.",
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
  ];
  for (const [verb, args] of table) assert.equal(refusal(verb, args), null, args.join(" "));
});
