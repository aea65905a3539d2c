// The texts of a Message's head in the order of the page, and what Find finds in them. Pure.
// The body is searched by the program; the head is here already.

import type { HeaderLine, MessageDetail } from "../../types.ts";
import type { Search } from "./api.ts";

/** A stretch of text of the head: the start line, or name or value of the n-th header or trailer line. */
export interface HeadText {
  /** "start", "header-0-name", "header-0-value", "trailer-0-name" … */
  readonly key: string;
  readonly text: string;
}

/** A hit in the head; UTF-16 positions in the text with this key. */
export interface HeadHit {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** See HeadText. */
export function headTexts(message: MessageDetail): HeadText[] {
  if (message.startLine === null) return [];
  return [
    { key: "start", text: message.startLine },
    ...lineTexts("header", message.headers),
    ...lineTexts("trailer", message.trailers),
  ];
}

function lineTexts(kind: string, lines: readonly HeaderLine[]): HeadText[] {
  return lines.flatMap(({ name, value }, n) => [
    { key: `${kind}-${n}-name`, text: name },
    { key: `${kind}-${n}-value`, text: value },
  ]);
}

/** The hits in these texts. None for bytes given in hex, and for a regular expression that is none. */
export function findInTexts(texts: readonly HeadText[], search: Search): HeadHit[] {
  const pattern = patternOf(search);
  if (pattern === null) return [];
  return texts.flatMap(({ key, text }) =>
    [...text.matchAll(pattern)].filter(([found]) => found !== "")
      .map((found) => ({ key, from: found.index, to: found.index + found[0].length }))
  );
}

function patternOf({ text, caseSensitive, regex, hex }: Search): RegExp | null {
  if (hex || text === "") return null;
  try {
    return new RegExp(regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), caseSensitive ? "g" : "gi");
  } catch {
    return null; // the program says what is wrong with it
  }
}
