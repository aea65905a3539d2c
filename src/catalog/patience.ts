// Opening what takes file descriptors while connections have them all: it is tried again until there are some. Knows
// nothing of what is opened.

import { soonest } from "../soonest.ts";

/** It is tried again after so long, ms. */
const AGAIN_MS = 500;

/** What the system says of it, and what SQLite makes of that, which has one word for all that keeps it from a file. */
const LACK = /too many open files|unable to open database file/i;

/** See above. */
export class Patience {
  readonly #end = Promise.withResolvers<void>();
  #isOver = false;
  #isTold = false;

  /**
   * `isHopeless` says whether it fails for good. `onLack` is called once, with what the first failure was; where it is
   * left out, nothing is tried again.
   */
  constructor(
    private readonly isHopeless: () => boolean,
    private readonly onLack?: (reason: string) => void,
  ) {}

  /** What `open` gives, once it can. Throws what that does for another reason, or for the same one once it is over. */
  async opened<T>(open: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await open();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (!this.onLack || !LACK.test(reason) || this.isHopeless()) throw error;
        if (!this.#isTold) this.onLack(reason);
        this.#isTold = true;
        await soonest(this.#end.promise, AGAIN_MS);
        if (this.#isOver) throw error;
      }
    }
  }

  /** Nothing is tried again. */
  end(): void {
    this.#isOver = true;
    this.#end.resolve();
  }
}
