// The pieces of a line of the TLS view, for their colours: the offset, names, and numbers beside them. Pure.

import type { Lexed, Token, TokenKind } from "./tokens.ts";

/** The offset in hex or as many spaces, and two spaces. */
const OFFSET = /^(?:[0-9a-f]{8,}|\s{8}) {2}/;

/** Where the text of a line begins, after offset and indentation. */
export function tlsTextStart(line: string): number {
  const after = OFFSET.exec(line)?.[0].length ?? 0;
  return after + (line.slice(after).length - line.slice(after).trimStart().length);
}

/** A line stands for itself: the state is always "". */
export function lexTls(line: string): Lexed {
  const tokens: Token[] = [];
  const add = (from: number, to: number, kind: TokenKind) => {
    if (to > from) tokens.push({ from, to, kind });
  };
  const offset = OFFSET.exec(line)?.[0].length ?? 0;
  const start = tlsTextStart(line);
  add(0, offset, "comment");
  const colon = line.indexOf(": ", start);
  const isTitle = start - offset <= 2;
  const number = / \((?:0x[0-9a-f]+|\d+)\)/.exec(line.slice(start));
  const numberAt = number === null ? line.length : start + number.index + 1;
  // An extension has a number and may have nothing to say; a cipher suite's number is in hex, and its name is plain.
  const isExtension = number !== null && !number[0].includes("x");
  const nameEnd = isTitle
    ? Math.min(indexOr(line, ",", start), indexOr(line, ": ", start))
    : isExtension
    ? numberAt
    : colon;
  add(start, Math.min(nameEnd, numberAt), isTitle ? "tag" : "attr");
  if (number !== null) add(numberAt, numberAt + number[0].length - 1, "number");
  return { tokens, state: "" };
}

function indexOr(line: string, sought: string, from: number): number {
  const at = line.indexOf(sought, from);
  return at < 0 ? line.length : at;
}
