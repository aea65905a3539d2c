// The loads of the benchmark: bulk in both directions, a file over HTTP, requests over kept connections, a connection for
// each request, and a constant rate whose latency counts. Each runs a load generator for a bounded time on loopback.

import { FILE_BYTES } from "./servers.ts";

/** One figure that a load gives. */
export interface Measure {
  readonly name: string;
  readonly unit: "GB/s" | "/s" | "µs";
}

/** What a load gave: a figure for each of its measures, and how much was done, for what it cost. */
export interface Done {
  readonly figures: readonly number[];
  /** GB, or thousands of exchanges. */
  readonly amount: number;
}

/** A load and what it measures. */
export interface Load {
  readonly name: string;
  readonly measures: readonly Measure[];
  /** What of it is counted, for the processor time that it costs. */
  readonly amount: "GB" | "1,000 exchanges";
  readonly server: "nginx" | "iperf3";
  /** The program that makes it, which must be installed. */
  readonly program: string;
  /** How long it runs before it counts, seconds. */
  readonly warm: number;
  /** So many times as long as a turn of the others it is measured; once unless given. */
  readonly times?: number;
  /** Runs it once against a port of 127.0.0.1, for about `seconds`; bulk is BULK_A_SECOND for each, however fast. */
  run(at: At, seconds: number): Promise<Done>;
}

/** Where on 127.0.0.1 a load goes. */
export interface At {
  readonly scheme: "http" | "https";
  readonly port: number;
}

/**
 * Bytes of bulk for each second that a turn is to take. What is recorded in a turn, with its warming up, stays below what
 * the system keeps of a file before it slows down who writes more (a tenth of the memory): it is the relay that is
 * measured then, and not the disk.
 */
const BULK_A_SECOND = 500_000_000;
/** How long bulk runs before it counts, seconds. */
const WARM_BULK = 2;
/** And requests, on the way of which there is more to compile: V8 does so for about so long. */
const WARM_REQUESTS = 6;
/** Connections that wrk keeps busy. */
const CONNECTIONS = 16;
/** Requests a second where the latency counts, and connections that they come on. */
const RATE = 1_000;
/** So many times as long as the others: otherwise two bad moments are its 99th percentile. */
const RATE_TIMES = 4;
const RATE_CONNECTIONS = 4;

/** One connection from the client to the server, as fast as it can be. */
export const bulkUp = iperf("bulk, upstream", []);
/** The same the other way. */
export const bulkDown = iperf("bulk, downstream", ["-R"]);

/** One client fetches a file of 16 MiB over and over on one connection: mitmdump never came to an end with 256. */
export const file: Load = {
  name: "bulk, a file over HTTP",
  measures: [{ name: "bulk, a file over HTTP", unit: "GB/s" }],
  amount: "GB",
  server: "nginx",
  program: "h2load",
  warm: WARM_BULK,
  run: async ({ scheme, port }, seconds) => {
    const times = Math.ceil(seconds * BULK_A_SECOND / FILE_BYTES);
    const text = await output("h2load", [
      ...["--h1", "-c1", "-n", `${times}`],
      `${scheme}://127.0.0.1:${port}/file`,
    ]);
    const [, took, unit] = /^finished in ([\d.]+)(us|ms|s),/m.exec(text) ?? [];
    if (took === undefined || !text.includes(`${times} succeeded`)) {
      throw new Error(`Cannot measure the fetching of a file: ${text}`);
    }
    const gigabytes = times * FILE_BYTES / 1e9;
    return { figures: [gigabytes / (Number(took) * { us: 1e-6, ms: 1e-3, s: 1 }[unit]!)], amount: gigabytes };
  },
};

/** Requests over connections that are kept. */
export const keepAlive = requests("keep-alive requests", []);
/** A new connection for each request. */
export const newConnections = requests("new connections", ["-H", "Connection: close"]);

/** Requests at a constant rate: how long each takes from its sending to the end of its answer. */
export const latency: Load = {
  name: `latency at ${RATE} requests a second`,
  measures: [{ name: "latency, p50", unit: "µs" }, { name: "latency, p99", unit: "µs" }],
  amount: "1,000 exchanges",
  server: "nginx",
  program: "h2load",
  warm: WARM_REQUESTS,
  times: RATE_TIMES,
  run: async ({ scheme, port }, seconds) => {
    const log = await Deno.makeTempFile({ prefix: "tcpmon-bench-" });
    try {
      const rate = [
        "-c",
        `${RATE_CONNECTIONS}`,
        `--rps=${RATE / RATE_CONNECTIONS}`,
        "-D",
        `${seconds}`,
      ];
      await output("h2load", ["--h1", ...rate, `--log-file=${log}`, `${scheme}://127.0.0.1:${port}/`]);
      const rows = (await Deno.readTextFile(log)).trim().split("\n").map((line) => line.split("\t"));
      if (rows.some(([, status]) => status !== "200")) {
        throw new Error("Cannot measure the latency: not every answer is a 200.");
      }
      // Who does not keep up with the rate has no latency at it.
      if (rows.length < RATE * seconds * 0.9) {
        return { figures: [Infinity, Infinity], amount: rows.length / 1000 };
      }
      const times = rows.map(([, , time]) => Number(time)).sort((one, other) => one - other);
      const at = (part: number) => times[Math.floor(part * (times.length - 1))];
      return { figures: [at(0.5), at(0.99)], amount: times.length / 1000 };
    } finally {
      await Deno.remove(log);
    }
  },
};

function iperf(name: string, more: readonly string[]): Load {
  return {
    name,
    measures: [{ name, unit: "GB/s" }],
    amount: "GB",
    server: "iperf3",
    program: "iperf3",
    warm: WARM_BULK,
    run: async ({ port }, seconds) => {
      const bytes = Math.ceil(seconds * BULK_A_SECOND);
      const args = ["-c", "127.0.0.1", "-p", `${port}`, "-n", `${bytes}`, "-J", ...more];
      // Its server takes one client at a time, and may not have seen the one before go.
      let done = await json("iperf3", args);
      for (let again = 0; done.error !== undefined && again < 20; again++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        done = await json("iperf3", args);
      }
      if (done.error !== undefined) throw new Error(`Cannot measure with iperf3: ${done.error}`);
      const { bytes: received, bits_per_second } = done.end.sum_received;
      return { figures: [bits_per_second / 8e9], amount: received / 1e9 };
    },
  };
}

function requests(name: string, more: readonly string[]): Load {
  return {
    name,
    measures: [{ name, unit: "/s" }],
    amount: "1,000 exchanges",
    server: "nginx",
    program: "wrk",
    warm: WARM_REQUESTS,
    run: async (at, seconds) => {
      const { took, count } = await wrk(at, seconds, [`-c${CONNECTIONS}`, ...more]);
      return { figures: [count / took], amount: count / 1000 };
    },
  };
}

/** Asks for / again and again, and says how long that was, and how many answers came whole. */
async function wrk({ scheme, port }: At, seconds: number, more: readonly string[]) {
  const args = ["-t1", `-d${Math.ceil(seconds)}s`, "--timeout", "60s", ...more];
  const text = await output("wrk", [...args, `${scheme}://127.0.0.1:${port}/`]);
  const [, count, took] = /^\s+(\d+) requests in ([\d.]+)s,/m.exec(text) ?? [];
  const wrong = /^\s+(Socket errors|Non-2xx).*$/m.exec(text);
  if (count === undefined || wrong !== null) {
    throw new Error(`Cannot count the requests: ${wrong?.[0].trim() ?? text}`);
  }
  return { took: Number(took), count: Number(count) };
}

/** What iperf3 says as JSON, also of an error. */
async function json(command: string, args: readonly string[]) {
  const { stdout } = await new Deno.Command(command, { args: [...args], stdin: "null" }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" })
    .output();
  if (code !== 0) throw new Error(`Cannot run ${command}: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}
