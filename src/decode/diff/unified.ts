// A difference as patch and git apply read it: the unified format of POSIX diff -u. Pure.

import { matchesOf } from "./matches.ts";
import { spans } from "./rows.ts";

/** What is compared, and what it is called. A text whose last line is empty ends with a line end. */
export interface Named {
  readonly name: string;
  readonly lines: readonly string[];
}

const NO_END = "\\ No newline at end of file\n";

/** The difference, with `context` equal lines around each change; "" where there is none. */
export function* unified(before: Named, after: Named, context: number): Generator<void, string> {
  const [one, other] = [endsOf(before.lines), endsOf(after.lines)];
  // A last line without an end is another one than the same line with one.
  const { runs } = yield* matchesOf(one, other);
  const hunks: string[] = [];
  let hunk: Hunk | null = null;
  for (const span of spans(runs, one.length, other.length, context)) {
    if (span.kind === "changed") {
      hunk ??= new Hunk(span.aFrom, span.bFrom);
      for (let at = span.aFrom; at < span.aTo; at++) hunk.take("-", one[at]);
      for (let at = span.bFrom; at < span.bTo; at++) hunk.take("+", other[at]);
    } else if (span.shown) {
      // At the beginning and at the end, all that is equal may be shown as context: no more than that belongs to it.
      const [from, to] = around(
        span.a,
        span.length,
        one.length,
        span.b,
        other.length,
        context,
        hunk !== null,
      );
      if (hunk === null && from < to) hunk = new Hunk(span.a + from, span.b + from);
      for (let at = from; at < to; at++) hunk?.take(" ", one[span.a + at]);
    } else if (hunk !== null) {
      hunks.push(hunk.text());
      hunk = null;
    }
    yield;
  }
  if (hunk !== null) hunks.push(hunk.text());
  if (runs.length === 1 && runs[0].length === one.length && one.length === other.length) return "";
  if (one.length + other.length === 0) return "";
  return `--- ${before.name}\n+++ ${after.name}\n${hunks.join("")}`;
}

/** Which of the lines of an equal span stand beside a change. */
function around(
  a: number,
  length: number,
  before: number,
  b: number,
  after: number,
  context: number,
  isBehind: boolean,
): readonly [number, number] {
  const isLast = a + length === before && b + length === after;
  const from = isBehind ? 0 : Math.max(0, length - context);
  return isLast ? [from, isBehind ? Math.min(length, context) : from] : [from, length];
}

/** Lines with their ends. */
function endsOf(lines: readonly string[]): string[] {
  const ended = lines.slice(0, -1).map((line) => `${line}\n`);
  const last = lines.at(-1) ?? "";
  return last === "" ? ended : [...ended, last];
}

class Hunk {
  #lines = "";
  #before = 0;
  #after = 0;

  constructor(private readonly a: number, private readonly b: number) {}

  take(sign: " " | "-" | "+", line: string): void {
    if (sign !== "+") this.#before++;
    if (sign !== "-") this.#after++;
    this.#lines += `${sign}${line}${line.endsWith("\n") ? "" : `\n${NO_END}`}`;
  }

  text(): string {
    return `@@ -${rangeOf(this.a, this.#before)} +${rangeOf(this.b, this.#after)} @@\n${this.#lines}`;
  }
}

/** An empty range stands behind a line, whose number it has. */
function rangeOf(from: number, count: number): string {
  const first = count === 0 ? from : from + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}
