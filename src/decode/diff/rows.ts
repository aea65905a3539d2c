// The difference of two texts, line by line, as rows to show. What is the same is found by numbers for lines
// (matches.ts); of the lines themselves only those are needed that are shown, so that texts may be larger than memory.
// Pure; generators, so that whoever runs them can pause.

import { type Match, matchesOf } from "./matches.ts";
import { paired, type Part, partsOf } from "./parts.ts";

/** A row of a difference. Lines count from 0: `before` in the one text, `after` in the other. In hex, bytes do. */
export type DiffRow =
  | {
    readonly kind: "equal";
    readonly before: number;
    readonly after: number;
    readonly text: string;
    /** How it is written after, where that is another way which means the same. */
    readonly other?: string;
    /** In which way it is not quite the same, in words. */
    readonly note?: string;
  }
  | {
    readonly kind: "removed";
    readonly before: number;
    readonly text: string;
    /** What is other in the line that it became; left out where it became none or has nothing in common. */
    readonly parts?: readonly Part[];
    /** The line that it became; left out where it became none. */
    readonly pair?: number;
  }
  | {
    readonly kind: "added";
    readonly after: number;
    readonly text: string;
    readonly parts?: readonly Part[];
    /** The line that it was. */
    readonly pair?: number;
    /** In which way it is another one, in words, where that is not to be seen. */
    readonly note?: string;
  }
  /** Lines that are equal and are left out. */
  | {
    readonly kind: "left-out";
    readonly before: number;
    readonly after: number;
    readonly lines: number;
    /** Those lines, where they are few. */
    readonly rows?: readonly DiffRow[];
  };

/** The difference of two texts. */
export interface Difference {
  /** What is counted here and in the rows; lines unless given. */
  readonly unit?: "byte";
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
/** Equal lines that are left out are given all the same, if they are no more. */
const MOST_HIDDEN = 64;

/** Lines that were changed into others; `a` are the ones before. */
export interface Changed {
  readonly kind: "changed";
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** Equal lines from `a` and `b` on. `shown` is whether they are rows, or left out. */
export interface Equal {
  readonly kind: "equal";
  readonly a: number;
  readonly b: number;
  readonly length: number;
  readonly shown: boolean;
}

/** What a difference consists of, in order: everything that is needed to make its rows, but for the lines. */
export function* spans(
  runs: readonly Match[],
  before: number,
  after: number,
  context: number,
): Generator<Changed | Equal> {
  let [a, b] = [0, 0];
  for (const match of [...runs, { a: before, b: after, length: 0 }]) {
    if (match.a > a || match.b > b) {
      yield { kind: "changed", aFrom: a, aTo: match.a, bFrom: b, bTo: match.b };
    }
    [a, b] = [match.a + match.length, match.b + match.length];
    if (match.length === 0) continue;
    const isFirst = match.a === 0 && match.b === 0;
    const isLast = a === before && b === after;
    yield* folded(match, isFirst ? 0 : context, isLast ? 0 : context);
  }
}

/** The first and the last of equal lines are context, what is between is left out if it is more than a line. */
function* folded({ a, b, length }: Match, first: number, last: number): Generator<Equal> {
  const part = (from: number, to: number, shown: boolean): Equal => ({
    kind: "equal",
    a: a + from,
    b: b + from,
    length: to - from,
    shown,
  });
  if (length - first - last <= 1) return yield part(0, length, true);
  if (first > 0) yield part(0, first, true);
  yield part(first, length - last, false);
  if (last > 0) yield part(length - last, length, true);
}

/** Whether the lines of equal ones are given, shown or not. */
export function isGiven({ shown, length }: Equal): boolean {
  return shown || length <= MOST_HIDDEN;
}

/** Equal lines as rows. `lines` are those before; it is not read where they are not given. */
export function equalRows(span: Equal, lines: readonly string[]): DiffRow[] {
  const { a, b, length, shown } = span;
  const rows = isGiven(span)
    ? Array.from(
      { length },
      (_, at): DiffRow => ({ kind: "equal", before: a + at, after: b + at, text: lines[at] }),
    )
    : [];
  if (shown) return rows;
  return [{ kind: "left-out", before: a, after: b, lines: length, ...(rows.length > 0 ? { rows } : {}) }];
}

/** Changed lines as rows: first those that were removed, then those that were added. */
export function* changedRows(
  { aFrom, bFrom }: Pick<Changed, "aFrom" | "bFrom">,
  removed: readonly string[],
  added: readonly string[],
): Generator<void, DiffRow[]> {
  const ofRemoved = new Map<number, { readonly pair: number; readonly parts?: readonly Part[] }>();
  const ofAdded = new Map<number, { readonly pair: number; readonly parts?: readonly Part[] }>();
  if (Math.max(removed.length, added.length) <= MOST_PAIRS) {
    for (const [i, j] of paired(removed, added)) {
      const { before, after } = yield* partsOf(removed[i], added[j]);
      ofRemoved.set(i, { pair: bFrom + j, ...(before.length > 0 ? { parts: before } : {}) });
      ofAdded.set(j, { pair: aFrom + i, ...(after.length > 0 ? { parts: after } : {}) });
    }
  }
  return [
    ...removed.map((text, at): DiffRow => ({
      kind: "removed",
      before: aFrom + at,
      text,
      ...ofRemoved.get(at),
    })),
    ...added.map((text, at): DiffRow => ({ kind: "added", after: bFrom + at, text, ...ofAdded.get(at) })),
  ];
}

/** How many lines were removed and added. */
export function counted(
  runs: readonly Match[],
  before: number,
  after: number,
): Pick<Difference, "removed" | "added"> {
  const same = runs.reduce((sum, { length }) => sum + length, 0);
  return { removed: before - same, added: after - same };
}

/** The difference of two texts that are in memory; equal lines farther than `context` from a change are left out. */
export function* difference(
  before: readonly string[],
  after: readonly string[],
  context: number,
): Generator<void, Difference> {
  const { runs } = yield* matchesOf(before, after);
  const rows: DiffRow[] = [];
  for (const span of spans(runs, before.length, after.length, context)) {
    const made = span.kind === "equal"
      ? equalRows(span, before.slice(span.a, span.a + span.length))
      : yield* changedRows(span, before.slice(span.aFrom, span.aTo), after.slice(span.bFrom, span.bTo));
    for (const row of made) rows.push(row);
    yield;
  }
  const sizes = { before: before.length, after: after.length };
  return { ...sizes, ...counted(runs, before.length, after.length), rows };
}
