// How long searching contents takes: `deno task bench:search [--mb=1000]`. Prints; asserts nothing.
//
// A capture of mixed exchanges is made, bodies of 1 KB to 50 MB, one of five gzip, and indexed. Then each filter is asked
// for as the page does: again and again until the search is complete. "first" is when the first hit was in an answer.

import "./begin.ts";
import { gzipSync } from "node:zlib";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { Kind } from "../../src/journal/batch.ts";
import { commentFor, type JournalEvent } from "../../src/journal/comment.ts";
import { JournalWriter } from "../../src/journal/writer.ts";
import { WORDS } from "./pure/inputs.ts";

const encoder = new TextEncoder();
const SIZE = Number(/^--mb=(\d+)$/.exec(Deno.args[0] ?? "")?.[1] ?? 1000) * 1e6;
const CHUNK = 60_000;
/** Sizes of bodies: where they begin, and how many of 10,000 there are of each. */
const BODIES: readonly (readonly [bytes: number, share: number])[] = [
  [1_000, 6_000],
  [10_000, 3_200],
  [100_000, 700],
  [1_000_000, 95],
  [10_000_000, 4],
  [50_000_000, 1],
];

let state = 1;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * below);
}

/** JSON of about 64 MB to cut bodies from: words, numbers, and what is not ASCII. */
function makeText(): Uint8Array {
  let text = "";
  while (text.length < 1_000_000) {
    text += `{"${WORDS[random(WORDS.length)]}":${random(1e9)},"${WORDS[random(WORDS.length)]}":"${
      WORDS[random(WORDS.length)]
    } ${WORDS[random(WORDS.length)]}"},\n`;
  }
  const once = encoder.encode(text);
  const all = new Uint8Array(64_000_000);
  for (let at = 0; at < all.length; at += once.length) all.set(once.subarray(0, all.length - at), at);
  return all;
}

function sizeOf(): number {
  let at = random(10_000);
  for (const [bytes, share] of BODIES) {
    if (at < share) return Math.round(bytes * (1 + random(1000) / 1000));
    at -= share;
  }
  return 1_000;
}

/** Writes the capture; returns its size and how many exchanges there are. */
function makeCapture(file: string): { readonly size: number; readonly exchanges: number } {
  const text = makeText();
  using handle = Deno.openSync(file, { create: true, write: true, truncate: true });
  let size = 0;
  const writer = new JournalWriter((bytes) => {
    for (let from = 0; from < bytes.length;) from += handle.writeSync(bytes.subarray(from));
    size += bytes.length;
  });
  const address = { host: "127.0.0.1", port: 8081 };
  let at = Date.UTC(2026, 0, 1);
  const event = (kind: Kind, event: JournalEvent & { readonly connection: number }) =>
    writer.record({ kind, connection: event.connection, at: at++, flags: 0, body: commentFor(event) });
  const send = (connection: number, kind: Kind, bytes: Uint8Array) => {
    for (let from = 0; from < bytes.length; from += CHUNK) {
      const body = bytes.subarray(from, from + CHUNK);
      writer.record({ kind, connection, at: at++, flags: 0, body });
      writer.flush();
    }
  };
  writer.begin("tcpmon bench", at++);
  let exchanges = 0;
  for (let connection = 1; size < SIZE; connection++) {
    const opened = {
      event: "opened",
      connection,
      listener: "l1",
      listen: address,
      local: address,
      target: address,
    };
    event(Kind.opened, { ...opened, client: { host: "127.0.0.1", port: 40_000 } } as never);
    event(Kind.connected, { event: "connected", connection, address, dialMs: 1 } as never);
    for (let count = 0; count < 20 && size < SIZE; count++) {
      exchanges++;
      const path = `/orders/${exchanges}`;
      send(
        connection,
        Kind.upstream,
        encoder.encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n`),
      );
      const length = sizeOf();
      const from = random(text.length - length - 1);
      const plain = text.slice(from, from + length);
      const marks = ["here"];
      if (exchanges === 1) marks.push("in-the-oldest");
      if (exchanges % 1000 === 500) marks.push("in-some");
      plain.set(encoder.encode(marks.join(" ")), 20);
      const coded = random(5) === 0;
      const body = coded ? gzipSync(plain, { level: 1 }) : plain;
      const head =
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${coded ? "Content-Encoding: gzip\r\n" : ""}` +
        `Content-Length: ${body.length}\r\n\r\n`;
      send(connection, Kind.downstream, encoder.encode(head));
      send(connection, Kind.downstream, body);
    }
    const over = {
      connection,
      endedBy: "client",
      how: "end",
      error: null,
      upstreamBytes: 0,
      downstreamBytes: 0,
    };
    event(Kind.closed, { event: "closed", ...over } as never);
  }
  writer.flush();
  return { size, exchanges };
}

const FILTERS = [
  "in-some",
  "body:in-some",
  "body:in-the-oldest",
  "body:größe-nowhere",
  "body:/in-(?:some|none)/",
  "body:/\\binvoice\\s+nowhere\\b/i",
  'bytes:"69 6e 2d 73 6f 6d 65"',
  "bytes:deadbeefdeadbeef",
  "header:content-encoding=gzip body:in-some",
  "status:500 body:in-some",
];

const folder = Deno.makeTempDirSync({ prefix: "tcpmon-bench-search-" });
try {
  const file = `${folder}/capture.pcapng`;
  const made = makeCapture(file);
  console.log(`${(made.size / 1e6).toFixed(0)} MB, ${made.exchanges} exchanges`);
  const catalog = await WorkerCatalog.open({ file, folder });
  try {
    catalog.written(made.size);
    const began = performance.now();
    await catalog.level();
    console.log(`indexed in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    for (const q of FILTERS) {
      const began = performance.now();
      let first = NaN;
      for (;;) {
        const { total, search } = await catalog.exchanges({ q, limit: 100 });
        const took = performance.now() - began;
        if (total > 0 && !(first >= 0)) first = took;
        if (search && !search.complete && search.stopped === null) continue;
        const rate = made.size / 1e3 / took;
        console.log(
          `${q.padEnd(44)} first ${first.toFixed(0).padStart(6)} ms   all ${
            took.toFixed(0).padStart(6)
          } ms   ` +
            `${rate.toFixed(0).padStart(5)} MB/s   ${total} hits   ${
              ((search?.bytes ?? 0) / 1e6).toFixed(0)
            } MB looked at`,
        );
        break;
      }
    }
    console.log(`\nRSS ${(Deno.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  } finally {
    await catalog.close();
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
