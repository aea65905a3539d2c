// Which rows are removed, and in which steps: a listener may have a million of them.

import type { ExchangeRow } from "./rows.ts";
import type { Tables } from "./tables.ts";

/** How many rows are removed at once. */
const REMOVE_AT_ONCE = 2000;

/** Which rows to remove: some, or all of a listener (null: of every one). */
export type Removal = { readonly ids: readonly number[] } | { readonly listener: string | null };

/** A row that was removed. */
export type Removed = Pick<ExchangeRow, "id" | "listener" | "state">;

/** What there is at the beginning: rows that come later stay. */
export interface Removable {
  readonly listeners: readonly string[];
  /** The number of the newest row. */
  readonly last: number;
}

/** Removes rows from the tables, step by step. */
export function* removeRows(
  tables: Pick<Tables, "remove" | "removeOldest">,
  removal: Removal,
  { listeners, last }: Removable,
): Generator<readonly Removed[]> {
  if ("ids" in removal) {
    for (let from = 0; from < removal.ids.length; from += REMOVE_AT_ONCE) {
      const ids = removal.ids.slice(from, from + REMOVE_AT_ONCE);
      yield ids.flatMap((id) => tables.remove(id) ?? []);
    }
    return;
  }
  for (const listener of removal.listener === null ? listeners : [removal.listener]) {
    for (;;) {
      const rows = tables.removeOldest(listener, last, REMOVE_AT_ONCE);
      if (rows.length === 0) break;
      yield rows;
    }
  }
}
