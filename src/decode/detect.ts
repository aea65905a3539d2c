// Whether bytes begin an HTTP/1.x message, judged by content alone and as early as can be: a small automaton for the
// request line that comes byte by byte, and one for the status line. Nothing here keeps bytes.

import { CLASS, CONTROL, CR, HT, LF, SP, TOKEN } from "./octets.ts";

/** A head may be so long before its rest is shown raw. RFC 9112 sets no limit; servers refuse far less. */
export const MAX_HEAD = 1024 * 1024;

/** A first line may be so long, unless it begins with a method that everybody knows: then MAX_HEAD holds. */
export const MAX_UNKNOWN_LINE = 64 * 1024;

/** RFC 9110, 9.3 and RFC 5789, followed by the space that must come. */
const KNOWN_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
  .map((method) => Uint8Array.from(method + " ", (c) => c.charCodeAt(0)));

/** Where the automaton for a request line is. `NO`: the bytes cannot be one, whatever follows. */
export const START = 0, METHOD = 1, REST = 2, NO = 3;

// Classes of bytes: a tchar, white space, other text (a CR is judged when the line is whole), a control byte.
const LINE_CLASS = Uint8Array.from(CLASS, (kind, byte) => {
  if ((kind & TOKEN) !== 0) return 0;
  if (byte === SP || byte === HT) return 1;
  return (kind & CONTROL) === 0 || byte === CR ? 2 : 3;
});

// request-line = method SP request-target SP HTTP-version (RFC 9112, 3). What must be: a token, white space, and then
// text. Whether a version ends the line is judged when the line is there.
const STEPS: readonly (readonly number[])[] = [
  /* START  */ [METHOD, NO, NO, NO],
  /* METHOD */ [METHOD, REST, NO, NO],
  /* REST   */ [REST, REST, REST, NO],
  /* NO     */ [NO, NO, NO, NO],
];

/** Goes on from `state` over bytes of a first line, without its LF. Gives the new state. */
export function followRequestLine(state: number, bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) state = STEPS[state][LINE_CLASS[bytes[i]]];
  return state;
}

/** True when the bytes from `from` to `to`, a line without its LF, are a request line of HTTP/1.x or resemble one. */
export function isRequestLine(bytes: Uint8Array, from: number, to: number): boolean {
  if (isTooLong(bytes, from, to) || followRequestLine(START, bytes, from, to) !== REST) return false;
  let end = to;
  while (isWhite(bytes[end - 1])) end--;
  let version = end;
  while (!isWhite(bytes[version - 1]) && version > from) version--;
  if (version === from || followStatusLine(0, bytes, version, end) !== RECOGNISED) return false;
  // The preface of HTTP/2 is made to resemble a request (RFC 9113, 3.4).
  return !matches(PREFACE, bytes, from, to);
}

/** True when a first line that has got so far is longer than it may be. */
export function isTooLong(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from <= MAX_UNKNOWN_LINE) return false;
  return to - from > MAX_HEAD || !beginsWithKnownMethod(bytes, from, to);
}

const PREFACE = Uint8Array.from("PRI * HTTP/2.0", (c) => c.charCodeAt(0));

function isWhite(byte: number): boolean {
  return byte === SP || byte === HT || byte === CR;
}

function matches(pattern: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < pattern.length) return false;
  for (let i = 0; i < pattern.length; i++) if (bytes[from + i] !== pattern[i]) return false;
  return true;
}

/** True when the bytes begin with a method of RFC 9110 and a space. */
export function beginsWithKnownMethod(bytes: Uint8Array, from: number, to: number): boolean {
  return KNOWN_METHODS.some((method) => matches(method, bytes, from, to));
}

/** What `followStatusLine` gives when "HTTP/" and a digit have come. */
export const RECOGNISED = 6;

const NAME_UPPER = [0x48, 0x54, 0x54, 0x50, 0x2f];
const NAME_LOWER = [0x68, 0x74, 0x74, 0x70, 0x2f];

/**
 * Compares the beginning of a status line (RFC 9112, 4) with "HTTP/" and a digit, in either case of letters, from the
 * `matched`th byte on. Gives how many have matched (`RECOGNISED` at most), or -1 when one did not.
 */
export function followStatusLine(matched: number, bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to && matched < RECOGNISED; i++, matched++) {
    const byte = bytes[i];
    if (matched === RECOGNISED - 1) {
      if (byte < 0x30 || byte > 0x39) return -1;
    } else if (byte !== NAME_UPPER[matched] && byte !== NAME_LOWER[matched]) return -1;
  }
  return matched;
}

/** One past the empty line that ends a head (or a trailer section) whose first line begins at `from`; -1 without one. */
export function headEnd(bytes: Uint8Array, from: number, to: number): number {
  let line = from;
  for (let i = from; i < to; i++) {
    if (bytes[i] !== LF) continue;
    if (isEmptyLine(bytes, line, i)) return i + 1;
    line = i + 1;
  }
  return -1;
}

/** True when the line that begins at `from` and whose LF is at `lf` is empty. A CR before the LF is part of its end. */
export function isEmptyLine(bytes: Uint8Array, from: number, lf: number): boolean {
  return lf === from || (lf === from + 1 && bytes[from] === CR);
}
