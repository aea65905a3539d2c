// Where reading HTTP/1.x goes on after bytes that are missing, when what is being read is lost: at the first place that
// looks like the beginning of a message, a request line with a method of RFC 9110 or a status line. A guess, but a body
// seldom has such lines. What comes is given on as far as it is certain that none begins in it.

import { latin1 } from "./octets.ts";

const METHODS = "GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH";
/** The longest request target for which is looked: what may begin a message must be kept until that is certain. */
const LONGEST = 8000;

const BEGINS = {
  request: new RegExp(`(?:${METHODS}) [!-~]{1,${LONGEST}} HTTP/1\\.[01]\\r?\\n`),
  response: /HTTP\/1\.[01] [1-5][0-9]{2}[ \r\n]/,
} as const;

/** What may become a beginning when more comes. */
const MAY_BEGIN = {
  request: new RegExp(
    `(?:(?:${METHODS})(?: (?:[!-~]{1,${LONGEST}}(?: (?:H|HT|HTT|HTTP|HTTP/|HTTP/1|HTTP/1\\.|HTTP/1\\.[01]\\r?)?)?)?)?` +
      `|[A-Z]{1,6})$`,
  ),
  response: /(?:H|HT|HTT|HTTP|HTTP\/|HTTP\/1|HTTP\/1\.|HTTP\/1\.[01](?: (?:[1-5][0-9]{0,2})?)?)$/,
} as const;

/** Looks for the beginning of a message of one Direction. */
export class Resync {
  /** What may be the beginning of one, and is not certain. */
  held: Uint8Array = new Uint8Array(0);

  constructor(private readonly kind: "request" | "response") {}

  /**
   * Looks through what is held and the bytes from `from` on. Gives those in which no message begins, and whether one
   * begins behind them; if so, `held` and the bytes from the index `next` on are its first.
   */
  look(
    bytes: Uint8Array,
    from: number,
  ): { readonly passed: Uint8Array; readonly found: boolean; readonly next: number } {
    const before = this.held.length;
    const all = new Uint8Array(before + bytes.length - from);
    all.set(this.held);
    all.set(bytes.subarray(from), before);
    const text = latin1(all, 0, all.length);
    const found = BEGINS[this.kind].exec(text);
    if (found !== null) {
      this.held = all.slice(found.index, Math.max(before, found.index));
      return {
        passed: all.subarray(0, found.index),
        found: true,
        next: from + Math.max(0, found.index - before),
      };
    }
    const tail = Math.max(0, text.length - LONGEST - 32);
    const may = MAY_BEGIN[this.kind].exec(text.slice(tail));
    const held = may === null ? text.length : tail + may.index;
    this.held = all.slice(held);
    return { passed: all.subarray(0, held), found: false, next: bytes.length };
  }
}
