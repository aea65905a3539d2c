// A capture of very many small exchanges, written by the journal's own writer: mixed methods, paths, status, sizes,
// times and hosts, over connections that are kept alive and such as serve for one exchange. The same seed gives the same
// bytes. It knows nothing of the index.

import { commentFor } from "../../src/journal/comment.ts";
import { ABRUPT, Kind } from "../../src/journal/batch.ts";
import { JournalWriter } from "../../src/journal/writer.ts";

/** What was made. */
export interface Made {
  readonly exchanges: number;
  readonly connections: number;
  readonly size: number;
}

/** Which capture. */
export interface Making {
  readonly exchanges: number;
  readonly seed?: number;
  /** Ports of 127.0.0.1 that the listener had, and its target. */
  readonly listen?: number;
  readonly target?: number;
}

/** Where the first exchange begins, ms since the epoch. */
export const BEGAN = Date.UTC(2026, 0, 5, 8);
/** The one listener that all went through. */
export const LISTENER = "l1";

const encoder = new TextEncoder();
/** Of 100 requests so many have each method. */
const METHODS: readonly (readonly [string, number])[] = [
  ["GET", 62],
  ["POST", 24],
  ["PUT", 7],
  ["DELETE", 4],
  ["PATCH", 3],
];
/** Of 1,000 responses so many have each status. */
const STATUS: readonly (readonly [string, number])[] = [
  ["200 OK", 820],
  ["201 Created", 60],
  ["304 Not Modified", 40],
  ["404 Not Found", 45],
  ["401 Unauthorized", 20],
  ["500 Internal Server Error", 9],
  ["503 Service Unavailable", 6],
];
const THINGS = ["orders", "customers", "invoices", "quotes", "stock", "shipments", "prices", "search"];
const HOSTS = ["shop.example.org", "api.example.org", "localhost:8081", "stock.internal"];
const AGENTS = ["curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64)", "okhttp/4.12.0", "Apache-HttpClient/4.5.14"];
/** How many exchanges go over a connection that is kept alive. */
const MOST_KEPT = 200;
/** One connection in so many is kept alive. */
const KEPT_ONE_IN = 8;

/** Writes the capture to `file`. */
export function makeMillion(
  file: string,
  { exchanges, seed = 1, listen = 8081, target = 8080 }: Making,
): Made {
  const random = randomFrom(seed);
  using handle = Deno.openSync(file, { create: true, write: true, truncate: true });
  let size = 0;
  const writer = new JournalWriter((bytes) => {
    for (let from = 0; from < bytes.length;) from += handle.writeSync(bytes.subarray(from));
    size += bytes.length;
  });
  let at = BEGAN;
  writer.begin("tcpmon bench", at);
  let made = 0, connection = 0;
  while (made < exchanges) {
    connection++;
    const count = random(KEPT_ONE_IN) === 0 ? 2 + random(MOST_KEPT - 1) : 1;
    const port = 20_000 + connection % 40_000;
    const last = Math.min(exchanges, made + count);
    open(writer, connection, [listen, target, port], at += random(3));
    let upstream = 0, downstream = 0;
    for (; made < last; made++) {
      const [request, response] = exchangeOf(made, random);
      writer.record({ kind: Kind.upstream, connection, at: at += random(4) / 2, flags: 0, body: request });
      // Most answers are quick; a few are slow.
      const took = random(50) === 0 ? random(2000) : random(20) / 4;
      const body = response;
      writer.record({ kind: Kind.downstream, connection, at: at + took, flags: 0, body });
      upstream += request.length;
      downstream += response.length;
    }
    close(writer, connection, at += 1, upstream, downstream, random(500) === 0);
  }
  writer.flush();
  return { exchanges: made, connections: connection, size };
}

function open(writer: JournalWriter, connection: number, ports: readonly number[], at: number): void {
  const [address, target] = ports.map((port) => ({ host: "127.0.0.1", port }));
  const client = { host: `127.0.0.${1 + connection % 9}`, port: ports[2] };
  const opened = { connection, listener: LISTENER, listen: address, local: address, target, client };
  put(writer, Kind.opened, at, connection, commentFor({ event: "opened", ...opened }));
  const connected = { connection, address: target, dialMs: 0.4 };
  put(writer, Kind.connected, at, connection, commentFor({ event: "connected", ...connected }));
}

function close(
  writer: JournalWriter,
  connection: number,
  at: number,
  upstreamBytes: number,
  downstreamBytes: number,
  reset: boolean,
): void {
  const how = reset ? "reset" : "end";
  const ended = (by: "client" | "target") =>
    commentFor({ event: "ended", connection, by, how, passedOn: how });
  const flags = reset ? ABRUPT : 0;
  writer.record({ kind: Kind.clientEnded, connection, at, flags, body: ended("client") });
  if (!reset) writer.record({ kind: Kind.targetEnded, connection, at, flags, body: ended("target") });
  const closed = { connection, endedBy: "client", how, error: null, upstreamBytes, downstreamBytes } as const;
  put(writer, Kind.closed, at, connection, commentFor({ event: "closed", ...closed }));
}

function put(writer: JournalWriter, kind: Kind, at: number, connection: number, body: Uint8Array): void {
  writer.record({ kind, connection, at, flags: 0, body });
}

/** The bytes of a request and of its response. */
function exchangeOf(number: number, random: (below: number) => number): readonly [Uint8Array, Uint8Array] {
  const method = chosen(METHODS, 100, random);
  const thing = THINGS[random(THINGS.length)];
  const query = random(3) === 0 ? `?customer=${random(5000)}&page=${random(40)}` : "";
  const sends = method === "POST" || method === "PUT" || method === "PATCH";
  const sent = sends ? `{"id":${number},"note":"${"x".repeat(random(120))}"}` : "";
  const request =
    `${method} /${thing}/${number}${query} HTTP/1.1\r\nHost: ${HOSTS[random(HOSTS.length)]}\r\n` +
    `User-Agent: ${AGENTS[random(AGENTS.length)]}\r\nAccept: */*\r\n` +
    (sends ? `Content-Type: application/json\r\nContent-Length: ${sent.length}\r\n` : "") + `\r\n${sent}`;
  const status = chosen(STATUS, 1000, random);
  const body = status.startsWith("304")
    ? ""
    : `{"${thing}":${number},"mark":"m${number % 1000}","text":"${"y".repeat(random(300))}"}`;
  const response = `HTTP/1.1 ${status}\r\nServer: bench\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  return [encoder.encode(request), encoder.encode(response)];
}

function chosen(shares: readonly (readonly [string, number])[], of: number, random: (n: number) => number) {
  let at = random(of);
  for (const [text, share] of shares) {
    if (at < share) return text;
    at -= share;
  }
  return shares[0][0];
}

/** Whole numbers from 0 to below `below`, always the same ones for a seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}
