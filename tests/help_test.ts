// The help: it names every option, and its examples are command lines that work.

import assert from "node:assert/strict";
import { parseFileCommand } from "../src/headless/options.ts";
import { FILES_HELP, HELP } from "../src/help.ts";
import { parseOptions } from "../src/options.ts";

Deno.test("HELP names every option of the contract", () => {
  for (
    const option of [
      "-l, --listen [HOST:]PORT",
      "-t, --target HOST:PORT",
      "--ui [HOST:]PORT",
      "--name TEXT",
      "--host-header HOW",
      "--via PROXY",
      "--slow LIMITS",
      "--slow-up LIMITS",
      "--slow-down LIMITS",
      "--target-ca FILE",
      "--insecure",
      "--target-cert FILE",
      "--target-key FILE",
      "--listen-tls",
      "--cert FILE",
      "--key FILE",
      "--ask-client-cert",
      "--passthrough NAME",
      "--config FILE",
      "--config-schema",
      "--no-open",
      "--json",
      "--capture FILE",
      "--keylog FILE",
      "--version",
      "--help",
    ]
  ) assert(HELP.includes(option), option);
});

Deno.test("HELP is grouped: every option stands below a heading", () => {
  const groups = new Map<string, number>();
  let heading = "";
  for (const line of HELP.split("\n")) {
    if (/^[A-Z][A-Za-z ]+( \(.*\))?$/.test(line)) heading = line.replace(/ \(.*/, "");
    else if (/^ {2}(?:-| {4}--)/.test(line)) groups.set(heading, (groups.get(heading) ?? 0) + 1);
  }
  assert.deepEqual([...groups], [
    ["Listeners", 10],
    ["TLS of a listener", 9],
    ["Page", 2],
    ["Record and output", 6],
    ["About", 2],
  ]);
  assert.match(HELP, /\nUsage\n {2}tcpmon /);
  assert.match(HELP, /\nExamples\n {2}tcpmon /);
});

Deno.test("HELP has examples that parse", () => {
  const examples = HELP.slice(HELP.indexOf("\nExamples\n")).split("\n")
    .map((line) => /^ {2}tcpmon (.*?)(?: {2,}.*)?$/.exec(line)?.[1])
    .filter((line) => line !== undefined);
  assert.equal(examples.length, 9);
  for (const example of examples) assert(parseOptions(example.split(" ")).routes.length > 0, example);
});

Deno.test("HELP fits a terminal", () => {
  for (const line of HELP.split("\n")) assert(line.length <= 110, line);
});

Deno.test("FILES_HELP fits a terminal, and has examples that parse", () => {
  for (const line of FILES_HELP.split("\n")) assert(line.length <= 120, line);
  const examples = [...FILES_HELP.matchAll(/^ {2}tcpmon (search|tail|export) (.*)$/gm)]
    .filter(([, , rest]) => /pcapng/.test(rest) && !/ {2}/.test(rest));
  assert.equal(examples.length, 3);
  for (const [line, verb, rest] of examples) {
    const words = rest.match(/'[^']*'|\S+/g)!.map((word) => word.replaceAll("'", ""));
    assert(parseFileCommand(verb as "search" | "tail" | "export", words).verb === verb, line);
  }
});
