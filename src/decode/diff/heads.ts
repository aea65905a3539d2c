// The difference of two heads: start lines with each other, header lines by their names. The order of fields with
// different names, and capital letters in names, mean nothing (RFC 9110, 5.1 and 5.3): they are noted, and no difference.
// The order of lines with the same name does mean something, but for Set-Cookie. Pure.

import { longestRise, matchesOf } from "./matches.ts";
import { type Part, partsOf } from "./parts.ts";
import { type Difference, type DiffRow, equalRows } from "./rows.ts";

interface Field {
  /** Its line, from 0. */
  readonly at: number;
  /** In small letters; what has no name has its whole text as one. */
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

/** Lines that belong together: `a` before, `b` after. */
interface Pair {
  readonly a: Field;
  readonly b: Field;
  readonly isEqual: boolean;
}

/** What a head begins with, in a map of its own so that no field has this name. */
const START = "\0start";

/** See above. `hasStart`: whether the first line is a start line, as in a head, or a field, as in trailers. */
export function* headDifference(
  before: readonly string[],
  after: readonly string[],
  context: number,
  hasStart = true,
): Generator<void, Difference> {
  const [a, b] = [fieldsOf(before, hasStart), fieldsOf(after, hasStart)];
  const pairs = yield* pairsOf(a, b);
  const rows = yield* rowsOf(a, b, pairs);
  const equal = pairs.filter(({ isEqual }) => isEqual).length;
  return {
    before: a.length,
    after: b.length,
    removed: a.length - equal,
    added: b.length - equal,
    rows: folded(rows, context),
  };
}

/** A line that begins with white space goes on the field before it (RFC 9112, 5.2). */
function fieldsOf(lines: readonly string[], hasStart: boolean): Field[] {
  const texts: string[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line) && texts.length > (hasStart ? 1 : 0)) texts.push(`${texts.pop()} ${line.trim()}`);
    else texts.push(line);
  }
  return texts.map((text, at) => {
    if (hasStart && at === 0) return { at, name: START, value: text, text };
    const colon = text.indexOf(":");
    if (colon <= 0) return { at, name: `\0${text}`, value: text, text };
    return { at, name: text.slice(0, colon).trim().toLowerCase(), value: text.slice(colon + 1).trim(), text };
  });
}

function byName(fields: readonly Field[]): Map<string, Field[]> {
  const named = new Map<string, Field[]>();
  for (const field of fields) {
    const found = named.get(field.name);
    if (found) found.push(field);
    else named.set(field.name, [field]);
  }
  return named;
}

function* pairsOf(before: readonly Field[], after: readonly Field[]): Generator<void, Pair[]> {
  const pairs: Pair[] = [];
  const others = byName(after);
  for (const [name, a] of byName(before)) {
    const b = others.get(name) ?? [];
    const { runs } = yield* matchesOf(a.map(({ value }) => value), b.map(({ value }) => value));
    const restA = new Set(a);
    const restB = new Set(b);
    const pair = (one: Field, other: Field, isEqual: boolean) => {
      pairs.push({ a: one, b: other, isEqual });
      restA.delete(one);
      restB.delete(other);
    };
    for (const run of runs) {
      for (let at = 0; at < run.length; at++) pair(a[run.a + at], b[run.b + at], true);
    }
    if (name === "set-cookie") {
      pairBy(restA, restB, ({ value }) => value, (one, other) => pair(one, other, true));
      pairBy(restA, restB, cookieName, (one, other) => pair(one, other, false));
    }
    const [one, other] = [[...restA], [...restB]];
    for (let at = 0; at < Math.min(one.length, other.length); at++) pair(one[at], other[at], false);
  }
  return pairs;
}

/** Pairs what has the same key, wherever it stands. */
function pairBy(
  before: ReadonlySet<Field>,
  after: ReadonlySet<Field>,
  key: (field: Field) => string,
  pair: (one: Field, other: Field) => void,
): void {
  const there = new Map<string, Field[]>();
  for (const field of after) there.set(key(field), [...there.get(key(field)) ?? [], field]);
  for (const field of [...before]) {
    const other = there.get(key(field))?.shift();
    if (other) pair(field, other);
  }
}

function cookieName({ value }: Field): string {
  return value.split("=", 1)[0].trim();
}

/** In the order of before; what is only after stands behind the line that it follows there. */
function* rowsOf(
  before: readonly Field[],
  after: readonly Field[],
  pairs: readonly Pair[],
): Generator<void, DiffRow[]> {
  const ofA = new Map(pairs.map((pair) => [pair.a, pair]));
  const ofB = new Map(pairs.map((pair) => [pair.b, pair]));
  const sorted = pairs.toSorted((one, other) => one.a.at - other.a.at);
  const rise = yield* longestRise(Int32Array.from(sorted, ({ b }) => b.at));
  const inOrder = new Set(Array.from(rise, (index) => sorted[index].a.at));
  /** By the line before that they stand behind; -1 is the beginning. */
  const only = new Map<number, Field[]>();
  let behind = -1;
  for (const field of after) {
    const pair = ofB.get(field);
    if (pair) {
      // Behind a line that stands elsewhere would be nowhere near.
      if (inOrder.has(pair.a.at)) behind = pair.a.at;
    } else only.set(behind, [...only.get(behind) ?? [], field]);
  }
  const rows: DiffRow[] = [];
  /** What came stands behind what went from the same place. */
  let came: readonly Field[] = only.get(-1) ?? [];
  const put = () => {
    for (const { at, text } of came) rows.push({ kind: "added", after: at, text });
    came = [];
  };
  for (const field of before) {
    const pair = ofA.get(field);
    if (!pair) {
      rows.push({ kind: "removed", before: field.at, text: field.text });
      continue;
    }
    put();
    if (pair.isEqual) rows.push(equalRow(pair, inOrder.has(field.at)));
    else for (const row of yield* changedRows(pair)) rows.push(row);
    came = only.get(field.at) ?? [];
  }
  put();
  return rows;
}

function equalRow({ a, b }: Pair, isInOrder: boolean): DiffRow {
  const notes = [
    ...(isInOrder ? [] : [`line ${b.at + 1} after`]),
    ...(a.text === b.text ? [] : [
      a.text.toLowerCase() === b.text.toLowerCase()
        ? "other capital letters after"
        : "other white space after",
    ]),
  ];
  return {
    kind: "equal",
    before: a.at,
    after: b.at,
    text: a.text,
    ...(a.text === b.text ? {} : { other: b.text }),
    ...(notes.length > 0 ? { note: notes.join(", ") } : {}),
  };
}

function* changedRows({ a, b }: Pair): Generator<void, DiffRow[]> {
  const parts = yield* partsOf(a.text, b.text);
  const given = (found: readonly Part[]) => found.length > 0 ? { parts: found } : {};
  return [
    { kind: "removed", before: a.at, text: a.text, pair: b.at, ...given(parts.before) },
    {
      kind: "added",
      after: b.at,
      text: b.text,
      pair: a.at,
      ...given(parts.after),
      ...(a.value === b.value ? { note: "at another place among its like" } : {}),
    },
  ];
}

/** Equal rows far from a change are left out; those with a note never. */
function folded(rows: readonly DiffRow[], context: number): DiffRow[] {
  const isPlain = (row: DiffRow) => row.kind === "equal" && row.note === undefined;
  const near = new Uint8Array(rows.length);
  for (const [at, row] of rows.entries()) {
    if (!isPlain(row)) near.fill(1, Math.max(0, at - context), at + context + 1);
  }
  const result: DiffRow[] = [];
  for (let at = 0; at < rows.length;) {
    let to = at;
    while (to < rows.length && near[to] === 0) to++;
    const row = rows[at];
    if (to - at <= 1 || row.kind !== "equal") {
      result.push(row);
      at++;
      continue;
    }
    const hidden = rows.slice(at, to);
    const lines = hidden.map((one) => one.kind === "equal" ? one.text : "");
    const [leftOut] = equalRows(
      { kind: "equal", a: row.before, b: row.after, length: to - at, shown: false },
      lines,
    );
    // Their numbers after need not follow one another.
    result.push("rows" in leftOut && leftOut.rows ? { ...leftOut, rows: hidden } : leftOut);
    at = to;
  }
  return result;
}
