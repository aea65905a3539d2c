// How far one search through contents has got, and its hits: a temporary table of the answer worker's database, as
// Matches has them. What has been decided about is one span of numbers, which grows downwards to the oldest and upwards
// with what is new; besides that there are those that were put off, and those that were open when they were looked at.

import type { DatabaseSync } from "node:sqlite";
import { readQuery } from "../../decode/query/mod.ts";
import { exchangeId } from "../rows.ts";
import type { Slices } from "../slices.ts";
import type { SearchProgress } from "../types.ts";
import { columnsMayDo, type Condition } from "./condition.ts";
import type { Scanned, ScanTask } from "./types.ts";

/** Rows whose columns decide are found so many at a time. */
const WINDOW = 8192;
/** … and for so many ms for each question. */
const COLUMNS_MS = 60;
/** What is still open is looked at again after so many ms at the earliest … */
const AGAIN_MS = 1000;
/** … and only once it has ended, where it has more bytes than this. */
const AGAIN_BYTES = 256 * 1024;
const AGAIN_AT_ONCE = 16;
/** Of so many turns one is for those that were put off; when there are many, every one. */
const LARGE_EVERY = 4;
const MANY_LARGE = 500;

/** Which Exchanges are searched for what. */
export interface Searched {
  readonly q: string;
  readonly listener: string | undefined;
  /** Its number. */
  readonly connection: number | undefined;
  /** What the hits are compared by, as SQL over the table; null for nothing but their numbers. */
  readonly compared: string | null;
}

let next = 1;

/** See above. */
export class Search {
  /** The name of the table of hits. */
  readonly table: string;
  /** When it was asked for, by performance.now(). */
  askedAt = -Infinity;
  /** How many answers wait for it. */
  waiting = 0;
  /** Whether some of it is being looked at now. */
  busy = false;
  /** Why it goes on no more, in words for the user; null while it does. */
  stopped: string | null = null;
  failure: Error | null = null;

  readonly #name: string;
  /** Numbers from `#low` to `#high` have been decided about, but for those below. */
  #low: number;
  #high: number;
  /** The newest that is known of. */
  #last: number;
  /** Numbers below this were looked at for what their columns say. */
  #columnsFrom: number;
  readonly #columnsMayDo: boolean;
  #downOver = false;
  /** Those that are passed over, because the expression takes too long on them. */
  readonly #tooLong = new Set<number>();
  #large: number[] = [];
  #again: number[] = [];
  #open = new Map<number, number>();
  #againAt = -Infinity;
  #turns = 0;
  #bytes = 0;
  /** How many have been decided about. */
  #decided = 0;
  #epoch: number;

  /** `condition` is what the columns say of the filter at the time `now`, ms since the epoch. */
  constructor(
    private readonly database: DatabaseSync,
    private readonly searched: Searched,
    private readonly condition: Condition,
    private readonly now: number,
  ) {
    const { compared } = searched;
    this.#name = `searched${next++}`;
    this.table = `temp.${this.#name}`;
    const sorts = compared !== null;
    database.exec(
      `CREATE TABLE ${this.table} (id INTEGER PRIMARY KEY${sorts ? ", compared COLLATE NOCASE" : ""}); ` +
        (sorts ? `CREATE INDEX ${this.table}_order ON ${this.#name} (compared); ` : ""),
    );
    this.#columnsMayDo = columnsMayDo(readQuery(searched.q));
    this.#last = this.#high = this.#newest();
    this.#low = this.#columnsFrom = this.#last + 1;
    this.#epoch = this.#epochNow();
  }

  /** Whether all there is has been decided about, or nothing more will be. */
  get done(): boolean {
    if (this.stopped !== null || this.failure) return true;
    return this.#downOver && this.#high >= this.#last && this.#large.length + this.#again.length === 0;
  }

  /**
   * Finds at once those of which the columns say that they match, the newest first, for so many ms at most: who waits
   * longer is better served with the hits so far, and the rest is found as contents are looked at.
   */
  async columns(slices: Slices, signal: AbortSignal): Promise<void> {
    const { sql, parameters } = this.condition;
    const end = performance.now() + COLUMNS_MS;
    if (this.#downOver || !this.#columnsMayDo) return;
    const windowFrom = this.database.prepare(
      `SELECT coalesce(min(id), 0) AS count FROM (SELECT id FROM exchange WHERE id < ? ORDER BY id DESC LIMIT ${WINDOW})`,
    );
    while (this.#columnsFrom > 0) {
      const { count: from } = windowFrom.get(this.#columnsFrom) as { readonly count: number };
      this.database
        .prepare(this.#insert(`id >= ? AND id < ? AND ${sql}`))
        .run(from, this.#columnsFrom, ...parameters, ...this.#given());
      this.#columnsFrom = from;
      if (performance.now() >= end) return;
      if (slices.due()) await slices.pause();
      signal.throwIfAborted();
    }
  }

  /** Notices what has come, ended and gone since the last time, at the time `now`. */
  refresh(now: number): void {
    const epoch = this.#epochNow();
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.database.exec(`DELETE FROM ${this.table} WHERE id NOT IN (SELECT id FROM exchange)`);
      const there = this.database.prepare("SELECT 1 FROM exchange WHERE id = ?");
      for (const id of this.#tooLong) if (!there.get(id)) this.#tooLong.delete(id);
    }
    this.#last = Math.max(this.#last, this.#newest());
    if (this.#open.size === 0) return;
    const due = now - this.#againAt >= AGAIN_MS;
    if (due) this.#againAt = now;
    const look = this.database.prepare(
      "SELECT state, request_bytes + response_bytes AS bytes FROM exchange WHERE id = ?",
    );
    for (const [id, known] of this.#open) {
      const row = look.get(id) as { readonly state: string; readonly bytes: number } | undefined;
      const ended = row?.state !== "open";
      if (!ended && !(due && row.bytes !== known && row.bytes <= AGAIN_BYTES)) continue;
      this.#open.delete(id);
      if (row) this.#again.push(id);
    }
  }

  /** What is to be done next; null where there is nothing. */
  task(forMs: number): ScanTask | null {
    const { q, listener, connection } = this.searched;
    const task = { q, listener, connection, now: this.now, forMs, tooLong: [...this.#tooLong] };
    this.#turns++;
    if (this.#again.length > 0) return { ...task, which: { ids: this.#again.slice(0, AGAIN_AT_ONCE) } };
    if (this.#high < this.#last) return { ...task, which: { from: this.#high, upwards: true } };
    const large = this.#downOver || this.#turns % LARGE_EVERY === 0 || this.#large.length > MANY_LARGE;
    if (large && this.#large.length > 0) return { ...task, which: { ids: this.#large.slice(0, 1) } };
    return this.#downOver ? null : { ...task, which: { from: this.#low, upwards: false } };
  }

  /** What has come of a task. */
  take({ which }: ScanTask, scanned: Scanned): void {
    const { hits, open, large, reached, over, bytes, rows } = scanned;
    this.#bytes += bytes;
    if (!("ids" in which)) this.#decided += rows;
    if ("ids" in which) {
      const done = new Set(which.ids);
      this.#again = this.#again.filter((id) => !done.has(id));
      const putOff = this.#large.length;
      this.#large = this.#large.filter((id) => !done.has(id));
      this.#decided += putOff - this.#large.length;
      this.#remove(which.ids);
    } else if (which.upwards) {
      this.#high = over ? Math.max(this.#last, reached ?? 0) : reached!;
    } else {
      if (reached !== null) this.#low = reached;
      this.#downOver = over;
    }
    this.#large.push(...large);
    for (const [id, bytes] of open) this.#open.set(id, bytes);
    this.#add(hits);
  }

  /** How many are passed over. */
  get tooLong(): number {
    return this.#tooLong.size;
  }

  /** The expression takes too long on this one; false where that was known, and nothing is gained. */
  passOver(id: number): boolean {
    if (id === 0 || this.#tooLong.has(id)) return false;
    this.#tooLong.add(id);
    this.#large = this.#large.filter((one) => one !== id);
    this.#again = this.#again.filter((one) => one !== id);
    return true;
  }

  /** How many hits there are so far, up to `enough`. */
  hits(enough: number): number {
    const most = Math.min(enough, Number.MAX_SAFE_INTEGER);
    return this.#count(`SELECT count(*) AS count FROM (SELECT 1 FROM ${this.table} LIMIT ?)`, most);
  }

  progress(): SearchProgress {
    const complete = this.done && this.stopped === null && !this.failure;
    const total = this.#total();
    // Rows that were removed since are among those that were decided about.
    const searched = complete ? total : Math.min(total, this.#decided);
    const tooLong = [...this.#tooLong].map(exchangeId);
    return {
      ...{ searched, total, bytes: this.#bytes, complete, stopped: this.stopped },
      ...tooLong.length > 0 && { tooLong },
    };
  }

  /** Gives up its table. */
  drop(): void {
    this.database.exec(`DROP TABLE ${this.table}`);
  }

  /** How many there are to be searched. */
  #total(): number {
    const { listener, connection } = this.searched;
    if (connection !== undefined) return this.#countWhere("1");
    const of = listener === undefined ? "" : " WHERE listener = ?";
    return this.#count(`SELECT coalesce(sum(total), 0) AS count FROM counts${of}`, ...this.#given());
  }

  #countWhere(condition: string, ...parameters: number[]): number {
    const sql = `SELECT count(*) AS count FROM exchange WHERE ${condition}${this.#also()}`;
    return this.#count(sql, ...parameters, ...this.#given());
  }

  #add(ids: readonly number[]): void {
    if (ids.length === 0) return;
    this.database
      .prepare(this.#insert(`id IN (${ids.map(() => "?").join(", ")})`))
      .run(...ids, ...this.#given());
  }

  #remove(ids: readonly number[]): void {
    this.database.prepare(`DELETE FROM ${this.table} WHERE id IN (${ids.map(() => "?").join(", ")})`).run(
      ...ids,
    );
  }

  #insert(where: string): string {
    const { compared } = this.searched;
    return `INSERT OR REPLACE INTO ${this.table} SELECT ${compared === null ? "id" : `id, ${compared}`} ` +
      `FROM exchange WHERE ${where}${this.#also()}`;
  }

  #also(): string {
    const { listener, connection } = this.searched;
    return (listener === undefined ? "" : " AND listener = ?") +
      (connection === undefined ? "" : " AND connection = ?");
  }

  #given(): (string | number)[] {
    const { listener, connection } = this.searched;
    return [...listener === undefined ? [] : [listener], ...connection === undefined ? [] : [connection]];
  }

  #newest(): number {
    return this.#count("SELECT coalesce(max(id), 0) AS count FROM exchange");
  }

  #epochNow(): number {
    return this.#count("SELECT coalesce(sum(epoch), 0) AS count FROM counts");
  }

  #count(sql: string, ...parameters: (string | number)[]): number {
    return (this.database.prepare(sql).get(...parameters) as { readonly count: number }).count;
  }
}
