// A Catalog and a Control that answer from memory, and an app made of them. Questions are kept in `asked`.

import type { Hono } from "hono";
import type {
  Bytes,
  ByteSource,
  Catalog,
  CatalogChange,
  Counts,
  DiffQuery,
  ExchangeDetail,
  Exported,
  ExportQuery,
  FindQuery,
  FindResult,
  ListQuery,
  MaskedPreview,
  MessageDetail,
  MessageDiff,
  ViewPart,
  ViewQuery,
} from "../../src/catalog/types.ts";
import type { Masked } from "../../src/decode/redact/mod.ts";
import type { Connection, Exchange, Listener, OpenedCapture, Recording, Route } from "../../src/model.ts";
import { parseListen, parseTarget } from "../../src/address.ts";
import { shownRoute } from "../../src/route.ts";
import { withChange } from "../../src/route_json.ts";
import { CaptureError, type OpenCaptures } from "../../src/ui/captures.ts";
import { createApp } from "../../src/ui/app.ts";
import type { Authority } from "../../src/ui/authority.ts";
import type { Assets } from "../../src/ui/assets.ts";
import { Access } from "../../src/ui/auth.ts";
import { ConfigSaveError, type Control, type ListenerChange, ListenerError } from "../../src/ui/control.ts";
import { Feed } from "../../src/ui/feed.ts";
import { type NewSend, type ResendSettings, SendError, type Sends, type Sent } from "../../src/ui/sends.ts";
import type { ByteRange } from "../../src/ui/ranges.ts";
import type { OwnAuthority } from "../../src/ui/types.ts";
import { someAuthority } from "./tls_facts.ts";

/** An Exchange that is right in every member; `changes` make it another. */
export function anExchange(changes: Partial<Exchange> = {}): Exchange {
  return {
    id: "e1",
    listener: "l1",
    connection: "c1",
    protocol: "http",
    state: "done",
    started: "2026-03-04T05:06:07.890Z",
    firstByteMs: 1.5,
    elapsedMs: 12.25,
    client: "127.0.0.1:50000",
    target: "localhost:80",
    method: "POST",
    url: "/shop/orders.json?x=1",
    status: 200,
    summary: "GetQuote",
    requestBytes: 120,
    responseBytes: 10,
    tls: null,
    resendOf: null,
    leadsAway: null,
    fault: null,
    ...changes,
  };
}

/** A Message that is right in every member. */
export function aMessage(changes: Partial<MessageDetail> = {}): MessageDetail {
  return {
    bytes: 120,
    headBytes: 100,
    state: "done",
    started: "2026-03-04T05:06:07.890Z",
    ended: "2026-03-04T05:06:07.990Z",
    startLine: "POST /shop/orders.json?x=1 HTTP/1.1",
    version: "HTTP/1.1",
    reason: null,
    headers: [{ name: "Host", value: "localhost" }],
    trailers: [],
    framing: "length",
    contentLength: 20,
    bodyBytes: 20,
    chunks: 0,
    contentCoding: [],
    mediaType: "application/json",
    auto: "json",
    faults: [{ offset: 7, text: "a line ends in LF only" }],
    sentStartLine: null,
    edits: [],
    notes: [],
    ...changes,
  };
}

/** A Connection that is right in every member. */
export function aConnection(changes: Partial<Connection> = {}): Connection {
  return {
    id: "c1",
    listener: "l1",
    listen: "127.0.0.1:8081",
    state: "closed",
    client: "127.0.0.1:50000",
    target: "localhost:80",
    targetAddress: "127.0.0.1:80",
    via: null,
    opened: "2026-03-04T05:06:07.890Z",
    ended: "2026-03-04T05:06:08.890Z",
    dialMs: 0.4,
    endedBy: "client",
    how: "end",
    passedOn: "end",
    upstreamBytes: 120,
    downstreamBytes: 10,
    tls: { client: null, target: null },
    decryption: null,
    note: null,
    error: null,
    ...changes,
  };
}

/** What a FakeCatalog holds of one ByteSource. */
export interface FakeBytes {
  readonly bytes: Uint8Array;
  readonly complete?: boolean;
  readonly contentType?: string | null;
  readonly gaps?: Bytes["gaps"];
}

/** Names a ByteSource in `FakeCatalog.bytesOf`: "e1/response/body", "c1/upstream". */
export function sourceKey(source: ByteSource): string {
  return "exchange" in source
    ? `${source.exchange}/${source.side}/${source.part}`
    : "capture" in source
    ? `capture/${source.capture}`
    : `${source.connection}/${source.direction}`;
}

/** Captures in memory: what begins with "no" cannot be opened. */
export class FakeCaptures implements OpenCaptures {
  opened: OpenedCapture[] = [aCapture()];

  list() {
    return this.opened;
  }

  async upload(name: string, body: ReadableStream<Uint8Array>): Promise<OpenedCapture> {
    const text = await new Response(body).text();
    if (text.startsWith("no")) throw new CaptureError(`Cannot open ${name}: it is empty.`);
    const opened = aCapture({ id: `k${this.opened.length + 1}`, file: name });
    this.opened = [...this.opened, opened];
    return opened;
  }

  close(id: string): Promise<boolean> {
    const before = this.opened.length;
    this.opened = this.opened.filter((capture) => capture.id !== id);
    return Promise.resolve(this.opened.length < before);
  }

  save() {
    const content = new TextEncoder().encode("pcapng");
    const stream = new Response(content).body!;
    const { length: total } = content;
    const bytes = { total, complete: true, contentType: null, from: 0, to: total, stream };
    return Promise.resolve({ name: "today.pcapng", bytes });
  }
}

/** A capture that is open; `changes` make it another. */
export function aCapture(changes: Partial<OpenedCapture> = {}): OpenedCapture {
  const reading = { done: 100, total: 100 };
  return { id: "k1", file: "today.pcapng", kind: "tcpmon", reading, error: null, notes: [], ...changes };
}

/** A Catalog in memory. */
export class FakeCatalog implements Catalog {
  readonly asked: unknown[] = [];
  /** How many streams of bytes were cancelled, and how many were read to their end. */
  cancelled = 0;
  finished = 0;
  /** Pieces that were taken from streams of bytes. */
  pulled = 0;
  rows: Exchange[] = [anExchange()];
  counts: Record<string, Counts> = { l1: { total: 1, open: 0, failed: 0, openConnections: 0, epoch: 0 } };
  bytesOf = new Map<string, FakeBytes>();
  /** Answers `view`; null where there is no such Message. */
  onView: (query: ViewQuery) => Promise<ViewPart | null> = () => Promise.resolve(aViewPart());
  onFind: (query: FindQuery, signal?: AbortSignal) => Promise<FindResult | null> = () =>
    Promise.resolve({ hits: [{ line: 0, from: 1, to: 3 }], total: 1, complete: true });
  /** Thrown by the next question about rows. */
  refusal: Error | null = null;
  readonly #listeners = new Set<(change: CatalogChange) => void>();

  /** How many listen for changes. */
  get listening(): number {
    return this.#listeners.size;
  }

  /** Tells a change to those who listen. */
  tell(change: Partial<CatalogChange>): void {
    const whole = { exchanges: [], more: false, counts: {}, behindMs: 0, completed: [], ...change };
    for (const listen of this.#listeners) listen(whole);
  }

  exchanges(query: ListQuery) {
    this.#ask(query);
    return Promise.resolve({ exchanges: this.rows, next: null, total: this.rows.length, offset: 0 });
  }

  exchange(id: string): Promise<ExchangeDetail | null> {
    this.#ask(id);
    const row = this.rows.find((known) => known.id === id);
    if (row === undefined) return Promise.resolve(null);
    const response = aMessage({ startLine: "HTTP/1.1 200 OK", mediaType: "text/xml", auto: "image" });
    const interim = [{ startLine: "HTTP/1.1 100 Continue", headers: [{ name: "A", value: "b" }] }];
    const request = aMessage({ bytes: row.requestBytes });
    return Promise.resolve({ ...row, request, response, interim });
  }

  connections(query: ListQuery) {
    this.#ask(query);
    return Promise.resolve({ connections: [aConnection()], next: "c1", total: 1 });
  }

  connection(id: string): Promise<Connection | null> {
    this.#ask(id);
    return Promise.resolve(id === "c1" ? aConnection() : null);
  }

  bytes(source: ByteSource, range?: ByteRange) {
    this.#ask({ source, range });
    const held = this.bytesOf.get(sourceKey(source));
    if (held === undefined) return Promise.resolve(null);
    const total = held.bytes.length;
    let [from, to] = [0, total];
    if (range !== undefined && "last" in range) from = Math.max(0, total - range.last);
    else if (range !== undefined) {
      [from, to] = [Math.min(range.from, total), Math.min((range.to ?? total) + 1, total)];
    }
    const { complete = true, contentType = null, gaps } = held;
    return Promise.resolve({
      ...(gaps ? { gaps } : {}),
      total,
      complete,
      contentType,
      from,
      to,
      stream: this.#stream(held.bytes.subarray(from, to)),
    });
  }

  view(query: ViewQuery) {
    this.#ask(query);
    return this.onView(query);
  }

  find(query: FindQuery, signal?: AbortSignal) {
    this.#ask(query);
    return this.onFind(query, signal);
  }

  diff(query: DiffQuery): Promise<MessageDiff | null> {
    this.#ask(query);
    return Promise.resolve([query.exchange, query.with].includes("e9") ? null : aDiff(query));
  }

  export(query: ExportQuery): Promise<Exported> {
    this.#ask(query);
    const bytes = new TextEncoder().encode(`${query.format}\n`);
    const outcome = Promise.resolve({ complete: true, masked: this.masked });
    return Promise.resolve({ count: 1, only: this.rows[0] ?? null, stream: this.#stream(bytes), outcome });
  }

  /** What exports mask. */
  masked: Masked[] = [];

  previewExport(query: ExportQuery, most: number): Promise<MaskedPreview> {
    this.#ask({ ...query, most });
    return Promise.resolve({ exchanges: 1, count: 1, masked: this.masked });
  }

  diffText(query: DiffQuery): Promise<string | null> {
    this.#ask(query);
    const text = "--- e2/request\n+++ e1/request\n@@ -1 +1 @@\n-one\n+two\n";
    return Promise.resolve([query.exchange, query.with].includes("e9") ? null : text);
  }

  remove(what: { readonly ids: readonly string[] } | { readonly all: true; readonly listener?: string }) {
    this.#ask(what);
    return Promise.resolve("ids" in what ? what.ids.length : this.rows.length);
  }

  overview() {
    return Promise.resolve({ exchanges: this.rows, counts: this.counts });
  }

  onChange(listen: (change: CatalogChange) => void) {
    this.#listeners.add(listen);
    return () => void this.#listeners.delete(listen);
  }

  #ask(question: unknown): void {
    this.asked.push(question);
    if (this.refusal === null) return;
    const refusal = this.refusal;
    this.refusal = null;
    throw refusal;
  }

  #stream(bytes: Uint8Array): ReadableStream<Uint8Array> {
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (at === bytes.length) {
          this.finished++;
          return controller.close();
        }
        this.pulled++;
        const piece = bytes.slice(at, at + 65_536);
        at += piece.length;
        controller.enqueue(piece);
      },
      cancel: () => {
        this.cancelled++;
      },
    }, { highWaterMark: 0 });
  }
}

/** A view of two lines. */
export function aViewPart(changes: Partial<ViewPart> = {}): ViewPart {
  return {
    as: "xml",
    from: 0,
    text: "<a>\n</a>",
    lines: 2,
    total: 2,
    complete: true,
    doneBytes: 7,
    bytes: 7,
    charset: "utf-8",
    charsetFrom: "declared",
    fault: { line: 1, column: 2, offset: 1, text: "not closed" },
    notes: ["gzip data ends early"],
    ...changes,
  };
}

/** A difference with every kind of row. */
export function aDiff(query: Pick<DiffQuery, "exchange" | "with" | "side" | "withSide">): MessageDiff {
  return {
    exchange: query.exchange,
    with: query.with,
    side: query.side,
    withSide: query.withSide ?? query.side,
    as: "json",
    head: {
      before: 1,
      after: 1,
      removed: 0,
      added: 0,
      rows: [{ kind: "equal", before: 0, after: 0, text: "GET" }],
    },
    body: {
      before: 9,
      after: 9,
      removed: 1,
      added: 1,
      rows: [
        { kind: "removed", before: 0, text: "one", parts: [[0, 1]] },
        { kind: "added", after: 0, text: "two" },
        { kind: "left-out", before: 1, after: 1, lines: 8 },
      ],
    },
    trailers: null,
    complete: true,
    notes: ["the bodies are compared as far as line 50,000"],
  };
}

/** A Control with one listener; port 99 is taken. */
export class FakeControl implements Control {
  list: Listener[] = [{
    id: "l1",
    name: null,
    listen: "127.0.0.1:8081",
    target: "localhost:80",
    hostHeader: null,
    rewritesHost: false,
    via: null,
    slow: null,
    targetScheme: null,
    targetTls: null,
    listenTls: null,
    state: "listening",
    error: null,
    suggestion: null,
    since: "2026-03-04T05:06:00.000Z",
  }];
  readonly changes: ListenerChange[] = [];
  kept: Recording = { file: "/tmp/x.pcapng", temporary: true, bytes: 1000, stopped: null, behindMs: 0 };
  readonly #listeners = new Set<(change: { readonly notice?: string }) => void>();

  get listening(): number {
    return this.#listeners.size;
  }

  tell(change: { readonly notice?: string } = {}): void {
    for (const listen of this.#listeners) listen(change);
  }

  listeners() {
    return this.list;
  }

  add(route: Route): Promise<Listener> {
    if (route.listen.port === 99) {
      const message = "Port 99 is already used on 127.0.0.1, by another program. Take another port.";
      return Promise.reject(new ListenerError(message, "listen", "127.0.0.1:100"));
    }
    const listener: Listener = { ...this.list[0], id: `l${this.list.length + 1}`, ...shownRoute(route) };
    this.list = [...this.list, listener];
    return Promise.resolve(listener);
  }

  change(id: string, { state, ...change }: ListenerChange): Promise<Listener | null> {
    const found = this.list.find((listener) => listener.id === id);
    if (found === undefined) return Promise.resolve(null);
    this.changes.push({ state, ...change });
    const route = { listen: parseListen(found.listen), target: found.target && parseTarget(found.target) };
    const changed = {
      ...found,
      ...shownRoute(withChange(route as Route, change)),
      ...(state ? { state } : {}),
    };
    this.list = this.list.map((listener) => listener.id === id ? changed : listener);
    return Promise.resolve(changed);
  }

  close(id: string): Promise<boolean> {
    const isThere = this.list.some((listener) => listener.id === id);
    this.list = this.list.filter((listener) => listener.id !== id);
    return Promise.resolve(isThere);
  }

  configFile: string | null = null;
  tlsLack: string | null = null;
  /** Whether somebody else has changed the file. */
  isChanged = false;
  saved = 0;

  configuration() {
    const listeners = this.list.map(({ listen, target }) => ({ listen, target }));
    return `${JSON.stringify({ listeners }, null, 2)}\n`;
  }

  saveConfiguration(overwrite: boolean): Promise<void> {
    if (this.isChanged && !overwrite) {
      return Promise.reject(
        new ConfigSaveError("Cannot save to x.json: it was changed. Overwrite it.", "overwrite"),
      );
    }
    this.saved++;
    return Promise.resolve();
  }

  recording() {
    return this.kept;
  }

  onChange(listen: (change: { readonly notice?: string }) => void) {
    this.#listeners.add(listen);
    return () => void this.#listeners.delete(listen);
  }
}

/** Sends nothing: keeps what it was told to. Exchange e1 and connection c2 are there; e7 cannot be sent again. */
export class FakeSends implements Sends {
  readonly told: (NewSend | ResendSettings & { readonly exchange: string })[] = [];
  /** What is answered. */
  sent: Sent = { exchange: anExchange({ id: "e2", client: "tcpmon", resendOf: "e1" }) };

  resend(exchange: string, settings: ResendSettings): Promise<Sent | null> {
    this.told.push({ exchange, ...settings });
    if (exchange === "e7") {
      return Promise.reject(new SendError("Cannot send e7 again: it is odd. Leave it.", "through"));
    }
    return Promise.resolve(exchange === "e1" ? this.sent : null);
  }

  send(send: NewSend): Promise<Sent> {
    this.told.push(send);
    return Promise.resolve(this.sent);
  }

  end(connection: string): boolean {
    return connection === "c2";
  }
}

/** Assets with an index and a script. */
export const someAssets: Assets = {
  index: '<!DOCTYPE html><meta name="csp-nonce" content=""><script type="module" src="/app.js"></script>',
  files: new Map([
    ["/app.js", {
      bytes: new TextEncoder().encode("go()"),
      contentType: "text/javascript; charset=utf-8",
      etag: '"1"',
      version: "1",
      isNamedByContent: false,
    }],
    ["/chunks/rest-ABCDEFGH.js", {
      bytes: new TextEncoder().encode("more()"),
      contentType: "text/javascript; charset=utf-8",
      etag: '"2"',
      version: "2",
      isNamedByContent: true,
    }],
  ]),
};

/** An authority that is there, or is made when its certificate is asked for. */
export class FakeAuthority implements Authority {
  known: OwnAuthority = someAuthority();
  /** Thrown by the next question. */
  refusal: Error | null = null;

  facts(): Promise<OwnAuthority> {
    return this.refusal === null ? Promise.resolve(this.known) : Promise.reject(this.refusal);
  }

  certificate(): Promise<string> {
    if (this.refusal !== null) return Promise.reject(this.refusal);
    return Promise.resolve("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  }
}

/** An app of fakes at 127.0.0.1:4040, and `call`, which asks it with the token. */
export class FakePage implements Disposable {
  readonly catalog = new FakeCatalog();
  readonly control = new FakeControl();
  readonly sends = new FakeSends();
  readonly authority = new FakeAuthority();
  readonly access = new Access({ host: "127.0.0.1", port: 4040 });
  readonly captures = new FakeCaptures();
  readonly feed = new Feed({ catalog: this.catalog, control: this.control, version: "1.2.3" });
  readonly reported: unknown[] = [];
  readonly app: Hono;

  constructor(assets: Assets = someAssets) {
    const { catalog, control, sends, captures, authority, access, feed } = this;
    const report = (error: unknown) => void this.reported.push(error);
    const version = "1.2.3";
    this.app = createApp({
      catalog,
      control,
      sends,
      captures,
      authority,
      access,
      feed,
      assets,
      version,
      report,
    });
  }

  /** Asks as a program with the token does; `json` is sent as the body, bytes as they are. */
  async call(
    method: string,
    path: string,
    options: { json?: unknown; headers?: HeadersInit } = {},
  ): Promise<Response> {
    const headers = new Headers(options.headers);
    headers.set("Host", "127.0.0.1:4040");
    headers.set("Authorization", `Bearer ${this.access.token}`);
    const { json } = options;
    const body = json === undefined || json instanceof Uint8Array
      ? json as Uint8Array<ArrayBuffer> | undefined
      : JSON.stringify(json);
    return await this.app.request(`http://127.0.0.1:4040${path}`, { method, headers, body });
  }

  /** Asks with these headers only. */
  async request(path: string, headers: HeadersInit = {}, method = "GET"): Promise<Response> {
    const all = new Headers(headers);
    if (!all.has("host")) all.set("Host", "127.0.0.1:4040");
    return await this.app.request(`http://127.0.0.1:4040${path}`, { method, headers: all });
  }

  [Symbol.dispose](): void {
    this.feed.end();
  }
}
