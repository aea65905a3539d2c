// The time of what is recorded: as fine as the steady clock, and right as the wall's clock is. The two part where the
// machine slept or its clock was set. It never goes backwards: while the wall's clock is behind, it stands still.

/** The clocks may differ by so many ms before the wall's is followed. */
const DRIFT_MS = 50;

/** Tells the time, ms since the epoch. */
export class Clock {
  #anchor: number;
  #latest = 0;

  /** `wall` is in whole ms since the epoch, `steady` in ms since anything. */
  constructor(
    private readonly wall: () => number = () => Date.now(),
    private readonly steady: () => number = () => performance.now(),
  ) {
    this.#anchor = wall() - steady();
  }

  /** Looks at the wall's clock; done now and then, because it is not needed for each record. */
  look(): void {
    const now = this.wall() - this.steady();
    if (Math.abs(now - this.#anchor) > DRIFT_MS) this.#anchor = now;
  }

  /** The time, never before one told earlier. */
  now(): number {
    const at = this.#anchor + this.steady();
    if (at > this.#latest) this.#latest = at;
    return this.#latest;
  }
}
