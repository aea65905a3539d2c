// docs/tls.md against the program: its command lines are ones that can be meant, and what it names is there.

import assert from "node:assert/strict";
import { parseCaCommand } from "../src/ca_options.ts";
import { CA_HELP, HELP } from "../src/help.ts";
import { parseOptions } from "../src/options.ts";

const doc = Deno.readTextFileSync(new URL("../docs/tls.md", import.meta.url));

/** The words of a line as a shell without variables takes them apart. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
}

Deno.test("docs/tls.md has command lines that can be meant", () => {
  const blocks = doc.split("\n").filter((line) => line.startsWith("    ")).map((line) => line.trim());
  const inline = [...doc.matchAll(/`(tcpmon [^`]+)`/g)].map(([, line]) => line);
  const lines = [...blocks, ...inline].filter((line) => line.startsWith("tcpmon "));
  assert.ok(lines.length > 25, `only ${lines.length} lines`);
  for (const line of lines) {
    const [, first, ...rest] = words(line);
    if (first === "ca") parseCaCommand(rest);
    else assert.ok(parseOptions([first, ...rest]).routes.length > 0, line);
  }
});

Deno.test("docs/tls.md names options that are there", () => {
  const own = [...doc.matchAll(/`(--[a-z-]+)/g)].map(([, option]) => option);
  assert.ok(own.length > 3);
  for (const option of own) assert.ok(HELP.includes(option) || CA_HELP.includes(option), option);
});
