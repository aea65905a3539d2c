// What comes through the program while its page is measured: small answers at a constant rate, and large bodies.
// Times are those of this process's clock, in ms since the epoch.

import zlib from "node:zlib";
import { largeJson, largeXml } from "../catalog/large_bodies.ts";

/** A server that is ended by `stop`. */
export interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

const ANSWER = new TextEncoder().encode(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 256\r\n\r\n{"ok":"${
    "a".repeat(247)
  }"}`,
);
const LF = 0x0a;
const CR = 0x0d;

/** The clock that everything is told in. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Answers every request with the same 256 bytes. */
export function startSmall(): Served {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const conn of listener) void serve(conn);
  })();
  return {
    port: listener.addr.port,
    stop: async () => {
      listener.close();
      await serving.catch(() => {});
    },
  };
}

/** One request at a time is on the connection: where its head ends, it ends. */
async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    for (;;) {
      const read = await conn.read(buffer);
      if (read === null) break;
      const ends = buffer[read - 1] === LF && buffer[read - 2] === CR && buffer[read - 3] === LF;
      if (ends) await conn.write(ANSWER);
    }
  } catch {
    // The relay has reset it.
  }
  conn.close();
}

/** Requests of `/row/N`, one after another at so many a second, from `first` on. */
export interface Pace {
  readonly rate: number;
  readonly count: number;
  readonly first?: number;
  /** Over so many connections. */
  readonly connections: number;
}

/** Sends them; resolves with the time of the last byte of each answer, by N. */
export async function paced(port: number, { rate, count, first = 0, connections }: Pace) {
  const times = new Map<number, number>();
  const begun = now();
  const send = async (turn: number) => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    const buffer = new Uint8Array(65536);
    for (let n = turn; n < count; n += connections) {
      const wait = begun + n * 1000 / rate - now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await conn.write(new TextEncoder().encode(`GET /row/${first + n} HTTP/1.1\r\nHost: bench\r\n\r\n`));
      for (let got = 0; got < ANSWER.length;) {
        const read = await conn.read(buffer);
        if (read === null) throw new Error("Cannot measure: the program has closed a connection.");
        got += read;
      }
      times.set(first + n, now());
    }
    conn.close();
  };
  await Promise.all(Array.from({ length: connections }, (_, turn) => send(turn)));
  return times;
}

/** A body of 50 MB. */
export interface Large {
  readonly path: string;
  readonly name: string;
  readonly type: string;
  /** What the first line of its view begins with. */
  readonly begins: string;
}

/** All of them. */
export const LARGE: readonly Large[] = [
  { path: "/xml", name: "XML", type: "text/xml; charset=utf-8", begins: "<?xml" },
  { path: "/xml-gzip", name: "XML, gzip", type: "text/xml; charset=utf-8", begins: "<?xml" },
  { path: "/json", name: "JSON", type: "application/json", begins: "[" },
  { path: "/line", name: "one line of text", type: "text/plain; charset=utf-8", begins: "line" },
  { path: "/text", name: "lines of text", type: "text/plain; charset=utf-8", begins: "line" },
  { path: "/bytes", name: "hex", type: "application/octet-stream", begins: "00000000" },
];

const LINES = 500_000;
const BYTES = 50_000_000;

/** Answers with the large bodies, and with a few bytes at every other path. */
export function startLarge(): Served {
  const text = Array.from({ length: LINES }, (_, n) => `line ${n} ${"of a log that goes on ".repeat(4)}`);
  const xml = new TextEncoder().encode(largeXml());
  const json = new TextEncoder().encode(largeJson());
  const bodies: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
    "/xml": xml,
    "/xml-gzip": new Uint8Array(zlib.gzipSync(xml, { level: 6 })),
    "/json": json,
    "/line": new TextEncoder().encode(text.join(" ")),
    "/text": new TextEncoder().encode(text.join("\n")),
    "/bytes": new Uint8Array(BYTES).map((_, at) => at * 31 + (at >> 9)),
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    const large = LARGE.find(({ path }) => path === pathname);
    if (large === undefined) return new Response("small", { headers: { "Content-Type": "text/plain" } });
    const headers = new Headers({ "Content-Type": large.type });
    if (pathname.endsWith("gzip")) headers.set("Content-Encoding", "gzip");
    return new Response(bodies[pathname], { headers });
  });
  return { port: server.addr.port, stop: () => server.shutdown() };
}
