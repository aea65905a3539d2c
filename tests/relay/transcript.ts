// An Observer that keeps what it is told, and waits for events; and small peers on loopback for relay tests.

import type {
  Address,
  Closed,
  Connected,
  Direction,
  Edited,
  Failed,
  Observer,
  Opened,
  RouteOptions,
  Secured,
  SideEnded,
} from "../../src/model.ts";
import { AnswerWatch } from "../../src/decode/answer.ts";
import { ForwardRequests } from "../../src/decode/forward/requests.ts";
import { Dialer } from "../../src/relay/dial.ts";
import type { ReadVariable } from "../../src/relay/environment.ts";
import { ListenPort, type Shared } from "../../src/relay/listen.ts";
import type { OwnPorts } from "../../src/relay/own_ports.ts";
import { readAuthorities, readCertificateFiles } from "../../src/ca/certificate_files.ts";
import type { CertificateSource } from "../../src/relay/tls/certificate_source.ts";

export type Told =
  | { event: "opened" } & Opened
  | { event: "connected" } & Connected
  | { event: "edited" } & Edited
  | { event: "secured" } & Secured
  | { event: "ended" } & SideEnded
  | { event: "closed" } & Closed
  | { event: "failed" } & Failed;

/** Keeps events and bytes by Connection. */
export class Transcript implements Observer {
  readonly told: Told[] = [];
  readonly bytes = new Map<string, number[]>();
  /** How many bytes each Direction has had. */
  readonly counts = new Map<string, number>();
  readonly notices: string[] = [];
  readonly unreached: string[] = [];
  onNotice: (text: string) => void = (text) => this.notices.push(text);
  behindPromise: Promise<void> | undefined;
  /** Whether bytes are kept, or only counted. */
  keepsBytes = true;
  #counting: (() => void)[] = [];
  #waiting: { test: (told: Told) => boolean; resolve: (told: Told) => void }[] = [];

  opened = (event: Opened) => this.#tell({ event: "opened", ...event });
  connected = (event: Connected) => this.#tell({ event: "connected", ...event });
  edited = (event: Edited) => this.#tell({ event: "edited", ...event });
  secured = (event: Secured) => this.#tell({ event: "secured", ...event });
  ended = (event: SideEnded) => this.#tell({ event: "ended", ...event });
  closed = (event: Closed) => this.#tell({ event: "closed", ...event });
  failed = (event: Failed) => this.#tell({ event: "failed", ...event });
  behind = () => this.behindPromise;

  chunk(connection: number, direction: Direction, bytes: Uint8Array): void {
    const key = `${connection} ${direction}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + bytes.length);
    for (const check of this.#counting.splice(0)) check();
    if (!this.keepsBytes) return;
    const kept = this.bytes.get(key) ?? [];
    for (const byte of bytes) kept.push(byte);
    this.bytes.set(key, kept);
  }

  text(connection: number, direction: Direction): string {
    return new TextDecoder().decode(Uint8Array.from(this.bytes.get(`${connection} ${direction}`) ?? []));
  }

  /** Until so many bytes of a Direction have been read. */
  async untilBytes(connection: number, direction: Direction, count: number): Promise<void> {
    while ((this.counts.get(`${connection} ${direction}`) ?? 0) < count) {
      await new Promise<void>((resolve) => this.#counting.push(resolve));
    }
  }

  /** The first event of a kind, also one that has come already. */
  until<E extends Told["event"]>(event: E, connection = 1): Promise<Told & { event: E }> {
    const test = (told: Told) => told.event === event && told.connection === connection;
    const known = this.told.find(test);
    if (known) return Promise.resolve(known as Told & { event: E });
    return new Promise((resolve) => this.#waiting.push({ test, resolve: resolve as (told: Told) => void }));
  }

  #tell(told: Told): void {
    this.told.push(told);
    for (const { test, resolve } of this.#waiting) if (test(told)) resolve(told);
    this.#waiting = this.#waiting.filter(({ test }) => !test(told));
  }
}

/** A relay in front of `target`, its transcript, and a way to connect to it. */
export function relayTo(
  target: Address | null,
  options: {
    listen?: Address;
    dialer?: Dialer;
    route?: RouteOptions;
    readVariable?: ReadVariable;
    keepsBytes?: boolean;
    ownPorts?: OwnPorts;
    certificates?: CertificateSource;
    editorsFor?: Shared["editorsFor"];
  } = {},
) {
  const transcript = new Transcript();
  transcript.keepsBytes = options.keepsBytes ?? true;
  let last = 0;
  const listen = options.listen ?? { host: "127.0.0.1", port: 0 };
  const port = new ListenPort("l1", { listen, target, ...options.route }, {
    observer: transcript,
    dialer: options.dialer ?? new Dialer(),
    readVariable: options.readVariable,
    nextConnection: () => ++last,
    notice: (text) => transcript.onNotice(text),
    unreached: (text) => transcript.unreached.push(text),
    reading: { requests: () => new ForwardRequests(), answers: () => new AnswerWatch() },
    ownPorts: options.ownPorts,
    certificates: options.certificates,
    editorsFor: options.editorsFor,
    certificateFiles: {
      certificate: (files) => readCertificateFiles(files, undefined, Date.now()),
      authorities: readAuthorities,
    },
  });
  port.accept();
  return {
    transcript,
    port,
    connect: () => Deno.connect({ hostname: port.listen.host, port: port.listen.port }),
    close: async () => {
      await port.stop();
      await port.closeConnections();
    },
  };
}

/** A server on a free loopback port that gives each of its clients to `serve`, and closes them afterwards. */
export function server(serve: (conn: Deno.TcpConn) => Promise<void>, hostname = "127.0.0.1") {
  const listener = Deno.listen({ hostname, port: 0 });
  const running: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) {
      running.push(
        serve(conn).finally(() => {
          try {
            conn.close();
          } catch { /* closed by the test */ }
        }),
      );
    }
  })();
  return {
    address: { host: hostname, port: listener.addr.port } as Address,
    close: async () => {
      listener.close();
      await accepting;
      await Promise.allSettled(running);
    },
  };
}

/** All that comes until the end of the stream, as text. */
export async function readAll(conn: Deno.Conn): Promise<string> {
  const parts: Uint8Array[] = [];
  const buffer = new Uint8Array(65_536);
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    parts.push(buffer.slice(0, count));
  }
  return new TextDecoder().decode(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** Exactly `length` bytes, as text. */
export async function readSome(conn: Deno.Conn, length: number): Promise<string> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const count = await conn.read(bytes.subarray(filled));
    if (count === null) throw new Error(`the stream ended after ${filled} of ${length} bytes`);
    filled += count;
  }
  return new TextDecoder().decode(bytes);
}

export async function write(conn: Deno.Conn, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}
