// Where a line with a number is in a view, and a byte with an offset in hex, or why it is not there, in words.
// A view is only asked for single rows, so it may have any length. It knows no editor and no DOM.

import { HEX_BYTES, hexColumn } from "../../../decode/views/hex.ts";
import type { Hit, ViewPart } from "../../types.ts";
import { hexOffset } from "./hex.ts";
import { count } from "./words.ts";

/** What a place is told by. */
export type Unit = "line" | "offset";

/** A body that comes as fast as it is laid out is asked for its end at most so often. */
const MOST_LOOKS = 50;

/** Commas only divide thousands. */
const DECIMAL = /^(\d+|\d{1,3}(,\d{3})+)$/;
/** As the hex view shows it, too: eight digits or more that begin with 0, or with letters among them. */
const HEX = /^(0x[\da-f]+|0\d{7,}|(?=.*[a-f])[\da-f]+)$/i;

/** What to bring to the screen, or what is wrong with what was typed. */
export type Sought = { readonly place: Hit } | { readonly wrong: string };

/** Gives one row of the view, from 0; none where there is none. */
export type AskRow = (row: number) => Promise<ViewPart>;

/** The line, or in hex the byte, that was typed. */
export async function seek(typed: string, unit: Unit, ask: AskRow): Promise<Sought> {
  const text = typed.trim();
  return unit === "line" ? await seekLine(text, ask) : await seekByte(text, ask);
}

async function seekLine(text: string, ask: AskRow): Promise<Sought> {
  const line = decimal(text);
  if (line === null) return { wrong: `${not(text, "the number of a line")}Type a number, such as 120.` };
  if (line === 0) return { wrong: "Lines count from 1." };
  // A line that is cut for display has several rows: its first one is not before the row of this number.
  let low = line - 1;
  const first = await ask(low);
  if (first.total === 0) return { wrong: "There are no lines." };
  if (first.lines > 0 && numberOf(first) === line) return { place: wholeRow(low) };
  let last = await ask(first.total - 1);
  for (let looks = 0; numberOf(last) < line; looks++) {
    if (looks === MOST_LOOKS || !hasMore(last)) {
      return {
        wrong: `Line ${count(line)} is beyond the end: ${lastOf(last, "line")} is ${count(numberOf(last))}.`,
      };
    }
    // The view is laid out up to the row that is asked for, before which the line is not.
    const { total } = await ask(last.from + line - numberOf(last));
    last = await ask(total - 1);
  }
  let high = last.from;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (numberOf(await ask(middle)) < line) low = middle;
    else high = middle;
  }
  return { place: wholeRow(high) };
}

async function seekByte(text: string, ask: AskRow): Promise<Sought> {
  const offset = HEX.test(text) ? atMost(parseInt(text, 16)) : decimal(text);
  if (offset === null) {
    return { wrong: `${not(text, "an offset")}Type a number, such as 512, 0x200 or 00000200.` };
  }
  const row = await ask(0);
  const { bytes } = row;
  if (bytes === 0) return { wrong: "There are no bytes." };
  if (offset >= bytes) {
    const wrong = `Offset ${bothWays(offset)} is beyond the end: ${lastOf(row, "byte")} is at ${
      bothWays(bytes - 1)
    }.`;
    return { wrong };
  }
  return { place: hexPlace(offset) };
}

/** The two digits of a byte in the hex view; a row begins with more than eight from 4 GiB on. */
function hexPlace(offset: number): Hit {
  const wider = Math.max(0, offset.toString(16).length - 8);
  const from = hexColumn(offset % HEX_BYTES) + wider;
  return { line: Math.floor(offset / HEX_BYTES), from, to: from + 2 };
}

/** Null where it is none. */
function decimal(text: string): number | null {
  return DECIMAL.test(text) ? atMost(Number(text.replaceAll(",", ""))) : null;
}

function atMost(number: number): number {
  return Math.min(number, Number.MAX_SAFE_INTEGER);
}

/** Whether there are lines after the row that was asked for as the last, or may be at once. */
function hasMore({ from, total, doneBytes, bytes }: ViewPart): boolean {
  return total - 1 > from || doneBytes < bytes;
}

/** The number of the line that a row belongs to, from 1. */
function numberOf({ from, continued, continuedBefore = 0 }: ViewPart): number {
  return from + 1 - continuedBefore - (continued?.[0] ? 1 : 0);
}

function wholeRow(line: number): Hit {
  return { line, from: 0, to: Infinity };
}

function not(text: string, what: string): string {
  return text === "" ? "" : `“${text}” is not ${what}. `;
}

function lastOf({ complete }: ViewPart, what: string): string {
  return complete ? `the last ${what}` : `the last ${what} so far`;
}

function bothWays(offset: number): string {
  return `${count(offset)} (${hexOffset(offset)})`;
}
