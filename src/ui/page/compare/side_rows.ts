// The rows of a difference side by side: what became what stands beside each other, and so does what went and came at the
// same place. Pure.

import type { DrawnRow } from "../pane/diff_text.ts";

/** A row: what was before and what is after; or one of them alone; or both the same, as for what is left out. */
export interface SideRow {
  readonly left: DrawnRow | null;
  readonly right: DrawnRow | null;
  /** Number of the change that begins with it; null where none does. */
  readonly change: number | null;
}

/** See above. */
export function sideRows(rows: readonly DrawnRow[]): SideRow[] {
  const beside: SideRow[] = [];
  for (let at = 0; at < rows.length;) {
    const { kind } = rows[at].row;
    if (kind === "equal" || kind === "left-out") {
      beside.push({ left: rows[at], right: rows[at], change: null });
      at++;
      continue;
    }
    let to = at;
    while (to < rows.length && isChange(rows[to])) to++;
    for (const row of besideEachOther(rows.slice(at, to))) beside.push(row);
    at = to;
  }
  return beside;
}

function isChange({ row: { kind } }: DrawnRow): boolean {
  return kind === "removed" || kind === "added";
}

function besideEachOther(changed: readonly DrawnRow[]): SideRow[] {
  const left = changed.filter(({ row }) => row.kind === "removed");
  const right = changed.filter(({ row }) => row.kind === "added");
  const placeOf = new Map(right.map(({ row }, at) => [row.kind === "added" ? row.after : -1, at]));
  const beside: SideRow[] = [];
  let [fromLeft, fromRight] = [0, 0];
  const zip = (toLeft: number, toRight: number) => {
    const count = Math.max(toLeft - fromLeft, toRight - fromRight);
    for (let at = 0; at < count; at++) {
      const one = fromLeft + at < toLeft ? left[fromLeft + at] : null;
      const other = fromRight + at < toRight ? right[fromRight + at] : null;
      beside.push({ left: one, right: other, change: one?.change ?? other?.change ?? null });
    }
    [fromLeft, fromRight] = [toLeft, toRight];
  };
  for (const [at, { row }] of left.entries()) {
    const place = row.kind === "removed" && row.pair !== undefined ? placeOf.get(row.pair) : undefined;
    if (place === undefined || place < fromRight) continue;
    zip(at, place);
    zip(at + 1, place + 1);
  }
  zip(left.length, right.length);
  return beside;
}
