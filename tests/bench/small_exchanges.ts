// A capture of many small Exchanges, as wrk makes them against nginx: written by the Journal's own writer, always the same.

import { Kind } from "../../src/journal/batch.ts";
import { commentFor, type JournalEvent } from "../../src/journal/comment.ts";
import { JournalWriter } from "../../src/journal/writer.ts";

/** Connections that are open at once. */
const AT_ONCE = 64;
/** Exchanges a second, by the times in the capture. */
const RATE = 30_000;
const REQUEST = "Host: 127.0.0.1:8081\r\nUser-Agent: bench\r\nAccept: */*\r\n";
const RESPONSE = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n" +
  "Content-Type: text/plain\r\nContent-Length: 1024\r\nConnection: ";

/** What is made. */
export interface SmallExchanges {
  readonly exchanges: number;
  /** Whether each has a Connection of its own. */
  readonly close: boolean;
}

/** Writes it to `file`; returns its length in bytes. */
export function writeSmallExchanges(file: string, { exchanges, close }: SmallExchanges): number {
  using handle = Deno.openSync(file, { create: true, write: true, truncate: true });
  let size = 0;
  const writer = new JournalWriter((bytes) => {
    for (let from = 0; from < bytes.length;) from += handle.writeSync(bytes.subarray(from));
    size += bytes.length;
  });
  const encoder = new TextEncoder();
  const body = "0123456789abcdef".repeat(64);
  const answer = encoder.encode(`${RESPONSE}${close ? "close" : "keep-alive"}\r\n\r\n${body}`);
  const asks = `${REQUEST}${close ? "Connection: close\r\n" : ""}\r\n`;
  const target = { host: "127.0.0.1", port: 8080 };
  const listen = { host: "127.0.0.1", port: 8081 };
  const begin = Date.UTC(2026, 0, 1);
  let at = begin;
  const event = (kind: Kind, event: JournalEvent & { readonly connection: number }) =>
    writer.record({ kind, connection: event.connection, at, flags: 0, body: commentFor(event) });
  const bytes = (kind: Kind, connection: number, body: Uint8Array) =>
    writer.record({ kind, connection, at, flags: 0, body });
  const open = (connection: number) => {
    const client = { host: "127.0.0.1", port: 20_000 + connection % 40_000 };
    event(Kind.opened, {
      event: "opened",
      connection,
      listener: "l1",
      listen,
      local: listen,
      target,
      client,
    });
    event(Kind.connected, { event: "connected", connection, address: target, dialMs: 0.2 });
  };
  const end = (connection: number, upstreamBytes: number, downstreamBytes: number) => {
    bytes(Kind.targetEnded, connection, new Uint8Array(0));
    bytes(Kind.clientEnded, connection, new Uint8Array(0));
    const how = { endedBy: "target", how: "end", error: null } as const;
    event(Kind.closed, { event: "closed", connection, ...how, upstreamBytes, downstreamBytes });
  };
  writer.begin("tcpmon bench", at);
  for (let done = 0; done < exchanges; done += AT_ONCE) {
    const count = Math.min(AT_ONCE, exchanges - done);
    const first = close ? done + 1 : 1;
    at = begin + 1000 * done / RATE;
    const sent: number[] = [];
    for (let one = 0; one < count; one++) {
      if (close || done === 0) open(first + one);
      const request = encoder.encode(`GET /orders/${done + one}?page=${one} HTTP/1.1\r\n${asks}`);
      sent.push(request.length);
      bytes(Kind.upstream, first + one, request);
    }
    at += 0.8;
    for (let one = 0; one < count; one++) {
      bytes(Kind.downstream, first + one, answer);
      if (close) end(first + one, sent[one], answer.length);
    }
  }
  writer.flush();
  return size;
}
