// Measures whether memory grows with what was captured: RSS after the first thousand Exchanges, after many, after many
// gigabytes, and after a simulated week, which is as many Exchanges again with only some of them kept. Each is told when
// the index is level, and after a rest, which V8 needs to give back what is garbage: that is what is judged.
//
//   deno run -A tests/bench/memory_bench.ts [EXCHANGES [GIGABYTES [WEEK]]]     200000, 20 and 500000 unless given

import "./begin.ts";
import { Running } from "../running.ts";

const [exchanges = 200_000, gigabytes = 20, week = 500_000] = Deno.args.map(Number);
const FIRST = 1_000;
/** More than this, bytes, is growth. */
const MOST = 50e6;
/** How long the index is level before it is looked at, seconds; and once V8 has had its time to give back garbage. */
const LEVEL = 4;
const REST = 20;
const CLIENTS = 8;
const encoder = new TextEncoder();

/** Answers every request with a small body, and `GET /bulk/N` with N megabytes. */
async function serve(listener: Deno.TcpListener): Promise<void> {
  const answer = encoder.encode(
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"ok": "yes"}',
  );
  const piece = new Uint8Array(1_000_000).fill(0x78);
  for await (const conn of listener) {
    (async () => {
      const buffer = new Uint8Array(4096);
      try {
        for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
          const bulk = /^GET \/bulk\/(\d+)/.exec(new TextDecoder().decode(buffer.subarray(0, 40)));
          if (!bulk) {
            await writeAll(conn, answer);
            continue;
          }
          const megabytes = Number(bulk[1]);
          await writeAll(
            conn,
            encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${megabytes * 1e6}\r\n\r\n`),
          );
          for (let sent = 0; sent < megabytes; sent++) await writeAll(conn, piece);
        }
      } catch {
        // The client has gone.
      } finally {
        conn.close();
      }
    })();
  }
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** So many Exchanges over a few connections at once, a hundred on each. */
async function exchange(port: number, count: number): Promise<void> {
  let left = count;
  const request = encoder.encode("GET /orders/17?customer=4711 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    const buffer = new Uint8Array(4096);
    while (left > 0) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      for (let turn = 0; turn < 100 && left > 0; turn++, left--) {
        await conn.write(request);
        await conn.read(buffer);
      }
      conn.close();
    }
  }));
}

async function bulk(port: number, megabytes: number): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(encoder.encode(`GET /bulk/${megabytes} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
  const buffer = new Uint8Array(256 * 1024);
  for (let left = megabytes * 1e6; left > 0;) left -= await conn.read(buffer) ?? left;
  conn.close();
}

/** Resident memory, bytes, once the index has been level for so many seconds. */
async function settled(running: Running, seconds: number): Promise<number> {
  for (let quiet = 0; quiet < seconds;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    quiet = (await running.json<{ behindMs: number }>("/recording")).behindMs === 0 ? quiet + 1 : 0;
  }
  const status = await Deno.readTextFile(`/proc/${running.pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function signed(bytes: number): string {
  return `${bytes >= 0 ? "+" : ""}${(bytes / 1e6).toFixed(0)}`;
}

async function measure(
  keep: readonly string[],
  work: readonly (readonly [string, (port: number) => Promise<void>])[],
) {
  const target = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = serve(target);
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.addr.port}`, ...keep]);
  await exchange(running.port(), FIRST);
  const first = await settled(running, LEVEL);
  console.log(`after ${FIRST} exchanges: ${(first / 1e6).toFixed(0)} MB`);
  for (const [name, run] of work) {
    await run(running.port());
    const atOnce = await settled(running, LEVEL) - first;
    const more = await settled(running, REST) - first;
    console.log(
      `${name}: ${signed(atOnce)} MB, after a rest ${signed(more)} MB${more > MOST ? "  TOO MUCH" : ""}`,
    );
    if (more > MOST) Deno.exitCode = 1;
  }
  await running.stop();
  target.close();
  await serving.catch(() => {});
}

await measure([], [
  [`after ${exchanges} exchanges`, (port) => exchange(port, exchanges)],
  [`after ${gigabytes} GB`, async (port) => {
    for (let done = 0; done < gigabytes; done++) await bulk(port, 1_000);
  }],
]);
await measure(["--keep", "10000"], [
  [`after ${week} exchanges of which 10000 are kept`, (port) => exchange(port, week)],
]);
