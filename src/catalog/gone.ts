// Which rows are gone, by blocks of numbers: the index worker notes the blocks from which rows were removed, so that
// whoever has counted rows knows which to count again. Only the latest are kept.

import type { DatabaseSync } from "node:sqlite";
import type { FilteredTable } from "../decode/query/mod.ts";

/** A block has so many numbers; no block is of two captures (see `CONNECTIONS`). */
export const BLOCK = 4000;
/** So many notes are kept. */
const KEPT = 10_000;

/** The block of a Connection or an Exchange, by its number. */
export function blockOf(number: number): number {
  return Math.floor(number / BLOCK);
}

/** Notes that rows of these blocks are gone; in the transaction that removes them. */
export function noteGone(database: DatabaseSync, table: FilteredTable, blocks: Iterable<number>): void {
  const insert = database.prepare("INSERT INTO gone (of, block) VALUES (?, ?)");
  for (const block of blocks) insert.run(table, block);
  database.exec(`DELETE FROM gone WHERE at <= (SELECT max(at) FROM gone) - ${KEPT}`);
}

/** What was noted after the note numbered `since`: null where some of that is not kept any more. */
export function goneSince(
  database: DatabaseSync,
  table: FilteredTable,
  since: number,
): { readonly blocks: ReadonlySet<number> | null; readonly latest: number } {
  const { first, latest } = database
    .prepare("SELECT coalesce(min(at), 1) AS first, coalesce(max(at), 0) AS latest FROM gone")
    .get() as { readonly first: number; readonly latest: number };
  if (since >= latest) return { blocks: new Set(), latest };
  if (since < first - 1) return { blocks: null, latest };
  const rows = database.prepare("SELECT block FROM gone WHERE at > ? AND of = ?").all(since, table);
  return { blocks: new Set(rows.map((row) => (row as { readonly block: number }).block)), latest };
}
