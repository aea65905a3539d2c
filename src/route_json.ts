// A Route as JSON, of the API and of the configuration file: the members of ROUTE_MEMBERS. Pure.
// Everything that is wrong is told at once, each with the path of its member ("slow.upstream.latencyMs").

import { parseListen } from "./address.ts";
import type {
  Address,
  HostHeader,
  LinkLimits,
  ListenTls,
  Route,
  RouteOptions,
  SlowLink,
  TargetScheme,
  TargetTls,
  UpstreamProxy,
} from "./model.ts";
import { at, MemberReader, quote } from "./json_members.ts";
import { parseTargetUrl } from "./target.ts";
import { misfit, readListenTls, readTargetTls } from "./tls_json.ts";
import { isSameVia, parseVia, passwordOf } from "./upstream_proxy.ts";

/** The members of a Route. */
export const ROUTE_MEMBERS = [
  "listen",
  "target",
  "name",
  "hostHeader",
  "via",
  "slow",
  "targetScheme",
  "targetTls",
  "listenTls",
] as const;

/** A longer name is refused: it stands in a tab. */
export const MOST_NAME = 100;
/** The greatest delay, ms: ten minutes. */
export const MOST_DELAY_MS = 600_000;
/** The greatest bandwidth, bytes a second: more than any link has. */
export const MOST_BYTES_PER_SECOND = 1_000_000_000_000;

/** Members that were given; null turns an option off. */
export interface RouteChange {
  readonly listen?: Address;
  readonly target?: Address | null;
  readonly name?: string | null;
  readonly hostHeader?: HostHeader | null;
  readonly via?: UpstreamProxy | null;
  readonly slow?: SlowLink | null;
  readonly targetScheme?: TargetScheme | null;
  readonly targetTls?: TargetTls | null;
  readonly listenTls?: ListenTls | null;
}

type Changing = { -readonly [name in keyof RouteChange]: RouteChange[name] };

/** Reads Routes, and notes what is wrong with them. What could not be read is undefined. */
export class RouteReader extends MemberReader {
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
    const route = withChange({ listen, target: null }, change);
    const wrong = misfit(route);
    if (wrong !== null) this.wrong(at(path, wrong.path), wrong.text);
    return wrong === null ? route : null;
  }

  /** The members that are given, below `path`. */
  change(json: unknown, path: string): RouteChange {
    const members = this.object(json, path, ROUTE_MEMBERS, "listener");
    const read: Changing = {};
    if (members.listen !== undefined) read.listen = this.#listen(members.listen, at(path, "listen"));
    if (members.targetScheme !== undefined) {
      read.targetScheme = this.#orNull(
        members.targetScheme,
        (scheme) => this.#targetScheme(scheme, at(path, "targetScheme")),
      );
    }
    if (members.target !== undefined) this.#target(members.target, at(path, "target"), read);
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
    if (members.targetTls !== undefined) {
      read.targetTls = this.#orNull(
        members.targetTls,
        (tls) => readTargetTls(this, tls, at(path, "targetTls")),
      );
    }
    if (members.listenTls !== undefined) {
      read.listenTls = this.#orNull(
        members.listenTls,
        (tls) => readListenTls(this, tls, at(path, "listenTls")),
      );
    }
    return read;
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

  /** A target, and with a scheme in its text also that; one that says none leaves it as it is. */
  #target(value: unknown, path: string, read: Changing): void {
    if (value === null) {
      if (read.targetScheme) {
        this.wrong(
          path,
          "Cannot use null with a targetScheme: a forward HTTP proxy has no target. Give one.",
        );
      }
      read.target = null;
      read.targetScheme = null;
      return;
    }
    const target = this.#address(parseTargetUrl, value, path, TARGET);
    if (target === undefined) return;
    read.target = target.address;
    if (target.scheme === undefined) return;
    if (read.targetScheme !== undefined && read.targetScheme !== target.scheme) {
      this.wrong(
        path,
        `Cannot use ${quote(value)}: targetScheme says ${quote(read.targetScheme)}. Leave targetScheme out.`,
      );
    }
    read.targetScheme = target.scheme;
  }

  #targetScheme(value: unknown, path: string): TargetScheme | undefined {
    if (value === "https" || value === "tls") return value;
    return this.wrong(
      path,
      `Cannot use ${quote(value)}: it is neither "https" nor "tls" nor null. Give one.`,
    );
  }

  #address<T>(read: (text: string) => T, value: unknown, path: string, form: string): T | undefined {
    if (typeof value !== "string") {
      return this.wrong(path, `Cannot use it as an address: it is not a text. Give ${form}.`);
    }
    return this.parsed(read, value, path);
  }

  #name(value: unknown, path: string): string | null | undefined {
    if (typeof value !== "string") {
      return this.wrong(path, "Cannot use it as a name: it is not a text. Give one.");
    }
    return this.parsed(parseName, value, path) || null;
  }

  #hostHeader(value: unknown, path: string): HostHeader | undefined {
    if (typeof value === "string") return this.parsed(parseHostHeader, value, path);
    return this.parsed(parseHostHeader, JSON.stringify(value), path);
  }

  #via(value: unknown, path: string): UpstreamProxy | undefined {
    if (typeof value === "string") return this.parsed(parseVia, value, path);
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
const TARGET =
  "HOST:PORT, such as localhost:80, a URL such as https://api.example.org, or null for a forward HTTP proxy";
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
    targetScheme: chosen(change.targetScheme, route.targetScheme),
    targetTls: chosen(change.targetTls, route.targetTls),
    listenTls: chosen(change.listenTls, route.listenTls),
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
