// The hex view of a Message: any line of it straight from the bytes on the wire, and places in it by
// position.

import { HEX_BYTES, HEX_TEXT_COLUMN, hexColumn, hexLines } from "../decode/views/hex.ts";
import type { Block } from "./blocks.ts";
import type { BodySource } from "./body.ts";
import type { Hit } from "./types.ts";

/** A block of all lines has at most so many. */
const BLOCK_LINES = 4096;

/** How many lines there are for so many bytes. */
export function hexTotal(length: number): number {
  return Math.ceil(length / HEX_BYTES);
}

/** The lines from `from` on, at most `count`, as far as there are bytes. */
export function hexPart(source: BodySource, from: number, count: number): { text: string; lines: number } {
  const start = from * HEX_BYTES;
  const length = Math.max(0, Math.min(count * HEX_BYTES, source.extent().length - start));
  const bytes = new Uint8Array(length);
  const read = length === 0 ? 0 : source.read(start, bytes);
  const missing = read === 0 ? [] : source.gaps?.(start, start + read) ?? [];
  return { text: hexLines(bytes.subarray(0, read), start, missing), lines: hexTotal(read) };
}

/** All lines, in order. */
export async function* hexBlocks(source: BodySource): AsyncGenerator<Block, void, void> {
  for (let first = 0;;) {
    const { text, lines } = hexPart(source, first, BLOCK_LINES);
    if (lines === 0) return;
    yield { first, texts: text.split("\n"), continued: [], continuedBefore: 0 };
    first += lines;
  }
}

/** The place of the bytes from `from` to `to` among the numbers of a hex view, or in the text beside them. */
export function hexHit(from: number, to: number, among: "numbers" | "text"): Hit {
  const line = Math.floor(from / HEX_BYTES);
  const toLine = Math.floor((to - 1) / HEX_BYTES);
  const hit = {
    line,
    from: column(from, among),
    to: column(to - 1, among) + (among === "numbers" ? 2 : 1),
  };
  return toLine === line ? hit : { ...hit, toLine };
}

function column(position: number, among: "numbers" | "text"): number {
  const index = position % HEX_BYTES;
  // Offsets of 4 GiB and more have more than eight digits.
  const wider = Math.max(0, (position - index).toString(16).length - 8);
  return wider + (among === "numbers" ? hexColumn(index) : HEX_TEXT_COLUMN + index);
}
