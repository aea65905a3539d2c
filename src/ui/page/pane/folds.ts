// What can be folded: a line and the deeper indented lines after it, up to the one that closes it. Pure.

import type { ViewKind } from "../../types.ts";

/** Lines count from 0. */
export interface Fold {
  readonly line: number;
  /** The last line that is folded away. */
  readonly last: number;
  /** Where in it the closing tag or bracket begins, which stays; null when all of the line is folded away. */
  readonly closer: number | null;
}

/** What a line that closes begins with, for the kinds that are laid out by indentation. */
export const CLOSERS: Readonly<Partial<Record<ViewKind, RegExp>>> = { xml: /^<\//, json: /^[}\]]/ };

/** In XML, text with its own line ends can stand at any column: only lines that begin with a tag or the like count. */
const XML_SPANS = [["<!--", "-->"], ["<![CDATA[", "]]>"]] as const;

/**
 * The folds of consecutive lines, the first of which is line `first` of the document. `isEnd`: no line comes after
 * them, so what is still open ends with them.
 */
export function foldsOf(lines: Iterable<string>, first: number, isEnd: boolean, kind: ViewKind): Fold[] {
  const closer = CLOSERS[kind];
  if (closer === undefined) return [];
  const folds: Fold[] = [];
  const open: { readonly line: number; readonly indent: number }[] = [];
  let until: string | null = null;
  let last = first - 1;
  let n = first;
  for (const text of lines) {
    const line = n++;
    const inside = until !== null;
    if (kind === "xml") until = openSpan(text, until);
    const rest = text.trimStart();
    if (inside || rest === "" || (kind === "xml" && rest[0] !== "<")) {
      if (rest !== "") last = line;
      continue;
    }
    const indent = text.length - rest.length;
    while (open.length > 0 && open.at(-1)!.indent >= indent) {
      const opened = open.pop()!;
      const closes = opened.indent === indent && closer.test(rest);
      if (closes && line > opened.line) folds.push({ line: opened.line, last: line, closer: indent });
      else if (last > opened.line) folds.push({ line: opened.line, last, closer: null });
    }
    if (!closer.test(rest)) open.push({ line, indent });
    last = line;
  }
  while (isEnd && open.length > 0) {
    const opened = open.pop()!;
    if (last > opened.line) folds.push({ line: opened.line, last, closer: null });
  }
  return folds;
}

/** The terminator of the comment or CDATA section that is open after `text`, or null. */
function openSpan(text: string, until: string | null): string | null {
  let at = 0;
  while (true) {
    if (until !== null) {
      const end = text.indexOf(until, at);
      if (end < 0) return until;
      at = end + until.length;
      until = null;
    }
    let next = -1;
    for (const [start, end] of XML_SPANS) {
      const found = text.indexOf(start, at);
      if (found < 0 || (next >= 0 && found >= next)) continue;
      next = found;
      until = end;
    }
    if (until === null) return null;
    at = next + 4;
  }
}
