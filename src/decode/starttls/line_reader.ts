// Divides bytes into lines that come in pieces. It keeps the line that is not whole yet, and no more of it than is told.

import { CR, LF } from "../octets.ts";

/** The longest line that is read, bytes: far more than any command or reply, which end at 512 or 1,000. */
const MAX_LINE = 8 * 1024;

/** Reads lines. */
export class LineReader {
  /** A line was longer than is read. */
  isTooLong = false;
  /** So many bytes that come next belong to no line. */
  #passing = 0;
  #partial = "";

  /** The next `count` bytes are no lines. */
  pass(count: number): void {
    this.#passing = count;
  }

  /**
   * Reads `bytes` from `from` to the end of a line. `end` is one past what was read, `line` the line without its end,
   * one character a byte; null where it is not whole yet.
   */
  read(bytes: Uint8Array, from: number): { readonly end: number; readonly line: string | null } {
    const start = Math.min(bytes.length, from + this.#passing);
    this.#passing -= start - from;
    const at = bytes.indexOf(LF, start);
    const end = at === -1 ? bytes.length : at + 1;
    const length = this.#partial.length + end - start;
    if (length > MAX_LINE) {
      this.isTooLong = true;
      return { end: bytes.length, line: null };
    }
    for (let i = start; i < end; i++) this.#partial += String.fromCharCode(bytes[i]);
    if (at === -1) return { end, line: null };
    const line = this.#partial.slice(0, this.#partial.charCodeAt(length - 2) === CR ? -2 : -1);
    this.#partial = "";
    return { end, line };
  }
}
