// Where in a text that comes in pieces something stands: its line, column and offset.
// Plain data, so that a formatter's snapshot can hold it. Lines end with "\n".

/** A place in the source text. `line` and `column` count from 1, `offset` from 0; all in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** How far a text has been read. */
export interface Reading {
  /** Units read so far. */
  offset: number;
  /** The line that is being read, from 1, and the offset of its first unit. */
  line: number;
  lineStart: number;
}

/** Nothing has been read. */
export function beginReading(): Reading {
  return { offset: 0, line: 1, lineStart: 0 };
}

/** The place of `text[index]`, where `text` is what comes next. `reading` stays as it is. */
export function placeAt(reading: Reading, text: string, index: number): Place {
  const there = { ...reading };
  advance(there, text, index);
  return { line: there.line, column: there.offset - there.lineStart + 1, offset: there.offset };
}

/** The first `length` units of `text` have been read. */
export function advance(reading: Reading, text: string, length: number): void {
  for (let at = text.indexOf("\n"); at >= 0 && at < length; at = text.indexOf("\n", at + 1)) {
    reading.line += 1;
    reading.lineStart = reading.offset + at + 1;
  }
  reading.offset += length;
}
