// Where a capture is damaged, and where it goes on: what is passed over between the two is told. A place counts as one
// where packets go on when several of them follow one another there. Knows no formats: whoever reads one says what
// begins a packet.

import type { Window } from "./window.ts";

/** So many places are told one by one. */
const MOST_TOLD = 3;
/** When a file has grown, the end of what was looked through is looked through again: something may have begun there. */
const AGAIN = 256 * 1024;
/** So many must follow one another. */
const CHAIN = 3;

/** How long what begins at a position is, where that may be a packet or a block; null where it may not. */
export type Length = (position: number, limit: number) => number | null;

/** See above. */
export class Damage {
  #at = 0;
  #why: string | null = null;
  #from = 0;
  readonly #told: string[] = [];
  #places = 0;
  #bytes = 0;

  constructor(private readonly window: Window) {}

  /** Whether it is not known yet where the capture goes on. */
  get isOpen(): boolean {
    return this.#why !== null;
  }

  /** In words. */
  get notes(): readonly string[] {
    const more = this.#places - this.#told.length;
    return [
      ...this.#told,
      ...(more > 0
        ? [
          `The file is damaged at ${more.toLocaleString("en")} more ${more === 1 ? "place" : "places"}. ` +
          `${this.#bytes.toLocaleString("en")} bytes are passed over there`,
        ]
        : []),
      ...(this.#why === null
        ? []
        : [`The file is damaged at byte ${this.#at}: ${this.#why}. What follows is not shown`]),
    ];
  }

  /** The capture is damaged at a position; from `from` on it may go on. */
  begin(at: number, why: string, from: number): void {
    [this.#at, this.#why, this.#from] = [at, why, from];
  }

  /** Where it goes on; null where that is nowhere before `limit`. */
  resume(limit: number, lengthAt: Length): number | null {
    this.window.latest = 0;
    for (let position = this.#from; position + 12 <= limit; position++) {
      if (!this.#goesOn(position, limit, lengthAt)) continue;
      this.#end(position);
      return position;
    }
    this.#from = Math.max(this.#from, limit - AGAIN);
    return null;
  }

  #goesOn(position: number, limit: number, lengthAt: Length): boolean {
    let at = position;
    for (let count = 0; count < CHAIN; count++) {
      const length = lengthAt(at, limit);
      if (length === null) return false;
      at += length;
      if (at === limit) return true;
    }
    return true;
  }

  #end(position: number): void {
    const bytes = Math.max(0, position - this.#at);
    this.#places++;
    if (this.#told.length < MOST_TOLD) {
      this.#told.push(
        `The file is damaged at byte ${this.#at}: ${this.#why}. ` +
          `${bytes.toLocaleString("en")} bytes are passed over there`,
      );
    } else this.#bytes += bytes;
    this.#why = null;
  }
}
