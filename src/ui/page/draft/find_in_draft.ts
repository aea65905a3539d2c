// What Find finds in the texts of a Draft, which are all on the page. Pure. Where a text is edited in hex, pairs of hex
// digits find bytes, however they are divided into lines.

import type { Hit } from "../../types.ts";
import type { Search } from "../pane/api.ts";
import type { Hits } from "../pane/hits.ts";

/** More hits are counted, but neither marked nor gone through. */
const MOST_LISTED = 1_000;

/** A text of a Draft. */
export interface DraftText {
  /** Unique among them: "head", "body", "turn-3". */
  readonly key: string;
  readonly text: string;
  readonly isHex: boolean;
}

/** A hit in one of them. */
export interface DraftHit extends Hit {
  readonly key: string;
}

/** What was found. */
export interface DraftHits {
  /** In the order of the texts, at most 1,000. */
  readonly list: readonly DraftHit[];
  readonly total: number;
  /** What is wrong with what is looked for, in words; null where nothing is. */
  readonly error: string | null;
}

/** What an editor is told: the hits in it, and a value that is another whenever the current one is to be seen. */
export interface HitsIn {
  readonly hits: Hits;
  readonly seen: string;
}

/** Nothing. */
export const NONE: DraftHits = { list: [], total: 0, error: null };

/** See DraftHits. */
export function findInDraft(texts: readonly DraftText[], search: Search): DraftHits {
  if (search.text === "") return NONE;
  const list: DraftHit[] = [];
  let total = 0;
  try {
    for (const { key, text, isHex } of texts) {
      const lines = new Lines(text);
      for (const [from, to] of placesIn(text, search, isHex)) {
        total++;
        if (list.length < MOST_LISTED) list.push({ key, ...lines.hit(from, to) });
      }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = error.message.split(": ").at(-1);
    const words = `Cannot search for “${search.text}”: not a regular expression (${reason}). ` +
      "Mend it, or look for plain text.";
    return { ...NONE, error: words };
  }
  return { list, total, error: null };
}

/** Where it is found, in order. Throws SyntaxError for an expression that is none. */
function* placesIn(text: string, search: Search, isHex: boolean): Generator<readonly [number, number]> {
  const bytes = isHex && !search.regex ? bytePattern(search.text) : null;
  const pattern = bytes ?? patternOf(search);
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const { index, 0: { length } } = found;
    const isHit = length > 0 && (bytes === null || isAtByte(text, index));
    if (isHit) yield [index, index + length];
    else pattern.lastIndex = index + 1;
  }
}

function patternOf({ text, caseSensitive, regex }: Search): RegExp {
  const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(source, caseSensitive ? "gm" : "gim");
}

/** For pairs of hex digits: these bytes, with any white space between them; null for anything else. */
function bytePattern(text: string): RegExp | null {
  if (!/^\s*([0-9a-f]{2}\s*)+$/i.test(text)) return null;
  return new RegExp(text.match(/[0-9a-f]{2}/gi)!.join("\\s*"), "gi");
}

/** Whether a byte begins there: an even number of digits stands before it in its word. */
function isAtByte(text: string, at: number): boolean {
  let from = at;
  while (from > 0 && /[0-9a-f]/i.test(text[from - 1])) from--;
  return (at - from) % 2 === 0;
}

/** Turns positions in a text into lines, for positions that grow. */
class Lines {
  #line = 0;
  #start = 0;

  constructor(private readonly text: string) {}

  hit(from: number, to: number): Hit {
    this.#goTo(from);
    const { line, column } = { line: this.#line, column: from - this.#start };
    const isWithin = !this.text.slice(from, to).includes("\n");
    if (isWithin) return { line, from: column, to: to - this.#start };
    this.#goTo(to);
    return { line, from: column, to: to - this.#start, toLine: this.#line };
  }

  #goTo(at: number): void {
    for (;;) {
      const end = this.text.indexOf("\n", this.#start);
      if (end < 0 || end >= at) return;
      this.#line++;
      this.#start = end + 1;
    }
  }
}
