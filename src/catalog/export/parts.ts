// What is wanted of a Connection's bytes: all of them, or some stretches of each Direction, which are then put one behind
// the other. Followed from the first byte on. Pure.

import type { Direction } from "../../model.ts";

/** A stretch of a Direction, from `start` to before `end`; `bytes` are given instead of what is there. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly bytes?: Uint8Array;
}

/** What is taken of some bytes: those from `from` to `to`, or others instead. */
export interface Taken {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array | null;
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
    if (this.stretches === null) {
      if (length > 0) taken.push({ from: 0, to: length, bytes: null });
    }
    for (; followed.next < followed.stretches.length; followed.next++) {
      const stretch = followed.stretches[followed.next];
      const [from, to] = [Math.max(begin, stretch.start), Math.min(end, stretch.end)];
      if (from < to) {
        const bytes = stretch.bytes?.subarray(
          from - stretch.start,
          to === stretch.end ? stretch.bytes.length : to - stretch.start,
        ) ?? null;
        if (bytes === null || bytes.length > 0) taken.push({ from: from - begin, to: to - begin, bytes });
      }
      if (stretch.end > end) break;
    }
    for (const { from, to, bytes } of taken) followed.taken += bytes?.length ?? to - from;
    return taken;
  }

  /** Where a byte is that has passed at `offset` of a Direction, among those that were taken; null where it was not. */
  place(direction: Direction, offset: number): number | null {
    if (this.stretches === null) return offset;
    let before = 0;
    for (const { start, end, bytes } of this.stretches[direction]) {
      if (offset < start) return null;
      // What stands in for others has no places of theirs.
      if (offset < end) return bytes === undefined ? before + offset - start : null;
      before += bytes?.length ?? end - start;
    }
    return null;
  }
}
