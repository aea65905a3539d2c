// Equal lines that were left out and are wanted after all: those that came with the difference, otherwise as many as are
// shown at once, asked for by range.

import { HEX_BYTES, hexLines } from "../../../decode/views/hex.ts";
import type { DiffRow, ViewKind } from "../../types.ts";
import { bytesUrl, fetchBytes, fetchView, type Side } from "../pane/api.ts";

/** So many are shown at once. */
export const AT_ONCE = 200;

/** What is left out. */
export type LeftOut = Extract<DiffRow, { readonly kind: "left-out" }>;

/** Where the lines are to be had. */
export interface Source {
  readonly id: string;
  readonly side: Side;
  readonly sent: boolean;
  readonly as: ViewKind;
}

/** The rows in place of what is left out: all of it, or its beginning and what is then left out. */
export async function unfolded(row: LeftOut, { id, side, sent, as }: Source): Promise<readonly DiffRow[]> {
  if (row.rows) return row.rows;
  const { signal } = new AbortController();
  if (as === "hex") {
    const length = Math.min(row.lines, AT_ONCE * HEX_BYTES);
    const url = bytesUrl(id, side, "body");
    const bytes = await fetchBytes(url, signal, { from: row.after, to: row.after + length });
    const [before, after] = [hexLines(bytes, row.before), hexLines(bytes, row.after)].map((text) =>
      text.split("\n")
    );
    return withRest(
      row,
      before.map((text, at) => ({
        kind: "equal",
        before: row.before + at * HEX_BYTES,
        after: row.after + at * HEX_BYTES,
        text,
        ...(row.before === row.after ? {} : { other: after[at] }),
      })),
      length,
    );
  }
  const part = await fetchView(id, side, as, row.after, Math.min(row.lines, AT_ONCE), signal, sent);
  const lines = part.text.split("\n");
  return withRest(
    row,
    lines.map((text, at) => ({ kind: "equal", before: row.before + at, after: row.after + at, text })),
    lines.length,
  );
}

/** `length` of what was left out is shown; the rest is left out still. */
export function withRest(row: LeftOut, shown: readonly DiffRow[], length: number): readonly DiffRow[] {
  const lines = row.lines - length;
  if (lines <= 0) return shown;
  const rest: LeftOut = { kind: "left-out", before: row.before + length, after: row.after + length, lines };
  return [...shown, rest];
}
