// What the benchmark says: a table of medians with ratios, and a line on how each contestant came to its figures.

import type { Load, Measure } from "./loads.ts";
import { table } from "./table.ts";
import { type ThreadSeconds, total } from "./usage.ts";

/** What one turn of one contestant gave. */
export interface Turn {
  readonly figures: readonly number[];
  /** GB or thousands of exchanges, as its load says. */
  readonly amount: number;
  readonly seconds: number;
  /** Bytes; null where there is no program. */
  readonly peak: number | null;
  readonly recorded: number;
  readonly relay: ThreadSeconds;
  /** Processor seconds of the server behind, and of everything on the machine. */
  readonly server: number;
  readonly machine: number;
}

/** The turns of one load by the names of the contestants. */
export interface Taken {
  readonly load: Load;
  readonly turns: ReadonlyMap<string, readonly Turn[]>;
}

/** The program's threads by the names that Deno gives them: workers are numbered as they are started. */
const THREADS: Readonly<Record<string, string>> = {
  "deno": "main",
  "tcpmon": "main",
  "worker-1": "journal",
  "worker-2": "index",
  "worker-3": "answers",
  "V8 DefaultWorke": "V8",
};

/** The report for a terminal. */
export function plain(all: readonly Taken[]): readonly string[] {
  return [...table(cells(all), { isMarkdown: false }), "", ...details(all)];
}

/** The report as Markdown. */
export function markdown(all: readonly Taken[]): readonly string[] {
  return [...table(cells(all), { isMarkdown: true }), "", ...details(all).map((detail) => `- ${detail}`)];
}

/** A row for each measure and each cost; "–" where a contestant takes no part. */
function cells(all: readonly Taken[]): readonly (readonly string[])[] {
  const names = [...new Set(all.flatMap(({ turns }) => [...turns.keys()]))];
  const head = ["", ...names, "tcpmon : haproxy", "tcpmon : direct"];
  const rows = all.flatMap(({ load, turns }) => {
    const of = (name: string, figure: (turn: Turn) => number) =>
      turns.has(name) ? median(turns.get(name)!.map(figure)) : null;
    const row = (title: string, figure: (turn: Turn) => number, write: (figure: number) => string) => {
      const [ours, haproxy, direct] = ["tcpmon", "haproxy", "direct"].map((name) => of(name, figure));
      const ratio = (other: number | null) =>
        ours === null || !other || other === Infinity ? "–" : (ours / other).toFixed(2);
      const figures = names.map((name) => {
        const value = of(name, figure);
        return value === null ? "–" : write(value);
      });
      return [title, ...figures, ratio(haproxy), ratio(direct)];
    };
    const measures = load.measures.map((measure, at) =>
      row(measure.name, ({ figures }) => figures[at], (figure) => written(figure, measure))
    );
    const cost = row(
      `  processor per ${load.amount}`,
      ({ relay, amount }) => total(relay) / amount,
      (value) => value === 0 ? "–" : `${(value * 1000).toFixed(0)} ms`,
    );
    return [...measures, cost];
  });
  return [head, ...rows];
}

/** A line for each contestant of each load: spread, memory, and who used the processors. */
function details(all: readonly Taken[]): readonly string[] {
  return all.flatMap(({ load, turns }) => [...turns].map(([name, done]) => describe(load, name, done)));
}

function describe(load: Load, name: string, turns: readonly Turn[]): string {
  const share = (of: (turn: Turn) => number) => percent(median(turns.map((turn) => of(turn) / turn.seconds)));
  const threads = new Set(turns.flatMap(({ relay }) => [...relay.keys()]));
  const byThread = [...threads]
    .map((name) => ({ name, used: median(turns.map((turn) => (turn.relay.get(name) ?? 0) / turn.seconds)) }))
    .filter(({ used }) => used >= 0.005)
    .sort((one, other) => other.used - one.used)
    .map(({ name, used }) => `${THREADS[name] ?? name} ${percent(used)}`);
  const spread = load.measures.map((measure, at) => {
    const figures = turns.map(({ figures }) => figures[at]);
    return `${written(Math.min(...figures), measure)} to ${written(Math.max(...figures), measure)}`;
  });
  const recorded = median(turns.map((turn) => turn.recorded));
  const peak = Math.max(...turns.map((turn) => turn.peak ?? 0));
  return [
    `${load.name}, ${name}: ${spread.join(", ")}`,
    ...(peak > 0 ? [`peak memory ${Math.round(peak / 1e6)} MB`] : []),
    ...(recorded > 0 ? [`recorded ${Math.round(recorded / 1e6)} MB a turn`] : []),
    `processors: relay ${share(({ relay }) => total(relay))}${
      byThread.length > 1 ? ` (${byThread.join(", ")})` : ""
    }`,
    `server ${share(({ server }) => server)}`,
    `load and rest ${share(({ machine, relay, server }) => machine - server - total(relay))}`,
  ].join("; ");
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** 0 the least, 1 the most; NaN of nothing. */
export function quantile(figures: readonly number[], part: number): number {
  const sorted = [...figures].sort((one, other) => one - other);
  return sorted.length === 0 ? NaN : sorted[Math.round(part * (sorted.length - 1))];
}

function written(figure: number, { unit }: Measure): string {
  if (figure === Infinity) return "too slow";
  if (unit === "GB/s") return `${figure.toFixed(2)} GB/s`;
  return `${new Intl.NumberFormat("en").format(Math.round(figure))}${unit === "µs" ? " µs" : "/s"}`;
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
