// The difference of bytes, and how it is shown in hex: what is the same stands at the same place of a row, also behind
// bytes that were put in or left out. Large ones are cut into pieces where their own content says so, so that a byte more
// or less moves no other cut; pieces are compared first, and bytes within those that differ. Pure.

import { HEX_BYTES, HEX_TEXT_COLUMN, hexColumn } from "../views/hex.ts";
import { joined, type Match, matches } from "./matches.ts";
import type { Part } from "./parts.ts";
import type { DiffRow } from "./rows.ts";

/** A piece has about so many bytes: a power of two … */
const PIECE = 64;
/** … and never more than these. */
const LONGEST_PIECE = 1024;
/** Larger ranges are not compared byte by byte, but by place. */
const MOST_BYTES = 8 * 1024;
/** Fewer equal bytes between others are chance. */
const LEAST_EQUAL = 3;

/** By byte, something that no other has: what decides where a piece ends. */
const GEAR = Int32Array.from({ length: 256 }, (_, byte) => {
  let bits = Math.imul(byte + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return bits ^ (bits >>> 13);
});

/** Where pieces end. It remembers the bytes that came, so that these may come in any portions. */
export class Cutter {
  #gear = 0;
  #length = 0;

  /** Where in `bytes` pieces end, from `from` on: the first place, or -1 where none does. */
  next(bytes: Uint8Array, from: number): number {
    let [gear, length] = [this.#gear, this.#length];
    for (let at = from; at < bytes.length; at++) {
      gear = (gear << 1) + GEAR[bytes[at]];
      length++;
      if ((gear >>> 20) % PIECE === 0 || length === LONGEST_PIECE) {
        [this.#gear, this.#length] = [0, 0];
        return at + 1;
      }
    }
    [this.#gear, this.#length] = [gear, length];
    return -1;
  }
}

/** The runs that two ranges of bytes share; null where they are too large to be looked through byte by byte. */
export function* byteMatches(a: Uint8Array, b: Uint8Array): Generator<void, readonly Match[] | null> {
  if (Math.max(a.length, b.length) > MOST_BYTES) return null;
  const { runs } = yield* matches(Int32Array.from(a), Int32Array.from(b), 256);
  return runs;
}

/** Without runs so short that they are chance, except at both ends of all. */
export function meaningful(runs: readonly Match[], before: number, after: number): Match[] {
  return joined(runs).filter(({ a, b, length }) =>
    length >= LEAST_EQUAL || (a === 0 && b === 0) || (a + length === before && b + length === after)
  );
}

/** A part of a difference: equal bytes, or those that were changed. */
export interface Segment {
  readonly isEqual: boolean;
  readonly a: number;
  readonly b: number;
  readonly aLength: number;
  readonly bLength: number;
}

/** All of both, in order. */
export function segments(runs: readonly Match[], before: number, after: number): Segment[] {
  const found: Segment[] = [];
  let [a, b] = [0, 0];
  for (const run of [...runs, { a: before, b: after, length: 0 }]) {
    if (run.a > a || run.b > b) {
      found.push({ isEqual: false, a, b, aLength: run.a - a, bLength: run.b - b });
    }
    if (run.length > 0) {
      found.push({ isEqual: true, a: run.a, b: run.b, aLength: run.length, bLength: run.length });
    }
    [a, b] = [run.a + run.length, run.b + run.length];
  }
  return found;
}

/** What a row in hex consists of: cells, each with the place of a byte before and after, or -1. */
export interface HexRow {
  readonly a: number;
  readonly b: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A whole number of rows that are equal, or one row that is not. */
export type HexSpan =
  | { readonly kind: "equal"; readonly a: number; readonly b: number; readonly rows: number }
  | { readonly kind: "changed"; readonly row: HexRow };

/** The rows of a difference, as places; equal ones are not taken apart. */
export function* hexSpans(all: readonly Segment[]): Generator<HexSpan> {
  let before: number[] = [];
  let after: number[] = [];
  let [a, b] = [0, 0];
  const row = (): HexSpan => {
    const made = { kind: "changed" as const, row: { a, b, before, after } };
    a += before.filter((at) => at >= 0).length;
    b += after.filter((at) => at >= 0).length;
    [before, after] = [[], []];
    return made;
  };
  for (const { isEqual, a: atA, b: atB, aLength, bLength } of all) {
    const length = Math.max(aLength, bLength);
    for (let at = 0; at < length;) {
      const rows = isEqual && before.length === 0 ? Math.floor((length - at) / HEX_BYTES) : 0;
      if (rows > 0) {
        yield { kind: "equal", a: atA + at, b: atB + at, rows };
        at += rows * HEX_BYTES;
        [a, b] = [atA + at, atB + at];
        continue;
      }
      before.push(at < aLength ? atA + at : -1);
      after.push(at < bLength ? atB + at : -1);
      at++;
      if (before.length === HEX_BYTES) yield row();
    }
  }
  // The last row may be equal and short.
  if (before.length > 0) yield row();
}

/** A row that is not equal, as rows to show; `byteA` and `byteB` give the bytes at places. */
export function changedHexRows(
  { a, b, before, after }: HexRow,
  byteA: (at: number) => number,
  byteB: (at: number) => number,
): DiffRow[] {
  const one = before.map((at) => at < 0 ? -1 : byteA(at));
  const other = after.map((at) => at < 0 ? -1 : byteB(at));
  const differs = one.map((byte, at) => byte !== other[at]);
  if (!differs.includes(true)) return [equalHexRow(a, b, one)];
  const isIn = { a: one.some((byte) => byte >= 0), b: other.some((byte) => byte >= 0) };
  const rows: DiffRow[] = [];
  if (isIn.a) {
    rows.push({
      kind: "removed",
      before: a,
      text: hexText(a, one),
      parts: partsOf(a, one, differs),
      ...(isIn.b ? { pair: b } : {}),
    });
  }
  if (isIn.b) {
    rows.push({
      kind: "added",
      after: b,
      text: hexText(b, other),
      parts: partsOf(b, other, differs),
      ...(isIn.a ? { pair: a } : {}),
    });
  }
  return rows;
}

/** An equal row. */
export function equalHexRow(a: number, b: number, bytes: readonly number[]): DiffRow {
  return {
    kind: "equal",
    before: a,
    after: b,
    text: hexText(a, bytes),
    ...(a === b ? {} : { other: hexText(b, bytes) }),
  };
}

/** As a line of the hex view; -1 is a place without a byte. */
function hexText(offset: number, bytes: readonly number[]): string {
  const head = offset.toString(16).padStart(8, "0");
  let text = head;
  for (const [at, byte] of bytes.entries()) {
    const column = hexColumn(at) + head.length - 8;
    text = text.padEnd(column) + (byte < 0 ? "  " : byte.toString(16).padStart(2, "0"));
  }
  text = text.padEnd(HEX_TEXT_COLUMN + head.length - 8);
  for (const byte of bytes) {
    text += byte < 0 ? " " : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
  }
  return text;
}

/** The places in the line of bytes that differ and are there, among the numbers and in the text. */
function partsOf(offset: number, bytes: readonly number[], differs: readonly boolean[]): Part[] {
  const wider = Math.max(0, offset.toString(16).length - 8);
  const parts: [number, number][] = [];
  const mark = (from: number, to: number, joins: number) => {
    const last = parts.at(-1);
    if (last && last[1] + joins >= from) last[1] = to;
    else parts.push([from, to]);
  };
  const marked = [...bytes.keys()].filter((at) => differs[at] && bytes[at] >= 0);
  for (const at of marked) {
    mark(wider + hexColumn(at), wider + hexColumn(at) + 2, marked.includes(at - 1) ? 2 : 0);
  }
  for (const at of marked) mark(wider + HEX_TEXT_COLUMN + at, wider + HEX_TEXT_COLUMN + at + 1, 0);
  return parts;
}
