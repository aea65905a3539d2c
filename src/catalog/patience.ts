// Opening what takes file descriptors while connections have them all: it is tried again until there are some. Knows
// nothing of what is opened.

import { soonest } from "../soonest.ts";
import { hasRoomFor, isLackOfFiles } from "./file_room.ts";

/** It is tried again after so long, ms. */
const AGAIN_MS = 500;

/** What SQLite says of a lack, and of all else that keeps it from a file, such as a folder that is gone. */
const LACK_OR_OTHER = /unable to open database file/i;
/** So many files can be opened at once where there is no lack: an index is more than one. */
const FILES = 8;

/** See above. */
export class Patience {
  readonly #end = Promise.withResolvers<void>();
  #isOver = false;
  #isTold = false;

  /**
   * `failure` says why it fails for good, where it does. `onLack` is called once, with what the first failure was;
   * where it is left out, nothing is tried again. `lacksFiles` says whether files cannot be opened, whichever.
   */
  constructor(
    private readonly failure: () => Error | null,
    private readonly onLack?: (reason: string) => void,
    private readonly lacksFiles: () => boolean = () => !hasRoomFor(FILES),
  ) {}

  /**
   * What `open` gives, once it can. Throws what it fails for good with; what `open` does for another reason; or for the
   * same one once it is over.
   */
  async opened<T>(open: () => Promise<T>): Promise<T> {
    let wasOther = false;
    for (;;) {
      try {
        return await open();
      } catch (error) {
        const failure = this.failure();
        if (failure !== null) throw failure;
        const reason = error instanceof Error ? error.message : String(error);
        const mayBeOther = LACK_OR_OTHER.test(reason);
        if (!this.onLack || !(mayBeOther || isLackOfFiles(reason))) throw error;
        const isOther = mayBeOther && !this.lacksFiles();
        // At the limit a lack comes and goes: it may just have gone.
        if (isOther && wasOther) throw error;
        wasOther = isOther;
        if (!isOther && !this.#isTold) {
          this.#isTold = true;
          this.onLack(reason);
        }
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
