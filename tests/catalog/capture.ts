// Makes capture files for tests, record by record and with times of their own, and indexes them without threads.

import type { Address, Direction, How, Opened, Secured, SideEnd } from "../../src/model.ts";
import { ABRUPT, Kind } from "../../src/journal/batch.ts";
import { commentFor, type JournalEvent } from "../../src/journal/comment.ts";
import { JournalWriter } from "../../src/journal/writer.ts";

const TARGET: Address = { host: "localhost", port: 80 };
const LISTEN: Address = { host: "127.0.0.1", port: 8081 };
const encoder = new TextEncoder();

/** A folder with a capture in it, which grows with every call. */
export class Capture implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  readonly file = `${this.folder}/capture.pcapng`;
  /** How long the file is. */
  size = 0;
  /** The time of the next record, ms since the epoch; each record takes one. */
  now = Date.UTC(2026, 0, 1);
  /** What was recorded, by Connection and Direction. */
  readonly sent = new Map<string, Uint8Array[]>();
  /** So many bytes are recorded of each Direction; counts from `continue` on. */
  limit = Infinity;
  readonly #handle = Deno.openSync(this.file, { create: true, append: true });
  #writer = this.#begin();

  [Symbol.dispose](): void {
    this.#handle.close();
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** The program began again: it continues the file and knows nothing of Connections that were open. */
  continue(): void {
    this.#writer = this.#begin();
  }

  opened(
    connection: number,
    listener = "l1",
    client: Address = { host: "127.0.0.1", port: 40_000 },
    more: Partial<Opened> = {},
  ): void {
    this.#event({
      event: "opened",
      connection,
      listener,
      listen: LISTEN,
      local: LISTEN,
      target: TARGET,
      client: { ...client, port: client.port + connection % 20_000 },
      ...more,
    });
  }

  connected(connection: number): void {
    this.#event({ event: "connected", connection, address: { host: "127.0.0.1", port: 80 }, dialMs: 0.25 });
  }

  chunk(connection: number, direction: Direction, data: string | Uint8Array): void {
    const body = typeof data === "string" ? encoder.encode(data) : data;
    const key = `${connection}/${direction}`;
    const sent = this.sent.get(key) ?? [];
    this.sent.set(key, sent);
    sent.push(body);
    const kind = direction === "upstream" ? Kind.upstream : Kind.downstream;
    this.#writer.record({ kind, connection, at: this.now++, flags: 0, body });
    this.#writer.flush();
  }

  secured(connection: number, leg: "client" | "target", more: Partial<Secured> = {}): void {
    this.#event({
      event: "secured",
      connection,
      leg,
      version: "TLSv1.3",
      cipher: "TLS_AES_256_GCM_SHA384",
      alpn: "http/1.1",
      serverName: "localhost",
      peer: [],
      trust: leg === "client" ? "own-ca" : "system",
      untrusted: null,
      ...more,
    });
  }

  ended(connection: number, by: "client" | "target", how: SideEnd = "end"): void {
    this.#event({ event: "ended", connection, by, how, passedOn: how === "end" ? "end" : "reset" });
  }

  closed(connection: number, how: How = "end", error: string | null = null, note?: string): void {
    const upstreamBytes = this.bytes(connection, "upstream").length;
    const downstreamBytes = this.bytes(connection, "downstream").length;
    const endedBy = how === "stopped" ? "monitor" : "client";
    this.#event({ event: "closed", connection, endedBy, how, error, note, upstreamBytes, downstreamBytes });
  }

  /** Lines of a TLS key log. */
  secrets(lines: Uint8Array): void {
    this.#writer.secrets(lines);
  }

  failed(connection: number, error: string): void {
    this.#event({ event: "failed", connection, how: "refused", error });
  }

  /** A Connection from beginning to end: opened, requests with their responses, closed. */
  connection(
    connection: number,
    exchanges: readonly (readonly [request: string | Uint8Array, response: string | Uint8Array])[],
    listener = "l1",
  ): void {
    this.opened(connection, listener);
    this.connected(connection);
    for (const [request, response] of exchanges) {
      this.chunk(connection, "upstream", request);
      this.chunk(connection, "downstream", response);
    }
    this.ended(connection, "client");
    this.ended(connection, "target");
    this.closed(connection);
  }

  /** All that was recorded of a Direction. */
  bytes(connection: number, direction: Direction): Uint8Array {
    const parts = this.sent.get(`${connection}/${direction}`) ?? [];
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }

  #begin(): JournalWriter {
    const writer = new JournalWriter((bytes) => {
      for (let from = 0; from < bytes.length;) from += this.#handle.writeSync(bytes.subarray(from));
      this.size += bytes.length;
    }, this.limit);
    writer.begin("tcpmon test", this.now++);
    writer.flush();
    return writer;
  }

  edited(
    connection: number,
    direction: Direction,
    offset: number,
    removed: number,
    inserted: string,
    stopped?: string,
  ): void {
    this.#event({ event: "edited", connection, direction, offset, removed, inserted, stopped });
  }

  #event(event: Exclude<JournalEvent, { readonly event: "carried" | "cut" }>): void {
    const abrupt = "how" in event && event.how !== "end";
    const kind = event.event === "ended"
      ? (event.by === "client" ? Kind.clientEnded : Kind.targetEnded)
      : event.event === "edited"
      ? (event.direction === "upstream" ? Kind.upstreamEdited : Kind.downstreamEdited)
      : event.event === "secured"
      ? (event.leg === "client" ? Kind.clientSecured : Kind.targetSecured)
      : Kind[event.event];
    const body = commentFor(event);
    this.#writer.record({
      kind,
      connection: event.connection,
      at: this.now++,
      flags: abrupt ? ABRUPT : 0,
      body,
    });
    this.#writer.flush();
  }
}

/** An HTTP request, and a response with a body of that text. */
export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

export function answer(body: string, status = "200 OK", type = "application/json"): string {
  const length = encoder.encode(body).length;
  return `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${body}`;
}
