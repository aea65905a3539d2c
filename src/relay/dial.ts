// Reaches a target: looks its name up, tries its addresses (RFC 8305, Happy Eyeballs), and says in words why not.
// Knows nothing of clients or of what is sent.

import { lookup } from "node:dns";
import { isIP } from "node:net";
import { formatAddress } from "../address.ts";
import type { Address, How } from "../model.ts";

/** A target has so long to accept, its name's lookup included. */
export const DIAL_MS = 10_000;
/** The next address is tried when one has not answered for so long (RFC 8305, 5). */
const NEXT_ADDRESS_MS = 250;
/** What a lookup gave is used again for so long, so that a burst of Connections asks once. */
const LOOKUP_MS = 1_000;

/** Why a target could not be reached: `how` for programs, the message for people. */
export class DialError extends Error {
  constructor(readonly how: How, message: string) {
    super(message);
    this.name = "DialError";
  }
}

/** Reaches targets. One for the whole program, because it remembers lookups for a moment. */
export class Dialer {
  readonly #lookups = new Map<string, Promise<readonly string[]>>();

  /** `timeoutMs`: after how long a target that does not answer is given up. */
  constructor(private readonly timeoutMs = DIAL_MS) {}

  /** Connects to `target`. Throws DialError; `signal` ends the attempt. */
  async dial(target: Address, signal: AbortSignal): Promise<Deno.TcpConn> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(timedOut), this.timeoutMs);
    const end = () => abort.abort(signal.reason);
    signal.addEventListener("abort", end, { once: true });
    try {
      if (signal.aborted) throw signal.reason;
      if (isIP(target.host)) return await connect(target.host, target.port, abort.signal);
      const hosts = await Promise.race([this.#lookup(target.host), rejection(abort.signal)]);
      return hosts.length === 1
        ? await connect(hosts[0], target.port, abort.signal)
        : await connectAny(hosts, target.port, abort.signal);
    } catch (error) {
      throw dialError(target, abort.signal.aborted ? abort.signal.reason : error, this.timeoutMs);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }

  /** All addresses of a name as the system knows them, the families in turn (RFC 8305, 4). */
  #lookup(host: string): Promise<readonly string[]> {
    const known = this.#lookups.get(host);
    if (known) return known;
    const asked = new Promise<readonly string[]>((resolve, reject) => {
      lookup(host, { all: true, verbatim: true }, (error, addresses) => {
        if (error || addresses.length === 0) {
          return reject(new DialError("name-not-found", `${host}: name not found`));
        }
        const first = addresses.filter(({ family }) => family === addresses[0].family);
        const other = addresses.filter(({ family }) => family !== addresses[0].family);
        resolve(
          first.flatMap((entry, at) => other[at] ? [entry.address, other[at].address] : [entry.address])
            .concat(other.slice(first.length).map(({ address }) => address)),
        );
      });
    });
    this.#lookups.set(host, asked);
    const forget = () => {
      const timer = setTimeout(() => this.#lookups.delete(host), LOOKUP_MS);
      Deno.unrefTimer(timer);
    };
    asked.then(forget, () => this.#lookups.delete(host));
    return asked;
  }
}

const timedOut = Symbol("timed out");

async function connect(hostname: string, port: number, signal: AbortSignal): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname, port, signal });
}

/** Tries the hosts in order, the next one when the one before failed or has not answered yet; the first wins. */
async function connectAny(
  hosts: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  const others = new AbortController();
  const end = () => others.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  const attempts: Promise<Deno.TcpConn>[] = [];
  let won: Deno.TcpConn | null = null;
  let firstError: unknown = null;
  try {
    for (const host of hosts) {
      const attempt = connect(host, port, others.signal);
      attempts.push(attempt);
      const outcome = await Promise.race([
        Promise.any(attempts).catch((error: AggregateError) => {
          firstError ??= error.errors[0];
          return null;
        }),
        ...(host === hosts.at(-1) ? [] : [pause(NEXT_ADDRESS_MS)]),
      ]);
      if (outcome) {
        won = outcome;
        return outcome;
      }
    }
    throw firstError;
  } finally {
    signal.removeEventListener("abort", end);
    others.abort();
    for (const attempt of attempts) {
      attempt.then((conn) => {
        if (conn !== won) conn.close();
      }, () => {});
    }
  }
}

function pause(ms: number): Promise<null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    Deno.unrefTimer(timer);
  });
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
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
  if (/unreachable|no route/i.test(reason)) {
    return new DialError("unreachable", `${name} is unreachable: ${reason.toLowerCase()}`);
  }
  return new DialError("error", `Cannot connect to ${name}: ${reason}`);
}
