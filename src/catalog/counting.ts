// How many Exchanges and Connections there are by listener, kept up to date row by row.

import type { Counts } from "./types.ts";
import type { CountsRow, ExchangeRow } from "./rows.ts";

type Count = { -readonly [name in keyof Counts]: Counts[name] };
type State = ExchangeRow["state"];

/** The counts of all listeners. */
export class Counting {
  readonly #counts = new Map<string, Count>();
  readonly #changed = new Set<string>();

  /** `rows` are those of `counts` that there are already. */
  constructor(rows: readonly CountsRow[] = []) {
    for (const { listener, open_connections: openConnections, ...count } of rows) {
      this.#counts.set(listener, { ...count, openConnections });
    }
  }

  get listeners(): string[] {
    return [...this.#counts.keys()];
  }

  /** How many Exchanges there are. */
  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count.total;
    return total;
  }

  /** A copy of all counts, by listener. */
  get all(): Record<string, Counts> {
    return Object.fromEntries([...this.#counts].map(([listener, count]) => [listener, { ...count }]));
  }

  /** The counts of a listener, to be changed. */
  of(listener: string): Count {
    let count = this.#counts.get(listener);
    if (!count) {
      count = { total: 0, open: 0, failed: 0, openConnections: 0, epoch: 0 };
      this.#counts.set(listener, count);
    }
    this.#changed.add(listener);
    return count;
  }

  /** An Exchange that counted as `from` (null: not at all) is now `to`. */
  change(listener: string, from: State | null, to: State): void {
    if (from === to) return;
    const count = this.of(listener);
    if (from === null) count.total++;
    else this.#add(count, from, -1);
    this.#add(count, to, 1);
  }

  /** An Exchange that counted as `state` is gone. */
  remove(listener: string, state: State): void {
    const count = this.of(listener);
    count.total--;
    this.#add(count, state, -1);
  }

  /** The rows of `counts` that have changed since the last call. */
  takeChanged(): CountsRow[] {
    const rows = [...this.#changed].map((listener) => {
      const { openConnections, ...count } = this.#counts.get(listener)!;
      return { listener, ...count, open_connections: openConnections };
    });
    this.#changed.clear();
    return rows;
  }

  #add(count: Count, state: State, by: 1 | -1): void {
    if (state === "open") count.open += by;
    else if (state === "failed") count.failed += by;
  }
}
