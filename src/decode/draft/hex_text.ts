// Bytes as hex to edit, and back: sixteen bytes a line, white space between them as one likes. Pure.

import type { Place } from "./text_encoding.ts";

const IN_A_LINE = 16;

/** "47 45 54 20 …", sixteen bytes a line. */
export function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += IN_A_LINE) {
    const line = bytes.subarray(from, from + IN_A_LINE);
    lines.push(Array.from(line, (byte) => byte.toString(16).padStart(2, "0")).join(" "));
  }
  return lines.join("\n");
}

/** The bytes of edited hex. Throws SyntaxError, in words, that says which line has something else. */
export function bytesOfHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let length = 0;
  for (const [number, line] of text.split("\n").entries()) {
    for (const word of line.split(/\s+/)) {
      if (word === "") continue;
      if (!/^([0-9a-f]{2})+$/i.test(word)) {
        const quoted = JSON.stringify(word.slice(0, 20));
        const cause: Place = { line: number + 1, column: line.indexOf(word) + 1 };
        throw new SyntaxError(
          `Cannot read ${quoted} in line ${number + 1} as bytes: write two digits from 0 to f for each.`,
          { cause },
        );
      }
      for (let at = 0; at < word.length; at += 2) bytes[length++] = parseInt(word.slice(at, at + 2), 16);
    }
  }
  return bytes.slice(0, length);
}
