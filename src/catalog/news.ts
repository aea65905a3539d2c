// Gathers what has changed in the index until it is told: at most ten times a second, at once where nothing was told
// for that long, and more seldom where more changes than anybody reads. It holds no more than the newest ROWS rows. Times
// come from outside.

import type { CatalogChange, Counts } from "./types.ts";
import { exchangeOf, type ExchangeRow } from "./rows.ts";
import { Ticks } from "./ticks.ts";

/** The time from one telling to the next, ms: a little more than the feed's, which so never waits for its own. */
const EVERY_MS = 105;
/**
 * The same where more rows have changed than are told, or many a second, ms: nobody can read them, and a page that draws
 * them ten times a second takes a seventh of a processor, which the relay lacks.
 */
const BUSY_EVERY_MS = 300;
/** So many rows a second are many. */
const MANY_A_SECOND = 300;
/** How many rows are told at most. */
const ROWS = 200;

/** What is to be told next. */
export class News {
  // Made anew rather than cleared: see Numbered.
  #rows = new Map<number, ExchangeRow>();
  #completed: ExchangeRow[] = [];
  #more = false;
  #something = false;
  #toldAt = -Infinity;
  readonly #ticks = new Ticks(EVERY_MS);

  /** `completed`: whether Exchanges that have just become done or failed are told too, all of them. */
  constructor(private readonly completed: boolean) {}

  /** A row was written; `completed` when its Exchange has just become done or failed. */
  row(row: ExchangeRow, completed: boolean): void {
    this.#something = true;
    this.#rows.set(row.id, row);
    if (completed && this.completed) this.#completed.push(row);
    if (this.#rows.size >= 2 * ROWS) this.#keepNewest();
  }

  /** Something else than a row has changed: counts, or how far the index is behind. */
  other(): void {
    this.#something = true;
  }

  /** In how many ms from `now` on there is something to tell: 0 at once, null when there is nothing. */
  due(now: number): number | null {
    return this.#something ? this.#ticks.wait(now) : null;
  }

  /** What is told at the time `now`. */
  take(now: number, counts: Readonly<Record<string, Counts>>, behindMs: number): CatalogChange {
    this.#keepNewest();
    const isBusy = this.#more || this.#rows.size > MANY_A_SECOND * (now - this.#toldAt) / 1000;
    const change = {
      exchanges: [...this.#rows.values()].sort((a, b) => b.id - a.id).map(exchangeOf),
      more: this.#more,
      counts,
      behindMs,
      completed: this.#completed.map(exchangeOf),
    };
    this.#ticks.told(now, isBusy ? BUSY_EVERY_MS : EVERY_MS);
    this.#toldAt = now;
    this.#rows = new Map();
    this.#completed = [];
    this.#more = this.#something = false;
    return change;
  }

  #keepNewest(): void {
    if (this.#rows.size <= ROWS) return;
    this.#more = true;
    const rows = [...this.#rows].sort(([a], [b]) => b - a);
    this.#rows = new Map(rows.slice(0, ROWS));
  }
}
