// The contents of a Message as a search looks at them: its head, its body without codings, and its bytes on the wire, in
// windows. What is small and whole is read and decoded at once, in memory; the rest as a stream that nothing is kept of.

import zlib from "node:zlib";
import { findCharset } from "../../decode/charset.ts";
import type { Judging, WindowedPart } from "../../decode/query/judging.ts";
import { TextWindow } from "../../decode/query/finder.ts";
import type { Verdict } from "../../decode/query/evaluate.ts";
import type { Side } from "../../decode/query/types.ts";
import { type BodySource, openBody } from "../body.ts";
import type { MessageFacts } from "../content.ts";
import { cannotDecode, inflate, type Pieces } from "../inflate.ts";
import type { Slices } from "../slices.ts";
import type { Wire } from "../wire.ts";
import { oneCharEach } from "./latin1.ts";

/** How large a window is, without what it shares with the one before. */
const WINDOW = 256 * 1024;
/** The charset is found from so many bytes. */
const PREFIX = 1024;
/** A coded body of at most so many bytes is decoded at once … */
const AT_ONCE = 4 * 1024 * 1024;
/** … where that can be stopped when it becomes too much, and otherwise one of at most so many: gzip makes 1,032 of one. */
const AT_ONCE_UNBOUNDED = 16 * 1024;
/** At most so much is decoded at once. */
const MOST_AT_ONCE = 32 * 1024 * 1024;
const STOPS = "createZstdDecompress" in zlib;
/** More of a body is not decoded. */
const MOST_DECODED = 2 * 1024 ** 3;

/** What a search reads with. */
export interface Reading {
  readonly slices: Slices;
  readonly signal: AbortSignal;
  /** Counts the bytes that were looked at. */
  looked(bytes: number): void;
}

/** Shows `judging` windows of a part of a Message, until it has decided or there are no more. */
export async function showWindows(
  judging: Judging,
  side: Side,
  part: WindowedPart,
  wire: Wire,
  facts: MessageFacts,
  reading: Reading,
): Promise<Verdict> {
  if (part === "wire") return await showSource(judging, side, part, sourceOf(wire, 0), null, reading);
  const codings = [...facts.contentCoding, ...facts.transferCoding];
  const body = openBody(wire, { ...facts, contentCoding: [], transferCoding: [] }, {
    folder: "",
    slices: reading.slices,
  });
  try {
    await body.advance(Infinity);
    const { length } = body.extent();
    if (codings.length === 0 || codings.some((coding) => cannotDecode(coding) !== null)) {
      return await showSource(judging, side, part, body, facts.contentType, reading);
    }
    const decoded = codings.length === 1 ? decodeAtOnce(codings[0], body, length) : null;
    if (decoded) {
      return await showSource(judging, side, part, memorySource(decoded), facts.contentType, reading);
    }
    const shown = await showPieces(judging, side, body, codings, facts.contentType, reading);
    // What is in no such coding is shown as it came (see DecodedBody).
    if (shown !== "nothing") return shown;
    return await showSource(judging, side, part, body, facts.contentType, reading);
  } finally {
    body.close();
  }
}

type Readable = Pick<BodySource, "extent" | "read">;

function sourceOf(wire: Wire, start: number): Readable {
  return {
    extent: () => {
      const { length, complete } = wire.extent();
      return { length: length - start, complete };
    },
    read: (from, into) => wire.read(start + from, into),
  };
}

function memorySource(bytes: Uint8Array): Readable {
  return {
    extent: () => ({ length: bytes.length, complete: true }),
    read: (from, into) => {
      const part = bytes.subarray(from, from + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/** One for all: windows are looked at one after the other. */
let room = new Uint8Array(WINDOW + 16 * 1024);

async function showSource(
  judging: Judging,
  side: Side,
  part: WindowedPart,
  source: Readable,
  contentType: string | null,
  reading: Reading,
): Promise<Verdict> {
  const { length } = source.extent();
  const { overlap } = judging;
  let kept = 0;
  let encoding: string | null = null;
  for (let from = 0; from < length;) {
    const window = windowOf(overlap);
    const read = source.read(
      from,
      window.subarray(kept, Math.min(window.length, kept + WINDOW, kept + length - from)),
    );
    if (read === 0) break;
    const first = from === 0;
    from += read;
    const bytes = window.subarray(0, kept + read);
    if (first && part === "body") encoding = encodingOf(judging, side, contentType, bytes);
    const shown = new TextWindow(bytes, encoding, first, from >= length, oneCharEach);
    reading.looked(read);
    const verdict = judging.window(side, part, shown);
    if (verdict !== null || !judging.wants(side, part)) return verdict;
    if (from >= length) break;
    kept = keepEnd(bytes, overlap);
    if (reading.slices.due()) await reading.slices.pause();
    reading.signal.throwIfAborted();
  }
  return null;
}

/** The same for what must be decoded as it is read. */
async function showPieces(
  judging: Judging,
  side: Side,
  body: BodySource,
  codings: readonly string[],
  contentType: string | null,
  reading: Reading,
): Promise<Verdict | "nothing"> {
  const { overlap } = judging;
  const pieces = decoding(body, codings);
  let encoding: string | null = null;
  let first = true;
  let filled = 0;
  let decoded = 0;
  /** Shows what is there; true when there is nothing more to look for. */
  const show = (last: boolean): boolean => {
    const bytes = windowOf(overlap).subarray(0, filled);
    if (first) encoding = encodingOf(judging, side, contentType, bytes);
    judging.window(side, "body", new TextWindow(bytes, encoding, first, last, oneCharEach));
    first = false;
    filled = keepEnd(bytes, overlap);
    return !judging.wants(side, "body");
  };
  try {
    for await (const piece of pieces) {
      if (piece === null) break;
      reading.looked(piece.length);
      decoded += piece.length;
      for (let at = 0; at < piece.length;) {
        const window = windowOf(overlap);
        const count = Math.min(piece.length - at, window.length - filled);
        window.set(piece.subarray(at, at + count), filled);
        filled += count;
        at += count;
        if (filled < window.length) continue;
        if (show(false)) return judging.verdict();
      }
      if (reading.slices.due()) await reading.slices.pause();
      reading.signal.throwIfAborted();
      if (decoded > MOST_DECODED) break;
    }
    if (decoded === 0) return "nothing";
    show(true);
    return judging.verdict();
  } finally {
    await pieces.return();
  }
}

function windowOf(overlap: number): Uint8Array {
  if (room.length < WINDOW + overlap) room = new Uint8Array(WINDOW + overlap);
  return room.subarray(0, WINDOW + overlap);
}

/** Moves the end of a window to its beginning; returns how much that was. An even place of the text begins it. */
function keepEnd(bytes: Uint8Array, overlap: number): number {
  const kept = Math.min(overlap, bytes.length - bytes.length % 2);
  bytes.copyWithin(0, bytes.length - kept);
  return kept;
}

function encodingOf(
  judging: Judging,
  side: Side,
  contentType: string | null,
  bytes: Uint8Array,
): string | null {
  const wide = bytes[0] === 0 || bytes[1] === 0 || bytes[0] >= 0xfe ||
    /utf-?(16|32)|iso-2022/i.test(contentType ?? "");
  if (!wide && !judging.wantsCharset(side)) return null;
  return findCharset(contentType, bytes.subarray(0, PREFIX)).encoding;
}

/** Null where it must be decoded as it is read: it is too large, damaged, or in a coding that is not known here. */
function decodeAtOnce(coding: string, body: BodySource, length: number): Uint8Array | null {
  if (length === 0 || length > (STOPS ? AT_ONCE : AT_ONCE_UNBOUNDED)) return null;
  const bytes = new Uint8Array(length);
  if (body.read(0, bytes) < length) return null;
  const options = { maxOutputLength: MOST_AT_ONCE };
  try {
    switch (coding) {
      case "gzip":
      case "x-gzip":
        return zlib.gunzipSync(bytes, options);
      case "br":
        return STOPS ? zlib.brotliDecompressSync(bytes, options) : null;
      default:
        return null;
    }
  } catch {
    return null;
  }
}

/** What comes when all codings have been removed, the one that was applied last first. */
function decoding(body: BodySource, codings: readonly string[]): Pieces {
  const without = (count: number): () => Pieces =>
    count === 0
      ? () => piecesOf(body)
      : () => inflate(codings[codings.length - count], without(count - 1), []);
  return without(codings.length)();
}

async function* piecesOf(body: BodySource): Pieces {
  const { length } = body.extent();
  for (let at = 0; at < length;) {
    const piece = new Uint8Array(Math.min(64 * 1024, length - at));
    const read = body.read(at, piece);
    if (read === 0) return;
    at += read;
    yield piece.subarray(0, read);
  }
}
