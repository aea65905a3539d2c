// Feeds formatters with a text in pieces, and makes random texts and cuts. Everything random comes from a seed that is
// printed, so that a failure can be had again: `TCPMON_SEED=… deno test …`.

import type { Formatter, FormatterKind, ViewFault } from "../../../src/decode/views/types.ts";

/** Numbers from 0 to 1. */
export type Random = () => number;

/** Random numbers from a seed that is printed (mulberry32). */
export function seeded(): Random {
  const seed = Number(Deno.env.get("TCPMON_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  console.log(`TCPMON_SEED=${seed}`);
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 to `below`, exclusive. */
export function upTo(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** One of them. */
export function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[upTo(random, choices.length)];
}

/** A text and its first fault. */
export interface LaidOut {
  readonly text: string;
  readonly fault: ViewFault | null;
}

/** All at once. */
export function layOut(kind: FormatterKind, source: string): LaidOut {
  return inPieces(kind, [source]);
}

/** Piece by piece. Before each, `between` may give another formatter to go on with. */
export function inPieces(
  kind: FormatterKind,
  pieces: readonly string[],
  between: (formatter: Formatter) => Formatter = (formatter) => formatter,
): LaidOut {
  let formatter = kind.create();
  let text = "";
  for (const piece of pieces) {
    formatter = between(formatter);
    text += formatter.receive(piece);
  }
  formatter = between(formatter);
  text += formatter.end();
  return { text, fault: formatter.fault };
}

/** The same text, cut at random into pieces of up to `longest` units, some of them empty. */
export function cutAnywhere(random: Random, source: string, longest: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < source.length;) {
    const length = upTo(random, longest + 1);
    pieces.push(source.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** A few random changes: something left out, put in, or doubled. */
export function spoil(random: Random, source: string, pieces: readonly string[]): string {
  let text = source;
  for (let changes = 1 + upTo(random, 3); changes > 0; changes--) {
    const at = upTo(random, text.length + 1);
    const gone = oneOf(random, [0, 1, 1, 5]);
    text = text.slice(0, at) + oneOf(random, ["", "", ...pieces]) + text.slice(at + gone);
  }
  return random() < 0.2 ? text.slice(0, upTo(random, text.length)) : text;
}
