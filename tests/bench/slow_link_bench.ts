// The real rate of a slow link, with the program between two sockets of loopback: `deno run -A tests/bench/slow_link_bench.ts`. Prints; asserts
// nothing.
//
//   --rates LIST    bytes per second to ask for, with commas between (1000,7000,128000,1000000,10000000)
//   --seconds N     how long each is measured (5 unless given)
//   --connections N connections that share the link (1 unless given)
//
// Arrivals are counted over each second on its own; the first is left out. The largest arrival of all shows how smooth
// it is: what one slice carries, or several that a busy machine let through at once.

import { wholeNumber } from "./begin.ts";
import { parseArgs } from "node:util";
import { Running } from "../running.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rates: { type: "string", default: "1000,7000,128000,1000000,10000000" },
    seconds: { type: "string", default: "5" },
    connections: { type: "string", default: "1" },
  },
});
const rates = values.rates.split(",").map(Number);
const seconds = wholeNumber("seconds", values.seconds);
const connections = wholeNumber("connections", values.connections);

/** What came with one read, and when: ms since its rate was set. */
interface Arrival {
  readonly at: number;
  readonly bytes: number;
}

/** Sends until the client has gone. */
async function flood(conn: Deno.TcpConn): Promise<void> {
  const bytes = new Uint8Array(64 * 1024);
  try {
    for (;;) await conn.write(bytes);
  } catch {
    conn.close(); // the client has gone
  }
}

/** Reads for the seconds that are measured, and one before. */
async function arrivals(port: number): Promise<readonly Arrival[]> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const began = performance.now();
  const end = setTimeout(() => conn.close(), (seconds + 1) * 1000);
  const buffer = new Uint8Array(1 << 20);
  const list: Arrival[] = [];
  try {
    for (let bytes = await conn.read(buffer); bytes !== null; bytes = await conn.read(buffer)) {
      list.push({ at: performance.now() - began, bytes });
    }
    conn.close();
  } catch {
    // The time is over.
  } finally {
    clearTimeout(end);
  }
  return list;
}

/** Bytes within each second that is measured. */
function perSecond(list: readonly Arrival[]): number[] {
  const sums = new Array<number>(seconds).fill(0);
  for (const { at, bytes } of list) {
    const second = Math.floor(at / 1000) - 1;
    if (second >= 0 && second < seconds) sums[second] += bytes;
  }
  return sums;
}

const count = (n: number) => Math.round(n).toLocaleString("en");

const target = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const flooding = (async () => {
  for await (const conn of target) void flood(conn);
})();

console.log(`${"asked, B/s".padStart(12)}  ${"off by at most".padStart(14)}  measured in each second, B`);
for (const rate of rates) {
  const running = await Running.start([
    ...["-l", "0", "-t", `127.0.0.1:${target.addr.port}`, "--slow-down", `rate=${rate}B/s`],
  ]);
  const lists = await Promise.all(Array.from({ length: connections }, () => arrivals(running.port())));
  await running.stop();
  const sums = perSecond(lists.flat());
  const off = Math.max(...sums.map((sum) => Math.abs(sum / rate - 1))) * 100;
  const largest = Math.max(...lists.flat().map(({ bytes }) => bytes));
  const parts = connections === 1
    ? ""
    : `; of each connection: ${
      lists.map((list) => count(perSecond(list).reduce((sum, bytes) => sum + bytes, 0) / seconds)).join(" ")
    } B/s`;
  console.log(
    `${count(rate).padStart(12)}  ${`${off.toFixed(1)} %`.padStart(14)}  ${sums.map(count).join(" ")}` +
      `; at most ${count(largest)} at once${parts}`,
  );
}
target.close();
await flooding;
