// A whole tcpmon in this process, for tests that talk to its API; and servers that keep what they were sent.

import assert from "node:assert/strict";
import { parseTarget } from "../src/address.ts";
import type { Address, Connection, Exchange, Route } from "../src/model.ts";
import { type Program, type ProgramOptions, startProgram } from "../src/program.ts";
import { server, write } from "./relay/transcript.ts";

type Line = Readonly<Record<string, unknown>>;

/** A program with a listener on a free port in front of each of the targets. */
export class Monitor implements AsyncDisposable {
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();
  readonly notices: string[] = [];
  #program!: Program;
  #stopped: Promise<void> | null = null;

  static start(...targets: Address[]): Promise<Monitor> {
    return Monitor.withRoutes(targets.map((target) => ({ target })));
  }

  /** The same for Routes with options; each listens on a free port. */
  static async withRoutes(
    routes: readonly Omit<Route, "listen">[],
    capture: string | null = null,
    lookup?: ProgramOptions["lookup"],
    readVariable?: ProgramOptions["readVariable"],
  ): Promise<Monitor> {
    const monitor = new Monitor();
    monitor.#program = await startProgram({
      version: "0.0.0",
      routes: routes.map((route) => ({ listen: { host: "127.0.0.1", port: 0 }, ...route })),
      ui: { host: "127.0.0.1", port: 0 },
      capture,
      lookup,
      readVariable,
      jsonLine: (line) => {
        monitor.#lines.push(JSON.parse(line));
        for (const wake of monitor.#waiting) wake();
        monitor.#waiting.clear();
      },
      notice: (text) => monitor.notices.push(text),
    });
    return monitor;
  }

  get program(): Program {
    return this.#program;
  }

  /** The lines of `--json` so far. */
  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** Where listener `at` listens. */
  listen(at = 0): Address {
    return parseTarget(this.#program.listeners()[at].listen);
  }

  /** A call of the API; bytes are sent as they are, other bodies as JSON. */
  api(method: string, path: string, body?: unknown): Promise<Response> {
    const bytes = body instanceof Uint8Array ? body as Uint8Array<ArrayBuffer> : undefined;
    return fetch(`${this.#program.page.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#program.page.token}`,
        ...(bytes ? { "content-type": "application/octet-stream" } : {}),
      },
      body: bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  }

  /** The JSON of a call that must have the status. */
  async json<T>(method: string, path: string, body?: unknown, status = 200): Promise<T> {
    const response = await this.api(method, path, body);
    const text = await response.text();
    assert.equal(response.status, status, text);
    return JSON.parse(text) as T;
  }

  /** The bytes of a call. */
  async bytes(path: string): Promise<string> {
    const response = await this.api("GET", path);
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert.equal(response.status, 200);
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  }

  /** Sends an exchange again; the new one. */
  resend(id: string, settings?: unknown): Promise<Exchange> {
    return this.json<Exchange>("POST", `/exchanges/${id}/resend`, settings, 201);
  }

  /** An exchange once it is done or failed. */
  async done(id: string): Promise<Exchange> {
    return await this.line(({ event, id: known }) =>
      event === "exchange" && known === id
    ) as unknown as Exchange;
  }

  /** The connection once it is over. */
  async over(id: string): Promise<Connection> {
    return await this.line(({ event, id: known, state }) =>
      event === "connection" && known === id && state !== "open"
    ) as unknown as Connection;
  }

  /** A connection that has ended, and its bytes, once the catalog knows all of it; one character a byte. */
  async recorded(id: string) {
    for (;;) {
      const { connections } = await this.json<{ connections: Connection[] }>("GET", "/connections");
      const connection = connections.find((connection) => connection.id === id);
      if (connection && connection.state !== "open") {
        const [upstream, downstream] = [
          await this.bytes(`/connections/${id}/upstream`),
          await this.bytes(`/connections/${id}/downstream`),
        ];
        return { connection, upstream, downstream };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Resolves when `count` exchanges of a connection are done or failed. */
  async allDone(connection: string, count: number): Promise<void> {
    const done = () =>
      this.#lines.filter((line) => line.event === "exchange" && line.connection === connection).length;
    while (done() < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** The first line of `--json` that passes the test, also one that has come already. */
  async line(test: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.#lines.find(test);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Sends bytes through listener `at` as a client, ends, and gives the exchange once it is done. */
  async record(bytes: string | Uint8Array, at = 0): Promise<Exchange> {
    const before = this.#lines.length;
    const { host: hostname, port } = this.listen(at);
    const conn = await Deno.connect({ hostname, port });
    await write(conn, bytes);
    for (;;) {
      const line = this.#lines.slice(before).find(({ event }) => event === "exchange");
      if (line) {
        conn.close();
        return line as unknown as Exchange;
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Ends the program. */
  stop(): Promise<void> {
    return this.#stopped ??= this.#program.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** A request as a server got it; one character a byte. */
export interface Received {
  readonly head: string;
  readonly body: string;
}

/** How an HTTP server answers. */
export type Answer = (conn: Deno.TcpConn, request: Received) => Promise<"go on" | "close">;

/** An HTTP server that keeps every request whose body has a length or chunks, and answers as it is told. */
export function httpServer(answer: Answer = ok) {
  const requests: Received[] = [];
  const ends: string[] = [];
  const listening = server(async (conn) => {
    const buffer = new Uint8Array(65_536);
    let text = "";
    for (;;) {
      for (let request = takeRequest(text); request !== null; request = takeRequest(text)) {
        text = text.slice(request.head.length + request.wire);
        requests.push({ head: request.head, body: request.body });
        if (await answer(conn, request) === "close") return;
      }
      let read: number | null;
      try {
        read = await conn.read(buffer);
      } catch {
        ends.push("reset");
        return;
      }
      if (read === null) {
        ends.push("end");
        return;
      }
      text += Array.from(buffer.subarray(0, read), (byte) => String.fromCharCode(byte)).join("");
    }
  });
  return { ...listening, requests, ends };
}

/** Answers with the body it got. */
export async function ok(conn: Deno.TcpConn, { body }: Received): Promise<"go on"> {
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0));
  await write(conn, `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  await write(conn, bytes);
  return "go on";
}

function takeRequest(text: string): (Received & { readonly wire: number }) | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = text.slice(0, end + 4);
  const rest = text.slice(end + 4);
  if (/^transfer-encoding: chunked/im.test(head)) {
    const last = rest.indexOf("0\r\n\r\n");
    return last < 0 ? null : { head, body: rest.slice(0, last + 5), wire: last + 5 };
  }
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return rest.length < length ? null : { head, body: rest.slice(0, length), wire: length };
}
