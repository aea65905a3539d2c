// A stand-in for the program: the page's files and a made-up API, for states that the real one only comes to with
// effort (a million rows, a full disk, a lost connection). What it answers has the types of the real API.

import type {
  ApiError,
  Connection,
  Counts,
  Delta,
  Exchange,
  ExchangeDetail,
  ExchangeList,
  FindResult,
  Listener,
  OwnAuthority,
  Recording,
  SearchProgress,
  Snapshot,
  ViewPart,
} from "../../src/ui/types.ts";
import { parseQuery } from "../../src/decode/query/mod.ts";
import { someAuthority } from "../ui/tls_facts.ts";
import { bodyOf, detailOf, rowOf } from "./made_up.ts";

/** A made-up program. */
export class Fixture {
  listeners: Listener[] = [];
  configFile: string | null = null;
  tlsLack: string | null = null;
  recording: Recording = {
    file: "/tmp/tcpmon-made-up/capture.pcapng",
    temporary: true,
    bytes: 61_300_000,
    stopped: null,
    behindMs: 0,
  };
  /** Calls other than GET, as "POST /api/listeners {…}". */
  readonly calls: string[] = [];
  /** GET /api/exchanges, as its query. */
  readonly asked: string[] = [];
  readonly #totals = new Map<string, number>();
  readonly #firstTotals = new Map<string, number>();
  readonly #epochs = new Map<string, number>();
  readonly #changed = new Map<string, Exchange>();
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  /** Where contents are searched for a filter: how many of the newest rows have been found, and how far that has got. */
  search: (filter: string) => { readonly hits: number; readonly progress: SearchProgress } | null = () =>
    null;
  /** What is told of connections, by their ids. */
  readonly connections = new Map<string, Connection>();
  authority: OwnAuthority = someAuthority();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #number = 0;

  constructor(rows: Readonly<Record<string, number>> = { "8081": 214 }) {
    for (const [port, total] of Object.entries(rows)) this.addListener(port, total);
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  /** Where the page is. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** How many streams of news are being read. */
  get streams(): number {
    return this.#streams.size;
  }

  /** A listener on `port` with `total` rows, told to nobody. */
  addListener(port: string, total: number, changes: Partial<Listener> = {}): Listener {
    const listener: Listener = {
      id: `l${port}`,
      listen: `127.0.0.1:${port}`,
      name: null,
      target: "shop.example.org:80",
      hostHeader: null,
      rewritesHost: true,
      via: null,
      slow: null,
      targetScheme: null,
      targetTls: null,
      listenTls: null,
      state: "listening",
      error: null,
      suggestion: null,
      since: new Date(2026, 2, 4, 10, 2, 11).toISOString(),
      ...changes,
    };
    this.listeners.push(listener);
    this.#totals.set(listener.id, total);
    this.#firstTotals.set(listener.id, total);
    return listener;
  }

  /** Lets `count` rows come; `change` makes them what they are. Tells of them, unless they are more than 200. */
  come(port: string, count: number, change: Partial<Exchange> = {}): void {
    const id = `l${port}`;
    const total = this.#totals.get(id) ?? 0;
    this.#totals.set(id, total + count);
    const rows = Array.from({ length: Math.min(count, 200) }, (_, i) => total + count - 1 - i).map(
      (ordinal) => {
        const row = { ...this.#row(id, ordinal), ...change };
        this.#changed.set(row.id, row);
        return row;
      },
    );
    this.tell({ exchanges: rows, counts: { [id]: this.counts(id) }, ...(count > 200 ? { more: true } : {}) });
  }

  /** A row becomes other than it was. */
  change(port: string, ordinal: number, change: Partial<Exchange>): void {
    const row = { ...this.#row(`l${port}`, ordinal), ...change };
    this.#changed.set(row.id, row);
    this.tell({ exchanges: [row], counts: { [`l${port}`]: this.counts(`l${port}`) } });
  }

  /** Sends a delta to every page. */
  tell(delta: Delta): void {
    this.#number++;
    const text = `id: made-up-${this.#number}\nevent: delta\ndata: ${JSON.stringify(delta)}\n\n`;
    for (const stream of this.#streams) stream.enqueue(new TextEncoder().encode(text));
  }

  /** As if a delta had been lost: the next one's number is not the one after. */
  skip(): void {
    this.#number++;
  }

  /** Says that the program ends. */
  leave(): void {
    for (const stream of this.#streams) {
      stream.enqueue(new TextEncoder().encode("event: ended\ndata: {}\n\n"));
    }
    this.cut();
  }

  /** Ends every stream of news: pages come back by themselves. */
  cut(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  /** Ends as the program does. */
  async end(): Promise<void> {
    for (const stream of this.#streams) {
      stream.enqueue(new TextEncoder().encode("event: ended\ndata: {}\n\n"));
    }
    this.cut();
    await this.#server.shutdown();
  }

  /** Counts of a listener. */
  counts(id: string): Counts {
    const total = this.#totals.get(id) ?? 0;
    const some = total > 0 ? 1 : 0;
    return { total, open: some, failed: some, openConnections: some, epoch: this.#epochs.get(id) ?? 0 };
  }

  #row(listener: string, ordinal: number): Exchange {
    const row = rowOf(listener, ordinal, this.#firstTotals.get(listener) ?? 0);
    return this.#changed.get(row.id) ?? row;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith("/api/")) return await file(pathname);
    if (request.method !== "GET") return this.#command(request.method, pathname, await request.text());
    if (pathname === "/api/events") return this.#events();
    if (pathname === "/api/listeners") return Response.json({ listeners: this.listeners });
    if (pathname === "/api/exchanges") return this.#list(searchParams);
    if (pathname === "/api/ca") return Response.json(this.authority);
    const connection = this.connections.get(pathname.replace("/api/connections/", ""));
    if (connection) return Response.json(connection);
    const [, id, side, part] =
      /^\/api\/exchanges\/([^/]+)(?:\/(request|response))?(?:\/(view|body))?/.exec(pathname) ?? [];
    const row = this.#find(id ?? "");
    if (!row) return refuse(404, `There is no exchange ${id}.`);
    const detail: ExchangeDetail = detailOf(row);
    if (!side) return Response.json(detail);
    const text = bodyOf(side as "request" | "response");
    if (pathname.endsWith("/view/find")) {
      return Response.json({ hits: [], total: 0, complete: true } satisfies FindResult);
    }
    if (part === "view") {
      const lines = text.split("\n").length;
      const view: ViewPart = {
        as: "xml",
        from: 0,
        text,
        lines,
        total: lines,
        complete: true,
        doneBytes: text.length,
        bytes: text.length,
        charset: "utf-8",
        charsetFrom: "declared",
        fault: null,
        notes: [],
      };
      return Response.json(view);
    }
    return new Response(`${side} of ${id}`, {
      headers: searchParams.has("download")
        ? { "content-disposition": `attachment; filename="${id}-${side}.http"` }
        : {},
    });
  }

  #events(): Response {
    const counts = Object.fromEntries(this.listeners.map(({ id }) => [id, this.counts(id)]));
    const exchanges = this.listeners.flatMap(({ id }) => this.#newest(id, 0, 100)).slice(0, 200);
    const snapshot: Snapshot = {
      version: "0.1.0",
      listeners: this.listeners,
      configFile: this.configFile,
      tlsLack: this.tlsLack,
      counts,
      recording: this.recording,
      exchanges,
      captures: [],
    };
    const first = `retry: 100\n\nid: made-up-${this.#number}\nevent: snapshot\ndata: ${
      JSON.stringify(snapshot)
    }\n\n`;
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller;
        this.#streams.add(controller);
        controller.enqueue(new TextEncoder().encode(first));
      },
      cancel: () => void this.#streams.delete(mine),
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }

  #list(query: URLSearchParams): Response {
    this.asked.push(query.toString());
    const listener = query.get("listener") ?? "";
    const filter = query.get("q") ?? "";
    const offset = Number(query.get("offset") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    const total = this.#totals.get(listener) ?? 0;
    const { error } = parseQuery(filter);
    if (error !== null) return refuse(400, error.message);
    const sort = query.get("sort") ?? "time";
    const isAscending = query.get("order") === "asc";
    const isPlain = filter === "" && sort === "time" && !isAscending;
    const all = isPlain
      ? null
      : inOrder(this.#newest(listener, 0, total), sort, isAscending).filter((row) =>
        JSON.stringify(row).includes(filter)
      );
    const searched = this.search(filter);
    if (searched !== null) {
      return Response.json(
        {
          exchanges: this.#newest(listener, offset, Math.min(limit, searched.hits - offset)),
          next: null,
          total: searched.hits,
          offset,
          search: searched.progress,
        } satisfies ExchangeList,
      );
    }
    const list: ExchangeList = {
      exchanges: all ? all.slice(offset, offset + limit) : this.#newest(listener, offset, limit),
      next: null,
      total: all?.length ?? total,
      offset,
    };
    return Response.json(list);
  }

  #newest(listener: string, offset: number, limit: number): Exchange[] {
    const total = this.#totals.get(listener) ?? 0;
    const first = total - 1 - offset;
    return Array.from(
      { length: Math.max(0, Math.min(limit, first + 1)) },
      (_, i) => this.#row(listener, first - i),
    );
  }

  #find(id: string): Exchange | null {
    const [, listener, number] = /^(l\d+)-e(\d+)$/.exec(id) ?? [];
    return listener && Number(number) < (this.#totals.get(listener) ?? 0)
      ? this.#row(listener, Number(number))
      : null;
  }

  #command(method: string, path: string, body: string): Response {
    this.calls.push(`${method} ${path} ${body}`.trim());
    const given = body === "" ? {} : JSON.parse(body) as Record<string, unknown>;
    const id = path.split("/")[3];
    if (method === "POST" && path === "/api/listeners") {
      const port = String(given.listen).split(":").at(-1) ?? "";
      if (this.listeners.some(({ listen }) => listen.endsWith(`:${port}`))) {
        return refuse(
          409,
          `Port ${port} is already used on 127.0.0.1, by another program. Take another port, or 0 for any free one.`,
          "listen",
          String(Number(port) + 1),
        );
      }
      const listener = this.addListener(port, 0, given as Partial<Listener>);
      this.tell({ listeners: this.listeners });
      return Response.json(listener, { status: 201 });
    }
    if (method === "PATCH") {
      this.listeners = this.listeners.map((listener) =>
        listener.id === id ? { ...listener, ...given as Partial<Listener> } : listener
      );
      this.tell({ listeners: this.listeners });
      return Response.json(this.listeners.find((listener) => listener.id === id));
    }
    if (path === "/api/exchanges") return this.#remove(given);
    this.listeners = this.listeners.filter((listener) => listener.id !== id);
    this.tell({ listeners: this.listeners });
    return new Response(null, { status: 204 });
  }

  #remove(given: Record<string, unknown>): Response {
    const ids = (given.ids ?? []) as string[];
    const listener = String(given.listener ?? ids[0]?.split("-")[0]);
    const left = given.all === true ? 0 : (this.#totals.get(listener) ?? 0) - ids.length;
    this.#totals.set(listener, left);
    this.#epochs.set(listener, (this.#epochs.get(listener) ?? 0) + 1);
    this.tell({ counts: { [listener]: this.counts(listener) } });
    return Response.json({ removed: ids.length });
  }
}

/** Rows, given the newest first, in the order of a sort. */
function inOrder(rows: readonly Exchange[], sort: string, isAscending: boolean): Exchange[] {
  const name = { request: "requestBytes", response: "responseBytes", elapsed: "elapsedMs" }[sort] ?? sort;
  const oldestFirst = [...rows].reverse();
  if (sort !== "time") {
    const by = (row: Exchange) => (row as unknown as Record<string, string | number | null>)[name] ?? "";
    oldestFirst.sort((a, b) => by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0);
  }
  return isAscending ? oldestFirst : oldestFirst.reverse();
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
};

const NONCE = "bWFkZS11cA";

const CSP =
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${NONCE}'; img-src 'self' blob: data:; ` +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async function file(path: string): Promise<Response> {
  const name = path === "/" ? "index.html" : path.slice(1);
  try {
    const bytes = await Deno.readFile(new URL(`../../static/${name}`, import.meta.url));
    const type = TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    const headers = { "content-type": type, "content-security-policy": CSP };
    if (path !== "/") return new Response(bytes, { headers });
    const html = new TextDecoder().decode(bytes).replace(
      'name="csp-nonce" content=""',
      `name="csp-nonce" content="${NONCE}"`,
    );
    return new Response(html, { headers });
  } catch {
    return new Response("not found", { status: 404 });
  }
}

function refuse(status: number, error: string, field?: string, suggestion?: string): Response {
  return Response.json({ error, field, suggestion } satisfies ApiError, { status });
}
