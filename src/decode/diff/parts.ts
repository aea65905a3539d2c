// What differs within lines that were changed: which line became which, and which words of them are other ones. Pure.

import { matchesOf } from "./matches.ts";

/** A part of a line, in UTF-16 units. */
export type Part = readonly [from: number, to: number];

/** The parts of two lines that the other has not; empty where the lines have too little in common. */
export interface LineParts {
  readonly before: readonly Part[];
  readonly after: readonly Part[];
}

/** Words, runs of white space, and every other character by itself. */
const TOKENS = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
/** Longer lines are not divided into words. */
const LONGEST_LINE = 4_000;
/** Larger blocks of changed lines are not looked through for which became which. */
const LARGEST_BLOCK = 40;
/** So much of two lines must be the same for the one to have become the other. */
const ALIKE = 0.4;
/** What stands between two changed parts that are the same change: "141.80", "two words". */
const JOINED = /^[.,:;+/ -]?$/;

/** Which of the lines that were removed became which of those that were added: pairs of indices, in order. */
export function paired(removed: readonly string[], added: readonly string[]): (readonly [number, number])[] {
  if (removed.length === added.length) return removed.map((_, at) => [at, at] as const);
  if (removed.length > LARGEST_BLOCK || added.length > LARGEST_BLOCK) return [];
  const [before, after] = [removed.map(bagOf), added.map(bagOf)];
  // The best sum of likenesses for the first i and j lines.
  const best = removed.map(() => new Float64Array(added.length + 1));
  best.push(new Float64Array(added.length + 1));
  const alike = before.map((one) => after.map((other) => likeness(one, other)));
  for (let i = removed.length - 1; i >= 0; i--) {
    for (let j = added.length - 1; j >= 0; j--) {
      const pair = alike[i][j] >= ALIKE ? best[i + 1][j + 1] + alike[i][j] : 0;
      best[i][j] = Math.max(pair, best[i + 1][j], best[i][j + 1]);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < removed.length && j < added.length;) {
    if (best[i][j] === best[i + 1][j]) i++;
    else if (best[i][j] === best[i][j + 1]) j++;
    else pairs.push([i++, j++]);
  }
  return pairs;
}

/** What differs between two lines. */
export function* partsOf(before: string, after: string): Generator<void, LineParts> {
  if (before > after) {
    // Of several edits that are as short the same one is taken both ways round.
    const mirrored: LineParts = yield* partsOf(after, before);
    return { before: mirrored.after, after: mirrored.before };
  }
  const nothing = { before: [], after: [] };
  if (before.length > LONGEST_LINE || after.length > LONGEST_LINE) return nothing;
  const [one, other] = [before.match(TOKENS) ?? [], after.match(TOKENS) ?? []];
  const { runs: same } = yield* matchesOf(one, other);
  const common = same.flatMap(({ a, length }) => one.slice(a, a + length)).filter((token) =>
    token.trim() !== ""
  );
  const words = (tokens: readonly string[]) => tokens.filter((token) => token.trim() !== "").length;
  if (common.length < ALIKE * Math.max(words(one), words(other))) return nothing;
  return {
    before: gaps(one, before, same.map(({ a, length }) => [a, length])),
    after: gaps(other, after, same.map(({ b, length }) => [b, length])),
  };
}

/** What stands between the runs that are the same, as places in the text; parts that belong together are one. */
function gaps(tokens: readonly string[], text: string, same: readonly (readonly [number, number])[]): Part[] {
  const parts: Part[] = [];
  let [at, offset] = [0, 0];
  const pass = (to: number) => {
    const from = offset;
    for (; at < to; at++) offset += tokens[at].length;
    return from;
  };
  for (const [from, length] of [...same, [tokens.length, 0]]) {
    const start = pass(from);
    if (offset > start) {
      const last = parts.at(-1);
      if (last && JOINED.test(text.slice(last[1], start))) parts[parts.length - 1] = [last[0], offset];
      else parts.push([start, offset]);
    }
    pass(from + length);
  }
  return parts;
}

interface Bag {
  readonly counts: ReadonlyMap<string, number>;
  readonly size: number;
}

function bagOf(line: string): Bag {
  const counts = new Map<string, number>();
  const tokens = (line.slice(0, LONGEST_LINE).match(TOKENS) ?? []).filter((token) => token.trim() !== "");
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return { counts, size: tokens.length };
}

/** From 0 to 1: how much of the larger is in both. */
function likeness(one: Bag, other: Bag): number {
  let common = 0;
  for (const [token, count] of one.counts) common += Math.min(count, other.counts.get(token) ?? 0);
  return common / Math.max(1, one.size, other.size);
}
