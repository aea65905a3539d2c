// What most XML is made of, found at a glance: start tags without anything odd, and elements that hold nothing but
// text. A regular expression goes over them many times faster than xml.ts, which reads character by character what
// is not found here: whatever is malformed, cut by the end of the piece, or has a meaning of its own.
// Knows nothing of nesting and of lines.

import { matchEnd } from "./match_end.ts";
import { isWhite } from "./white.ts";

const WHITE = "[ \\t\\r\\n]";
/** White space between attributes that has no line break within so many units stays as it came: see xml.ts. */
export const MAX_GAP = 300;
/** Characters that end a name have a meaning in a tag, or are white space. */
const NAME = "[^ \\t\\r\\n>/<=\"']";
const REFERENCE = "&(?:#[0-9]{1,60}|#x[0-9a-fA-F]{1,60}|[A-Za-z_:\\x80-\\uffff][-.\\w:\\x80-\\uffff]{0,60});";

/** What is beyond these limits is left to xml.ts, so that no expression goes back over much. */
const MOST_REFERENCES = 1000;
const MOST_ATTRIBUTES = 100;

function textWithout(characters: string): string {
  return `[^${characters}]*(?:${REFERENCE}[^${characters}]*){0,${MOST_REFERENCES}}`;
}

const VALUE = `(?:"${textWithout('"<&')}"|'${textWithout("'<&")}')`;
const ATTRIBUTE = `${WHITE}{1,${MAX_GAP}}(?!xml:space)${NAME}+${WHITE}*=${WHITE}*${VALUE}`;
const BEGINNING =
  `<([A-Za-z:_\\x80-\\uffff]${NAME}*)(?:${ATTRIBUTE}){0,${MOST_ATTRIBUTES}}${WHITE}{0,${MAX_GAP}}`;

/** An empty tag, a start tag, or a start tag, text that begins with no white space, and the end tag that is due. */
const ELEMENT = new RegExp(`${BEGINNING}(?:/>|>(?:(?!${WHITE})${textWithout("<&")}</\\1>)?)`, "y");

/**
 * The end of the plain element or start tag that begins with the "<" at `at`; -1 where there is none. None of its
 * attributes begins with xml:space.
 */
export function plainEnd(text: string, at: number): number {
  return matchEnd(ELEMENT, text, at);
}

/** Values, white space with a line break that stands at no "=", and the end of a tag. */
const GAPS = /"[^"]*"|'[^']*'|(?<![ \t\r\n=])[ \t\r]*\n[ \t\r\n]*(?![ \t\r\n=])|>/g;

/** Where white space with a line break before an attribute or the end is, in the plain start tag at `at`: from, to, … */
export function gapsWithBreak(text: string, at: number): readonly number[] {
  const found: number[] = [];
  GAPS.lastIndex = at;
  // What was found is told by its last character: a match would be an object for each.
  while (GAPS.test(text)) {
    let from = GAPS.lastIndex;
    const last = text.charCodeAt(from - 1);
    if (last === 0x3e) break;
    if (last === 0x22 || last === 0x27) continue;
    while (isWhite(text.charCodeAt(from - 1))) from -= 1;
    found.push(from, GAPS.lastIndex);
  }
  return found;
}
