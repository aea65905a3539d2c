// Lines of a text with the ends they came with, so that an edit, made where every line ends with "\n", changes no end of
// a line that was not edited. Pure.

/** A text, line by line: there is an end after every line but the last. */
export interface EndedLines {
  readonly lines: readonly string[];
  readonly ends: readonly string[];
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
 * The text of `edited` (with "\n" at the ends of its lines), where lines that stand before and after all edits keep the
 * ends that they have in `source`; the others get the end that most lines of `source` have, or `otherwise`.
 */
export function joinLines(source: EndedLines, edited: string, otherwise: string): string {
  const { lines: before, ends } = source;
  const after = edited.split("\n");
  const [first, last] = [before.length - 1, after.length - 1];
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same++;
  let sameAtEnd = 0;
  while (sameAtEnd < most - same && before[first - sameAtEnd] === after[last - sameAtEnd]) sameAtEnd++;
  const usual = usualEnd(ends) ?? otherwise;
  const parts: string[] = [];
  for (const [at, line] of after.entries()) {
    parts.push(line);
    if (at === last) break;
    const end = at < same ? ends[at] : last - at <= sameAtEnd ? ends[first - (last - at)] : undefined;
    parts.push(end ?? usual);
  }
  return parts.join("");
}

/** The end that most lines have; null where there is none. */
export function usualEnd(ends: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const end of ends) counts.set(end, (counts.get(end) ?? 0) + 1);
  let usual: string | null = null;
  for (const [end, count] of counts) if (usual === null || count > counts.get(usual)!) usual = end;
  return usual;
}
