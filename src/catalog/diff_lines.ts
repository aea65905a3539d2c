// The lines of a view to compare: a number for each of them first, the lines themselves only where they are shown.
// Short ones stay in memory; of long ones, lines are laid out again.

import { type Numbering, NumberList } from "../decode/diff/numbering.ts";
import type { ViewKind } from "../decode/views/types.ts";
import type { MessageViews } from "./message_views.ts";

/** So much of a text is compared: lines, and UTF-16 units in them. */
const MOST_LINES = 4_000_000;
const MOST_UNITS = 256 * 1024 * 1024;
/** So much text is kept. */
const KEPT_UNITS = 2 * 1024 * 1024;
/** A large block of lines is taken in portions of so many. */
const LINES_AT_ONCE = 512;

/** A view without the hex one, which has no lines. */
export type LinesKind = Exclude<ViewKind, "hex">;

/** Lines by their numbers. */
export class DiffLines {
  #kept: string[] | null = [];
  readonly #numbers = new NumberList();
  #units = 0;
  #goesOn = false;
  #isCut = false;

  private constructor(private readonly views: MessageViews, private readonly kind: LinesKind) {}

  /** Reads a view to its end, or as far as it is compared. `pause` is called often. */
  static async read(
    views: MessageViews,
    kind: LinesKind,
    numbering: Numbering,
    pause: () => Promise<void> | undefined,
  ): Promise<DiffLines> {
    const lines = new DiffLines(views, kind);
    for await (const { texts, continued } of views.blocks(kind)) {
      if (continued.length > 0) lines.#goesOn = true;
      for (const [at, text] of texts.entries()) {
        if (lines.#numbers.length >= MOST_LINES || lines.#units >= MOST_UNITS) {
          lines.#isCut = true;
          return lines;
        }
        lines.#take(text, numbering.ofText(text));
        if (at % LINES_AT_ONCE === 0) await pause();
      }
    }
    return lines;
  }

  /** The number of each line. */
  get numbers(): Int32Array {
    return this.#numbers.array();
  }

  /** Whether some line is the rest of one that is too long. */
  get goesOn(): boolean {
    return this.#goesOn;
  }

  /** Whether there are more lines than are compared. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The lines from `from` to `to`. */
  async texts(from: number, to: number): Promise<string[]> {
    if (this.#kept) return this.#kept.slice(from, to);
    const found: string[] = [];
    while (found.length < to - from) {
      const block = await this.views.block(this.kind, from + found.length);
      if (!block) throw new Error("Cannot compare them to the end: their bytes are gone. Compare them anew.");
      const skipped = from + found.length - block.first;
      for (const text of block.texts.slice(skipped, skipped + to - from - found.length)) found.push(text);
    }
    return found;
  }

  #take(text: string, number: number): void {
    this.#numbers.push(number);
    this.#units += text.length;
    if (this.#units > KEPT_UNITS) this.#kept = null;
    this.#kept?.push(text);
  }
}
