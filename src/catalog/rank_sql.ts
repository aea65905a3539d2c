// The statements with which rows that match are counted and found by their numbers (ranks.ts), as text: which way SQLite
// takes depends on how they are written. Pure.

import type { FilteredTable } from "../decode/query/mod.ts";
import { type Condition, EVERY_ROW } from "./search/condition.ts";

/** Of a block with so many matches at most it is remembered which they are. */
export const FEW = 64;

/** Which rows: those of a listener and of a connection, unless undefined, that fulfil the condition. */
export interface Ranked {
  readonly table: FilteredTable;
  readonly listener: string | undefined;
  /** Its number; for Exchanges only. */
  readonly connection: number | undefined;
  readonly condition: Condition;
}

/**
 * The statements. `last` and `first` take a lowest number, one past the highest, and whose rows; the others a lowest and
 * a highest number, but for `open` and `matching`, and then what the rows must be, and some a limit and an offset.
 */
export interface RankSql {
  /** The highest number of a row, and the lowest. */
  readonly last: string;
  readonly first: string;
  /** The first matches that are not open, one more than FEW; and how many there are. */
  readonly few: string;
  readonly more: string;
  /** What is open, and what of that matches. */
  readonly open: string;
  readonly matching: string;
  /** Matches in both orders. */
  readonly numbersUp: string;
  readonly numbersDown: string;
  /** How many matches there are. */
  readonly from: string;
}

/** The statements for some rows; `isRare` where they are a small part of the table. */
export function rankSql({ table, listener, connection, condition }: Ranked, isRare: boolean): RankSql {
  const within = [
    ...listener === undefined ? [] : ["listener = ?"],
    ...connection === undefined ? [] : ["connection = ?"],
  ];
  // What is found by an index is looked up row by row: only worth it where most other rows are not wanted. The sign
  // keeps SQLite from it (https://sqlite.org/optoverview.html, 2.2). Of every row the index says enough.
  const isEvery = condition === EVERY_ROW;
  const scans = table === "exchange" && !isEvery && connection === undefined && !isRare;
  const wanted = [...within.map((one) => scans ? `+${one}` : one), condition.sql].join(" AND ");
  const settled = isEvery ? wanted : `${wanted} AND state <> 'open'`;
  const bounds = ["id >= ?", "id < ?", ...within].join(" AND ");
  const block = `FROM ${table} WHERE id BETWEEN ? AND ? AND`;
  const open = `FROM ${table} INDEXED BY open_${table} WHERE state = 'open'`;
  return {
    last: `SELECT max(id) AS id FROM ${table} WHERE ${bounds}`,
    first: `SELECT min(id) AS id FROM ${table} WHERE ${bounds}`,
    few: `SELECT id ${block} ${settled} ORDER BY id LIMIT ${FEW + 1}`,
    more: `SELECT count(*) AS count ${block} ${settled}`,
    open: `SELECT id ${open}`,
    matching: `SELECT id ${open} AND ${wanted} ORDER BY id`,
    numbersUp: `SELECT id ${block} ${wanted} ORDER BY id LIMIT ? OFFSET ?`,
    numbersDown: `SELECT id ${block} ${wanted} ORDER BY id DESC LIMIT ? OFFSET ?`,
    from: `SELECT count(*) AS count ${block} ${wanted}`,
  };
}
