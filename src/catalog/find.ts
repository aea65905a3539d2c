// Finds text in all lines of a view, in slices: the words as they are, or a regular expression. Lines come in
// blocks from outside. An expression is tried in a worker of its own (regex.ts), because nothing else can end
// one that never comes to an end.

import type { Block } from "./blocks.ts";
import type { Borrowed } from "./borrowed_workers.ts";
import { Hits } from "./hits.ts";
import { LineRegex } from "./regex.ts";
import type { Slices } from "./slices.ts";
import type { FindQuery, FindResult } from "./types.ts";

/** Longer texts are not looked for, in UTF-16 units. */
export const MOST_SOUGHT = 1_000;
/** Between two looks at the clock. */
const LINES_AT_ONCE = 512;

/** What to look for. */
export type Sought = Pick<FindQuery, "text" | "caseSensitive" | "regex">;

/** Throws RangeError, in words, for what cannot be looked for. */
export function checkSought({ text, caseSensitive, regex }: Sought): void {
  if (text === "") throw new RangeError("Cannot search for nothing: say what to look for.");
  if (text.length > MOST_SOUGHT) {
    throw new RangeError(
      `Cannot search for ${text.length} characters: at most ${MOST_SOUGHT} are looked for. Shorten the text.`,
    );
  }
  if (regex) expressionOf(text, caseSensitive);
}

/**
 * All places in `blocks` that hold what is sought. A text is found also where a long line was cut in it; an
 * expression is tried on each line by itself, in a worker that `findWorker` begins. Rejects with the signal's reason once that is aborted.
 */
export async function findInLines(
  blocks: AsyncIterable<Block>,
  sought: Sought,
  slices: Slices,
  findWorker: () => Borrowed,
  signal?: AbortSignal,
): Promise<FindResult> {
  return sought.regex
    ? await findRegex(blocks, expressionOf(sought.text, sought.caseSensitive), findWorker(), signal)
    : await findText(blocks, sought, slices, signal);
}

async function findText(
  blocks: AsyncIterable<Block>,
  { text, caseSensitive }: Sought,
  slices: Slices,
  signal?: AbortSignal,
): Promise<FindResult> {
  const search = new TextSearch(text, caseSensitive);
  for await (const block of blocks) {
    const goesOn = new Set(block.continued);
    for (let index = 0; index < block.texts.length; index++) {
      search.line(block.first + index, block.texts[index], goesOn.has(index));
      if (index % LINES_AT_ONCE === 0 && slices.due()) await slices.pause();
      signal?.throwIfAborted();
    }
  }
  return search.hits.result(true);
}

async function findRegex(
  blocks: AsyncIterable<Block>,
  expression: RegExp,
  worker: Borrowed,
  signal?: AbortSignal,
): Promise<FindResult> {
  const hits = new Hits();
  const regex = new LineRegex(expression, worker);
  try {
    for await (const block of blocks) {
      signal?.throwIfAborted();
      const found = await regex.find(block.texts, signal);
      if (found === null) return hits.result(false);
      for (let at = 0; at < found.length; at += 3) {
        hits.add({ line: block.first + found[at], from: found[at + 1], to: found[at + 2] });
      }
    }
  } finally {
    regex.close();
  }
  return hits.result(true);
}

/** Looks for a text in lines that are given one after the other. */
class TextSearch {
  readonly hits = new Hits();
  readonly #text: string;
  /** Null where case matters. Case is folded a character at a time, so that lengths stay. */
  readonly #anyCase: RegExp | null;
  #previous = "";
  /** End of the latest hit in the previous line. */
  #previousEnd = 0;

  constructor(text: string, caseSensitive: boolean) {
    this.#text = text;
    this.#anyCase = caseSensitive ? null : new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
  }

  /** `goesOn` says that it is the rest of the line before, which was cut. */
  line(number: number, line: string, goesOn: boolean): void {
    const kept = goesOn
      ? Math.max(this.#previousEnd, this.#previous.length - this.#text.length + 1)
      : Infinity;
    const before = this.#previous.slice(kept);
    const joined = before + line;
    this.#previousEnd = 0;
    for (let from = this.#next(joined, 0); from >= 0;) {
      const to = from + this.#text.length;
      if (from >= before.length) {
        this.hits.add({ line: number, from: from - before.length, to: to - before.length });
      } else {
        this.hits.add({ line: number - 1, from: kept + from, to: to - before.length, toLine: number });
      }
      this.#previousEnd = to - before.length;
      from = this.#next(joined, to);
    }
    this.#previous = line;
  }

  #next(line: string, from: number): number {
    if (!this.#anyCase) return line.indexOf(this.#text, from);
    this.#anyCase.lastIndex = from;
    return this.#anyCase.exec(line)?.index ?? -1;
  }
}

/** The expression with Unicode's rules, or, where it does not keep to them, without. */
function expressionOf(text: string, caseSensitive: boolean): RegExp {
  const flags = caseSensitive ? "g" : "gi";
  try {
    return new RegExp(text, `${flags}u`);
  } catch {
    // Unicode's rules refuse escapes that mean nothing, as in “\-”, which many write.
  }
  try {
    return new RegExp(text, flags);
  } catch (error) {
    const words = error instanceof Error ? error.message.split(": ").at(-1) : String(error);
    throw new RangeError(
      `Cannot search for “${text}”: not a regular expression (${words}). Mend it, or look for plain text.`,
    );
  }
}
