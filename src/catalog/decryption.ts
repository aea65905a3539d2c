// The secrets that the Journal holds, and the Connections that wait for some. How long they wait is bounded by bytes:
// who has waited longest is given up first. It knows how Connections are decoded, but neither tables nor files.

import type { Decoder } from "../decode/types.ts";
import { Decrypting } from "../decode/keylog/decrypting.ts";
import { KeyLog } from "../decode/keylog/key_log.ts";

/** How many bytes one Connection may keep while it waits, and all of them together. */
const WAITING_OF_ONE = 1024 * 1024;
const WAITING_OF_ALL = 16 * 1024 * 1024;
/** How many Connections may wait. */
const WAITING = 2_000;

/** What is waited with: a Connection as the index keeps it. */
interface Waiter {
  readonly decrypting: Decrypting | null;
}

/** Decrypts Connections, from the first secrets in the Journal on; `Tracked` is what the index keeps of one. */
export class Decryption<Tracked extends Waiter> {
  readonly #keyLog = new KeyLog();
  /** Who waits, who began first first, and how many bytes it keeps. */
  readonly #waiting = new Map<Tracked, number>();
  #waitingBytes = 0;
  #isExpected = false;

  /** `within` makes the Decoder of what was encrypted in a tunnel to somewhere, or null. */
  constructor(private readonly within: (tunnel: string | null) => Decoder) {}

  /** The Decoder of a Connection that begins: `outer`, or one around it where secrets may come. */
  around(outer: Decoder): Decoder {
    return this.#isExpected ? new Decrypting(outer, this.within, this.#keyLog) : outer;
  }

  /** Takes lines of a key log. Returns the Connections that have waited for one of them. */
  add(lines: Uint8Array): Tracked[] {
    this.#isExpected = true;
    const news = this.#keyLog.add(lines);
    if (news.size === 0) return [];
    return [...this.#waiting.keys()].filter(({ decrypting }) => {
      const random = decrypting?.random ?? null;
      return random !== null && news.has(random);
    });
  }

  /** A Connection has received something, or secrets. Returns those that are given up for it. */
  watch(connection: Tracked): Tracked[] {
    const held = connection.decrypting?.held ?? 0;
    this.#waitingBytes += held - (this.#waiting.get(connection) ?? 0);
    if (held === 0) this.#waiting.delete(connection);
    else this.#waiting.set(connection, held);
    const given: Tracked[] = held > WAITING_OF_ONE ? [connection] : [];
    const left = () =>
      this.#waitingBytes - given.reduce((sum, one) => sum + (this.#waiting.get(one) ?? 0), 0) >
        WAITING_OF_ALL ||
      this.#waiting.size - given.length > WAITING;
    for (const oldest of this.#waiting.keys()) {
      if (!left()) break;
      if (!given.includes(oldest)) given.push(oldest);
    }
    for (const one of given) {
      one.decrypting?.giveUp();
      this.#waitingBytes -= this.#waiting.get(one) ?? 0;
      this.#waiting.delete(one);
    }
    return given;
  }
}
