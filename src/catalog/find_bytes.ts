// Finds bytes in a Message on the wire, for its hex view: a sequence that is given in hex digits, and text.
// Works in slices, on pieces that overlap, so that where lines end makes no difference.

import type { BodySource } from "./body.ts";
import { hexHit } from "./hex_lines.ts";
import { Hits } from "./hits.ts";
import type { Slices } from "./slices.ts";
import type { FindResult, Hit } from "./types.ts";

const PIECE_BYTES = 64 * 1024;
const HEX_SEQUENCE = /^[0-9a-f]{2}(?:[ \t]*[0-9a-f]{2})*$/i;

/** Bytes to look for. In `folded` ones, ASCII letters stand for either case, and are in lower case. */
interface Needle {
  readonly bytes: Uint8Array;
  readonly folded: boolean;
  readonly among: "numbers" | "text";
}

/**
 * All places that hold `text`, and, where it is a row of hex digits in pairs ("00 00 00 30"), all that hold
 * those bytes. Rejects with the signal's reason once that is aborted.
 */
export async function findBytes(
  source: BodySource,
  text: string,
  caseSensitive: boolean,
  slices: Slices,
  signal?: AbortSignal,
): Promise<FindResult> {
  const needles: Needle[] = [{
    bytes: new TextEncoder().encode(
      caseSensitive ? text : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    ),
    folded: !caseSensitive,
    among: "text",
  }];
  if (HEX_SEQUENCE.test(text.trim())) {
    const pairs = text.match(/[0-9a-f]{2}/gi) ?? [];
    needles.push({
      bytes: Uint8Array.from(pairs, (pair) => parseInt(pair, 16)),
      folded: false,
      among: "numbers",
    });
  }
  const hits = new Hits();
  const searches = needles.map((needle) => new ByteSearch(needle));
  const piece = new Uint8Array(PIECE_BYTES);
  for (let position = 0;;) {
    signal?.throwIfAborted();
    const read = source.read(position, piece);
    if (read === 0) return hits.result(true);
    const found = searches.flatMap((search) => search.piece(piece.subarray(0, read), position));
    for (const hit of found.sort((a, b) => a.line - b.line || a.from - b.from)) hits.add(hit);
    position += read;
    if (slices.due()) await slices.pause();
  }
}

/** Looks for one needle in pieces that follow one another. */
class ByteSearch {
  /** The end of what came before, where a match may have begun. */
  #before = new Uint8Array(0);

  constructor(private readonly needle: Needle) {}

  piece(piece: Uint8Array, position: number): Hit[] {
    const { bytes, folded, among } = this.needle;
    const start = position - this.#before.length;
    const all = new Uint8Array(this.#before.length + piece.length);
    all.set(this.#before);
    all.set(piece, this.#before.length);
    if (folded) fold(all);
    const hits: Hit[] = [];
    let next = 0;
    for (let at = indexOf(all, bytes, 0); at >= 0; at = indexOf(all, bytes, next)) {
      next = at + bytes.length;
      hits.push(hexHit(start + at, start + next, among));
    }
    this.#before = all.slice(Math.max(next, all.length - bytes.length + 1));
    return hits;
  }
}

function indexOf(bytes: Uint8Array, sought: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(sought[0], from); at >= 0; at = bytes.indexOf(sought[0], at + 1)) {
    let matched = 1;
    while (matched < sought.length && bytes[at + matched] === sought[matched]) matched++;
    if (matched === sought.length) return at;
  }
  return -1;
}

/** Makes ASCII capitals small. */
function fold(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] >= 0x41 && bytes[at] <= 0x5a) bytes[at] |= 0x20;
  }
}
