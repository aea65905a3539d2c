// The head of an HTTP/1.x message (RFC 9112, 2 to 5): bytes to text, with a fault for everything that is not as it
// should be. Nothing is refused: whatever the lines are, they are given as they came. The same for trailers.

import type { Fault, Header, HttpHead } from "./types.ts";
import { addFault } from "./faults.ts";
import { CLASS, COLON, CONTROL, CR, hexByte, HIGH, HT, latin1, LF, SP, TOKEN } from "./octets.ts";
import { requestLine, statusLine } from "./start_line.ts";

/** What `parseHead` gives. */
export interface ParsedHead {
  /** Its framing is "none" until the body's has been determined (`frame` in framing.ts). */
  readonly head: HttpHead;
  readonly faults: Fault[];
}

/**
 * Parses the head that `bytes` begin with, up to its empty line or the end of `bytes`. `startOffset` is the offset of
 * the first byte in its Direction's stream; those of headers and faults are counted from it. Never throws.
 */
export function parseHead(bytes: Uint8Array, startOffset: number, kind: "request" | "response"): ParsedHead {
  const faults: Fault[] = [];
  return { head: readHead(bytes, 0, bytes.length, startOffset, kind, faults), faults };
}

/** The same for the bytes from `from` to `to`, of which the first is at `offset`; faults are added to `faults`. */
export function readHead(
  bytes: Uint8Array,
  from: number,
  to: number,
  offset: number,
  kind: "request" | "response",
  faults: Fault[],
): HttpHead {
  const lines = new Lines(bytes, from, to, offset, faults);
  if (!lines.next()) addFault(faults, offset, "The head is empty");
  const line = lines.text.slice(lines.start, lines.end);
  const head = kind === "request"
    ? requestLine(line, offset + lines.start, faults)
    : statusLine(line, offset + lines.start, faults);
  if (lines.odd) lines.report(kind === "request" ? "the request line" : "the status line");
  readFields(lines, head.headers as Header[]);
  return head;
}

/** The header lines of a trailer section (RFC 9112, 7.1.2), which may be empty. */
export function readTrailers(
  bytes: Uint8Array,
  to: number,
  offset: number,
  trailers: Header[],
  faults: Fault[],
): void {
  readFields(new Lines(bytes, 0, to, offset, faults), trailers);
  for (const { name, offset } of trailers) {
    if (BEFORE_CONTENT.test(name)) addFault(faults, offset, `${name} must not stand in trailers`);
  }
}

/** Fields that are needed before the content comes (RFC 9110, 6.5.1): framing, routing, control, access, format. */
const BEFORE_CONTENT = new RegExp(
  "^(?:content-(?:length|encoding|type|range)|transfer-encoding|host|trailer|te|connection|upgrade|expect|" +
    "max-forwards|range|if-.+|cache-control|authorization|proxy-authorization|cookie|set-cookie)$",
  "i",
);

// field-line = field-name ":" OWS field-value OWS (RFC 9112, 5)
function readFields(lines: Lines, headers: Header[]): void {
  const { text, faults, offset } = lines;
  while (lines.next()) {
    const { start, end } = lines;
    const first = text.charCodeAt(start);
    if (first === SP || first === HT) {
      fold(lines, headers);
      continue;
    }
    let colon = start;
    while (colon < end && text.charCodeAt(colon) !== COLON) colon++;
    if (colon === end) {
      addFault(faults, offset + start, "A header line has no colon");
      headers.push({ name: text.slice(start, end), value: "", offset: offset + start });
      if (lines.odd) lines.report("a header line");
      continue;
    }
    const value = trimmed(text, colon + 1, end);
    if (isWhite(text.charCodeAt(colon - 1)) && colon > start) {
      addFault(faults, offset + colon - 1, "White space stands before the colon of a header"); // 5.1
      while (colon > start && isWhite(text.charCodeAt(colon - 1))) colon--;
    }
    const name = text.slice(start, colon);
    if (colon === start) addFault(faults, offset + start, "A header line has no name");
    else if (!isToken(text, start, colon)) {
      addFault(faults, offset + start, `The header name "${name}" has characters that names may not have`);
    }
    headers.push({ name, value, offset: offset + start });
    if (lines.odd) lines.report(`the header "${name}"`);
  }
}

/** A line that begins with white space goes on the header before it (RFC 9112, 5.2); without one, 2.2 applies. */
function fold(lines: Lines, headers: Header[]): void {
  const { text, start, end, faults, offset } = lines;
  const value = trimmed(text, start, end);
  const before = headers.pop();
  if (before === undefined) {
    addFault(faults, offset + start, "White space stands before the first header");
    headers.push({ name: "", value, offset: offset + start });
  } else {
    addFault(
      faults,
      offset + start,
      `The header "${before.name}" is folded over several lines, which is obsolete`,
    );
    const joined = before.value === "" || value === "" ? before.value + value : `${before.value} ${value}`;
    headers.push({ name: before.name, value: joined, offset: before.offset });
  }
  if (lines.odd) lines.report(`the header "${headers[headers.length - 1].name}"`);
}

/** The text from `from` to `to` without OWS at its ends (RFC 9110, 5.6.3). */
function trimmed(text: string, from: number, to: number): string {
  while (from < to && isWhite(text.charCodeAt(from))) from++;
  while (from < to && isWhite(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isWhite(code: number): boolean {
  return code === SP || code === HT;
}

function isToken(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((CLASS[text.charCodeAt(i)] & TOKEN) === 0) return false;
  return true;
}

/** The lines of a head, one after the other, without their ends. Faults of line ends are found on the way. */
class Lines {
  readonly text: string;
  readonly offset: number;
  readonly faults: Fault[];
  /** True when there is any byte that a head should not have, so that every line must be looked at. */
  readonly odd: boolean;
  /** Where the line begins and ends in `text`. */
  start = 0;
  end = 0;
  #next = 0;
  #bareLf = false;

  constructor(bytes: Uint8Array, from: number, to: number, offset: number, faults: Fault[]) {
    this.text = latin1(bytes, from, to);
    this.offset = offset;
    this.faults = faults;
    this.odd = hasOddBytes(bytes, from, to);
  }

  /** Moves to the next line; false at the empty line or at the end of the bytes. */
  next(): boolean {
    const { text } = this;
    const start = this.#next;
    if (start >= text.length) return false;
    let end = text.indexOf("\n", start);
    if (end === -1) {
      end = text.length;
      this.#next = end;
    } else {
      this.#next = end + 1;
      if (end > start && text.charCodeAt(end - 1) === CR) end--;
      else if (!this.#bareLf) {
        this.#bareLf = true;
        addFault(this.faults, this.offset + end, "A line ends with LF alone, not with CR LF"); // RFC 9112, 2.2
      }
    }
    this.start = start;
    this.end = end;
    return end > start;
  }

  /** Adds a fault for the first byte of every kind that this line should not have. `where` names the line. */
  report(where: string): void {
    const { text, start, end, offset, faults } = this;
    let high = false, control = false;
    for (let i = start; i < end; i++) {
      const code = text.charCodeAt(i);
      if (!high && (CLASS[code] & HIGH) !== 0) {
        high = true;
        addFault(faults, offset + i, `The byte ${hexByte(code)} in ${where} is not ASCII`); // RFC 9110, 5.5
      } else if (!control && (CLASS[code] & CONTROL) !== 0) {
        control = true;
        const what = code === CR ? "A CR without LF" : `The control byte ${hexByte(code)}`;
        addFault(faults, offset + i, `${what} stands in ${where}`); // RFC 9112, 2.2
      }
    }
  }
}

/** True when any byte is HIGH or CONTROL, except CR before LF and LF itself. */
function hasOddBytes(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if ((CLASS[byte] & (HIGH | CONTROL)) === 0 || byte === LF) continue;
    if (byte !== CR || bytes[i + 1] !== LF) return true;
  }
  return false;
}
