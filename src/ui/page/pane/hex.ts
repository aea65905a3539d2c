// The rows of the hex view: where in a row each byte stands, which bytes a selection covers, what they are as numbers.
// The columns are those of the program's hex view. Pure.

import { HEX_TEXT_COLUMN, hexColumn } from "../../../decode/views/hex.ts";
import { count } from "./words.ts";

/** One row, taken apart. Columns are UTF-16 positions in the row. */
export interface HexRow {
  /** Offset of its first byte. */
  readonly offset: number;
  readonly bytes: readonly number[];
  /** Where each byte's two digits begin. */
  readonly digits: readonly number[];
  /** Where the characters begin; one for each byte. */
  readonly text: number;
}

/** A part of a row that can be pointed at. */
export type HexColumn = "offset" | "digits" | "text";

const OFFSET = /^[0-9a-f]{8,}(?= )/;

/** Null for a line that is no row: one that is not loaded. */
export function parseRow(line: string): HexRow | null {
  const offset = OFFSET.exec(line)?.[0];
  if (offset === undefined) return null;
  const wider = offset.length - 8;
  const text = HEX_TEXT_COLUMN + wider;
  const digits = Array.from({ length: Math.max(0, line.length - text) }, (_, i) => hexColumn(i) + wider);
  if (digits.length === 0) return null;
  const bytes = digits.map((at) => parseInt(line.slice(at, at + 2), 16));
  return { offset: parseInt(offset, 16), bytes, digits, text };
}

/** Which part of a row a column lies in. */
export function columnAt(row: HexRow, at: number): HexColumn {
  return at >= row.text ? "text" : at >= row.digits[0] ? "digits" : "offset";
}

/** The first byte of the row that lies at or after a column; `bytes.length` when none does. */
export function byteFrom(row: HexRow, at: number): number {
  if (columnAt(row, at) === "text") return Math.min(at - row.text, row.bytes.length);
  const found = row.digits.findIndex((start) => start + 2 > at);
  return found < 0 ? row.bytes.length : found;
}

/** One past the last byte of the row that begins before a column. */
export function byteTo(row: HexRow, at: number): number {
  if (columnAt(row, at) === "text") return Math.min(at - row.text, row.bytes.length) || row.bytes.length;
  return row.digits.findLastIndex((start) => start < at) + 1;
}

/** The columns of a row's digits, or of its characters where `at` lies in them. */
export function columnsAround(line: string, at: number): [from: number, to: number] {
  const row = parseRow(line);
  if (row === null) return [0, 0];
  return at >= row.text ? [row.text, line.length] : [row.digits[0], row.digits.at(-1)! + 2];
}

/** What bytes mean as numbers: name and value. 1, 2, 4 and 8 bytes are read as one number in both byte orders. */
export function readings(bytes: Uint8Array): [string, string][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const single: [string, string] = ["u8", [...bytes].join(", ")];
  switch (bytes.length) {
    case 1:
      return [["u8", String(bytes[0])], ["i8", String(view.getInt8(0))], [
        "bits",
        bytes[0].toString(2).padStart(8, "0"),
      ]];
    case 2:
      return [["u16 big", count(view.getUint16(0))], ["u16 little", count(view.getUint16(0, true))], single];
    case 4:
      return [["u32 big", count(view.getUint32(0))], ["u32 little", count(view.getUint32(0, true))], single];
    case 8:
      return [
        ["u64 big", view.getBigUint64(0).toLocaleString("en-US")],
        ["u64 little", view.getBigUint64(0, true).toLocaleString("en-US")],
      ];
    default:
      return bytes.length <= 8 ? [single] : [];
  }
}

/** "0x0050": at least four digits. */
export function hexOffset(offset: number): string {
  return `0x${offset.toString(16).padStart(4, "0")}`;
}
