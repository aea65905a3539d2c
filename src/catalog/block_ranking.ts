// How many rows match a filter, and which stands at which position, for tables of any length: of each block of numbers
// the count is remembered, and where there are few also which they are. So a position is found by adding up counts and
// looking at one block, and a question that is asked again looks only at blocks with rows that are new, have ended or
// were removed. Blocks are counted the newest first, in slices. Rows that are open may change at any time: they are
// looked at for every question, by an index of their own.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { CONNECTIONS } from "../journal/capture_files.ts";
import { sourceOfNumber } from "../journal/source_numbers.ts";
import { BLOCK, blockOf, goneSince } from "./gone.ts";
import { FEW, type Ranked, type RankSql, rankSql } from "./rank_sql.ts";
import { EVERY_ROW } from "./search/condition.ts";
import type { Slices } from "./slices.ts";
import type { SortOrder } from "./types.ts";

/** A listener with less than this part of all rows is looked for by its index. */
const RARE = 1 / 4;

/** What was found out of the matching rows. */
export interface Ranking {
  /** How many there are in the blocks that were counted. */
  readonly total: number;
  /** Which part of all rows was looked at: 1 when all were. */
  readonly part: number;
  /** Their numbers from a position on, at most `limit`, in order of the numbers. */
  numbers(offset: number, limit: number, order: SortOrder): number[];
  /** How many have this number or a higher one. */
  rank(number: number): number;
}

/** The matches of one block that are not open. */
interface Block {
  readonly count: number;
  /** Which they are, ascending, where they are few. */
  readonly numbers: readonly number[] | null;
}

/** Of one capture, which numbers were looked at: from `low` to `high`. */
interface Span {
  low: number;
  high: number;
  /** Whether there are none below. */
  isOver: boolean;
}

const NOTHING: Block = { count: 0, numbers: [] };

/** See above. */
export class BlockRanking implements Ranking {
  /** Those with matches, by their number. */
  readonly #blocks = new Map<number, Block>();
  /** By the number of the capture. */
  readonly #spans = new Map<number, Span>();
  /** Blocks that are to be counted again. */
  readonly #stale = new Set<number>();
  #open: ReadonlySet<number> = new Set();
  /** Those of the open rows that match, ascending, by block. */
  #openMatching: ReadonlyMap<number, readonly number[]> = new Map();
  #settled = 0;
  #gone: number;

  /** Whether a row that is open may come to match, or not to. */
  readonly #changes: boolean;
  readonly #parameters: readonly (string | number)[];
  readonly #within: readonly (string | number)[];
  readonly #statements: Readonly<Record<keyof RankSql, StatementSync>>;

  constructor(private readonly database: DatabaseSync, private readonly ranked: Ranked) {
    const { table, listener, connection, condition } = ranked;
    this.#changes = condition !== EVERY_ROW;
    this.#within = [
      ...listener === undefined ? [] : [listener],
      ...connection === undefined ? [] : [connection],
    ];
    this.#parameters = [...this.#within, ...condition.parameters];
    const sql = rankSql(ranked, this.#isRare());
    const prepared = (name: keyof RankSql) => [name, database.prepare(sql[name])] as const;
    this.#statements = Object.fromEntries((Object.keys(sql) as (keyof RankSql)[]).map(prepared)) as Readonly<
      Record<keyof RankSql, StatementSync>
    >;
    this.#gone = goneSince(database, table, Infinity).latest;
  }

  get total(): number {
    let total = this.#settled;
    for (const numbers of this.#openMatching.values()) total += numbers.length;
    return total;
  }

  get part(): number {
    let [looked, all] = [0, 0];
    for (const [source, { low, high, isOver }] of this.#spans) {
      const first = isOver ? low : this.#first(source * CONNECTIONS) ?? low;
      looked += high - low + 1;
      all += high - Math.min(first, low) + 1;
    }
    return all === 0 ? 1 : looked / all;
  }

  numbers(offset: number, limit: number, order: SortOrder): number[] {
    const found: number[] = [];
    let skip = offset;
    for (const block of this.#blocksInOrder(order)) {
      if (found.length >= limit) break;
      const count = this.#countOf(block);
      if (skip < count) {
        found.push(...this.#numbersIn(block, skip, limit - found.length, order));
      }
      skip = Math.max(0, skip - count);
    }
    return found;
  }

  rank(number: number): number {
    const own = blockOf(number);
    let above = 0;
    for (const block of this.#blocksInOrder("desc")) {
      if (block < own) break;
      if (block > own) above += this.#countOf(block);
      else above += this.#countFrom(block, number);
    }
    return above;
  }

  /** Looks at rows for a slice; true when all there are were looked at. To be called within a transaction. */
  advance(slices: Slices): boolean {
    this.#notice();
    for (const block of this.#stale) {
      this.#stale.delete(block);
      this.#count(block);
      if (slices.due()) return false;
    }
    const lasts = this.#lasts();
    for (const source of this.#spans.keys()) if (!lasts.has(source)) this.#spans.delete(source);
    for (const [source, last] of lasts) {
      const span = this.#spans.get(source) ?? { low: last + 1, high: last, isOver: false };
      this.#spans.set(source, span);
      while (span.high < last) {
        const block = blockOf(this.#first(span.high + 1)!);
        this.#count(block);
        span.high = Math.min(last, (block + 1) * BLOCK - 1);
        if (slices.due() && span.high < last) return false;
      }
    }
    for (const [source, span] of this.#spans) {
      while (!span.isOver) {
        const next = this.#last(source * CONNECTIONS, span.low);
        if (next === null) {
          span.isOver = true;
          break;
        }
        const block = blockOf(next);
        this.#count(block);
        span.low = block * BLOCK;
        if (slices.due()) return false;
      }
    }
    return true;
  }

  /** Finds out which blocks are to be counted again, and which rows are open. */
  #notice(): void {
    const gone = goneSince(this.database, this.ranked.table, this.#gone);
    if (gone.blocks === null) this.#void();
    for (const block of gone.blocks ?? []) this.#stale.add(block);
    this.#gone = gone.latest;
    if (!this.#changes) return;
    const open = new Set(idsOf(this.#statements.open));
    for (const id of this.#open) if (!open.has(id)) this.#stale.add(blockOf(id));
    for (const id of open) if (!this.#open.has(id) && this.#wasLookedAt(id)) this.#stale.add(blockOf(id));
    this.#open = open;
    const matching = new Map<number, number[]>();
    for (const id of open.size === 0 ? [] : idsOf(this.#statements.matching, ...this.#parameters)) {
      const block = blockOf(id);
      const known = matching.get(block);
      if (known) known.push(id);
      else matching.set(block, [id]);
    }
    this.#openMatching = matching;
  }

  #void(): void {
    this.#blocks.clear();
    this.#spans.clear();
    this.#stale.clear();
    this.#settled = 0;
  }

  #wasLookedAt(id: number): boolean {
    const span = this.#spans.get(sourceOfNumber(id));
    return span !== undefined && id >= span.low && id <= span.high;
  }

  #count(block: number): void {
    const [from, to] = [block * BLOCK, (block + 1) * BLOCK - 1];
    const numbers = idsOf(this.#statements.few, from, to, ...this.#parameters);
    let count = numbers.length;
    if (count > FEW) count += countOf(this.#statements.more, numbers[FEW] + 1, to, ...this.#parameters);
    this.#settled += count - (this.#blocks.get(block)?.count ?? 0);
    if (count === 0) this.#blocks.delete(block);
    else this.#blocks.set(block, { count, numbers: count > FEW ? null : numbers });
  }

  #countOf(block: number): number {
    return (this.#blocks.get(block)?.count ?? 0) + (this.#openMatching.get(block)?.length ?? 0);
  }

  #blocksInOrder(order: SortOrder): number[] {
    const blocks = [...new Set([...this.#blocks.keys(), ...this.#openMatching.keys()])].sort((a, b) => a - b);
    return order === "asc" ? blocks : blocks.reverse();
  }

  #numbersIn(block: number, offset: number, limit: number, order: SortOrder): number[] {
    const few = this.#fewOf(block);
    if (few) return (order === "asc" ? few : few.reverse()).slice(offset, offset + limit);
    const statement = order === "asc" ? this.#statements.numbersUp : this.#statements.numbersDown;
    const [from, to] = [block * BLOCK, (block + 1) * BLOCK - 1];
    return idsOf(statement, from, to, ...this.#parameters, limit, offset);
  }

  #countFrom(block: number, number: number): number {
    const few = this.#fewOf(block);
    if (few) return few.filter((id) => id >= number).length;
    return countOf(this.#statements.from, number, (block + 1) * BLOCK - 1, ...this.#parameters);
  }

  /** All of a block, ascending, where it is known which they are. */
  #fewOf(block: number): number[] | null {
    const { numbers } = this.#blocks.get(block) ?? NOTHING;
    return numbers && [...numbers, ...this.#openMatching.get(block) ?? []].sort((a, b) => a - b);
  }

  /** The highest number of each capture, the latest capture first. */
  #lasts(): Map<number, number> {
    const lasts = new Map<number, number>();
    for (let below = Number.MAX_SAFE_INTEGER;;) {
      const last = this.#last(0, below);
      if (last === null) return lasts;
      const source = sourceOfNumber(last);
      lasts.set(source, last);
      below = source * CONNECTIONS;
    }
  }

  /** The highest number from `from` to below `below` that a row of the listener and the connection has. */
  #last(from: number, below: number): number | null {
    return idOf(this.#statements.last, from, below, ...this.#within);
  }

  #first(from: number): number | null {
    const end = (sourceOfNumber(from) + 1) * CONNECTIONS;
    return idOf(this.#statements.first, from, end, ...this.#within);
  }

  #isRare(): boolean {
    const { table, listener } = this.ranked;
    if (listener === undefined || table !== "exchange") return false;
    const row = this.database
      .prepare("SELECT total(total) AS every, total(total) FILTER (WHERE listener = ?) AS mine FROM counts")
      .get(listener) as { readonly every: number; readonly mine: number };
    return row.mine < row.every * RARE;
  }
}

type Parameters = readonly (string | number)[];

function idsOf(statement: StatementSync, ...parameters: Parameters): number[] {
  return statement.all(...parameters).map((row) => (row as { readonly id: number }).id);
}

function idOf(statement: StatementSync, ...parameters: Parameters): number | null {
  return (statement.get(...parameters) as { readonly id: number | null }).id;
}

function countOf(statement: StatementSync, ...parameters: Parameters): number {
  return (statement.get(...parameters) as { readonly count: number }).count;
}
