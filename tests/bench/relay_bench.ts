// The relay's speed, recording on, beside a direct connection and other relays, all in one run: `deno task bench`.
//
//   --rounds N      rounds of each load (5 unless given, which is the least that is worth reading)
//   --seconds N     how long a turn takes (2 unless given), four times as long for the latency
//   --load TEXT     only loads whose names hold this text; may be given more than once
//   --only NAME     only these besides tcpmon and the direct connection; may be given more than once
//   --page          tcpmon also with its page open in Chromium, and with 100 MB of XML being laid out
//   --binary FILE   measure a compiled program instead of this tree
//   --tls           TLS on both legs: HAProxy and tcpmon each end that of the client and begin their own
//   --markdown      the table as docs/performance.md has it
//
// In each round every contestant has its turn, alone and freshly started, so that what disturbs the machine disturbs
// all. The figures are medians over the rounds; the ratios are of these medians. All of it is on loopback.

import { misused, wholeNumber } from "./begin.ts";
import { parseArgs } from "node:util";
import { taskCommand } from "../../.ci/tasks.ts";
import {
  type Contestant,
  direct,
  haproxy,
  lackOf,
  mitmdump,
  nginxStream,
  socat,
  tcpmon,
} from "./contestants.ts";
import { makeEncryption } from "./encryption.ts";
import { bulkDown, bulkUp, file, keepAlive, latency, type Load, newConnections } from "./loads.ts";
import { canLook, formatting, pageOpen } from "./looking.ts";
import { missing, ownFolder, type Running } from "./programs.ts";
import { markdown, plain, type Taken, type Turn } from "./report.ts";
import { startIperf, startNginx } from "./servers.ts";
import { childSeconds, machineSeconds, peakMemory, threadSeconds, total, usedBetween } from "./usage.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    load: { type: "string", multiple: true },
    only: { type: "string", multiple: true },
    page: { type: "boolean", default: false },
    binary: { type: "string" },
    tls: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
  },
});

const rounds = wholeNumber("rounds", values.rounds);
const seconds = wholeNumber("seconds", values.seconds);
const wanted = values.load ?? [""];
const all = [bulkUp, bulkDown, file, keepAlive, newConnections, latency];
const strange = wanted.find((text) => !all.some(({ name }) => name.includes(text)));
if (strange !== undefined) {
  misused(`No load has ${strange} in its name: ${all.map(({ name }) => name).join("; ")}`);
}

const absent = missing([
  "nginx",
  "openssl",
  "haproxy",
  "socat",
  "mitmdump",
  "curl",
  "wrk",
  "iperf3",
  "h2load",
]);
if (absent.includes("nginx")) {
  console.error("Cannot measure: nginx is not installed. apt-get install -y nginx");
  Deno.exit(1);
}
const folder = await ownFolder();
const tls = values.tls ? await makeEncryption(folder) : null;
const scheme = tls === null ? "http" : "https";

const program = values.binary === undefined ? taskCommand("start") : [values.binary];
const others = tls === null ? [haproxy(null), nginxStream(), socat, mitmdump] : [haproxy(tls)];
const looked = [
  tcpmon(program, tls, { name: "page open", look: pageOpen }),
  tcpmon(program, tls, { name: "laying out XML", look: formatting }),
];
if (values.page && !canLook) console.error("The page is not opened: apt-get install -y chromium");
const contestants = [
  direct,
  ...others.filter(({ name }) => values.only === undefined || values.only.includes(name)),
  tcpmon(program, tls),
  ...(values.page && canLook ? looked : []),
].filter((contestant) => {
  const lack = lackOf(contestant, absent);
  if (lack !== null) console.error(lack);
  return lack === null;
});
const loads = all.filter((load) => {
  if (!wanted.some((text) => load.name.includes(text))) return false;
  if (tls !== null && load.server === "iperf3") return false;
  if (absent.includes(load.program)) console.error(`${load.name}: ${load.program} is not installed`);
  return !absent.includes(load.program);
});

try {
  const taken: Taken[] = [];
  for (const load of loads) {
    taken.push(await measure(load));
    // What there is of a run that is broken off, where the report goes elsewhere.
    if (Deno.stdout.isTerminal()) continue;
    for (const line of plain(taken.slice(-1))) console.error(line);
  }
  for (const line of values.markdown ? markdown(taken) : plain(taken)) console.log(line);
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Runs one load through all who relay it. */
async function measure(load: Load): Promise<Taken> {
  const server = load.server === "iperf3" ? await startIperf() : await startNginx(tls);
  try {
    const able = contestants.filter(({ relays }) => relays === "anything" || load.server === "nginx");
    const turns = new Map<Contestant, Turn[]>(able.map((contestant) => [contestant, []]));
    for (let round = 1; round <= rounds; round++) {
      for (const [contestant, done] of turns) {
        console.error(`${load.name}, round ${round} of ${rounds}: ${contestant.name}`);
        done.push(await takeTurn(contestant, load, server));
      }
    }
    return { load, turns: new Map([...turns].map(([{ name }, done]) => [name, done])) };
  } finally {
    await server.stop();
  }
}

/** Starts the contestant, warms it up, runs the load once and stops it. */
async function takeTurn(contestant: Contestant, load: Load, server: Running): Promise<Turn> {
  const running = await contestant.start(server.port);
  const at = { scheme, port: running.port } as const;
  try {
    await load.run(at, load.warm);
    if (load.amount === "GB") await writtenOut();
    const before = await usage(running.pid, server.pid);
    const started = performance.now();
    const { figures, amount } = await load.run(at, seconds * (load.times ?? 1));
    const took = (performance.now() - started) / 1000;
    const after = await usage(running.pid, server.pid);
    return {
      figures,
      amount,
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

/**
 * Waits until the system has written out what warming up recorded, and the XML that is laid out: from a tenth of the
 * memory on it begins by itself, in the middle of a turn, and who writes on has half of its speed.
 */
async function writtenOut(): Promise<void> {
  const { success } = await new Deno.Command("sync").output();
  if (!success) throw new Error("Cannot measure: sync failed.");
}

async function usage(relay: number | null, server: number | null) {
  const children = relay === null ? 0 : await childSeconds(relay);
  return {
    relay: relay === null
      ? new Map<string, number>()
      : new Map([...await threadSeconds(relay), ["its processes", children]]),
    server: server === null ? 0 : total(await threadSeconds(server)) + await childSeconds(server),
    machine: await machineSeconds(),
  };
}
