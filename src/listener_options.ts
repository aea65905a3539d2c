// The listeners of a command line: `--listen` and the options behind it, and Apache TCPMon's own order. Pure; errors are
// UsageErrors, each one line that says how to mend it.

import { formatAddress, parseListen, parseTarget } from "./address.ts";
import type { Address, LinkLimits, Route, RouteOptions } from "./model.ts";
import { parseHostHeader, parseName } from "./route_json.ts";
import { parseLimits, slowLinkOf } from "./slow_text.ts";
import { parseVia } from "./upstream_proxy.ts";

/** A command line that cannot be followed. The message is one line: what is wrong and how to mend it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The options that belong to the listener before them, with an example each. */
export const LISTENER_OPTIONS = {
  name: "--name shop",
  "host-header": "--host-header keep",
  via: "--via http://proxy.example.org:3128",
  slow: "--slow 64kB/s",
  "slow-up": "--slow-up rate=64kB/s,latency=200ms",
  "slow-down": "--slow-down rate=64kB/s,latency=200ms",
} as const;

export type ListenerOption = keyof typeof LISTENER_OPTIONS;

/** What options of a listener come to; slow links are put together from three of them. */
interface Given extends Omit<RouteOptions, "slow"> {
  readonly both?: LinkLimits;
  readonly up?: LinkLimits;
  readonly down?: LinkLimits;
}

/** What reads the value of each. */
const READERS: { readonly [option in ListenerOption]: (text: string) => Given } = {
  name: (text) => ({ name: parseName(text) }),
  "host-header": (text) => ({ hostHeader: parseHostHeader(text) }),
  via: (text) => ({ via: parseVia(text) }),
  slow: (text) => ({ both: parseLimits(text) }),
  "slow-up": (text) => ({ up: parseLimits(text) }),
  "slow-down": (text) => ({ down: parseLimits(text) }),
};

/** A listener whose options are still coming. */
interface Begun {
  /** null: where it listens comes in Apache TCPMon's own order. */
  readonly listen: Address | null;
  target: Address | null;
  options: Given;
  readonly given: Set<ListenerOption>;
}

/** Takes listeners and their options in the order of the command line. */
export class ListenerWords {
  /** What comes before every --listen belongs to the listener in Apache TCPMon's own order. */
  readonly #first: Begun = begun(null);
  readonly #begun: Begun[] = [];

  /** `--listen` */
  listen(text: string): void {
    this.#begun.push(begun(reading(parseListen, text)));
  }

  /** `--target` */
  target(text: string): void {
    const address = reading(parseTarget, text);
    const target = formatAddress(address);
    const last = this.#begun.at(-1);
    if (last === undefined) {
      throw new UsageError(
        `Cannot use --target ${target}: there is no --listen before it. Write --listen 8081 --target ${target}.`,
      );
    }
    if (last.target !== null) {
      throw new UsageError(
        `Cannot use --target ${target}: the --listen before it has a target already. Write a --listen for it.`,
      );
    }
    last.target = address;
  }

  /** Another option of a listener. */
  option(name: ListenerOption, text: string): void {
    const last = this.#begun.at(-1) ?? this.#first;
    if (last.given.has(name)) {
      throw new UsageError(`Cannot use --${name} twice for one listener. Leave one of them out.`);
    }
    last.given.add(name);
    last.options = { ...last.options, ...reading(READERS[name], text) };
  }

  /** All of them; `words` are those without an option: Apache TCPMon's own order. */
  routes(words: readonly string[]): readonly Route[] {
    const positional = words.length === 0 ? null : this.#positional(words);
    const [early] = this.#first.given;
    if (positional === null && early !== undefined) {
      throw new UsageError(
        `Cannot use --${early}: there is no --listen before it. Write it behind one: --listen 8081 ${
          LISTENER_OPTIONS[early]
        }.`,
      );
    }
    const listeners = this.#begun.map(({ listen, target, options }) => ({
      listen: listen!,
      target,
      ...routeOptions(options),
    }));
    return positional === null
      ? listeners
      : [{ ...positional, ...routeOptions(this.#first.options) }, ...listeners];
  }

  /** `8081 localhost 80`; `8081 localhost:80` is read as well, and `8081` alone is a forward HTTP proxy. */
  #positional(words: readonly string[]): Route {
    const [listen, host, port] = words;
    const open = this.#begun.findLast(({ target }) => target === null)?.listen ?? null;
    if (words.length === 1 && open === null && /^\d+$/.test(listen)) {
      return { listen: reading(parseListen, listen), target: null };
    }
    if (words.length === 2) {
      return { listen: reading(parseListen, listen), target: reading(parseTarget, host) };
    }
    if (words.length === 3) {
      const bare = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
      return { listen: reading(parseListen, listen), target: reading(parseTarget, `${bare}:${port}`) };
    }
    const mend = words.length === 1 && open !== null
      ? `Write --target before it: --listen ${formatAddress(open)} --target ${listen}.`
      : "Write a listen port, a target host and a target port, as in: tcpmon 8081 localhost 80.";
    throw new UsageError(
      `Cannot use ${JSON.stringify(words.join(" "))}: it is not clear what it means. ${mend}`,
    );
  }
}

/** What `read` makes of `text`; its SyntaxError becomes a UsageError. */
export function reading<T>(read: (text: string) => T, text: string): T {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message);
    throw error;
  }
}

function routeOptions({ both, up, down, ...options }: Given): RouteOptions {
  const slow = slowLinkOf({ both, up, down });
  return slow === null ? options : { ...options, slow };
}

function begun(listen: Address | null): Begun {
  return { listen, target: null, options: {}, given: new Set() };
}
