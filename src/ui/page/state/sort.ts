// What the table is sorted by. Pure. The newest first is the table as it comes: new rows go on top, and the page puts
// them there itself. In any other sort only the program knows where a row belongs, so the page asks again.

import type { SortKey, SortOrder } from "../../types.ts";

/** By which column, and which end first. */
export interface Sort {
  readonly by: SortKey;
  readonly order: SortOrder;
}

/** The table as it comes. */
export const NEWEST_FIRST: Sort = { by: "time", order: "desc" };

/** Whether it is the table as it comes. */
export function isNewestFirst(sort: Sort): boolean {
  return isSameSort(sort, NEWEST_FIRST);
}

/** Whether both are the same. */
export function isSameSort(a: Sort, b: Sort): boolean {
  return a.by === b.by && a.order === b.order;
}

/** Columns whose greatest values are what is looked for: the first press of their heads sorts by these first. */
const GREATEST_FIRST: readonly SortKey[] = ["time", "status", "request", "response", "elapsed"];

/** The sort after the head of `by` was pressed: by that column, the other way round where it is so already. */
export function pressed(sort: Sort, by: SortKey): Sort {
  if (sort.by === by) return { by, order: sort.order === "asc" ? "desc" : "asc" };
  return { by, order: GREATEST_FIRST.includes(by) ? "desc" : "asc" };
}
