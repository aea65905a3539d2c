// `tcpmon help …`: which help is meant, and the words for what there is none on.

import assert from "node:assert/strict";
import { helpArguments } from "../src/help_options.ts";

Deno.test("helpArguments gives what tcpmon help stands for", () => {
  const table: readonly (readonly [line: string, args: string])[] = [
    ["", "--help"],
    ["help", "--help"],
    ["--listen", "--help"],
    ["search", "search --help"],
    ["tail -l", "tail --help"],
    ["ca", "ca --help"],
    ["run", "--help"],
    ["version", "--help"],
  ];
  for (const [line, args] of table) {
    assert.equal(helpArguments(line.split(" ").filter((word) => word !== "")).join(" "), args, line);
  }
});

Deno.test("helpArguments refuses what there is no help on, and names what was meant", () => {
  const table: readonly (readonly [topic: string, message: string])[] = [
    ["serach", 'Cannot give help on "serach": there is no such command. Write tcpmon help search.'],
    ["find", 'Cannot give help on "find": there is no such command. Write tcpmon help search.'],
    ["Open", 'Cannot give help on "Open": there is no such command. Write tcpmon help open.'],
    [
      "tls",
      'Cannot give help on "tls": there is no such command. Write tcpmon help for all options, or behind it one of ' +
      "open, ca, search, tail, export.",
    ],
  ];
  for (const [topic, message] of table) {
    assert.throws(() => helpArguments([topic]), { name: "UsageError", message });
  }
});
