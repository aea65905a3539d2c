// Takes turns: long work is done in slices of some milliseconds, and between two slices whatever else waits
// in this thread is done. Several pieces of long work go on in rotation. Where the relay needs the processor, it rests
// between two slices as well, but not at first: what is soon done is done at once. Knows nothing of what the work is.

/** A slice of work lasts about so long, in ms, unless given. */
const SLICE_MS = 8;
/** What has gone on for less than this has no rests, ms. */
const AT_ONCE_MS = 150;
/** Where nothing was worked on for so long, ms, other work begins. Below a busy relay, work stands still for less. */
const IDLE_MS = 250;

/** How long to rest at the time `now` after `worked` ms of work, in ms; see Pace. */
export type Rest = (worked: number, now: number) => number;

/** Deals out the slices of one thread. */
export class Slices {
  #began: number;
  #busySince: number;
  /** When it was worked last, as far as is known. */
  #seen: number;
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly sliceMs = SLICE_MS,
    private readonly rest: Rest = () => 0,
    /** The time, ms. */
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.#began = this.#busySince = this.#seen = clock();
  }

  /** True when the present slice is used up: time to `pause`. */
  due(): boolean {
    return this.#look() - this.#began >= this.sliceMs;
  }

  /** Resolves when everything else that waited has had its turn, and a new slice begins. */
  pause(): Promise<void> {
    const turn = this.#last.then(() => nextTurn(this.#restNow())).then(() => {
      this.#began = this.#seen = this.clock();
    });
    this.#last = turn;
    return turn;
  }

  #restNow(): number {
    const now = this.#look();
    if (now - this.#busySince < AT_ONCE_MS) return 0;
    return this.rest(Math.min(now - this.#began, 2 * this.sliceMs), now);
  }

  /** What comes after a while without work is other work. Returns the time. */
  #look(): number {
    const now = this.clock();
    if (now - this.#seen > IDLE_MS) this.#began = this.#busySince = now;
    this.#seen = now;
    return now;
  }
}

/**
 * A timer, because it alone lets messages and files have their turn: immediates and message channels go
 * first.
 */
function nextTurn(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
