// When the panes show the newest row while they follow: once traffic pauses, so that they stay calm and take nothing
// from a busy program's processors; and now and then also while it does not. Pure: times come from outside.

/** How long the newest row must have been the newest, ms. */
const NEWEST_PAUSE = 250;

/**
 * The same where more than FEW rows came sooner than this after those before, ms: longer than the program lets pass
 * between two tellings while it is busy, so that the panes are not made anew for each.
 */
const BUSY_PAUSE = 800;
const FEW = 5;

/** Where rows keep coming, the newest is shown so long after the first that was not, ms. */
const LONGEST_PAUSE = 3_000;

/** Knows when rows came that the panes have not shown. */
export class Following {
  #newest = "";
  #count = 0;
  #came = -Infinity;
  #pause = NEWEST_PAUSE;
  /** When the first row came since the panes have shown the newest; null where none has. */
  #since: number | null = null;

  /**
   * The row `id` is the newest of `count` at the time `now`, and not in the panes; returns in how many ms it is to be
   * shown.
   */
  wait(id: string, count: number, now: number): number {
    if (id !== this.#newest) {
      const isBusy = now - this.#came < BUSY_PAUSE && count - this.#count > FEW;
      this.#pause = isBusy ? BUSY_PAUSE : NEWEST_PAUSE;
      this.#newest = id;
      this.#count = count;
      this.#came = now;
      this.#since ??= now;
    }
    const due = Math.min(this.#came + this.#pause, (this.#since ?? now) + LONGEST_PAUSE);
    return Math.max(0, due - now);
  }

  /** The panes show the newest. */
  shown(): void {
    this.#since = null;
  }
}
