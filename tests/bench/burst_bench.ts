// A burst of small requests with decoding behind: `deno task bench:burst`. Prints; asserts that nothing is lost.
//
//   --seconds N     how long the burst is (30 unless given)
//   --rate N        requests a second (30,000 unless given), or as many as the machine gives
//   --connections N how many connections they come on (64 unless given)
//   --no-page       without the page open in Chromium, and somebody using it
//   --binary FILE   measure a compiled program instead of this tree
//   --markdown      the table as docs/performance.md has it

import "./begin.ts";
import { parseArgs } from "node:util";
import { taskCommand } from "../../.ci/tasks.ts";
import { tcpmon } from "./contestants.ts";
import { FeedWatch } from "./feed_watch.ts";
import { canLook } from "./looking.ts";
import { PageUse, USES } from "./page_use.ts";
import { missing } from "./programs.ts";
import { quantile } from "./report.ts";
import { startNginx } from "./servers.ts";
import { table } from "./table.ts";
import { peakMemory, threadSeconds, usedBetween } from "./usage.ts";

/** How long the rate that can be reached is looked for, seconds. */
const PROBE_SECONDS = 3;
/** How long it may take to catch up, ms. */
const CATCH_UP_MS = 180_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    rate: { type: "string", default: "30000" },
    connections: { type: "string", default: "64" },
    "no-page": { type: "boolean", default: false },
    binary: { type: "string" },
    markdown: { type: "boolean", default: false },
  },
});
const [seconds, rate, connections] = [values.seconds, values.rate, values.connections].map(Number);
const withPage = !values["no-page"] && canLook;

const absent = missing(["nginx", "h2load"]);
if (absent.length > 0) {
  console.error(
    `Cannot measure: ${absent.join(" and ")} not installed. apt-get install -y nginx nghttp2-client`,
  );
  Deno.exit(1);
}

const program = values.binary === undefined ? taskCommand("start") : [values.binary];
const server = await startNginx(null);
let at: { readonly url: string; readonly api: string; readonly token: string; readonly port: number };
const running = await tcpmon(program, null, {
  name: "burst",
  look: (where) => {
    at = where;
    return Promise.resolve({ stop: () => Promise.resolve() });
  },
}).start(server.port);
let rows: readonly (readonly [string, string])[];
try {
  rows = await measured(at!);
} finally {
  await running.stop();
  await server.stop();
}
console.log(table([["a burst", ""], ...rows], { isMarkdown: values.markdown }).join("\n"));

async function measured({ url, api, token, port }: typeof at): Promise<typeof rows> {
  const watch = await FeedWatch.begin(api, token);
  const pid = running.pid!;
  let use: PageUse | null = null;
  try {
    const probe = await load(port, ["-D", `${PROBE_SECONDS}`]);
    await quiet(watch);
    const reached = probe.done / PROBE_SECONDS;
    const [before, requests] = [watch.total, Math.round(Math.min(rate, reached) * seconds)];
    use = withPage ? await PageUse.begin(url, port) : null;
    watch.mostBehindMs = watch.mostBehindBytes = 0;
    const [used, begun] = [await threadSeconds(pid), performance.now()];
    const { done } = await load(port, ["-n", `${requests}`]);
    const took = performance.now() - begun;
    const loaded = await threadSeconds(pid);
    const level = await watch.level(before + done, CATCH_UP_MS);
    const caughtUp = performance.now() - begun - took;
    const [during, after] = [usedBetween(used, loaded), usedBetween(loaded, await threadSeconds(pid))];
    if (level) await quiet(watch);
    const indexed = watch.total - before;
    const times = use?.times;
    await use?.stop();
    if (!level) {
      throw new Error(
        `Not caught up within ${CATCH_UP_MS / 1000} s: ${done} were done, ${indexed} are indexed so far.`,
      );
    }
    if (indexed !== done) throw new Error(`Lost: ${done} were done, ${indexed} are indexed.`);
    // The second worker that the program starts.
    const share = (seconds: typeof during, ms: number) =>
      `${Math.round(100 * (seconds.get("worker-2") ?? 0) / (ms / 1000))} %`;
    return [
      ["requests done", whole(done)],
      ["exchanges indexed", whole(indexed)],
      ["in", `${(took / 1000).toFixed(1)} s, ${whole(done / took * 1000)} a second`],
      [
        "decoding behind, at most",
        `${(watch.mostBehindMs / 1000).toFixed(1)} s, ${megabytes(watch.mostBehindBytes)}`,
      ],
      ["caught up, after the last answer", `${(caughtUp / 1000).toFixed(1)} s`],
      ["of a core, the index during the burst", share(during, took)],
      ["of a core, the index while it caught up", share(after, caughtUp)],
      ["memory, at most", megabytes(await peakMemory(pid))],
      ["memory afterwards", megabytes(await memoryNow(pid))],
      ...USES.flatMap((name) => {
        const took = times?.[name] ?? [];
        return took.length === 0 ? [] : [
          [
            `${name}: p50, p95, ${took.length} times`,
            `${whole(quantile(took, 0.5))}, ${whole(quantile(took, 0.95))} ms`,
          ] as const,
        ];
      }),
    ];
  } finally {
    await use?.stop().catch(() => {});
    await watch.stop();
  }
}

/** Waits until nothing more is indexed. */
async function quiet(watch: FeedWatch): Promise<void> {
  for (let known = -1; known !== watch.total || watch.behindMs > 0;) {
    known = watch.total;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Makes requests at the rate; how many came back whole. */
async function load(port: number, much: readonly string[]): Promise<{ readonly done: number }> {
  const rps = Math.max(1, Math.round(rate / connections));
  const args = ["--h1", "-c", `${connections}`, "-t1", `--rps=${rps}`, ...much, `http://127.0.0.1:${port}/`];
  const { stdout } = await new Deno.Command("h2load", { args, stdin: "null", stderr: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  const [, done, failed] = /(\d+) succeeded, (\d+) failed/.exec(text) ?? [];
  if (done === undefined || failed !== "0") throw new Error(`Cannot count the requests: ${text}`);
  return { done: Number(done) };
}

async function memoryNow(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function whole(count: number): string {
  return new Intl.NumberFormat("en").format(Math.round(count));
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
