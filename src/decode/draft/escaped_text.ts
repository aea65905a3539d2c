// Bytes of any protocol as text to edit, and back: what is text stands as it is, every other byte as an escape, line ends
// too. Lines are broken after each "\n" to be read; a break itself stands for nothing. Pure.

import { joined, latin1 } from "../octets.ts";
import type { Place } from "./text_encoding.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\r": "\\r",
  "\n": "\\n\n",
  "\t": "\\t",
};
const MEANINGS: Readonly<Record<string, number>> = { "\\": 0x5c, r: 0x0d, n: 0x0a, t: 0x09, "0": 0x00 };

/** Control characters, also those that would not be seen or change the order of the letters. */
const UNSEEN = /[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffc\\]/g;
/** A byte that is no part of a character stands as this private character until it is escaped. */
const LONE = 0xf700;

/** The bytes as text with escapes: "EHLO here\r\n", "\x00\xff". Characters beyond ASCII are UTF-8. */
export function escapedOf(bytes: Uint8Array): string {
  const escaped = charactersOf(bytes).replace(UNSEEN, escape)
    .replace(/[\uf700-\uf7ff]/g, (lone) => hex(lone.charCodeAt(0) - LONE));
  // A break at the very end would show an empty line.
  return escaped.endsWith("\\n\n") ? escaped.slice(0, -1) : escaped;
}

/** The bytes of edited text. Throws SyntaxError, in words, for an escape that is none. */
export function bytesOfEscaped(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const { 0: piece, index } of text.matchAll(/\\x[0-9a-fA-F]{2}|\\[^]?|[\r\n]+|[^\\\r\n]+/g)) {
    if (/^[\r\n]/.test(piece)) continue;
    if (!piece.startsWith("\\")) {
      if (!piece.isWellFormed()) refuse(text, index, "half a character");
      parts.push(encoder.encode(piece));
    } else if (piece.length === 4) parts.push(Uint8Array.of(parseInt(piece.slice(2), 16)));
    else {
      const byte = MEANINGS[piece.slice(1)];
      if (byte === undefined) refuse(text, index, piece.replace(/[^\x20-\x7e]/, " "));
      parts.push(Uint8Array.of(byte));
    }
  }
  return joined(parts);
}

function escape(char: string): string {
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  return [...new TextEncoder().encode(char)].map(hex).join("");
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** UTF-8 where it is whole; every other byte as a private character, and so are those private characters themselves. */
function charactersOf(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    let to = at;
    while (to < bytes.length && bytes[to] < 0x80) to++;
    if (to > at) parts.push(latin1(bytes, at, to));
    at = to;
    if (at === bytes.length) break;
    const length = bytes[at] >= 0xf0 ? 4 : bytes[at] >= 0xe0 ? 3 : 2;
    const character = decoded(decoder, bytes.subarray(at, at + length));
    if (character === null || /[\uf700-\uf7ff]/.test(character)) {
      parts.push(String.fromCharCode(LONE + bytes[at]));
      at++;
    } else {
      parts.push(character);
      at += length;
    }
  }
  return parts.join("");
}

/** Null where the bytes are not exactly one character. */
function decoded(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    const text = decoder.decode(bytes);
    return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff) ? text : null;
  } catch {
    return null;
  }
}

function refuse(text: string, at: number, what: string): never {
  const lines = text.slice(0, at).split("\n");
  const cause: Place = { line: lines.length, column: lines[lines.length - 1].length + 1 };
  throw new SyntaxError(
    `Cannot read ${what} in line ${cause.line}, column ${cause.column}: ` +
      "write \\\\ for a backslash, or \\r, \\n, \\t, \\0, \\x00 to \\xff.",
    { cause },
  );
}
