// The page in Chromium: how soon rows, large bodies and formats are on the screen, and what it keeps in memory:
// `deno task bench:page`. All of it is on loopback; times on the screen are those of Chromium's own tracing.
//
//   --only NAME     rows, body or heap; may be given more than once
//   --seconds N     how long rows come at each rate (20 unless given)
//   --body TEXT     only bodies whose names hold this text
//   --count N       how many exchanges come for the heap (100,000 unless given)
//   --binary FILE   measure a compiled program instead of this tree
//   --markdown      tables as docs/performance.md has them

import { wholeNumber } from "./begin.ts";
import { parseArgs } from "node:util";
import { taskCommand } from "../../.ci/tasks.ts";
import { measureBodies } from "./page_body.ts";
import { measureHeap } from "./page_heap.ts";
import { hasBrowser } from "./page_open.ts";
import { measureRows } from "./page_rows.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string", multiple: true },
    seconds: { type: "string", default: "20" },
    body: { type: "string", default: "" },
    count: { type: "string", default: "100000" },
    binary: { type: "string" },
    markdown: { type: "boolean", default: false },
  },
});

const unknown = values.only?.filter((name) => !["rows", "body", "heap"].includes(name)) ?? [];
if (unknown.length > 0) {
  console.error(`Cannot measure ${unknown.join(" and ")}: --only takes rows, body or heap.`);
  Deno.exit(1);
}
if (!hasBrowser) {
  console.error("Cannot measure the page: Chromium is not installed. apt-get install -y chromium");
  Deno.exit(1);
}
const program = values.binary === undefined ? taskCommand("start") : [values.binary];
const wants = (name: string) => values.only === undefined || values.only.includes(name);
const { markdown } = values;

if (wants("rows")) await measureRows(program, wholeNumber("seconds", values.seconds), markdown);
if (wants("body")) await measureBodies(program, values.body, markdown);
if (wants("heap")) await measureHeap(program, Number(values.count), markdown);
