// Lines of a text with the ends they came with, so that an edit, made where every line ends with "\n", changes no end of
// a line that was not edited. Pure.

import { matchesOf } from "../diff/matches.ts";

/** A text, line by line: there is an end after every line but the last. */
export interface EndedLines {
  readonly lines: readonly string[];
  readonly ends: readonly string[];
}

/** A text without the line ends ("\n") that it ends with. By hand: an expression would begin at every line end. */
export function withoutLastEnds(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\n") end--;
  return text.slice(0, end);
}

/** Divides a text at CR LF, LF and CR. */
export function divideLines(text: string): EndedLines {
  const lines: string[] = [];
  const ends: string[] = [];
  let from = 0;
  for (const { 0: end, index } of text.matchAll(/\r\n|\r|\n/g)) {
    lines.push(text.slice(from, index));
    ends.push(end);
    from = index + end.length;
  }
  lines.push(text.slice(from));
  return { lines, ends };
}

/**
 * The text of `edited` (with "\n" at the ends of its lines), where lines that were not edited keep the ends that they have
 * in `source`; the others get the end that most lines of `source` have, or `otherwise`.
 */
export function joinLines(source: EndedLines, edited: string, otherwise: string): string {
  const { lines: before, ends } = source;
  const usual = usualEnd(ends) ?? otherwise;
  if (ends.every((end) => end === usual)) return usual === "\n" ? edited : edited.replaceAll("\n", usual);
  const after = edited.split("\n");
  const kept = endsKept(before, ends, after);
  return after.map((line, at) => at === after.length - 1 ? line : line + (kept[at] ?? usual)).join("");
}

/** For each line of `after` the end that it had in `before`; undefined for those that are new. */
function endsKept(
  before: readonly string[],
  ends: readonly string[],
  after: readonly string[],
): readonly (string | undefined)[] {
  const kept = Array<string | undefined>(after.length).fill(undefined);
  const work = matchesOf(before, after);
  let step = work.next();
  while (!step.done) step = work.next();
  let [beforeTo, afterTo] = [0, 0];
  for (const { a, b, length } of [...step.value.runs, { a: before.length, b: after.length, length: 0 }]) {
    // Where as many lines stand as before, each was edited in its place; otherwise the last of them has kept its end.
    const isInPlace = a - beforeTo === b - afterTo;
    for (let back = 1; back <= (isInPlace ? b - afterTo : Math.min(1, a - beforeTo, b - afterTo)); back++) {
      kept[b - back] = ends[a - back];
    }
    for (let at = 0; at < length; at++) kept[b + at] = ends[a + at];
    [beforeTo, afterTo] = [a + length, b + length];
  }
  return kept;
}

/** The end that most lines have; null where there is none. */
export function usualEnd(ends: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const end of ends) counts.set(end, (counts.get(end) ?? 0) + 1);
  let usual: string | null = null;
  for (const [end, count] of counts) if (usual === null || count > counts.get(usual)!) usual = end;
  return usual;
}
