// The listeners of a command line: `--listen` and the options behind it, and Apache TCPMon's own order. Pure; errors are
// UsageErrors, each one line that says how to mend it.

import { formatAddress, parseListen, parseTarget } from "./address.ts";
import type { Address, LinkLimits, Route, RouteOptions } from "./model.ts";
import { parseHostHeader, parseName } from "./route_json.ts";
import { parseLimits, slowLinkOf } from "./slow_text.ts";
import { formatTarget, parseTargetUrl, type Target } from "./target.ts";
import { TLS_OPTIONS, tlsOf, type TlsOption, type TlsWords, withTlsWord } from "./tls_words.ts";
import { parseVia } from "./upstream_proxy.ts";
import { reading, UsageError } from "./usage_error.ts";

/** The options that belong to the listener before them, with an example each. */
export const LISTENER_OPTIONS = {
  name: "--name shop",
  "host-header": "--host-header keep",
  via: "--via http://proxy.example.org:3128",
  slow: "--slow 64kB/s",
  "slow-up": "--slow-up rate=64kB/s,latency=200ms",
  "slow-down": "--slow-down rate=64kB/s,latency=200ms",
  ...TLS_OPTIONS,
} as const;

export type ListenerOption = keyof typeof LISTENER_OPTIONS;

/** What options of a listener come to; slow links and TLS are put together from several of them. */
interface Given extends Pick<RouteOptions, "name" | "hostHeader" | "via"> {
  readonly both?: LinkLimits;
  readonly up?: LinkLimits;
  readonly down?: LinkLimits;
  readonly tls?: TlsWords;
}

/** What reads the value of each. */
const READERS: { readonly [option in Exclude<ListenerOption, TlsOption>]: (text: string) => Given } = {
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
  target: Target | null;
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
    refuseBoth(text);
    this.#begun.push(begun(reading(parseListen, text)));
  }

  /** `--target` */
  target(text: string): void {
    const read = reading(parseTargetUrl, text);
    const target = formatTarget(read.address, read.scheme);
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
    last.target = read;
  }

  /** Another option of a listener; `next` is the word behind it, which may have been meant as a part of its value. */
  option(name: ListenerOption, text: string, next: string | null = null): void {
    const last = this.#begun.at(-1) ?? this.#first;
    if (last.given.has(name) && name !== "passthrough") {
      throw new UsageError(`Cannot use --${name} twice for one listener. Leave one of them out.`);
    }
    last.given.add(name);
    const read = (text: string): Given =>
      isOfTls(name) ? { tls: withTlsWord(last.options.tls ?? {}, name, text) } : READERS[name](text);
    if (next !== null && !isRead(read, text) && isRead(read, `${text} ${next}`)) {
      throw new UsageError(
        `Cannot use --${name} ${text} ${next}: a space divides it. ` +
          `Write --${name} ${text}${next}, without a space, or "${text} ${next}" in quotes.`,
      );
    }
    last.options = { ...last.options, ...reading(read, text) };
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
    const all = positional === null
      ? this.#begun
      : [{ ...positional, options: this.#first.options }, ...this.#begun];
    return all.map(({ listen, target, options }) => ({
      listen: listen!,
      target: target && target.address,
      ...routeOptions(options, target),
    }));
  }

  /** `8081 localhost 80`; `8081 localhost:80` is read as well, and `8081` alone is a forward HTTP proxy. */
  #positional(words: readonly string[]): { readonly listen: Address; readonly target: Target | null } {
    const [listen, host, port] = words;
    if (words.length === 1) refuseBoth(listen);
    const open = this.#begun.findLast(({ target }) => target === null)?.listen ?? null;
    if (words.length === 1 && open === null && /^\d+$/.test(listen)) {
      return { listen: reading(parseListen, listen), target: null };
    }
    if (words.length === 2) {
      return { listen: reading(parseListen, listen), target: reading(parseTargetUrl, host) };
    }
    if (words.length === 3) {
      if (host.includes("://")) {
        throw new UsageError(
          `Cannot use ${JSON.stringify(words.join(" "))}: a URL has its port in it. ` +
            `Write tcpmon ${listen} ${host.replace(/\/$/, "")}:${port}.`,
        );
      }
      const bare = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
      const address = reading(parseTarget, `${bare}:${port}`);
      return { listen: reading(parseListen, listen), target: { address, scheme: undefined } };
    }
    const mend = words.length === 1 && open !== null
      ? `Write --target before it: --listen ${formatAddress(open)} --target ${listen}.`
      : "Write a listen port, a target host and a target port, as in: tcpmon 8081 localhost 80.";
    throw new UsageError(
      `Cannot use ${JSON.stringify(words.join(" "))}: it is not clear what it means. ${mend}`,
    );
  }
}

function isRead(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}

function routeOptions({ both, up, down, tls, ...options }: Given, target: Target | null): RouteOptions {
  const slow = slowLinkOf({ both, up, down });
  const targetScheme = target?.scheme ?? undefined;
  return {
    ...options,
    ...(slow === null ? {} : { slow }),
    ...(targetScheme === undefined ? {} : { targetScheme }),
    ...tlsOf(tls ?? {}, targetScheme),
  };
}

/** Refuses `8081:80` and `8081:db:5432`, by which other programs know where to listen and where to forward. */
function refuseBoth(text: string): void {
  const [, port, host, target] = /^(\d+):(?:([^:/\s]+):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined) return;
  throw new UsageError(
    `Cannot listen on ${JSON.stringify(text)}: it has two ports. The target is an option of its own. ` +
      `Write --listen ${port} --target ${host ?? "localhost"}:${target}.`,
  );
}

function begun(listen: Address | null): Begun {
  return { listen, target: null, options: {}, given: new Set() };
}

function isOfTls(name: ListenerOption): name is TlsOption {
  return Object.hasOwn(TLS_OPTIONS, name);
}
