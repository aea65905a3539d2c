// The page's server: binds its address, gives requests to the app, and stays there whatever happens to its
// sockets. The only HTTP server of the program. It answers on loopback only; options.ts sees to that.
// The app and the page's files are loaded once the first is asked for, or `load` is called: nobody who only wants to
// have ports listened on waits for them.

import type { Address } from "../model.ts";
import { hasRoomFor } from "../catalog/file_room.ts";
import type { Catalog } from "../catalog/types.ts";
import { formatAddress, LOOPBACK } from "../address.ts";
import type { AppParts } from "./app.ts";
import type { Assets } from "./assets.ts";
import { Access } from "./auth.ts";
import type { Authority } from "./authority.ts";
import type { OpenCaptures } from "./captures.ts";
import type { Control } from "./control.ts";
import { Feed } from "./feed.ts";
import type { Sends } from "./sends.ts";

/** Where the page is unless told otherwise … */
export const DEFAULT_PORT = 4040;
/** … and how many ports after that one are tried when it is taken. */
const TRIED_PORTS = 100;
/** Browsers open no page on this port of the lock daemon (Fetch standard, 2.9, "bad port"). */
const BLOCKED_PORT = 4045;
/** How Deno says EMFILE and ENFILE, which has no code here. */
const LACK = /\(os error 2[34]\)$/;
/** What to do about that: Connections that stay hold their files until they end. */
const MORE_FILES =
  "too many files are open. Allow more before you start tcpmon (ulimit -n). It tries again by itself.";
/** How long to wait after an accept error (RLIMIT_NOFILE is reached: EMFILE) before serving again. */
const SERVE_AGAIN_MS = 200;
/** Serving must have gone well for so long before it is said to go well again, ms. */
const QUIET_MS = 1_000;
/** How long answers under way may take once the server is being closed. */
const CLOSE_MS = 500;

/** What the page's server is made of. */
export interface PageServerOptions {
  readonly catalog: Catalog;
  readonly control: Control;
  readonly sends: Sends;
  /** Opens captures; left out where none can be. */
  readonly captures?: OpenCaptures;
  /** tcpmon's own authority; left out where there is none. */
  readonly authority?: Authority;
  /** Of the program: "0.1.0". */
  readonly version: string;
  /** Where to listen; port 0 takes a free one. Null: 127.0.0.1:4040, or the next free port. */
  readonly address: Address | null;
  /** The page's files; those of the program unless given. */
  readonly assets?: Assets;
  /** Is told of what goes wrong and has no client to be told to. */
  readonly report: (error: unknown) => void;
  /** Takes a sentence for the user. */
  readonly notice: (text: string) => void;
  /** Called when there are too few file descriptors for those who come. */
  readonly onLack?: () => void;
}

/** A page that is being served. */
export interface PageServer {
  /** As bound. */
  readonly address: Address;
  /** To open in the browser; holds the token. */
  readonly url: string;
  /** "http://127.0.0.1:4040/api" */
  readonly apiUrl: string;
  readonly token: string;
  /** Loads what answers, where that is not loaded yet. Rejects where it cannot be had. */
  load(): Promise<void>;
  /** Tells the pages that the program ends, lets answers under way end, and frees the port. */
  close(): Promise<void>;
}

/** Binds the page's address and serves it. Throws Error, in words for the user, where it cannot be bound. */
export function servePage(options: PageServerOptions): PageServer {
  const { catalog, control, version } = options;
  // The app needs the port, so it is made after the server.
  const serving = bind(options.address, async (request) => (await load())(request), options);
  const { address } = serving;
  const access = new Access(address);
  const feed = new Feed({ catalog, control, version });
  let loading: Promise<Handler> | null = null;
  // What could not be loaded, as where files are short, is tried again by the next who asks.
  const load = () =>
    loading ??= loadApp({ ...options, feed, access }).catch((error) => {
      loading = null;
      throw error;
    });
  return {
    address,
    url: access.openUrl,
    apiUrl: `http://${formatAddress(address)}/api`,
    token: access.token,
    async load() {
      await load();
    },
    async close() {
      feed.end();
      await serving.close();
      await loading?.catch(() => {});
    },
  };
}

/** Reads the page's files and makes the app. */
async function loadApp(parts: Omit<AppParts, "assets"> & { readonly assets?: Assets }): Promise<Handler> {
  const [{ createApp }, assets] = await Promise.all([
    import("./app.ts"),
    parts.assets ?? import("./assets.ts").then(({ loadAssets }) => loadAssets()),
  ]);
  const app = createApp({ ...parts, assets });
  return (request) => app.fetch(request);
}

/** Serves at `address`; where that is null, at the first free one of the default ports. */
function bind(address: Address | null, handler: Handler, told: Told): Serving {
  const candidates = address !== null
    ? [address]
    : Array.from({ length: TRIED_PORTS + 1 }, (_, index) => ({ host: LOOPBACK, port: DEFAULT_PORT + index }))
      .filter(({ port }) => port !== BLOCKED_PORT);
  for (const candidate of candidates) {
    try {
      return new Serving(candidate, handler, told);
    } catch (error) {
      if (address === null && error instanceof Deno.errors.AddrInUse) continue;
      throw new Error(`Cannot show the page on ${formatAddress(candidate)}: ${explain(error)}`, {
        cause: error,
      });
    }
  }
  const last = DEFAULT_PORT + TRIED_PORTS;
  throw new Error(
    `Cannot show the page on ${LOOPBACK}: ports ${DEFAULT_PORT} to ${last} are in use. Give a free one: --ui 0.`,
  );
}

function explain(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return "another program has it. Take another port with --ui, or 0 for any free one.";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "ports below 1024 need more rights. Take a higher one with --ui.";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return "this machine has no such address. Take 127.0.0.1 with --ui.";
  }
  return `${error instanceof Error ? error.message : error}. Take another address with --ui.`;
}

type Handler = (request: Request) => Response | Promise<Response>;

/** Who is told of what becomes of a server. */
type Told = Pick<PageServerOptions, "report" | "notice" | "onLack">;

/**
 * An HTTP server that stays. One whose accepting has failed is over for good, so another one takes its port.
 */
class Serving {
  /** As bound. */
  readonly address: Address;
  readonly #handler: Handler;
  readonly #told: Told;
  readonly #ended: Promise<void>;
  #abort = new AbortController();
  #underWay = 0;
  #failing = false;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #noneUnderWay = () => {};
  #wakeUp = () => {};

  /** Throws Deno's error where `address` cannot be bound. */
  constructor(address: Address, handler: Handler, told: Told) {
    this.#handler = handler;
    this.#told = told;
    const server = this.#serve(address);
    this.address = { host: address.host, port: server.addr.port };
    this.#ended = this.#stay(server);
  }

  /** Waits for answers under way, but not for long, and ends. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#quiet);
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CLOSE_MS);
        this.#noneUnderWay = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wakeUp();
    this.#abort.abort();
    await this.#ended;
  }

  #serve(address: Address): Deno.HttpServer<Deno.NetAddr> {
    this.#abort = new AbortController();
    return Deno.serve({
      hostname: address.host,
      port: address.port,
      signal: this.#abort.signal,
      // It would print the address, which says nothing without the token.
      onListen: () => {},
    }, (request, { completed }) => {
      this.#underWay++;
      const done = () => {
        this.#underWay--;
        if (this.#underWay === 0) this.#noneUnderWay();
      };
      // It fails where the client went away, which is as good an end as any.
      completed.then(done, done);
      return this.#closed ? new Response(null, { status: 503 }) : this.#handler(request);
    });
  }

  async #stay(first: Deno.HttpServer): Promise<void> {
    let server: Deno.HttpServer | null = first;
    while (!this.#closed) {
      try {
        server ??= this.#serve(this.address);
        if (this.#failing) this.#recover();
        await server.finished;
      } catch (error) {
        this.#fail(error);
      }
      server = null;
      await this.#pause();
    }
  }

  #fail(error: unknown): void {
    clearTimeout(this.#quiet);
    if (this.#closed) return;
    const reason = error instanceof Error ? error.message : String(error);
    const isLack = LACK.test(reason);
    if (isLack) this.#told.onLack?.();
    if (this.#failing) return;
    this.#failing = true;
    const said = isLack ? MORE_FILES : `${reason.replace(/^Error: /, "")}. It tries again by itself.`;
    this.#told.report(new Error(`The page accepts nobody for now: ${said}`, { cause: error }));
  }

  /** Says that it serves again, once that has been so for a while: at the limit it comes and goes. */
  #recover(): void {
    this.#quiet = setTimeout(() => {
      // Nobody may have come meanwhile.
      if (!hasRoomFor(1)) return this.#recover();
      this.#failing = false;
      this.#told.notice("The page accepts clients again.");
    }, QUIET_MS);
  }

  /** Waits until it is worth while to try again, or until it is over. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve();
      const timer = setTimeout(resolve, SERVE_AGAIN_MS);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
