// Text to bytes in the charset that a body has, also where TextEncoder cannot (it knows UTF-8 only). The tables are made
// from TextDecoder's, so that what was decoded is encoded to the same bytes. Pure.
//
// A label such as "iso-8859-1" is decoded as windows-1252, as browsers do. Its receiver may take it at its word, so no
// character beyond its own is written under that label unless the text came with such.

/** A charset to write in. */
export interface Encoding {
  /** As it was declared, for words. */
  readonly label: string;
  /** The name of the encoding, as TextDecoder has it. */
  readonly encoding: string;
  /** Characters up to this one stand for the byte of the same number, and there are no others; null where not so. */
  readonly highest: number | null;
}

/** Where a text cannot be made bytes of: the `cause` of the errors that say so. Both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The bytes of a text. Throws RangeError, in words, that names the characters that the charset has not. */
export function encodeText(text: string, to: Encoding): Uint8Array {
  if (to.highest !== null) return encodeWith(text, to, (code) => code <= to.highest! ? code : undefined);
  switch (to.encoding) {
    case "utf-8":
      return encodeUtf8(text, to);
    case "utf-16le":
    case "utf-16be":
      return encodeUtf16(text, to.encoding === "utf-16le");
    default: {
      const table = tableOf(to.encoding);
      if (table === null) {
        throw new RangeError(
          `Cannot write in ${to.label}: tcpmon can read it only. Edit the body in hex, or declare utf-8.`,
        );
      }
      return encodeWith(text, to, (code) => table.get(code));
    }
  }
}

/** Whether text can be written in this charset at all. */
export function isWritable(to: Encoding): boolean {
  return to.highest !== null || /^utf-(8|16le|16be)$/.test(to.encoding) || tableOf(to.encoding) !== null;
}

/** Most characters that an error names. */
const NAMED = 5;

function encodeUtf8(text: string, to: Encoding): Uint8Array {
  if (!text.isWellFormed()) {
    const at = text.search(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
    refuse(text, to, [at]);
  }
  return new TextEncoder().encode(text);
}

function encodeUtf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return bytes;
}

/** `byteOf` gives a byte, or two as a number above 255, for a character. */
function encodeWith(text: string, to: Encoding, byteOf: (code: number) => number | undefined): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const missing: number[] = [];
  let length = 0;
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at)!;
    const value = byteOf(code);
    if (value === undefined) {
      if (missing.length < NAMED) missing.push(at);
    } else {
      if (value > 0xff) bytes[length++] = value >> 8;
      bytes[length++] = value & 0xff;
    }
    at += code > 0xffff ? 2 : 1;
  }
  if (missing.length > 0) refuse(text, to, missing);
  return bytes.subarray(0, length);
}

function refuse(text: string, { label }: Encoding, places: readonly number[]): never {
  const names = new Set(places.map((at) => nameOf(text.codePointAt(at)!)));
  const lines = text.slice(0, places[0]).split(/\r\n|\r|\n/);
  const cause: Place = { line: lines.length, column: lines[lines.length - 1].length + 1 };
  const place = `line ${cause.line}, column ${cause.column}`;
  throw new RangeError(
    `Cannot write ${[...names].join(", ")} in ${label}, first in ${place}. Change it, or declare utf-8.`,
    { cause },
  );
}

function nameOf(code: number): string {
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const isShown = code >= 0x20 && (code < 0x7f || code > 0x9f) && (code & 0xfffff800) !== 0xd800;
  return isShown ? `"${String.fromCodePoint(code)}" (${number})` : number;
}

// ── Tables ─────────────────────────────────────────────────────────────────────────────────────────────────────

const TABLES = new Map<string, ReadonlyMap<number, number> | null>();
/** These are not a byte or two for each character. */
const OTHER = /^(utf-|iso-2022|gb18030|replacement|x-user-defined)/;
const REPLACEMENT = 0xfffd;

/** From characters to bytes; null where there is no such table. */
function tableOf(encoding: string): ReadonlyMap<number, number> | null {
  let table = TABLES.get(encoding);
  if (table === undefined) {
    table = OTHER.test(encoding) ? null : makeTable(encoding);
    TABLES.set(encoding, table);
  }
  return table;
}

function makeTable(encoding: string): ReadonlyMap<number, number> {
  const table = new Map<number, number>();
  const decoder = new TextDecoder(encoding);
  const leads: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const text = decoder.decode(Uint8Array.of(byte));
    const code = text.codePointAt(0);
    if (code !== undefined && code !== REPLACEMENT) table.set(code, byte);
    else if (byte > 0x80) leads.push(byte);
  }
  // In encodings of one byte there are holes, but no byte that goes on one before it.
  for (const lead of leads) {
    for (let trail = 0x40; trail < 0xff; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      const code = text.codePointAt(0)!;
      const isOne = text.length === (code > 0xffff ? 2 : 1);
      if (isOne && code !== REPLACEMENT && !table.has(code)) table.set(code, (lead << 8) | trail);
    }
  }
  return table;
}
