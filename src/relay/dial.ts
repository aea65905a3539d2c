// Reaches a target: looks its name up, tries its addresses (RFC 8305, Happy Eyeballs), and says in words why not.
// Knows nothing of clients or of what is sent.

import { lookup, type LookupAddress } from "node:dns";
import { isIP } from "node:net";
import { formatAddress, isLoopback } from "../address.ts";
import type { Address, How } from "../model.ts";
import { DialRoom } from "./dial_room.ts";
import { type Member, Roster } from "./roster.ts";
import { signalOf, Stopping } from "./stopping.ts";
import { soonest } from "../soonest.ts";
import { isLack } from "../spare_files.ts";

/** A target has so long to accept, its name's lookup included. */
export const DIAL_MS = 10_000;
/** The next address is tried when one has not answered for so long (RFC 8305, 5). */
const NEXT_ADDRESS_MS = 250;
/** What a lookup gave is used again for so long, so that a burst of Connections asks once. */
const LOOKUP_MS = 1_000;

/** What to do where there are too few file descriptors. */
export const MORE_FILES =
  "too many files are open. A connection takes two: allow more before you start tcpmon (ulimit -n)";

/** Why a target could not be reached: `how` for programs, the message for people. */
export class DialError extends Error {
  constructor(readonly how: How, message: string) {
    super(message);
    this.name = "DialError";
  }
}

/** What a Dialer is made with; each has a default that does what its name says. */
export interface DialerOptions {
  /** After how long a target that does not answer is given up, ms. */
  readonly timeoutMs?: number;
  /** All addresses of a name, in the order of preference. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
  readonly connect?: (options: Deno.ConnectOptions) => Promise<Deno.TcpConn>;
  /** A clock that never goes back, ms. */
  readonly now?: () => number;
}

/** Reaches targets. One for the whole program, because it remembers lookups for a moment. */
export class Dialer {
  readonly #lookups = new Map<string, { readonly at: number; readonly hosts: Promise<readonly string[]> }>();
  readonly #timeoutMs: number;
  readonly #attempts = new Roster<Attempt>();
  /** Whether there is room for more attempts. */
  readonly room = new DialRoom();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #lookupAll: (host: string) => Promise<readonly LookupAddress[]>;
  readonly #connect: (options: Deno.ConnectOptions) => Promise<Deno.TcpConn>;
  readonly #now: () => number;

  constructor(
    {
      timeoutMs = DIAL_MS,
      lookup = lookupAll,
      connect = Deno.connect,
      now = () => performance.now(),
    }: DialerOptions = {},
  ) {
    this.#timeoutMs = timeoutMs;
    this.#lookupAll = lookup;
    this.#connect = connect;
    this.#now = now;
  }

  /**
   * Connects to `target`. Throws DialError; `stop` ends the attempt, and what the system may still do for one that has
   * failed, but for a few to this machine.
   */
  async dial(target: Address, stop: Stopping | AbortSignal): Promise<Deno.TcpConn> {
    const attempt = new Attempt(target.port, this.#connect, this.#timeoutMs, this.room);
    this.#attempts.add(attempt);
    this.room.begin();
    this.#timer ??= setTimeout(this.#look, this.#timeoutMs);
    try {
      if (isIP(target.host)) return await attempt.only(target.host, stop);
      return await attempt.any(this.#lookup(target.host), signalOf(stop));
    } catch (error) {
      throw dialError(target, error, this.#timeoutMs);
    } finally {
      this.#attempts.remove(attempt);
      this.room.end(attempt);
      if (this.#attempts.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  /** Ends the attempts whose time is over. One timer for all of them: many are made at once, and few come to that. */
  readonly #look = (): void => {
    const now = performance.now();
    let next = Infinity;
    for (const attempt of this.#attempts.all()) {
      // A timer may come a little early.
      if (attempt.due - now < 1) attempt.end(this.room.lacks(attempt) ? attempt.lack : timedOut);
      else next = Math.min(next, attempt.due);
    }
    this.#timer = next === Infinity ? undefined : setTimeout(this.#look, next - now);
  };

  /** All addresses of a name as the system knows them, the families in turn (RFC 8305, 4). */
  #lookup(host: string): Promise<readonly string[]> {
    const at = this.#now();
    const known = this.#lookups.get(host);
    if (known && at - known.at < LOOKUP_MS) return known.hosts;
    const hosts = this.#lookupAll(host).then((addresses) => {
      const first = addresses.filter(({ family }) => family === addresses[0].family);
      const other = addresses.filter(({ family }) => family !== addresses[0].family);
      const inTurn = first.flatMap((entry, at) => other[at] ? [entry, other[at]] : [entry]);
      return [...inTurn, ...other.slice(first.length)].map(({ address }) => address);
    });
    this.#lookups.set(host, { at, hosts });
    return hosts;
  }
}

function lookupAll(host: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true, verbatim: true }, (error, addresses) => {
      if (error) reject(lookupError(host, error));
      else resolve(addresses);
    });
  });
}

const timedOut = Symbol("timed out");
const othersWon = Symbol("another address answered");

/** One attempt to reach any of several hosts. */
class Attempt implements Member {
  place = 0;
  /** Ends the connects of several hosts. */
  #abort: AbortController | null = null;
  readonly #won = Promise.withResolvers<Deno.TcpConn>();
  #decided = false;
  #trying = 0;
  #firstError: unknown = null;
  /** When it is given up, by `performance.now()`: so long its target has. */
  due: number;
  /** Why there was no file descriptor for it when it last met that. */
  lack: unknown = null;

  constructor(
    private readonly port: number,
    private readonly connect: (options: Deno.ConnectOptions) => Promise<Deno.TcpConn>,
    private readonly timeoutMs: number,
    private readonly room: DialRoom,
  ) {
    this.due = performance.now() + timeoutMs;
  }

  end(reason: unknown): void {
    if (this.#decided) return;
    this.#decided = true;
    this.#abort?.abort(reason);
    this.#won.reject(reason);
  }

  /** Tries one host, which is what most new Connections do: with no more than that needs. */
  async only(hostname: string, stop: Stopping | AbortSignal): Promise<Deno.TcpConn> {
    if (stop instanceof Stopping && stop.isStopped) throw stop.reason;
    const isFree = stop instanceof Stopping && isLoopback(hostname) && this.room.beginFree();
    const options: Deno.ConnectOptions = isFree
      ? { hostname, port: this.port }
      : { hostname, port: this.port, signal: signalOf(stop) };
    const connected = (conn: Deno.TcpConn) => {
      if (isFree) this.room.endFree();
      this.#connected(conn);
    };
    const failed = (error: unknown) => {
      if (isFree) this.room.endFree();
      this.end(error);
    };
    if (isFree) stop.onStop = () => this.end(stop.reason);
    this.connect(options).then(
      connected,
      (error) => this.#again(error, options).then(connected, failed),
    );
    try {
      return await this.#won.promise;
    } finally {
      if (isFree) stop.onStop = null;
    }
  }

  /** Tries the hosts in order, the next one when the one before failed or has not answered yet; the first wins. */
  async any(hosts: Promise<readonly string[]>, signal: AbortSignal): Promise<Deno.TcpConn> {
    const stop = () => this.end(signal.reason);
    this.#abort = new AbortController();
    signal.addEventListener("abort", stop);
    try {
      if (signal.aborted) stop();
      this.#tryAll(hosts).catch((error) => this.end(error));
      return await this.#won.promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #connected(conn: Deno.TcpConn): void {
    if (this.#decided) return conn.close();
    this.#decided = true;
    if (this.#trying > 0) this.#abort?.abort(othersWon);
    this.#won.resolve(conn);
  }

  async #tryAll(given: Promise<readonly string[]>): Promise<void> {
    const hosts = await given;
    const tries: Promise<void>[] = [];
    for (const [at, host] of hosts.entries()) {
      if (this.#decided) return;
      const last = at === hosts.length - 1;
      const attempt = this.#try(host);
      tries.push(attempt);
      if (!last) await soonest(attempt, NEXT_ADDRESS_MS);
    }
    await Promise.all(tries);
    this.end(this.#firstError);
  }

  /** Connects once there is a file descriptor, where `error` is that there was none; throws any other. */
  async #again(error: unknown, options: Deno.ConnectOptions): Promise<Deno.TcpConn> {
    for (let latest = error;;) {
      if (this.#decided || !isLack(latest)) throw latest;
      this.lack = latest;
      if (this.room.mayLackNoMore) this.due = performance.now() + this.timeoutMs;
      await this.room.lack(this);
      if (this.#decided) throw latest;
      try {
        return await this.connect(options);
      } catch (next) {
        latest = next;
      }
    }
  }

  async #try(hostname: string): Promise<void> {
    let conn: Deno.TcpConn;
    this.#trying++;
    try {
      const options = { hostname, port: this.port, signal: this.#abort?.signal };
      conn = await this.connect(options).catch((error) => this.#again(error, options));
    } catch (error) {
      this.#firstError ??= error;
      return;
    } finally {
      this.#trying--;
    }
    this.#connected(conn);
  }
}

function lookupError(host: string, error: NodeJS.ErrnoException): DialError {
  if (error.code === "ENOTFOUND") return new DialError("name-not-found", `${host}: name not found`);
  return new DialError(
    "name-not-found",
    `${host}: the name could not be looked up (${error.code ?? error.message})`,
  );
}

function dialError(target: Address, error: unknown, timeoutMs: number): DialError {
  const name = formatAddress(target);
  if (error instanceof DialError) return error;
  if (error === timedOut) {
    return new DialError("timeout", `${name} did not answer within ${timeoutMs / 1000} s`);
  }
  if (error instanceof Deno.errors.ConnectionRefused) {
    return new DialError("refused", `${name} refused the connection`);
  }
  if (error instanceof Deno.errors.ConnectionReset) {
    return new DialError("reset", `${name} reset the connection`);
  }
  if (error instanceof Deno.errors.TimedOut) return new DialError("timeout", `${name} did not answer`);
  const reason = error instanceof Error ? error.message.replace(/ \(os error \d+\)$/, "") : String(error);
  if (isLack(error)) {
    return new DialError("error", `Cannot connect to ${name}: ${MORE_FILES}`);
  }
  if (/unreachable|no route/i.test(reason)) {
    return new DialError("unreachable", `${name} is unreachable: ${reason.toLowerCase()}`);
  }
  return new DialError("error", `Cannot connect to ${name}: ${reason}`);
}
