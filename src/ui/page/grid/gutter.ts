// The connection gutter: rows of the Connection of the row that is shown are joined by a line with dots. Pure.

import { eachRow, type Rows, type Span } from "../state/rows.ts";

/** What the gutter draws in a row. */
export interface Thread {
  readonly dot: boolean;
  /** Whether the line comes from the row above, and goes on to the row below. */
  readonly above: boolean;
  readonly below: boolean;
}

/** The oldest and the newest known row of a Connection, as ordinals; null where it has fewer than two. */
export function reachOf(rows: Rows, connection: string | null): Span | null {
  let from = Infinity;
  let to = -Infinity;
  if (connection !== null) {
    eachRow(rows, (row, ordinal) => {
      if (row.connection !== connection) return;
      from = Math.min(from, ordinal);
      to = Math.max(to, ordinal);
    });
  }
  return from < to ? { from, to } : null;
}

/** What the gutter draws in the row at `ordinal`; null for nothing. */
export function threadAt(reach: Span | null, ordinal: number, isOfConnection: boolean): Thread | null {
  if (!reach || ordinal < reach.from || ordinal > reach.to) return null;
  return { dot: isOfConnection, above: ordinal < reach.to, below: ordinal > reach.from };
}
