// Statements that write rows of one table of the index by the names of their columns. They know no transactions, and not
// what rows mean.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Value } from "./schema.ts";

/** New rows of one table that are inserted together: what a statement costs by itself is shared by them. */
const AT_ONCE = 8;

/** Inserts new rows of one table, several by one statement; `flush` has those in the table that still wait for more. */
export class Inserts<Row> {
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  #values: Value[] = [];
  #rows = 0;
  /** The least number of those that wait, in the first column. */
  #least = Infinity;

  constructor(
    database: DatabaseSync,
    table: string,
    private readonly columns: readonly (keyof Row & string)[],
  ) {
    const row = `(${columns.map(() => "?").join(", ")})`;
    // A number that a damaged capture gives to two is that of the latter.
    const insert = `INSERT OR REPLACE INTO ${table} (${columns.join(", ")}) VALUES `;
    this.#one = database.prepare(insert + row);
    this.#all = database.prepare(insert + Array(AT_ONCE).fill(row).join(", "));
  }

  /** Whether a row with this number may wait. */
  mayHold(number: number): boolean {
    return number >= this.#least;
  }

  add(row: Row): void {
    const values = this.#values;
    this.#least = Math.min(this.#least, row[this.columns[0]] as number);
    for (const name of this.columns) values.push(row[name] as Value);
    if (++this.#rows < AT_ONCE) return;
    this.#all.run(...values);
    this.clear();
  }

  flush(): void {
    if (this.#rows === 0) return;
    const { length } = this.columns;
    for (let at = 0; at < this.#values.length; at += length) {
      this.#one.run(...this.#values.slice(at, at + length));
    }
    this.clear();
  }

  /** Nothing waits any more. */
  clear(): void {
    this.#values = [];
    this.#rows = 0;
    this.#least = Infinity;
  }
}

/** Inserts rows of one table, or updates those whose first column is there already. */
export class Upsert<Row> {
  readonly #statement: StatementSync;

  constructor(
    database: DatabaseSync,
    table: string,
    private readonly columns: readonly (keyof Row & string)[],
  ) {
    const [key, ...others] = columns;
    const values = columns.map(() => "?").join(", ");
    const updates = others.map((name) => `${name} = excluded.${name}`).join(", ");
    this.#statement = database.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values}) ` +
        `ON CONFLICT (${key}) DO UPDATE SET ${updates}`,
    );
  }

  put(row: Row): void {
    this.#statement.run(...this.columns.map((name) => row[name] as Value));
  }
}
