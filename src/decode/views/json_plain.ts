// What most JSON is made of, found at a glance: members and elements that are strings, numbers or literals, and
// well-formed (RFC 8259). A regular expression goes over them many times faster than json.ts, which reads character
// by character what is not found here: whatever is malformed, or cut by the end of the piece.
// Knows nothing of nesting and of lines.

import { matchEnd } from "./match_end.ts";

const WHITE = "[ \\t\\r\\n]";
const PLAIN = '[^"\\\\\\x00-\\x1f]*';
/** A string with more escapes is left to json.ts, so that no expression goes back over much. */
const MOST_ESCAPES = 1000;
const STRING = `"${PLAIN}(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})${PLAIN}){0,${MOST_ESCAPES}}"`;
const NUMBER = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";
const SCALAR = `(?:${STRING}|${NUMBER}|true|false|null)`;

/** Its name holds no escape, so that the first quote after it ends it. */
const MEMBER = new RegExp(`"${PLAIN}":${WHITE}*${SCALAR}(?=[,}])`, "y");
const ELEMENT = new RegExp(`${SCALAR}(?=[,\\]])`, "y");

/** The end of the plain member that begins with the quote at `at`, before its "," or "}"; -1 where there is none. */
export function memberEnd(text: string, at: number): number {
  return matchEnd(MEMBER, text, at);
}

/** The end of the plain element that begins at `at`, before its "," or "]"; -1 where there is none. */
export function elementEnd(text: string, at: number): number {
  return matchEnd(ELEMENT, text, at);
}
