// How deep lines are indented, and how deep a document may be nested for a formatter to follow it.

/** Levels beyond this are indented no further: a line of white space alone would otherwise outgrow the text. */
export const MAX_INDENT = 100;

/**
 * Deeper nesting is not followed. What is open must be remembered, and a snapshot holds it: without a limit, a few
 * megabytes of nothing but openings would take many times their size in snapshots.
 */
export const MAX_DEPTH = 30_000;

/** Says that MAX_DEPTH was passed. A text, since the first use of a locale takes 20 ms, here of the program's start. */
export const TOO_DEEP = "nested more than 30,000 levels deep";

const INDENTS = Array.from({ length: MAX_INDENT + 1 }, (_, level) => "  ".repeat(level));

const BREAKS = INDENTS.map((spaces) => `\n${spaces}`);

/** A line end, and after it the indentation of the next line. */
export function lineBreak(level: number): string {
  return BREAKS[level < MAX_INDENT ? level : MAX_INDENT];
}

/** Two spaces for each level (from 0) as far as MAX_INDENT. */
export function indent(level: number): string {
  return INDENTS[level < MAX_INDENT ? level : MAX_INDENT];
}
