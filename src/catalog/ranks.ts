// How many rows match a filter, and which stands at which position, in the order of their numbers: the rankings of the
// latest filters (block_ranking.ts), and how long a question waits for one of them.

import type { DatabaseSync } from "node:sqlite";
import { BlockRanking, type Ranking } from "./block_ranking.ts";
import { onOneState } from "./one_state.ts";
import type { Ranked } from "./rank_sql.ts";
import type { Slices } from "./slices.ts";

/** How many filters are remembered; each takes some bytes for each block. */
const REMEMBERED = 8;

/** How long an answer waits for what is not looked at yet, ms. */
export interface Waits {
  /** The first answer, once the rows that are asked for are found: what is not known then is how many there are. */
  readonly first: number;
  /** Any answer, at most. */
  readonly most: number;
}

const WAITS: Waits = { first: 60, most: 120 };

/** What must be found before there is an answer. */
export interface Wanting {
  /** Whether all rows must be looked at, however long that takes. */
  readonly whole: boolean;
  /** How many matches, the newest first, hold the rows that are asked for. */
  readonly enough: number;
}

/** The matching rows of filters. */
export class Ranks {
  /** The least recently used one first. */
  readonly #known = new Map<string, BlockRanking>();

  constructor(
    private readonly database: DatabaseSync,
    private readonly slices: Slices,
    private readonly waits = WAITS,
  ) {}

  /**
   * What `look` makes of the ranking, within one state of the index: when all rows were looked at, or, unless the
   * `whole` is wanted, when it has waited long enough. Rejects with the signal's reason when that is aborted.
   */
  async find<Found>(
    ranked: Ranked,
    { whole, enough }: Wanting,
    signal: AbortSignal,
    look: (ranking: Ranking) => Found,
  ): Promise<Found> {
    const key = JSON.stringify(ranked);
    const { most } = this.waits;
    // Who asks again wants to know how many there are.
    const first = this.#known.has(key) ? most : this.waits.first;
    const ranking = this.#rankingOf(key, ranked);
    const began = performance.now();
    const isLate = () => performance.now() - began >= (ranking.total >= enough ? first : most);
    for (;;) {
      signal.throwIfAborted();
      const found = onOneState(this.database, () => {
        const isDone = ranking.advance(this.slices) || (!whole && isLate());
        return isDone ? { answer: look(ranking) } : null;
      });
      if (found !== null) return found.answer;
      if (this.slices.due()) await this.slices.pause();
    }
  }

  #rankingOf(key: string, ranked: Ranked): BlockRanking {
    const ranking = this.#known.get(key) ?? new BlockRanking(this.database, ranked);
    this.#known.delete(key);
    this.#known.set(key, ranking);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED) this.#known.delete(oldest);
    return ranking;
  }
}
