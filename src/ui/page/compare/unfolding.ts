// Equal lines that were left out and are wanted after all: those that came with the difference, otherwise as many as are
// shown at once, asked for by range.

import { equalRows } from "../../../decode/diff/rows.ts";
import { HEX_BYTES, hexLines } from "../../../decode/views/hex.ts";
import type { Difference, DiffRow, ViewKind } from "../../types.ts";
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

/** Equal lines that were left out and are shown now: all of those, or their beginning. */
export interface Unfolded {
  readonly before: number;
  readonly after: number;
  /** How many they are; bytes in hex. */
  readonly lines: number;
  readonly rows: readonly DiffRow[];
}

/** What was unfolded, in which difference. */
export interface UnfoldedIn extends Unfolded {
  readonly of: Difference;
}

/** What is shown in place of what is left out: all of it, or its beginning. */
export async function unfolded(
  { before, after, lines, rows: given }: LeftOut,
  { id, side, sent, as }: Source,
): Promise<Unfolded> {
  if (given) return { before, after, lines, rows: given };
  const { signal } = new AbortController();
  if (as === "hex") {
    const length = Math.min(lines, AT_ONCE * HEX_BYTES);
    const bytes = await fetchBytes(bytesUrl(id, side, "body"), signal, { from: after, to: after + length });
    const [ofBefore, ofAfter] = [hexLines(bytes, before), hexLines(bytes, after)].map((text) =>
      text.split("\n")
    );
    const rows = ofBefore.map((text, at): DiffRow => ({
      kind: "equal",
      before: before + at * HEX_BYTES,
      after: after + at * HEX_BYTES,
      text,
      ...(before === after ? {} : { other: ofAfter[at] }),
    }));
    return { before, after, lines: length, rows };
  }
  const part = await fetchView(id, side, as, after, Math.min(lines, AT_ONCE), signal, sent);
  const texts = part.text.split("\n");
  const { length } = texts;
  const span = { kind: "equal", a: before, b: after, length, shown: true } as const;
  return { before, after, lines: length, rows: equalRows(span, texts) };
}

/**
 * The rows of a difference with what was unfolded of them. That is found by its place: where a Message grows, what
 * differs is asked for anew, and what was left out may have become more or less. The last line of a Message that grew
 * may be another one since.
 */
export function withUnfolded(of: Difference, unfolded: readonly UnfoldedIn[]): readonly DiffRow[] {
  return unfolded.length === 0 ? of.rows : of.rows.flatMap((row) => shown(row, of, unfolded));
}

function shown(row: DiffRow, of: Difference, unfolded: readonly UnfoldedIn[]): readonly DiffRow[] {
  if (row.kind !== "left-out") return [row];
  const found = unfolded.find(({ before, after }) => before === row.before && after === row.after);
  if (found === undefined) return [row];
  const lines = Math.min(row.lines, found.of === of ? found.lines : sureLines(found));
  if (lines === 0) return [row];
  const rows = (row.rows ?? found.rows).filter((one) => "before" in one && one.before < row.before + lines);
  if (lines === row.lines) return rows;
  const rest: LeftOut = {
    kind: "left-out",
    before: row.before + lines,
    after: row.after + lines,
    lines: row.lines - lines,
  };
  return [...rows, ...shown(rest, of, unfolded)];
}

/** How many of them are the same however the Messages have grown. */
function sureLines({ before, after, lines, rows, of }: UnfoldedIn): number {
  const last = rows.at(-1);
  const isAtEnd = before + lines === of.before || after + lines === of.after;
  return isAtEnd && last?.kind === "equal" ? last.before - before : lines;
}
