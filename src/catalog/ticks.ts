// When something is told that changes all the time: at once after a quiet time, then about as often as is allowed. Each
// tick is due a fixed time after the one before it was, not after it came, so that timers that are late do not add up,
// and two that follow one another (the index tells the feed, and the feed the page) do not wait one after the other.
// Pure: times come from outside.

/** A tick may be so much early or late, ms: as late as timers are on a busy machine. */
export const SLACK_MS = 20;

/** Says how long to wait until the next time. */
export class Ticks {
  #due = -Infinity;

  /** No ten of them come within less than ten times `everyMs`, less SLACK_MS. */
  constructor(private readonly everyMs: number) {}

  /** How many ms from `now` on nothing is told. */
  wait(now: number): number {
    return Math.max(0, this.#due - SLACK_MS - now);
  }

  /** It was told at the time `now`; `everyMs`: how long it is until the next time, unless as always. */
  told(now: number, everyMs = this.everyMs): void {
    this.#due = Math.max(now, this.#due) + everyMs;
  }
}
