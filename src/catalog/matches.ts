// Which rows match a filter, and what they are sorted by, kept up to date: a table of their numbers in a temporary
// database of the answer worker's connection. A question that is asked again looks only at rows that are new, were open
// the last time, or are of a block with rows that are gone, so a sort of a growing table stays quick. The looking is
// done in windows of rows that take some milliseconds each. In the order of the numbers, ranks.ts needs no table.

import { CONNECTIONS } from "../journal/capture_files.ts";
import { sourceOfNumber } from "../journal/source_numbers.ts";
import type { DatabaseSync } from "node:sqlite";
import type { FilteredTable } from "../decode/query/mod.ts";
import { BLOCK, goneSince } from "./gone.ts";
import type { Ranked } from "./rank_sql.ts";
import type { Condition } from "./search/condition.ts";
import type { Slices } from "./slices.ts";

/** How many filters are remembered. */
const REMEMBERED = 4;
/** A window of rows is made smaller when it takes more than this, larger when it takes less than half of it. */
const WINDOW_MS = 8;
const SMALLEST_WINDOW = 256;
const LARGEST_WINDOW = 65_536;

/** Which rows, and what they are compared by. */
export interface Wanted extends Ranked {
  /** As SQL over the table. */
  readonly compared: string;
}

interface Matching {
  readonly name: string;
  readonly wanted: Wanted;
  /** Rows up to this number have been looked at, by the number of their capture (source_numbers.ts). */
  readonly lookedAt: Map<number, number>;
  /** The latest note of rows that are gone (gone.ts) that it knows of. */
  gone: number;
  /** Resolves when the question that it works for is answered; null while it works for none. */
  busy: Promise<void> | null;
}

/** The rows that match filters. */
export class Matches {
  /** The least recently used one first. */
  readonly #known = new Map<string, Matching>();
  #next = 1;
  #window = 2048;

  constructor(private readonly database: DatabaseSync, private readonly slices: Slices) {}

  /**
   * What `look` finds, given the name of a temporary table whose column `id` holds the numbers of the rows that
   * match, and its column `compared`, which has an index, what they are compared by. Rejects with the signal's reason
   * when that is aborted.
   */
  async find<Found>(wanted: Wanted, signal: AbortSignal, look: (table: string) => Found): Promise<Found> {
    const { table, listener, connection, condition, compared } = wanted;
    const key = JSON.stringify([table, listener, connection, condition, compared]);
    const matching = this.#known.get(key) ?? this.#make(wanted);
    this.#known.delete(key);
    this.#known.set(key, matching);
    // What is done for another question may lack what was written since, so it is done again afterwards.
    while (matching.busy) await matching.busy;
    const found = this.#refresh(matching, signal).then(() => look(`temp.${matching.name}`));
    matching.busy = Promise.allSettled([found]).then(() => {
      matching.busy = null;
    });
    return await found;
  }

  #make(wanted: Wanted): Matching {
    for (const [key, { name, busy }] of this.#known) {
      if (this.#known.size < REMEMBERED) break;
      if (busy) continue;
      this.#known.delete(key);
      this.database.exec(`DROP TABLE temp.${name}; DROP TABLE temp.${name}_open`);
    }
    const name = `matching${this.#next++}`;
    this.database.exec(
      `CREATE TABLE temp.${name} (id INTEGER PRIMARY KEY, compared COLLATE NOCASE); ` +
        `CREATE INDEX temp.${name}_order ON ${name} (compared); ` +
        `CREATE TABLE temp.${name}_open (id INTEGER PRIMARY KEY)`,
    );
    return { name, wanted, lookedAt: new Map(), gone: this.#latestGone(wanted), busy: null };
  }

  async #refresh(matching: Matching, signal: AbortSignal): Promise<void> {
    this.#lookAtGone(matching);
    this.#lookAgain(matching);
    for (const last of this.#lastOfSources(matching.wanted.table)) {
      const source = sourceOfNumber(last);
      for (let from = matching.lookedAt.get(source) ?? source * CONNECTIONS; from < last;) {
        if (this.slices.due()) await this.slices.pause();
        signal.throwIfAborted();
        from = this.#lookFurther(matching, from, last);
        matching.lookedAt.set(source, from);
      }
    }
  }

  /** The highest number of a row of each capture. */
  #lastOfSources(table: FilteredTable): number[] {
    const before = this.database.prepare(`SELECT max(id) AS last FROM ${table} WHERE id < ?`);
    const found: number[] = [];
    for (let below = Number.MAX_SAFE_INTEGER;;) {
      const { last } = before.get(below) as { readonly last: number | null };
      if (last === null) return found;
      found.push(last);
      below = sourceOfNumber(last) * CONNECTIONS;
    }
  }

  /** Looks again at the rows that were open the last time. */
  #lookAgain({ name, wanted }: Matching): void {
    const { table } = wanted;
    const open = `temp.${name}_open`;
    const { sql, parameters } = where(wanted);
    this.#together(() => {
      this.database.exec(`DELETE FROM temp.${name} WHERE id IN (SELECT id FROM ${open})`);
      this.database
        .prepare(
          `INSERT INTO temp.${name} SELECT id, ${wanted.compared} FROM ${table} ` +
            `WHERE id IN (SELECT id FROM ${open}) AND ${sql}`,
        )
        .run(...parameters);
      this.database.exec(
        `DELETE FROM ${open} WHERE id NOT IN (SELECT id FROM ${table} WHERE state = 'open')`,
      );
    });
  }

  /** Looks at the next window of rows after `from`, up to number `last`; returns how far that went. */
  #lookFurther(matching: Matching, from: number, last: number): number {
    const began = performance.now();
    const to = Math.min(last, from + this.#window);
    this.#together(() => this.#take(matching, from + 1, to));
    const took = performance.now() - began;
    if (took > WINDOW_MS) this.#window = Math.max(SMALLEST_WINDOW, this.#window / 2);
    else if (took < WINDOW_MS / 2) this.#window = Math.min(LARGEST_WINDOW, this.#window * 2);
    return to;
  }

  /** Takes the rows from one number to another into the tables. */
  #take({ name, wanted }: Matching, from: number, to: number): void {
    const { table } = wanted;
    const { sql, parameters } = where(wanted);
    this.database
      .prepare(
        `INSERT INTO temp.${name} SELECT id, ${wanted.compared} FROM ${table} ` +
          `WHERE id BETWEEN ? AND ? AND ${sql}`,
      )
      .run(from, to, ...parameters);
    this.database
      .prepare(
        `INSERT INTO temp.${name}_open SELECT id FROM ${table} INDEXED BY open_${table} ` +
          `WHERE state = 'open' AND id BETWEEN ? AND ?`,
      )
      .run(from, to);
  }

  /** Does it on one state of the index. */
  #together(work: () => void): void {
    this.database.exec("BEGIN");
    try {
      work();
      this.database.exec("COMMIT");
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }

  #latestGone({ table }: Wanted): number {
    return goneSince(this.database, table, Infinity).latest;
  }

  /** Looks again at blocks from which rows were removed. */
  #lookAtGone(matching: Matching): void {
    const { name, wanted, lookedAt } = matching;
    const { blocks, latest } = goneSince(this.database, wanted.table, matching.gone);
    matching.gone = latest;
    if (blocks === null) {
      this.database.exec(`DELETE FROM temp.${name}; DELETE FROM temp.${name}_open`);
      lookedAt.clear();
      return;
    }
    for (const block of blocks) {
      const [from, to] = [block * BLOCK, (block + 1) * BLOCK - 1];
      const looked = Math.min(to, lookedAt.get(sourceOfNumber(from)) ?? -1);
      this.#together(() => {
        for (const table of [name, `${name}_open`]) {
          this.database.prepare(`DELETE FROM temp.${table} WHERE id BETWEEN ? AND ?`).run(from, to);
        }
        this.#take(matching, from, looked);
      });
    }
  }
}

/** The condition of a WHERE clause for the wanted rows. */
function where({ listener, connection, condition }: Wanted): Condition {
  let { sql, parameters } = condition;
  if (connection !== undefined) {
    [sql, parameters] = [`connection = ? AND ${sql}`, [connection, ...parameters]];
  }
  if (listener !== undefined) [sql, parameters] = [`listener = ? AND ${sql}`, [listener, ...parameters]];
  return { sql, parameters };
}
