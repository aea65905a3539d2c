// From the last byte of an answer to its row on the screen, and where the time goes on the way: to the file of the
// capture, to the page as news, into the table, onto the screen.

import { type OpenPage, percentOf, type Usage, withPage } from "./page_open.ts";
import { now, paced, startSmall } from "./page_traffic.ts";
import type { Watched } from "./page_watch.ts";
import { usedBetween } from "./usage.ts";
import { table } from "./table.ts";
import { quantile } from "./report.ts";

/** Requests a second, and for how long, s. */
const RATES = [10, 100, 1000];
/** Rows that are still to be painted when the last answer has come have so long, ms. */
const AFTER_MS = 1_000;
/** What is sent before, so that everything is compiled: requests, at so many a second. */
const WARM = { count: 600, rate: 300, first: 1_000_000, connections: 4 };

interface Stage {
  readonly name: string;
  readonly times: readonly number[];
}

/** Measures and prints. */
export async function measureRows(
  program: readonly string[],
  seconds: number,
  isMarkdown: boolean,
): Promise<void> {
  const server = startSmall();
  const rows: string[][] = [[
    "requests a second",
    "p50",
    "p95",
    "most",
    "to the file",
    "to the page",
    "in the table",
    "painted",
    "main",
    "index",
    "Chromium",
  ]];
  const notes: string[] = [];
  try {
    for (const rate of RATES) {
      await withPage(program, server.port, async (open) => {
        console.error(`rows: ${rate} a second`);
        const { row, note } = await atRate(open, rate, seconds);
        rows.push(row);
        console.error(row.join("  "));
        notes.push(note);
      });
    }
  } finally {
    await server.stop();
  }
  console.log(table(rows, { isMarkdown }).join("\n"));
  console.log(notes.map((note) => isMarkdown ? `\n- ${note}` : note).join("\n"));
}

async function atRate(open: OpenPage, rate: number, seconds: number) {
  await paced(open.port, WARM);
  const written: number[] = [];
  const watcher = Deno.watchFs(open.capture);
  const watching = (async () => {
    for await (const { kind } of watcher) if (kind === "modify") written.push(now());
  })();
  let times = new Map<number, number>();
  let used: readonly [Usage, Usage, number] | null = null;
  const trace = await open.traced(async () => {
    const before = await open.usage();
    const begun = now();
    times = await paced(open.port, { rate, count: rate * seconds, connections: Math.min(rate, 16) });
    const took = now() - begun;
    used = [before, await open.usage(), took];
    await new Promise((resolve) => setTimeout(resolve, AFTER_MS));
  });
  watcher.close();
  await watching;
  const { add, error } = await open.alignment();
  const watched = await open.page.evaluate("({ told: watch.told(), shown: watch.shown() })") as Watched;
  const told = new Map(watched.told);
  const shown = new Map(watched.shown);
  const stages: Stage[] = ["file", "page", "table", "screen", "all"].map((name) => ({ name, times: [] }));
  const put = (stage: number, ms: number) => (stages[stage].times as number[]).push(ms);
  let next = 0;
  for (const [row, last] of [...times].sort(([, one], [, other]) => one - other)) {
    while (next < written.length - 1 && written[next] < last) next++;
    const [news, there] = [told.get(row), shown.get(row)];
    const painted = there === undefined ? null : trace.paintedAfter(there);
    if (news === undefined || there === undefined || painted === null) continue;
    put(0, written[next] - last);
    put(1, news + add - Math.max(last, written[next]));
    put(2, there - news);
    put(3, painted - there);
    put(4, painted + add - last);
  }
  const all = stages[4].times;
  const ms = (stage: number, part: number) => `${Math.round(quantile(stages[stage].times, part))} ms`;
  const [before, after, took] = used!;
  const threads = usedBetween(before.program, after.program);
  const main = threads.get("deno") ?? threads.get("tcpmon") ?? 0;
  const browser = [...usedBetween(before.browser, after.browser).values()].reduce((sum, one) => sum + one, 0);
  return {
    row: [
      `${rate}`,
      ms(4, 0.5),
      ms(4, 0.95),
      ms(4, 1),
      ms(0, 0.5),
      ms(1, 0.5),
      ms(2, 0.5),
      ms(3, 0.5),
      percentOf(main, took),
      percentOf(threads.get("worker-2") ?? 0, took),
      percentOf(browser, took),
    ],
    note:
      `${rate} a second: ${all.length} of ${times.size} rows were on the screen, and only these are counted; the` +
      ` clocks agree within ${error.toFixed(1)} ms`,
  };
}
