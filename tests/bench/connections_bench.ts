// Many connections at once: how soon they are open, that each is served, what each costs in memory, and what an
// exchange takes among idle ones: `deno task bench:connections`.
//
//   --connections N   how many (10,000 unless given, or as many as the limit of open files lets a relay have)
//   --listeners N     over so many listeners of tcpmon (1 unless given); its peers have one
//   --kind raw|http   a byte and the same byte back, or a request and its answer (http unless given)
//   --only NAME       only these relays: tcpmon, haproxy, nginx, socat; may be given more than once
//   --markdown        the table as docs/performance.md has it
//
// The clients are this process, the server is another. Every contestant is started for itself; all is on loopback.

import { wholeNumber } from "./begin.ts";
import { parseArgs } from "node:util";
import { taskCommand } from "../../.ci/tasks.ts";
import { type Contestant, haproxy, lackOf, nginxStream, socat, tcpmon } from "./contestants.ts";
import { Crowd, type Kind } from "./crowd.ts";
import { missing, type Running } from "./programs.ts";
import { residentMemory } from "./usage.ts";
import { table } from "./table.ts";

/** A relay needs so many file descriptors besides two for each connection. */
const OTHER_FILES = 100;
/** How long whoever has come or gone is left alone before memory is looked at, ms; and until V8 has given back garbage. */
const SETTLED_MS = 2_000;
const RESTED_MS = 15_000;
/** Clients that come before it is measured. */
const WARM = 200;
/** How many exchanges the latency is of, and how many exchange at a time in a wave. */
const EXCHANGES = 1_000;
const WAVE = 100;
/** socat has a process for each: more than so many say nothing more. */
const MOST_PROCESSES = 1_000;

const { values } = parseArgs({
  args: Deno.args,
  options: {
    connections: { type: "string", default: "10000" },
    listeners: { type: "string", default: "1" },
    kind: { type: "string", default: "http" },
    only: { type: "string", multiple: true },
    markdown: { type: "boolean", default: false },
  },
});
if (values.kind !== "raw" && values.kind !== "http") {
  console.error(`Cannot measure ${values.kind}: --kind takes raw or http.`);
  Deno.exit(1);
}
const kind: Kind = values.kind;
const listeners = Number(values.listeners);
const limit = await openFiles();
const most = Math.floor((limit - OTHER_FILES) / 2);
const connections = wholeNumber("connections", values.connections);
const wanted = Math.min(connections, most);
if (wanted < connections) {
  console.error(
    `Only ${wanted} connections: ${limit} files may be open, and a relay needs two for each. ` +
      `For ${connections}, allow ${2 * connections + OTHER_FILES} (ulimit -n).`,
  );
}

const absent = missing(["haproxy", "nginx", "socat"]);
const contestants = [
  tcpmon(taskCommand("start"), null, null, listeners),
  haproxy(null, wanted + WARM),
  nginxStream(2 * (wanted + WARM)),
  socat,
].filter((contestant) => {
  if (values.only !== undefined && !values.only.includes(contestant.name)) return false;
  const lack = lackOf(contestant, absent);
  if (lack !== null) console.error(lack);
  return lack === null;
});

const columns = [
  "connections",
  "opened",
  "lost",
  "KiB each, idle",
  "after exchange",
  "after a rest",
  "left when closed",
  "all exchange at once",
  `in waves of ${WAVE}`,
  "exchange, p50",
  "p99",
];
if (contestants.length === 0) {
  console.error(
    "Cannot measure nothing: --only takes tcpmon, haproxy, nginx or socat, those that are installed.",
  );
  Deno.exit(1);
}
const rows: string[][] = [];
for (const contestant of contestants) {
  console.error(contestant.name);
  rows.push([contestant.name, ...await measure(contestant)]);
}
console.log(
  `Limit of open files: ${limit}. Clients: ${kind === "http" ? "HTTP, keep-alive" : "a byte each way"}.\n`,
);
for (const line of values.markdown ? table([["", ...columns], ...rows], { isMarkdown: true }) : plain()) {
  console.log(line);
}

/** One contestant from its start to its end; the figures in the order of `columns`. */
async function measure(contestant: Contestant): Promise<string[]> {
  const count = contestant === socat ? Math.min(wanted, MOST_PROCESSES) : wanted;
  await using server = await startServer();
  const running = await contestant.start(server.port);
  try {
    const ports = running.ports ?? [running.port];
    const warm = crowds(ports);
    await Promise.all(warm.map((crowd) => crowd.open(Math.ceil(WARM / ports.length))));
    await Promise.all(warm.map((crowd) => crowd.exchange()));
    for (const crowd of warm) crowd.close();
    await rest(SETTLED_MS);
    const empty = await memory(running);
    const each = async () => ((await memory(running) - empty) / count / 1024).toFixed(1);

    const all = crowds(ports);
    const seconds = Math.max(
      ...await Promise.all(all.map((crowd) => crowd.open(Math.floor(count / ports.length)))),
    );
    const served = all.reduce((sum, { size }) => sum + size, 0);
    await rest(SETTLED_MS);
    const idle = await each();
    const together = Math.max(...await Promise.all(all.map((crowd) => crowd.exchange())));
    const waves = Math.max(...await Promise.all(all.map((crowd) => crowd.exchange(WAVE))));
    const exchanged = await each();
    const times = await all[0].latencies(EXCHANGES);
    await rest(RESTED_MS);
    const rested = await each();
    const lost = new Map(all.flatMap((crowd) => [...crowd.lost]));
    for (const [reason, times] of lost) console.error(`${contestant.name} lost ${times}: ${reason}`);
    for (const crowd of all) crowd.close();
    await rest(SETTLED_MS);
    const [p50, p99] = [0.5, 0.99].map((part) =>
      `${Math.round(times[Math.floor(part * times.length)] * 1000)} µs`
    );
    return [
      `${served}`,
      `${Math.round(served / seconds)}/s`,
      `${[...lost.values()].reduce((sum, times) => sum + times, 0)}`,
      ...[idle, exchanged, rested, await each()],
      ...[`${together.toFixed(1)} s`, `${waves.toFixed(1)} s`, p50, p99],
    ];
  } finally {
    await running.stop();
  }
}

function crowds(ports: readonly number[]): readonly Crowd[] {
  return ports.map((port) => new Crowd(port, kind));
}

/** Resident bytes of a program and of the processes that it has started. */
async function memory({ pid }: Running): Promise<number> {
  return pid === null ? 0 : await residentMemory(pid);
}

async function startServer() {
  const program = new URL("./crowd_server.ts", import.meta.url).pathname;
  const args = ["run", "-q", "--no-check", "--allow-net", program];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await reader.read()).value);
  return {
    port,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await reader.cancel();
      await child.status;
    },
  };
}

/** How many files this process, and what it starts, may have open at once: Deno raises its limit to the hard one itself. */
async function openFiles(): Promise<number> {
  const limits = await Deno.readTextFile("/proc/self/limits");
  return Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1]);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function plain(): string[] {
  return rows.flatMap(([name, ...figures]) => [
    name,
    ...figures.map((figure, at) => `  ${columns[at].padEnd(22)}${figure.padStart(12)}`),
  ]);
}
