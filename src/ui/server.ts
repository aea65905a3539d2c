// The page's server: binds its address, gives requests to the app, and stays there whatever happens to its
// sockets. The only HTTP server of the program. It answers on loopback only; options.ts sees to that.

import type { Address } from "../model.ts";
import type { Catalog } from "../catalog/types.ts";
import { formatAddress, LOOPBACK } from "../address.ts";
import { createApp } from "./app.ts";
import { type Assets, loadAssets } from "./assets.ts";
import { Access } from "./auth.ts";
import type { Control } from "./control.ts";
import { Feed } from "./feed.ts";

/** Where the page is unless told otherwise … */
export const DEFAULT_PORT = 4040;
/** … and how many ports after that one are tried when it is taken. */
const TRIED_PORTS = 100;
/** How long to wait after an accept error (RLIMIT_NOFILE is reached: EMFILE) before serving again. */
const SERVE_AGAIN_MS = 200;
/** The same trouble is not reported more often. */
const REPORT_EVERY_MS = 10_000;
/** How long answers under way may take once the server is being closed. */
const CLOSE_MS = 500;

/** What the page's server is made of. */
export interface PageServerOptions {
  readonly catalog: Catalog;
  readonly control: Control;
  /** Of the program: "0.1.0". */
  readonly version: string;
  /** Where to listen; port 0 takes a free one. Null: 127.0.0.1:4040, or the next free port. */
  readonly address: Address | null;
  /** The page's files; those of the program unless given. */
  readonly assets?: Assets;
  /** Is told of what goes wrong and has no client to be told to. */
  readonly report: (error: unknown) => void;
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
  /** Tells the pages that the program ends, lets answers under way end, and frees the port. */
  close(): Promise<void>;
}

/** Binds the page's address and serves it. Throws Error, in words for the user, where it cannot be bound. */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  const { catalog, control, version, report } = options;
  const assets = options.assets ?? await loadAssets();
  const binding = bind(options.address, handle);
  const access = new Access(binding.address);
  const feed = new Feed({ catalog, control, version });
  const app = createApp({ catalog, control, feed, access, assets, version, report });
  const keeper = keepServing(binding, handle, report);

  /** The app needs the port, so it is made after the server; no request comes before this function returns. */
  function handle(request: Request): Response | Promise<Response> {
    return app.fetch(request);
  }

  return {
    address: binding.address,
    url: access.openUrl,
    apiUrl: `http://${formatAddress(binding.address)}/api`,
    token: access.token,
    async close() {
      feed.end();
      await keeper.close();
    },
  };
}

type Handler = (request: Request) => Response | Promise<Response>;

interface Binding {
  readonly address: Address;
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly abort: AbortController;
}

/** Serves at `address`, or at the first free one of the default ports. */
function bind(address: Address | null, handler: Handler): Binding {
  const candidates = address !== null
    ? [address]
    : Array.from({ length: TRIED_PORTS + 1 }, (_, index) => ({ host: LOOPBACK, port: DEFAULT_PORT + index }));
  for (const candidate of candidates) {
    try {
      return serve(candidate, handler);
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

function serve(address: Address, handler: Handler): Binding {
  const abort = new AbortController();
  const server = Deno.serve({
    hostname: address.host,
    port: address.port,
    signal: abort.signal,
    // It would print the address, which says nothing without the token.
    onListen: () => {},
  }, handler);
  return { address: { host: address.host, port: server.addr.port }, server, abort };
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

/** Serves on when accepting fails: a failed server is over for good, so another one takes its port. */
function keepServing(first: Binding, handler: Handler, report: (error: unknown) => void) {
  let binding: Binding | null = first;
  let closed = false;
  let quietUntil = 0;
  let goOn = () => {};

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, SERVE_AGAIN_MS);
      goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const serving = (async () => {
    while (!closed) {
      try {
        binding ??= serve(first.address, handler);
        await binding.server.finished;
      } catch (error) {
        if (!closed && performance.now() > quietUntil) {
          quietUntil = performance.now() + REPORT_EVERY_MS;
          const reason = error instanceof Error ? error.message : String(error);
          report(new Error(`The page accepts nobody for a moment: ${reason}`, { cause: error }));
        }
      }
      if (closed) return;
      binding = null;
      await pause();
    }
  })();

  return {
    async close(): Promise<void> {
      closed = true;
      goOn();
      const { server, abort } = binding ?? {};
      const timer = setTimeout(() => abort?.abort(), CLOSE_MS);
      await server?.shutdown();
      clearTimeout(timer);
      await serving;
    },
  };
}
