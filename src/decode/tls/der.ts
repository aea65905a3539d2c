// DER (X.690), as much of it as certificates need: tags, lengths, numbers, object identifiers, text and times. Every
// read stays within its element. What is malformed is a DecodeError.

import { latin1 } from "../octets.ts";
import { type Cursor, DecodeError } from "./cursor.ts";

/** An element: its tag, and a cursor over its contents. */
export interface Element {
  readonly tag: number;
  readonly contents: Cursor;
  /** The whole element, with tag and length. */
  readonly bytes: Uint8Array;
}

/** Tags (X.690, 8.1.2), with the bit for constructed ones. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The next element. */
export function readElement(cursor: Cursor): Element {
  const start = cursor.at;
  const tag = cursor.u8();
  if ((tag & 0x1f) === 0x1f) throw new DecodeError("A tag has more than one byte", start);
  let length = cursor.u8();
  if (length === 0x80 || length > 0x84) throw new DecodeError("A length is not one of DER", start + 1);
  if (length > 0x80) {
    let value = 0;
    for (let i = length - 0x80; i > 0; i--) value = value * 256 + cursor.u8();
    length = value;
  }
  const contents = cursor.within(length);
  return { tag, contents, bytes: cursor.bytes.subarray(start, contents.end) };
}

/** The contents of the next element, which must have this tag. */
export function expect(cursor: Cursor, tag: number): Cursor {
  const { at } = cursor;
  const element = readElement(cursor);
  if (element.tag === tag) return element.contents;
  throw new DecodeError(`Tag 0x${element.tag.toString(16)} stands where 0x${tag.toString(16)} must`, at);
}

/** The next element, if it has this tag; otherwise nothing is read. */
export function optional(cursor: Cursor, tag: number): Cursor | null {
  return cursor.left > 0 && cursor.bytes[cursor.at] === tag ? expect(cursor, tag) : null;
}

/** An object identifier with dots: "2.5.4.3". */
export function readOid(contents: Cursor): string {
  const arcs: number[] = [];
  let arc = 0;
  while (contents.left > 0) {
    const byte = contents.u8();
    arc = arc * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (arcs.length > 0) arcs.push(arc);
    else {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - first * 40);
    }
    arc = 0;
  }
  return arcs.join(".");
}

const UTF8 = new TextDecoder();

/** The text of an element of any string type. */
export function readText({ tag, contents }: Element): string {
  const bytes = contents.rest();
  switch (tag) {
    case 0x0c: // UTF8String
      return UTF8.decode(bytes);
    case 0x1e: // BMPString
      return new TextDecoder("utf-16be").decode(bytes);
    default: // PrintableString, TeletexString, IA5String and their kind
      return latin1(bytes, 0, bytes.length);
  }
}

/** A time in ms since the epoch: UTCTime, whose years are from 1950 to 2049 (RFC 5280, 4.1.2.5.1), or GeneralizedTime. */
export function readTime({ tag, contents }: Element): number {
  const { at } = contents;
  const text = readText({ tag: 0x16, contents, bytes: contents.bytes });
  const digits = /^(\d{2,4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  const yearDigits = tag === TAG.utcTime ? 2 : 4;
  if (digits === null || digits[1].length !== yearDigits || (tag !== TAG.utcTime && tag !== TAG.time)) {
    throw new DecodeError("A time is not one of DER", at);
  }
  const [year, month, day, hour, minute, second] = digits.slice(1).map(Number);
  const full = yearDigits === 4 ? year : year < 50 ? 2000 + year : 1900 + year;
  const date = new Date(0);
  date.setUTCFullYear(full, month - 1, day);
  return date.setUTCHours(hour, minute, second);
}
