// How many rows match a filter, and which stands at which position, in the order of their numbers: the rankings of the
// latest filters (block_ranking.ts), and how long a question waits for one of them.

import type { DatabaseSync } from "node:sqlite";
import { BlockRanking, type Ranking } from "./block_ranking.ts";
import { onOneState } from "./one_state.ts";
import type { Ranked } from "./rank_sql.ts";
import type { Slices } from "./slices.ts";

/** How many filters are remembered; each takes some bytes for each block. */
const REMEMBERED = 8;
/** Where the whole is not wanted, an answer waits for so many ms at most. */
const WAIT_MS = 120;

/** The matching rows of filters. */
export class Ranks {
  /** The least recently used one first. */
  readonly #known = new Map<string, BlockRanking>();

  constructor(private readonly database: DatabaseSync, private readonly slices: Slices) {}

  /**
   * What `look` makes of the ranking, within one state of the index: when all rows were looked at, or after WAIT_MS
   * unless the `whole` is wanted. Rejects with the signal's reason when that is aborted.
   */
  async find<Found>(
    ranked: Ranked,
    whole: boolean,
    signal: AbortSignal,
    look: (ranking: Ranking) => Found,
  ): Promise<Found> {
    const ranking = this.#rankingOf(ranked);
    const end = whole ? Infinity : performance.now() + WAIT_MS;
    for (;;) {
      signal.throwIfAborted();
      const found = onOneState(this.database, () => {
        const isDone = ranking.advance(this.slices) || performance.now() >= end;
        return isDone ? { answer: look(ranking) } : null;
      });
      if (found !== null) return found.answer;
      if (this.slices.due()) await this.slices.pause();
    }
  }

  #rankingOf(ranked: Ranked): BlockRanking {
    const key = JSON.stringify(ranked);
    const ranking = this.#known.get(key) ?? new BlockRanking(this.database, ranked);
    this.#known.delete(key);
    this.#known.set(key, ranking);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED) this.#known.delete(oldest);
    return ranking;
  }
}
