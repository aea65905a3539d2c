// What a list of Exchanges can be sorted by: what a row is compared by in each sort, as SQL over the table `exchange`.
// Data only. Rows that are level stand in the order of their ids, so the two orders of a sort are each other's reverse.

import type { SortKey } from "./types.ts";

/** Of texts so many characters are compared: there is a copy of them for every row. */
const COMPARED = 200;

/** Of a row that is open, how long it has taken until now, as the page shows it. */
const ELAPSED = "CASE state WHEN 'open' THEN " +
  "max(elapsed_ms, (julianday('now') - 2440587.5) * 86400000.0 - started) ELSE elapsed_ms END";

/**
 * By sort: what is compared; null for the order of the ids, in which rows came. What has no method, status or path is
 * less than what has one; where the reason of a failure is shown in place of a text, it is compared.
 */
export const COMPARED_BY: Readonly<Record<SortKey, string | null>> = {
  time: null,
  state: "state",
  client: start("client"),
  target: start("target"),
  method: start("coalesce(method, '')"),
  url: start("coalesce(url, fault, '')"),
  summary: start("coalesce(nullif(summary, ''), fault, '')"),
  status: "status",
  request: "request_bytes",
  response: "response_bytes",
  elapsed: ELAPSED,
};

/** All sorts. */
export const SORT_KEYS = Object.keys(COMPARED_BY) as readonly SortKey[];

function start(text: string): string {
  return `substr(${text}, 1, ${COMPARED})`;
}
