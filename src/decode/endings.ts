// How the two sides of a Connection ended, and how that is said. A connection that broke on one side is of no use to the
// other: that it, too, did not end in order is then not its doing.

import type { Direction, SideEnd } from "./types.ts";

const WORDS: Readonly<Record<Direction, Readonly<Record<SideEnd, string>>>> = {
  upstream: {
    end: "the client ended",
    reset: "the client reset the connection",
    error: "the connection to the client broke",
    stopped: "the monitor ended the connection",
    unseen: "the capture ends",
  },
  downstream: {
    end: "the target ended",
    reset: "the target reset the connection",
    error: "the connection to the target broke",
    stopped: "the monitor ended the connection",
    unseen: "the capture ends",
  },
};

/** The ends of one Connection. */
export class Endings {
  readonly #how: Record<Direction, SideEnd | null> = { upstream: null, downstream: null };
  /** The side that broke the connection, if one did. */
  #broken: Direction | null = null;

  /** One side ended. */
  note(direction: Direction, how: SideEnd): void {
    this.#how[direction] = how;
    if (how !== "end" && how !== "unseen") this.#broken ??= direction;
  }

  /** True when both sides have ended. */
  get both(): boolean {
    return this.#how.upstream !== null && this.#how.downstream !== null;
  }

  /** True when this side ended its stream, rather than broke off. */
  inOrder(direction: Direction): boolean {
    return this.#how[direction] === "end";
  }

  /** True when this side broke the connection. */
  broke(direction: Direction): boolean {
    return this.#broken === direction;
  }

  /** How a side that has ended did, or what kept it from going on, in words: "the client ended". */
  words(direction: Direction): string {
    const how = this.#how[direction] ?? "end";
    if (how === "end" || this.#broken === null) return WORDS[direction][how];
    return WORDS[this.#broken][this.#how[this.#broken] ?? how];
  }
}

/** The same at the beginning of a sentence. */
export function sentence(words: string): string {
  return words[0].toUpperCase() + words.slice(1);
}
