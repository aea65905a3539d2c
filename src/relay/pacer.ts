// Shares a rate among those that send: every few milliseconds each that waits gets its part of what may go. Smooth in
// both ways: no more than a few slices go at once, and what a late timer has missed is made up for.
// It counts bytes and knows neither them nor where they go.

import type { Clock } from "./clock.ts";

/** Bytes go in slices of so much time, ms: short enough not to be felt as pauses, long enough to be worth a write. */
const SLICE_MS = 10;
/** At most so much, ms, is sent at once after a pause, or made up for after a late timer: 5 % of a second. */
export const CATCH_UP_MS = 50;
/** Sums of fractions come out a little below the whole number that is meant. */
const ROUNDING = 1e-6;

/** One that waits for its part. */
export interface Turn {
  readonly wanted: number;
  /** Called once, with 1 to `wanted`. */
  grant(bytes: number): void;
}

/** Hands out a number of bytes per second. */
export class Pacer {
  #bytesPerSecond: number | null;
  /** What may go at `#at`; less than a byte is kept for later. */
  #credit = 0;
  #at: number;
  readonly #waiting: Turn[] = [];
  #cancel: (() => void) | null = null;

  /** `bytesPerSecond` is above 0; null: as fast as it goes. */
  constructor(private readonly clock: Clock, bytesPerSecond: number | null) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#at = clock.now();
  }

  /** Holds from now on, also for those that wait. */
  set(bytesPerSecond: number | null): void {
    this.#refill();
    this.#bytesPerSecond = bytesPerSecond;
    this.#refill();
    this.#cancel?.();
    this.#cancel = null;
    this.#share();
  }

  /** How many of `wanted` bytes may go now; 0 when one has to wait for its turn. */
  take(wanted: number): number {
    if (this.#bytesPerSecond === null) return wanted;
    if (this.#waiting.length > 0) return 0;
    this.#refill();
    const whole = Math.floor(this.#credit + ROUNDING);
    // Scraps would make a write of every few bytes: for less than a slice one waits, unless it is all that is wanted.
    if (whole < Math.min(wanted, Math.max(1, this.#bytesPerSecond * SLICE_MS / 1000))) return 0;
    const taken = Math.min(wanted, whole);
    this.#credit -= taken;
    return taken;
  }

  /** Waits for a part. */
  wait(turn: Turn): void {
    this.#waiting.push(turn);
    this.#arm();
  }

  /** Waits no more. */
  withdraw(turn: Turn): void {
    const at = this.#waiting.indexOf(turn);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (this.#waiting.length > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  #refill(): void {
    const now = this.clock.now();
    const rate = this.#bytesPerSecond ?? 0;
    const most = 1 + rate * CATCH_UP_MS / 1000;
    this.#credit = Math.min(most, this.#credit + rate * (now - this.#at) / 1000);
    this.#at = now;
  }

  /** Gives each that waits an equal part; what one does not need is left to the others. */
  #share(): void {
    this.#refill();
    if (this.#bytesPerSecond === null) {
      for (const turn of this.#waiting.splice(0)) turn.grant(turn.wanted);
      return;
    }
    let whole = Math.floor(this.#credit + ROUNDING);
    while (whole > 0 && this.#waiting.length > 0) {
      const part = Math.max(1, Math.floor(whole / this.#waiting.length));
      const turn = this.#waiting.shift()!;
      const bytes = Math.min(part, turn.wanted);
      whole -= bytes;
      this.#credit -= bytes;
      turn.grant(bytes);
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#cancel !== null || this.#waiting.length === 0 || this.#bytesPerSecond === null) return;
    const wholeIn = (1 - this.#credit) * 1000 / this.#bytesPerSecond;
    this.#cancel = this.clock.after(Math.max(SLICE_MS, wholeIn), () => {
      this.#cancel = null;
      this.#share();
    });
  }
}
