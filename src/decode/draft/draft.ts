// A Draft: an editable copy of a request, to be sent. What the user does not touch goes out byte for byte as it came, with
// its line ends, its chunks and its faults; only what he edits is made anew. Pure, for the page and the program alike.
//
//   recorded bytes ──draftOf──▶ Draft { head, body } ──edits──▶ Draft ──encodeDraft──▶ bytes to send
//
// `head` is text; `body` is bytes without the chunked coding, but with its content coding. body_text.ts makes text of
// them, hex_text.ts hex.

import { Chunked } from "../chunked.ts";
import { headEnd, isRequestLine } from "../detect.ts";
import { frame } from "../framing.ts";
import { readHead } from "../head.ts";
import { CR, LF } from "../octets.ts";
import type { Fault, Header } from "../types.ts";
import { divideLines, type EndedLines } from "./lines.ts";
import { type HeadCharset, headCharsetOf, headText } from "./octet_text.ts";

/** An editable copy of a request. A new one is made for every edit: `{ ...draft, body }`. */
export interface Draft {
  /** "tcp" is bytes without a head: all of it is the body. */
  readonly protocol: "http" | "tcp";
  /** Start line and header lines, divided by "\n", without the empty line at their end; "" for "tcp". */
  readonly head: string;
  readonly body: Uint8Array;
  /** What it was made from; null for one that was written anew. */
  readonly source: DraftSource | null;
}

/** The request as it came, in parts. */
export interface DraftSource {
  readonly head: string;
  readonly body: Uint8Array;
  /** All of the head, with empty lines before it and the one after it. */
  readonly headBytes: Uint8Array;
  /** All of the body, chunked where it is. */
  readonly bodyBytes: Uint8Array;
  readonly headCharset: HeadCharset;
  /** The lines of the head with their ends. */
  readonly lines: EndedLines;
  /** Bytes of `headBytes` before the first line, and after the end of the last. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Whether the chunked coding was taken off, or could not be because it is damaged or incomplete. */
  readonly chunks: "none" | "taken off" | "damaged";
  /** What stands after the last chunk: trailers and the empty line. */
  readonly trailers: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** A Draft of a request's exact bytes. `protocol` is "http" where they begin with a request line, unless given. */
export function draftOf(bytes: Uint8Array, protocol?: Draft["protocol"]): Draft {
  const from = firstLine(bytes);
  const lf = bytes.indexOf(LF, from);
  const isHttp = isRequestLine(bytes, from, lf === -1 ? bytes.length : lf);
  if ((protocol ?? "http") === "tcp" || !isHttp) {
    return {
      protocol: "tcp",
      head: "",
      body: bytes,
      source: sourceOf(bytes, 0, 0, 0, bytes, NOTHING, "none"),
    };
  }
  const end = headEnd(bytes, from, bytes.length);
  const to = end === -1 ? bytes.length : end;
  const wire = bytes.subarray(to);
  const taken = isChunked(bytes.subarray(from, to)) ? withoutChunks(wire) : undefined;
  const chunks = taken === undefined ? "none" : taken === null ? "damaged" : "taken off";
  const body = taken?.body ?? wire;
  const source = sourceOf(
    bytes,
    from,
    endOfLines(bytes, from, to, end !== -1),
    to,
    body,
    taken?.trailers ?? NOTHING,
    chunks,
  );
  return { protocol: "http", head: source.head, body, source };
}

/** Whether anything was edited. One that was written anew counts as such. */
export function isChanged({ head, body, source }: Draft): boolean {
  return source === null || head !== source.head || !isSame(body, source.body);
}

/** Whether two are the same bytes. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether a head says that its body is chunked, as RFC 9112, 6.3 has it. */
export function isChunked(head: Uint8Array): boolean {
  const faults: Fault[] = [];
  const parsed = readHead(head, 0, head.length, 0, "request", faults);
  frame(parsed, null, faults);
  return parsed.framing === "chunked";
}

function sourceOf(
  bytes: Uint8Array,
  from: number,
  linesEnd: number,
  to: number,
  body: Uint8Array,
  trailers: Uint8Array,
  chunks: DraftSource["chunks"],
): DraftSource {
  const headCharset = headCharsetOf(bytes.subarray(0, to));
  const lines = divideAtLf(headText(bytes.subarray(from, linesEnd), headCharset));
  return {
    head: lines.lines.join("\n"),
    body,
    headBytes: bytes.subarray(0, to),
    bodyBytes: bytes.subarray(to),
    headCharset,
    lines,
    before: bytes.subarray(0, from),
    after: bytes.subarray(linesEnd, to),
    chunks,
    trailers,
  };
}

/** As HTTP has it: a CR that no LF follows is a character of its line (RFC 9112, 2.2). */
function divideAtLf(text: string): EndedLines {
  const { lines, ends } = divideLines(text);
  const joined: string[] = [lines[0]];
  const kept: string[] = [];
  for (const [at, end] of ends.entries()) {
    if (end === "\r") joined[joined.length - 1] += `\r${lines[at + 1]}`;
    else {
      kept.push(end);
      joined.push(lines[at + 1]);
    }
  }
  return { lines: joined, ends: kept };
}

/** Empty lines before a request do not count (RFC 9112, 2.2). */
function firstLine(bytes: Uint8Array): number {
  let from = 0;
  while (bytes[from] === CR || bytes[from] === LF) from++;
  return from;
}

/** Where the last line of a head ends, without its end. `ended`: whether an empty line follows. */
function endOfLines(bytes: Uint8Array, from: number, to: number, ended: boolean): number {
  let end = to;
  for (let ends = ended ? 2 : 1; ends > 0 && end > from && bytes[end - 1] === LF; ends--) {
    end--;
    if (end > from && bytes[end - 1] === CR) end--;
  }
  return end;
}

/** A chunked body's data, and what follows the last chunk; null where the coding is damaged or incomplete. */
function withoutChunks(
  wire: Uint8Array,
): { readonly body: Uint8Array; readonly trailers: Uint8Array } | null {
  const trailers: Header[] = [];
  const chunked = new Chunked([], trailers);
  const body = new Uint8Array(wire.length);
  let length = 0;
  let at = 0;
  while (at < wire.length && !chunked.ended) {
    const to = chunked.read(wire, at, at);
    if (chunked.data) {
      body.set(wire.subarray(at, to), length);
      length += to - at;
    }
    at = to;
  }
  if (!chunked.ended || chunked.broken || at < wire.length) return null;
  const from = trailers.length > 0 ? trailers[0].offset : lastLine(wire);
  return { body: body.slice(0, length), trailers: wire.subarray(from) };
}

function lastLine(wire: Uint8Array): number {
  return wire.length - (wire[wire.length - 2] === CR ? 2 : 1);
}
