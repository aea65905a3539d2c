// What a capture of very many exchanges costs: `deno task bench:million [--exchanges N] [--page] [--markdown]`. Prints;
// asserts nothing.
//
// A capture is made (million_capture.ts) and indexed. Then each question is asked once when nothing is known of it, as
// the page does: again and again until it is answered in full ("first" is the first answer, "whole" the last), and once
// more ("again"). With --page the program goes on with that capture, and a browser opens the tab, scrolls and filters,
// with and without new exchanges.

import { wholeNumber } from "./begin.ts";
import { parseArgs } from "node:util";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import type { ExchangeQuery } from "../../src/catalog/types.ts";
import { LISTENER, makeMillion } from "./million_capture.ts";
import { lookAtMillion } from "./million_page.ts";
import { freePort } from "./programs.ts";
import { table } from "./table.ts";

const { values } = parseArgs({
  options: {
    exchanges: { type: "string", default: "1000000" },
    page: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
  },
});
const exchanges = wholeNumber("exchanges", values.exchanges);

type Row = readonly string[];
const ms = (figure: number) => `${figure.toFixed(figure < 10 ? 1 : 0)} ms`;

function print(head: Row, rows: readonly Row[]): void {
  console.log(`${table([head, ...rows], { isMarkdown: values.markdown }).join("\n")}\n`);
}

/** The questions: what they are called, and how they ask. */
function questions(): readonly (readonly [name: string, query: ExchangeQuery])[] {
  const at = (part: number) => Math.floor(exchanges * part);
  const filters = [
    "status:>=500",
    "method:POST",
    "-method:GET",
    "path:/orders/77",
    "path:nowhere",
    "status:2xx",
    "time:>1s",
    "-status:999",
    "status:404 or method:DELETE",
    "-path:/orders -method:GET",
    "size:>300",
    "client:127.0.0.3",
    "has:fault",
    "has:body",
    "is:cut",
    "orders",
    "host:stock.internal",
    "body:m17",
    "header:user-agent=curl",
  ];
  return [
    ["the newest", {}],
    ["at the middle", { offset: at(0.5) }],
    ["at the end", { offset: at(0.999) }],
    ["the oldest first, at 90 %", { sort: "time", order: "asc", offset: at(0.9) }],
    ["before an id", { before: `e${at(0.5)}` }],
    ...filters.map((q) => [q, { q }] as const),
    ["method:POST, at its middle", { q: "method:POST", offset: at(0.12) }],
    ["by status", { sort: "status" }],
    ["by path", { sort: "url" }],
    ["by time taken", { sort: "elapsed" }],
    ["by path, at the middle", { sort: "url", offset: at(0.5) }],
  ];
}

/** A question that goes on for longer than this is left where it is. */
const LONGEST_MS = 2_000;

async function asked(catalog: WorkerCatalog, query: ExchangeQuery): Promise<Row> {
  const began = performance.now();
  let first: number | null = null;
  for (;;) {
    const { total, search } = await catalog.exchanges({ listener: LISTENER, limit: 100, ...query });
    const took = performance.now() - began;
    if (total > 0 || !search) first ??= took;
    if (search && !search.complete && took < LONGEST_MS) continue;
    const again = performance.now();
    await catalog.exchanges({ listener: LISTENER, limit: 100, ...query });
    const far = search && !search.complete
      ? `${Math.round(100 * search.searched / search.total)} % done`
      : ms(took);
    return [first === null ? "–" : ms(first), far, ms(performance.now() - again), total.toLocaleString("en")];
  }
}

const folder = Deno.makeTempDirSync({ prefix: "tcpmon-bench-million-" });
try {
  const file = `${folder}/capture.pcapng`;
  const kept = `${file}.index`;
  const ports = { listen: freePort(), target: freePort() };
  const made = makeMillion(file, { exchanges, ...ports });
  const catalog = await WorkerCatalog.open({ file, folder, kept: values.page ? null : kept });
  try {
    const began = performance.now();
    catalog.written(made.size);
    await catalog.level();
    const seconds = (performance.now() - began) / 1000;
    const rss = Deno.memoryUsage().rss;
    const index = Deno.statSync(`${values.page ? folder : kept}/catalog.sqlite`).size;
    print(["a capture of", "exchanges", "connections", "capture", "index"], [[
      "",
      made.exchanges.toLocaleString("en"),
      made.connections.toLocaleString("en"),
      `${(made.size / 1e6).toFixed(0)} MB`,
      `${(index / 1e6).toFixed(0)} MB, ${(index / made.exchanges).toFixed(0)} bytes a row`,
    ]]);
    print(["indexed in", "exchanges a second", "MB/s"], [[
      `${seconds.toFixed(1)} s`,
      Math.round(made.exchanges / seconds).toLocaleString("en"),
      (made.size / 1e6 / seconds).toFixed(0),
    ]]);
    const rows: Row[] = [];
    for (const [name, query] of questions()) rows.push([name, ...await asked(catalog, query)]);
    print(["question", "first", "whole", "again", "rows"], rows);
    const after = Deno.memoryUsage().rss;
    print(["memory of all threads", "indexed", "after the questions"], [[
      "",
      `${(rss / 1e6).toFixed(0)} MB`,
      `${(after / 1e6).toFixed(0)} MB`,
    ]]);
  } finally {
    await catalog.close();
  }
  if (values.page) {
    const rows = await lookAtMillion(file, made.exchanges, ports);
    print(["page", "figure"], rows);
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
