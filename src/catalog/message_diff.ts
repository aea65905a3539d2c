// The difference of two Messages: heads by their lines, bodies by the lines of a view. As much is compared as can be at
// once, and said where that is not all; it is done in slices.

import { type Difference, difference, type DiffRow } from "../decode/diff/rows.ts";
import { latin1 } from "../decode/octets.ts";
import type { ViewKind } from "../decode/views/types.ts";
import type { Block } from "./blocks.ts";
import { hexBlocks } from "./hex_lines.ts";
import type { MessageViews } from "./message_views.ts";
import type { Slices } from "./slices.ts";
import type { DiffQuery, MessageDiff } from "./types.ts";
import type { Wire } from "./wire.ts";

/** So much of a text is compared: lines, and UTF-16 units in them. */
const MOST_LINES = 50_000;
const MOST_UNITS = 16_000_000;
/** So much of a difference is given: rows, and UTF-16 units in them. */
const MOST_ROWS = 5_000;
const MOST_ROW_UNITS = 2_000_000;
/** A longer head is compared as far as this, in bytes. */
const LONGEST_HEAD = 1024 * 1024;
/** A large block of lines is taken in pieces of so many. */
const LINES_AT_ONCE = 2_048;

/** One of two Messages. */
export interface Compared {
  readonly wire: Wire;
  readonly views: MessageViews;
}

/** Compares; rejects with the signal's reason once that is aborted. */
export async function diffMessages(
  before: Compared,
  after: Compared,
  { as, context }: Pick<DiffQuery, "as" | "context">,
  slices: Slices,
  signal: AbortSignal,
): Promise<Pick<MessageDiff, "as" | "head" | "body" | "complete" | "notes">> {
  const notes: string[] = [];
  const work = new Work(context, slices, signal, notes);
  const kinds = await Promise.all([before.views.resolve(as), after.views.resolve(as)]);
  const kind = kinds[0] === kinds[1] ? kinds[0] : "text";
  // A raw view has the head in it, and a turn has none.
  const hasHead = kind !== "raw" && before.wire.headBytes + after.wire.headBytes > 0;
  const head = hasHead ? await work.diff(headLines(before.wire), headLines(after.wire), "head") : null;
  const lines = await Promise.all([work.lines(before.views, kind), work.lines(after.views, kind)]);
  const body = await work.diff(...lines, "body");
  const complete = before.wire.extent().complete && after.wire.extent().complete;
  return { as: kind, head, body, complete, notes };
}

class Work {
  constructor(
    private readonly context: number,
    private readonly slices: Slices,
    private readonly signal: AbortSignal,
    private readonly notes: string[],
  ) {}

  async diff(
    before: readonly string[],
    after: readonly string[],
    part: "head" | "body",
  ): Promise<Difference> {
    const work = difference(before, after, this.context);
    for (;;) {
      const { done, value } = work.next();
      if (done) return this.#shortened(value, part);
      await this.#pause();
    }
  }

  /** The lines of a view, as far as they are compared. */
  async lines(views: MessageViews, kind: ViewKind): Promise<string[]> {
    const lines: string[] = [];
    let units = 0;
    for await (const block of kind === "hex" ? hexBlocks(views.body) : views.blocks(kind)) {
      if (block.continued.length > 0) {
        this.#note("lines of more than 3,999 characters are compared in pieces");
      }
      units = await this.#take(block, lines, units);
      if (lines.length < MOST_LINES && units < MOST_UNITS) continue;
      this.#note(`the bodies are compared as far as line ${lines.length.toLocaleString("en")}`);
      break;
    }
    return lines;
  }

  async #take({ texts }: Block, lines: string[], before: number): Promise<number> {
    let units = before;
    for (const [at, text] of texts.entries()) {
      if (lines.length >= MOST_LINES || units >= MOST_UNITS) break;
      lines.push(text);
      units += text.length;
      if (at % LINES_AT_ONCE === 0) await this.#pause();
    }
    return units;
  }

  #shortened(found: Difference, part: "head" | "body"): Difference {
    const rows: DiffRow[] = [];
    let units = 0;
    for (const row of found.rows) {
      units += row.kind === "left-out" ? 0 : row.text.length;
      if (rows.length >= MOST_ROWS || units > MOST_ROW_UNITS) {
        this.#note(`the first ${rows.length.toLocaleString("en")} rows of the ${part} are shown`);
        return { ...found, rows };
      }
      rows.push(row);
    }
    return found;
  }

  #note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  async #pause(): Promise<void> {
    this.signal.throwIfAborted();
    if (this.slices.due()) await this.slices.pause();
  }
}

/** The lines of a head as they came, one character a byte, without the empty line that ends it. */
function headLines(wire: Wire): string[] {
  const bytes = new Uint8Array(Math.min(LONGEST_HEAD, wire.headBytes));
  const length = wire.read(0, bytes);
  const lines = latin1(bytes, 0, length).split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
