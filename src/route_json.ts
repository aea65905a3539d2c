// A Route as JSON, of the API and of the configuration file: `{listen, target, name, hostHeader, via, slow}`. Pure.
// Everything that is wrong is told at once, each with the path of its member ("slow.upstream.latencyMs").

import { parseListen, parseTarget } from "./address.ts";
import type {
  Address,
  HostHeader,
  LinkLimits,
  Route,
  RouteOptions,
  SlowLink,
  UpstreamProxy,
} from "./model.ts";
import { nearest } from "./nearest.ts";
import { isSameVia, parseVia, passwordOf } from "./upstream_proxy.ts";

/** The members of a Route. */
export const ROUTE_MEMBERS = ["listen", "target", "name", "hostHeader", "via", "slow"] as const;

/** A longer name is refused: it stands in a tab. */
export const MOST_NAME = 100;
/** The greatest delay, ms: ten minutes. */
export const MOST_DELAY_MS = 600_000;
/** The greatest bandwidth, bytes a second: more than any link has. */
export const MOST_BYTES_PER_SECOND = 1_000_000_000_000;

/** What is wrong: the path of the member, and a sentence that says why and one that says what to write. */
export interface Fault {
  readonly path: string;
  readonly text: string;
}

/** Members that were given; null turns an option off. */
export interface RouteChange {
  readonly listen?: Address;
  readonly target?: Address | null;
  readonly name?: string | null;
  readonly hostHeader?: HostHeader | null;
  readonly via?: UpstreamProxy | null;
  readonly slow?: SlowLink | null;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads values, and notes what is wrong with them. What could not be read is undefined. */
export class RouteReader {
  readonly faults: Fault[] = [];

  /** A whole Route below `path`; null where something in it is wrong. */
  route(json: unknown, path: string): Route | null {
    const before = this.faults.length;
    const change = this.change(json, path);
    const listen = change.listen;
    if (change.listen === undefined && !this.#has(path, "listen")) {
      this.wrong(
        at(path, "listen"),
        "Cannot add the listener: listen is missing. Give [HOST:]PORT, such as 8081.",
      );
    }
    if (this.faults.length > before || listen === undefined) return null;
    return withChange({ listen, target: null }, change);
  }

  /** The members that are given, below `path`. */
  change(json: unknown, path: string): RouteChange {
    const members = this.object(json, path, ROUTE_MEMBERS, "listener");
    const read: { -readonly [name in keyof RouteChange]: RouteChange[name] } = {};
    if (members.listen !== undefined) read.listen = this.#listen(members.listen, at(path, "listen"));
    if (members.target !== undefined) {
      read.target = this.#orNull(
        members.target,
        (text) => this.#address(parseTarget, text, at(path, "target"), TARGET),
      );
    }
    if (members.name !== undefined) {
      read.name = this.#orNull(members.name, (name) => this.#name(name, at(path, "name")));
    }
    if (members.hostHeader !== undefined) {
      read.hostHeader = this.#orNull(
        members.hostHeader,
        (word) => this.#hostHeader(word, at(path, "hostHeader")),
      );
    }
    if (members.via !== undefined) {
      read.via = this.#orNull(members.via, (via) => this.#via(via, at(path, "via")));
    }
    if (members.slow !== undefined) {
      read.slow = this.#orNull(members.slow, (slow) => this.#slow(slow, at(path, "slow")));
    }
    return read;
  }

  /** The members of an object that has none but `known` ones; `what` is it in words. */
  object(json: unknown, path: string, known: readonly string[], what: string): Json {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      this.wrong(path, `Cannot use it as a ${what}: it is not an object. Give one with ${known.join(", ")}.`);
      return {};
    }
    for (const name of Object.keys(json)) {
      if (known.includes(name)) continue;
      const meant = nearest(name, known);
      const mend = meant === null ? `Give ${known.join(", ")}.` : `Write ${JSON.stringify(meant)}.`;
      this.wrong(at(path, name), `Cannot use ${quote(name)}: a ${what} has no such member. ${mend}`);
    }
    return json as Json;
  }

  /** Notes what is wrong. */
  wrong(path: string, text: string): undefined {
    this.faults.push({ path, text });
  }

  #has(path: string, member: string): boolean {
    return this.faults.some((fault) => fault.path === at(path, member) || fault.path === path);
  }

  #orNull<T>(value: unknown, read: (value: unknown) => T | undefined): T | null | undefined {
    return value === null ? null : read(value);
  }

  #listen(value: unknown, path: string): Address | undefined {
    return this.#address(parseListen, typeof value === "number" ? String(value) : value, path, LISTEN);
  }

  #address(read: (text: string) => Address, value: unknown, path: string, form: string): Address | undefined {
    if (typeof value !== "string") {
      return this.wrong(path, `Cannot use it as an address: it is not a text. Give ${form}.`);
    }
    return this.#parsed(read, value, path);
  }

  #parsed<T>(read: (text: string) => T, text: string, path: string): T | undefined {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.wrong(path, error.message);
    }
  }

  #name(value: unknown, path: string): string | null | undefined {
    if (typeof value !== "string") {
      return this.wrong(path, "Cannot use it as a name: it is not a text. Give one.");
    }
    return this.#parsed(parseName, value, path) || null;
  }

  #hostHeader(value: unknown, path: string): HostHeader | undefined {
    if (typeof value === "string") return this.#parsed(parseHostHeader, value, path);
    return this.#parsed(parseHostHeader, JSON.stringify(value), path);
  }

  #via(value: unknown, path: string): UpstreamProxy | undefined {
    if (typeof value === "string") return this.#parsed(parseVia, value, path);
    return this.wrong(
      path,
      'Cannot use it as a proxy: it is not a text. Give http://HOST:PORT, or "environment".',
    );
  }

  #slow(value: unknown, path: string): SlowLink | null {
    const { upstream, downstream } = this.object(value, path, ["upstream", "downstream"], "slow link");
    const slow = {
      upstream: this.#limits(upstream, at(path, "upstream")),
      downstream: this.#limits(downstream, at(path, "downstream")),
    };
    return isUnlimited(slow.upstream) && isUnlimited(slow.downstream) ? null : slow;
  }

  #limits(value: unknown, path: string): LinkLimits {
    if (value === undefined || value === null) return UNLIMITED;
    const known = ["bytesPerSecond", "latencyMs", "jitterMs"];
    const members = this.object(value, path, known, "slow link's direction");
    const limits = {
      bytesPerSecond: members.bytesPerSecond === null || members.bytesPerSecond === undefined
        ? null
        : this.#number(members.bytesPerSecond, at(path, "bytesPerSecond"), 1, MOST_BYTES_PER_SECOND),
      latencyMs: this.#number(members.latencyMs ?? 0, at(path, "latencyMs"), 0, MOST_DELAY_MS),
      jitterMs: this.#number(members.jitterMs ?? 0, at(path, "jitterMs"), 0, MOST_DELAY_MS),
    };
    if (limits.jitterMs > limits.latencyMs) {
      this.wrong(
        at(path, "jitterMs"),
        `Cannot use ${limits.jitterMs}: a delay of ${limits.latencyMs} ms cannot vary by more than itself. ` +
          `Give at most ${limits.latencyMs}, or a greater latencyMs.`,
      );
    }
    return limits;
  }

  #number(value: unknown, path: string, least: number, most: number): number {
    if (typeof value === "number" && value >= least && value <= most) return value;
    this.wrong(path, `Cannot use ${quote(value)}: it is not a number from ${least} to ${most}. Give one.`);
    return least;
  }
}

const LISTEN = "[HOST:]PORT, such as 8081";
const TARGET = "HOST:PORT, such as localhost:80, or null for a forward HTTP proxy";
const UNLIMITED: LinkLimits = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };

/** A name without white space around it; "" for none. Throws SyntaxError. */
export function parseName(text: string): string {
  const name = text.trim();
  if (/\p{Cc}/u.test(name)) {
    throw new SyntaxError("Cannot use that name: it has control characters. Leave them out.");
  }
  if (name.length > MOST_NAME) {
    throw new SyntaxError(`Cannot use that name: it is longer than ${MOST_NAME} characters. Shorten it.`);
  }
  return name;
}

/** "rewrite" or "keep". Throws SyntaxError. */
export function parseHostHeader(text: string): HostHeader {
  if (text === "rewrite" || text === "keep") return text;
  throw new SyntaxError(
    `Cannot use ${quote(text)} for the Host header: it is neither rewrite nor keep. Write one of them.`,
  );
}

/** Whether a Direction goes as fast as it can. */
export function isUnlimited({ bytesPerSecond, latencyMs, jitterMs }: LinkLimits): boolean {
  return bytesPerSecond === null && latencyMs === 0 && jitterMs === 0;
}

/**
 * A Route with the members that `change` gives. A proxy's password is shown to nobody, so the same proxy and user
 * without one keep that which is known.
 */
export function withChange(route: Route, change: RouteChange): Route {
  const options: { -readonly [name in keyof RouteOptions]: RouteOptions[name] } = {
    name: chosen(change.name, route.name),
    hostHeader: chosen(change.hostHeader, route.hostHeader),
    via: chosen(change.via, route.via),
    slow: chosen(change.slow, route.slow),
  };
  if (isSameVia(options.via, route.via) && passwordOf(options.via) === "") options.via = route.via;
  return {
    listen: change.listen ?? route.listen,
    target: change.target === undefined ? route.target : change.target,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}

function chosen<T>(given: T | null | undefined, before: T | undefined): T | undefined {
  return given === undefined ? before : given ?? undefined;
}

function at(path: string, member: string): string {
  const named = /^[A-Za-z_$][\w$-]*$/.test(member) ? member : JSON.stringify(member);
  return path === "" ? named : `${path}.${named}`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
