// What a search has found so far. Only so many hits are kept; the others are counted.

import type { FindResult, Hit } from "./types.ts";

/** At most so many hits are given. */
export const HITS = 1000;

/** Gathers hits in the order in which they come. */
export class Hits {
  readonly #hits: Hit[] = [];
  #total = 0;

  add(hit: Hit): void {
    if (this.#hits.length < HITS) this.#hits.push(hit);
    this.#total++;
  }

  /** `complete` says whether all was searched. */
  result(complete: boolean): FindResult {
    return { hits: this.#hits, total: this.#total, complete };
  }
}
