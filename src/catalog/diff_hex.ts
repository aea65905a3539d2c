// The difference of two bodies byte by byte. What is the same is found in slices, from both ends first; only the bytes of
// rows that are shown are read again.

import {
  byteMatches,
  changedHexRows,
  Cutter,
  equalHexRow,
  type HexSpan,
  hexSpans,
  meaningful,
  segments,
} from "../decode/diff/bytes.ts";
import { joined, type Match, matches } from "../decode/diff/matches.ts";
import { Numbering, NumberList, type Seeds } from "../decode/diff/numbering.ts";
import type { Difference, DiffRow } from "../decode/diff/rows.ts";
import { HEX_BYTES } from "../decode/views/hex.ts";
import type { BodySource } from "./body.ts";

/** So much is read at once. */
const PORTION = 64 * 1024;
/** More is not compared. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Equal rows that are left out are given all the same, if they are no more. */
const MOST_HIDDEN = 64;

/** Whoever compares: what is to be said, and when to pause. */
export interface DiffWork {
  readonly context: number;
  readonly seeds: Seeds;
  /** More rows are not made. */
  readonly mostRows: number;
  note(text: string): void;
  pause(): Promise<void> | undefined;
  /** Runs a generator to its end. */
  run<T>(work: Generator<void, T>): Promise<T>;
}

/** The difference of two bodies; all numbers in it count bytes. */
export async function diffBytes(before: BodySource, after: BodySource, work: DiffWork): Promise<Difference> {
  const [a, b] = await Promise.all([sized(before, work), sized(after, work)]);
  const runs = await runsOf(a, b, work);
  const same = runs.reduce((sum, { length }) => sum + length, 0);
  const rows = await rowsOf(hexSpans(segments(runs, a.length, b.length)), a, b, work);
  return {
    unit: "byte",
    before: a.length,
    after: b.length,
    removed: a.length - same,
    added: b.length - same,
    rows,
  };
}

/** Bytes by position, a portion of them in memory. */
class Bytes {
  #portion: Uint8Array = new Uint8Array(0);
  #from = 0;

  constructor(private readonly source: BodySource, readonly length: number) {}

  /** The bytes from `from` to `to`, a copy. */
  slice(from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(to - from);
    return bytes.subarray(0, this.source.read(from, bytes));
  }

  at(position: number): number {
    const within = position - this.#from;
    if (within >= 0 && within < this.#portion.length) return this.#portion[within];
    this.#from = Math.max(0, position - HEX_BYTES);
    this.#portion = this.slice(this.#from, Math.min(this.length, this.#from + PORTION));
    return this.#portion[position - this.#from] ?? 0;
  }
}

async function sized(source: BodySource, work: DiffWork): Promise<Bytes> {
  await source.advance(MOST_BYTES);
  const { length } = source.extent();
  if (length > MOST_BYTES) {
    work.note(`the bodies are compared as far as byte ${MOST_BYTES.toLocaleString("en")}`);
  }
  return new Bytes(source, Math.min(length, MOST_BYTES));
}

async function runsOf(a: Bytes, b: Bytes, work: DiffWork): Promise<Match[]> {
  const numbering = new Numbering(work.seeds);
  const [one, other] = [await piecesOf(a, numbering, work), await piecesOf(b, numbering, work)];
  const { runs, isShortest } = await work.run(matches(one.numbers, other.numbers, numbering.count));
  if (!isShortest) {
    work.note("they differ in so much that what is the same in both may be more than is shown");
  }
  const found: Match[] = [];
  let [pieceA, pieceB] = [0, 0];
  for (const run of [...runs, { a: one.numbers.length, b: other.numbers.length, length: 0 }]) {
    const [fromA, fromB] = [one.start(pieceA), other.start(pieceB)];
    const [toA, toB] = [one.start(run.a), other.start(run.b)];
    for (const match of await within(a, b, { fromA, toA, fromB, toB }, work)) found.push(match);
    [pieceA, pieceB] = [run.a + run.length, run.b + run.length];
    if (run.length > 0) found.push({ a: toA, b: toB, length: one.start(pieceA) - toA });
    await work.pause();
  }
  return meaningful(joined(found), a.length, b.length);
}

interface Pieces {
  readonly numbers: Int32Array;
  /** Where a piece begins; of what is behind the last one, where that ends. */
  start(piece: number): number;
}

async function piecesOf(bytes: Bytes, numbering: Numbering, work: DiffWork): Promise<Pieces> {
  const numbers = new NumberList();
  const starts = new NumberList();
  starts.push(0);
  const cutter = new Cutter();
  let from = 0;
  let kept = new Uint8Array(0);
  while (from + kept.length < bytes.length) {
    const next = bytes.slice(from + kept.length, Math.min(bytes.length, from + kept.length + PORTION));
    if (next.length === 0) break;
    const portion = new Uint8Array(kept.length + next.length);
    portion.set(kept);
    portion.set(next, kept.length);
    let start = 0;
    for (let end = cutter.next(portion, kept.length); end >= 0; end = cutter.next(portion, end)) {
      numbers.push(numbering.ofBytes(portion, start, end));
      starts.push(from + end);
      start = end;
    }
    kept = portion.subarray(start);
    from += start;
    await work.pause();
  }
  if (kept.length > 0) {
    numbers.push(numbering.ofBytes(kept, 0, kept.length));
    starts.push(from + kept.length);
  }
  const places = starts.array();
  return { numbers: numbers.array(), start: (piece) => places[piece] };
}

/** What two ranges share that have no piece in common. */
async function within(
  a: Bytes,
  b: Bytes,
  { fromA, toA, fromB, toB }: {
    readonly fromA: number;
    readonly toA: number;
    readonly fromB: number;
    readonly toB: number;
  },
  work: DiffWork,
): Promise<Match[]> {
  if (fromA === toA || fromB === toB) return [];
  const most = Math.max(toA - fromA, toB - fromB);
  const found = most > PORTION ? null : await work.run(byteMatches(a.slice(fromA, toA), b.slice(fromB, toB)));
  if (found) return found.map((run) => ({ ...run, a: run.a + fromA, b: run.b + fromB }));
  work.note("long stretches in which nearly everything differs are compared by place");
  const ends = [];
  let same = 0;
  while (fromA + same < toA && fromB + same < toB && a.at(fromA + same) === b.at(fromB + same)) same++;
  if (same > 0) ends.push({ a: fromA, b: fromB, length: same });
  let last = 0;
  while (
    toA - last > fromA + same && toB - last > fromB + same && a.at(toA - last - 1) === b.at(toB - last - 1)
  ) last++;
  if (last > 0) ends.push({ a: toA - last, b: toB - last, length: last });
  return ends;
}

async function rowsOf(
  spans: Generator<HexSpan>,
  a: Bytes,
  b: Bytes,
  { context, mostRows, note, pause }: DiffWork,
): Promise<DiffRow[]> {
  const rows: DiffRow[] = [];
  const [byteA, byteB] = [(at: number) => a.at(at), (at: number) => b.at(at)];
  const equal = (atA: number, atB: number, from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => {
      const [one, other] = [atA + (from + n) * HEX_BYTES, atB + (from + n) * HEX_BYTES];
      return equalHexRow(one, other, Array.from({ length: HEX_BYTES }, (_, at) => a.at(one + at)));
    });
  for (const span of spans) {
    if (rows.length >= mostRows) {
      note(`the first ${rows.length.toLocaleString("en")} rows of the body are shown`);
      break;
    }
    await pause();
    if (span.kind === "changed") {
      for (const row of changedHexRows(span.row, byteA, byteB)) rows.push(row);
      continue;
    }
    const { a: atA, b: atB, rows: count } = span;
    const first = rows.length === 0 ? 0 : context;
    const length = count * HEX_BYTES;
    const last = atA + length === a.length && atB + length === b.length ? 0 : context;
    if (count - first - last <= 1) {
      rows.push(...equal(atA, atB, 0, count));
      continue;
    }
    rows.push(...equal(atA, atB, 0, first));
    const hidden = count - first - last;
    rows.push({
      kind: "left-out",
      before: atA + first * HEX_BYTES,
      after: atB + first * HEX_BYTES,
      lines: hidden * HEX_BYTES,
      ...(hidden <= MOST_HIDDEN ? { rows: equal(atA, atB, first, count - last) } : {}),
    });
    rows.push(...equal(atA, atB, count - last, count));
  }
  return rows;
}
