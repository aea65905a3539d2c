// The relay's speed, recording on, beside a direct connection and HAProxy: `deno task bench`.
//
//   --rounds N      rounds of each load (5 unless given, which is the least that is worth reading)
//   --seconds N     how long a round of requests takes (2 unless given)
//   --binary FILE   measure a compiled program instead of this tree
//   --tls           TLS on both legs: HAProxy and tcpmon each end that of the client and begin their own
//
// In each round every contestant has its turn, alone and freshly started, so that what disturbs the machine disturbs
// all. The figures are medians over the rounds; the ratios are of these medians. All of it is on loopback.

import { parseArgs } from "node:util";
import { taskCommand } from "../../.ci/tasks.ts";
import type { Contestant } from "./contestants.ts";
import { direct, haproxy, makeEncryption, missing, startServer, tcpmon } from "./contestants.ts";
import type { Load } from "./loads.ts";
import { bulk, FILE_BYTES, keepAlive, newConnections } from "./loads.ts";
import type { ThreadSeconds } from "./usage.ts";
import { machineSeconds, peakMemory, threadSeconds, total, usedBetween } from "./usage.ts";

/** What one turn of one contestant gave. */
interface Turn {
  readonly figure: number;
  readonly seconds: number;
  /** Bytes; null where there is no program. */
  readonly peak: number | null;
  readonly recorded: number;
  readonly relay: ThreadSeconds;
  /** Processor seconds of the server behind, and of everything on the machine. */
  readonly server: number;
  readonly machine: number;
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

const PROGRAMS = ["nginx", "haproxy", "wrk", "curl", "openssl"];

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    binary: { type: "string" },
    tls: { type: "boolean", default: false },
  },
});

const absent = missing(PROGRAMS);
if (absent.length > 0) {
  console.error(`Cannot measure: ${absent.join(", ")} not installed. apt-get install -y ${absent.join(" ")}`);
  Deno.exit(1);
}

const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const folder = await Deno.makeTempDir({ prefix: "tcpmon-bench-" });
const tls = values.tls ? await makeEncryption(folder) : null;
const contestants = [
  direct,
  haproxy(tls),
  tcpmon(values.binary === undefined ? taskCommand("start") : [values.binary], tls),
];
try {
  for (const line of await measure([bulk, keepAlive, newConnections])) console.log(line);
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Runs all loads and gives the lines of the report. */
async function measure(loads: readonly Load[]): Promise<readonly string[]> {
  const server = await startServer(FILE_BYTES, tls);
  try {
    const lines = [row("", ["direct", "haproxy", "tcpmon", "of haproxy", "of direct"])];
    const details: string[] = [];
    for (const load of loads) {
      const turns = new Map<Contestant, Turn[]>(contestants.map((contestant) => [contestant, []]));
      for (let round = 1; round <= rounds; round++) {
        for (const [contestant, taken] of turns) {
          console.error(`${load.name}, round ${round} of ${rounds}: ${contestant.name}`);
          taken.push(await takeTurn(contestant, load, server.port, server.pid));
        }
      }
      const [first, second, ours] = [...turns.values()].map((taken) =>
        median(taken.map(({ figure }) => figure))
      );
      const figures = [first, second, ours].map((figure) => `${written(figure, load)}`);
      lines.push(row(`${load.name}`, [...figures, (ours / second).toFixed(2), (ours / first).toFixed(2)]));
      for (const [contestant, taken] of turns) details.push(describe(load, contestant, taken));
    }
    return [...lines, "", ...details];
  } finally {
    await server.stop();
  }
}

/** Starts the contestant, warms it up, runs the load once and stops it. */
async function takeTurn(
  contestant: Contestant,
  load: Load,
  server: number,
  serverPid: number | null,
): Promise<Turn> {
  const running = await contestant.start(server);
  const origin = `${tls === null ? "http" : "https"}://127.0.0.1:${running.port}`;
  try {
    if (load !== bulk) await load.run(origin, 1);
    const before = await usage(running.pid, serverPid);
    const started = performance.now();
    const figure = await load.run(origin, seconds);
    const took = (performance.now() - started) / 1000;
    const after = await usage(running.pid, serverPid);
    return {
      figure,
      seconds: took,
      peak: running.pid === null ? null : await peakMemory(running.pid),
      recorded: await running.recorded(),
      relay: usedBetween(before.relay, after.relay),
      server: after.server - before.server,
      machine: after.machine - before.machine,
    };
  } finally {
    await running.stop();
  }
}

async function usage(relay: number | null, server: number | null) {
  return {
    relay: relay === null ? new Map() : await threadSeconds(relay),
    server: server === null ? 0 : await treeSeconds(server),
    machine: await machineSeconds(),
  };
}

/** Processor seconds of nginx: its master and the workers that it started. */
async function treeSeconds(pid: number): Promise<number> {
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  const pids = [pid, ...children.trim().split(" ").filter((text) => text !== "").map(Number)];
  return (await Promise.all(pids.map(threadSeconds))).reduce((sum, used) => sum + total(used), 0);
}

/** One line on how a contestant came to its figure: spread, memory, and who used the processors. */
function describe(load: Load, contestant: Contestant, turns: readonly Turn[]): string {
  const figures = turns.map(({ figure }) => figure);
  const share = (of: (turn: Turn) => number) => percent(median(turns.map((turn) => of(turn) / turn.seconds)));
  const threads = new Set(turns.flatMap(({ relay }) => [...relay.keys()]));
  const byThread = [...threads]
    .map((name) => ({ name, used: median(turns.map((turn) => (turn.relay.get(name) ?? 0) / turn.seconds)) }))
    .filter(({ used }) => used >= 0.005)
    .sort((one, other) => other.used - one.used)
    .map(({ name, used }) => `${THREADS[name] ?? name} ${percent(used)}`);
  const recorded = median(turns.map((turn) => turn.recorded));
  const peak = Math.max(...turns.map((turn) => turn.peak ?? 0));
  return [
    `${load.name}, ${contestant.name}: ${written(Math.min(...figures), load)} to ${
      written(Math.max(...figures), load)
    }`,
    ...(peak > 0 ? [`peak memory ${Math.round(peak / 1e6)} MB`] : []),
    ...(recorded > 0 ? [`recorded ${Math.round(recorded / 1e6)} MB a turn`] : []),
    `processors: relay ${share(({ relay }) => total(relay))}${
      byThread.length > 1 ? ` (${byThread.join(", ")})` : ""
    }`,
    `server ${share(({ server }) => server)}`,
    `load and rest ${share(({ machine, relay, server }) => machine - server - total(relay))}`,
  ].join("; ");
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function written(figure: number, { unit }: Load): string {
  return unit === "GB/s"
    ? `${figure.toFixed(2)} GB/s`
    : `${new Intl.NumberFormat("en").format(Math.round(figure))}/s`;
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(22) + cells.map((cell) => cell.padStart(13)).join("");
}
