// The difference of two texts, line by line, as rows to show. Pure; a generator, so that whoever runs it can pause.

import { matchesOf } from "./matches.ts";
import { paired, type Part, partsOf } from "./parts.ts";

/** A row of a difference. Lines count from 0: `before` in the one text, `after` in the other. */
export type DiffRow =
  | { readonly kind: "equal"; readonly before: number; readonly after: number; readonly text: string }
  /** `parts` are what is other in the line that it became; left out where it became none or has nothing in common. */
  | {
    readonly kind: "removed";
    readonly before: number;
    readonly text: string;
    readonly parts?: readonly Part[];
  }
  | {
    readonly kind: "added";
    readonly after: number;
    readonly text: string;
    readonly parts?: readonly Part[];
  }
  /** Lines that are equal and are left out. */
  | { readonly kind: "left-out"; readonly before: number; readonly after: number; readonly lines: number };

/** The difference of two texts. */
export interface Difference {
  /** How many lines each has. */
  readonly before: number;
  readonly after: number;
  /** How many of them were removed and added. */
  readonly removed: number;
  readonly added: number;
  readonly rows: readonly DiffRow[];
}

/** Blocks of changed lines that are larger are not compared word by word. */
const MOST_PAIRS = 2_000;

/** The difference; equal lines farther than `context` from a change are left out. */
export function* difference(
  before: readonly string[],
  after: readonly string[],
  context: number,
): Generator<void, Difference> {
  const same = yield* matchesOf(before, after);
  const rows: DiffRow[] = [];
  let [a, b, removed, added] = [0, 0, 0, 0];
  for (const match of [...same, { a: before.length, b: after.length, length: 0 }]) {
    removed += match.a - a;
    added += match.b - b;
    yield* changed(before, after, { aFrom: a, aTo: match.a, bFrom: b, bTo: match.b }, rows);
    const isFirst = match.a === 0 && match.b === 0;
    const isLast = match.a + match.length === before.length && match.b + match.length === after.length;
    equal(before, match, isFirst ? 0 : context, isLast ? 0 : context, rows);
    [a, b] = [match.a + match.length, match.b + match.length];
    yield;
  }
  return { before: before.length, after: after.length, removed, added, rows };
}

interface Block {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** First the lines that were removed, then those that were added. */
function* changed(
  before: readonly string[],
  after: readonly string[],
  { aFrom, aTo, bFrom, bTo }: Block,
  rows: DiffRow[],
): Generator<void> {
  const removedParts = new Map<number, readonly Part[]>();
  const addedParts = new Map<number, readonly Part[]>();
  if (Math.max(aTo - aFrom, bTo - bFrom) <= MOST_PAIRS) {
    for (const [i, j] of paired(before.slice(aFrom, aTo), after.slice(bFrom, bTo))) {
      const parts = yield* partsOf(before[aFrom + i], after[bFrom + j]);
      if (parts.before.length > 0) removedParts.set(aFrom + i, parts.before);
      if (parts.after.length > 0) addedParts.set(bFrom + j, parts.after);
    }
  }
  for (let at = aFrom; at < aTo; at++) {
    rows.push({ kind: "removed", before: at, text: before[at], ...partsIn(removedParts, at) });
  }
  for (let at = bFrom; at < bTo; at++) {
    rows.push({ kind: "added", after: at, text: after[at], ...partsIn(addedParts, at) });
  }
}

function partsIn(
  parts: ReadonlyMap<number, readonly Part[]>,
  line: number,
): { readonly parts?: readonly Part[] } {
  const found = parts.get(line);
  return found ? { parts: found } : {};
}

/** Equal lines: the first and the last of them are context, what is between is left out if it is more than a line. */
function equal(
  before: readonly string[],
  { a, b, length }: { readonly a: number; readonly b: number; readonly length: number },
  first: number,
  last: number,
  rows: DiffRow[],
): void {
  const isShown = length - first - last <= 1;
  const push = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      rows.push({ kind: "equal", before: a + at, after: b + at, text: before[a + at] });
    }
  };
  if (isShown) return push(0, length);
  push(0, first);
  rows.push({ kind: "left-out", before: a + first, after: b + first, lines: length - first - last });
  push(length - last, length);
}
