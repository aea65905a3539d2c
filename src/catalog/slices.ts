// Takes turns: long work is done in slices of some milliseconds, and between two slices whatever else waits
// in this thread is done. Several pieces of long work go on in rotation. Knows nothing of what the work is.

/** A slice of work lasts about so long, in ms, unless given. */
const SLICE_MS = 8;

/** Deals out the slices of one thread. */
export class Slices {
  #began = performance.now();
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly sliceMs = SLICE_MS) {}

  /** True when the present slice is used up: time to `pause`. */
  due(): boolean {
    return performance.now() - this.#began >= this.sliceMs;
  }

  /** Resolves when everything else that waited has had its turn, and a new slice begins. */
  pause(): Promise<void> {
    const turn = this.#last.then(nextTurn).then(() => {
      this.#began = performance.now();
    });
    this.#last = turn;
    return turn;
  }
}

/**
 * A timer, because it alone lets messages and files have their turn: immediates and message channels go
 * first.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
