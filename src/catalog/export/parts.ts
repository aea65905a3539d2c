// What is wanted of a Connection's bytes: all of them, or some stretches of each Direction, which are then put one behind
// the other. Followed from the first byte on. Pure.

import type { Direction } from "../../model.ts";

/** A stretch of a Direction, from `start` to before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What is taken of some bytes: those from `from` to before `to`. */
export interface Taken {
  readonly from: number;
  readonly to: number;
}

interface Followed {
  readonly stretches: readonly Stretch[];
  /** How many bytes have passed, and which stretch comes next or goes on. */
  passed: number;
  next: number;
  taken: number;
}

/** Follows both Directions of a Connection. */
export class Parts {
  readonly #directions: Readonly<Record<Direction, Followed>>;

  /** The stretches of each Direction, which do not overlap, in their order; null for everything. */
  constructor(private readonly stretches: Readonly<Record<Direction, readonly Stretch[]>> | null) {
    const followed = (direction: Direction): Followed => ({
      stretches: stretches?.[direction] ?? [],
      passed: 0,
      next: 0,
      taken: 0,
    });
    this.#directions = { upstream: followed("upstream"), downstream: followed("downstream") };
  }

  get isWhole(): boolean {
    return this.stretches === null;
  }

  /** How many bytes were taken of each Direction. */
  get taken(): Readonly<Record<Direction, number>> {
    return { upstream: this.#directions.upstream.taken, downstream: this.#directions.downstream.taken };
  }

  /** How many bytes of each Direction have passed. */
  get passed(): Readonly<Record<Direction, number>> {
    return { upstream: this.#directions.upstream.passed, downstream: this.#directions.downstream.passed };
  }

  /** So many bytes have passed that are not there. */
  begin(upstream: number, downstream: number): void {
    this.#directions.upstream.passed = upstream;
    this.#directions.downstream.passed = downstream;
  }

  /** The next `length` bytes of a Direction pass: what of them is wanted, in order. */
  take(direction: Direction, length: number): Taken[] {
    const followed = this.#directions[direction];
    const begin = followed.passed;
    const end = begin + length;
    followed.passed = end;
    const taken: Taken[] = [];
    if (this.stretches === null && length > 0) taken.push({ from: 0, to: length });
    for (; followed.next < followed.stretches.length; followed.next++) {
      const stretch = followed.stretches[followed.next];
      const [from, to] = [Math.max(begin, stretch.start), Math.min(end, stretch.end)];
      if (from < to) taken.push({ from: from - begin, to: to - begin });
      if (stretch.end > end) break;
    }
    for (const { from, to } of taken) followed.taken += to - from;
    return taken;
  }

  /** Where a byte is that has passed at `offset` of a Direction, among those that were taken; null where it was not. */
  place(direction: Direction, offset: number): number | null {
    if (this.stretches === null) return offset;
    let before = 0;
    for (const { start, end } of this.stretches[direction]) {
      if (offset < start) return null;
      if (offset < end) return before + offset - start;
      before += end - start;
    }
    return null;
  }
}
