// White space between the tokens of XML (1.0, 2.3, S) and JSON (RFC 8259, 2), which is the same. Other control
// characters are none: they stay where they are.

/** Whether a character is a space, a line feed, a carriage return or a tab. */
export function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The index of the first character from `from` on that is none; the length where all are. */
export function whiteEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isWhite(text.charCodeAt(at))) at += 1;
  return at;
}
