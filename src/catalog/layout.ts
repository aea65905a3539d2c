// The lines of one view of one Message, laid out from the beginning as far as is needed, in slices. Of what
// has been laid out only marks are kept every so many characters; lines between two marks are laid out again
// when they are looked at again. So memory does not grow with the text. Knows nothing of messages, codings
// and kinds of views.

import type { FormatterKind, ViewFault } from "../decode/views/types.ts";
import type { Block, BlockCache } from "./blocks.ts";
import type { BodySource } from "./body.ts";
import { type Mark, Run } from "./run.ts";
import type { Slices } from "./slices.ts";
import { PIECE_BYTES, TextReader } from "./text.ts";
/** So many UTF-16 units of text lie between two marks, at first. */
export const MARK_UNITS = 256 * 1024;
/** With more marks, or more bytes in them, every other one is given up, and they are set half as often. */
export const MARKS = 1024;
const MARK_STATE_BYTES = 8 * 1024 * 1024;
/** So long after somebody has asked the layout goes on by itself, in ms. */
const GOES_ON_MS = 5000;

/** What a Layout is made from. */
export interface LayoutOptions {
  readonly source: BodySource;
  /** The encoding's name. */
  readonly encoding: string;
  readonly kind: FormatterKind;
  /** At most so many bytes are laid out. */
  readonly limit: number;
  readonly slices: Slices;
  readonly blocks: BlockCache;
  /** MARK_UNITS and MARKS, unless given. */
  readonly markUnits?: number;
  readonly mostMarks?: number;
}

/** Lays out lines as they are asked for. Rejects after `close`. */
export class Layout {
  readonly #source: BodySource;
  readonly #text: TextReader;
  readonly #kind: FormatterKind;
  readonly #limit: number;
  readonly #slices: Slices;
  readonly #blocks: BlockCache;

  readonly #run: Run;
  #marks: Mark[] = [];
  #markUnits: number;
  readonly #mostMarks: number;
  #stateBytes = 0;
  /** The lines since the latest mark, and how much text that is. */
  #open: Block;
  #openUnits = 0;

  #finished = false;
  #tooLarge = false;
  #closed = false;
  /** True when all that had come was laid out at the end of the latest slice. */
  #level = false;
  #stepping: Promise<boolean> | null = null;
  /** What the text that has come ends with, while more may come: made anew when more has been laid out. */
  #tail: { readonly offset: number; readonly block: Block } | null = null;
  #askedAt = 0;
  #goingOn: Promise<void> | null = null;

  constructor(options: LayoutOptions) {
    this.#source = options.source;
    this.#text = new TextReader(options.source, options.encoding);
    this.#kind = options.kind;
    this.#limit = options.limit;
    this.#slices = options.slices;
    this.#blocks = options.blocks;
    this.#markUnits = options.markUnits ?? MARK_UNITS;
    this.#mostMarks = options.mostMarks ?? MARKS;
    this.#run = new Run(options.kind);
    this.#open = this.#run.block();
    this.#mark();
  }

  /** True when all is laid out and nothing more will come. */
  get finished(): boolean {
    return this.#finished;
  }

  /** True when there is more text than may be laid out. */
  get tooLarge(): boolean {
    return this.#tooLarge;
  }

  /** How many lines there are, as far as is known. */
  get total(): number {
    return this.#run.line + (this.#tailNow()?.texts.length ?? 0);
  }

  /** How many bytes of the source have been laid out. */
  get doneBytes(): number {
    return this.#run.offset;
  }

  get fault(): ViewFault | null {
    return this.#run.fault;
  }

  /** How many marks are kept. */
  get marks(): number {
    return this.#marks.length;
  }

  /**
   * Goes on for at least a piece, until the line `until` is known or nothing more can be laid out at present;
   * after that in the background, as long as somebody has asked within the last seconds.
   */
  async ask(until: number): Promise<void> {
    this.#mustBeOpen();
    if (this.#finished || this.#tooLarge) return;
    let more = await this.#step(until);
    while (more && this.#run.line <= until) more = await this.#step(until);
    this.#askedAt = performance.now();
    if (more) this.#goingOn ??= this.#goOn().finally(() => this.#goingOn = null);
  }

  /** The block with a line, and with it what is known to follow; null where there is no such line so far. */
  async block(line: number): Promise<Block | null> {
    if (line >= this.#run.line) {
      const tail = this.#tailNow();
      return tail && line < this.#run.line + tail.texts.length ? tail : null;
    }
    if (line >= this.#open.first) return this.#open;
    const index = this.#marks.findLastIndex((mark) => mark.line <= line);
    return await this.#again(this.#marks[index], this.#marks[index + 1]);
  }

  /**
   * All lines, in order, laid out as they are asked for. A block that still grows is given as far as it goes.
   */
  async *all(): AsyncGenerator<Block, void, void> {
    for (let line = 0;;) {
      while (this.#run.line <= line && await this.#step(Infinity));
      const block = await this.block(line);
      if (!block) return;
      const skipped = line - block.first;
      const texts = block.texts.slice(skipped);
      const continued = block.continued.map((index) => index - skipped).filter((index) => index >= 0);
      const continuedBefore = block.continuedBefore + block.continued.length - continued.length;
      yield { first: line, texts, continued, continuedBefore };
      line += texts.length;
    }
  }

  /** Gives up everything. Resolves when nothing goes on any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const mark of this.#marks) this.#blocks.delete(mark);
    await this.#stepping?.catch(() => {});
    await this.#goingOn;
  }

  async #goOn(): Promise<void> {
    try {
      while (performance.now() - this.#askedAt < GOES_ON_MS && await this.#step(Infinity));
    } catch {
      // Whoever asks next meets the same error and is told.
    }
  }

  /** One slice, for all who wait for it; false when nothing more could be laid out. */
  #step(until: number): Promise<boolean> {
    this.#stepping ??= this.#slice(until).finally(() => this.#stepping = null);
    return this.#stepping;
  }

  /** Works no longer than until the line `until` is known, unless it is nearly done. */
  async #slice(until: number): Promise<boolean> {
    await this.#slices.pause();
    let moved = false;
    do {
      this.#mustBeOpen();
      if (this.#finished || this.#tooLarge) break;
      await this.#source.advance(this.#run.offset + PIECE_BYTES);
      this.#mustBeOpen();
      this.#level = !this.#piece();
      if (this.#level) break;
      moved = true;
    } while (!this.#slices.due() && (this.#run.line <= until || this.#remaining() < PIECE_BYTES));
    return moved;
  }

  /** How many bytes are there that have not been laid out. */
  #remaining(): number {
    return this.#source.extent().length - this.#run.offset;
  }

  /** Lays out one piece; false when there is none at present. */
  #piece(): boolean {
    if (this.#run.offset >= this.#limit) {
      this.#tooLarge = true;
      return false;
    }
    const piece = this.#text.read(this.#run.offset);
    if (piece === null) {
      const { length, complete } = this.#source.extent();
      if (!complete || this.#run.offset < length) return false;
      this.#run.end(this.#open);
      this.#finished = true;
      return true;
    }
    this.#openUnits += this.#run.receive(piece, this.#open);
    if (this.#openUnits >= this.#markUnits) this.#mark();
    return true;
  }

  #mark(): void {
    const mark = this.#run.mark();
    const latest = this.#marks.at(-1);
    if (latest) this.#blocks.set(latest, this.#open);
    this.#marks.push(mark);
    this.#stateBytes += mark.state.length;
    this.#open = this.#run.block();
    this.#openUnits = 0;
    if (this.#marks.length > this.#mostMarks || this.#stateBytes > MARK_STATE_BYTES) this.#thin();
  }

  #thin(): void {
    if (this.#marks.length < 4) return;
    for (const mark of this.#marks) this.#blocks.delete(mark);
    const newest = this.#marks.length - 1;
    // The newest stays, because the open block begins with it.
    this.#marks = this.#marks.filter((_, index) => index % 2 === newest % 2 || index === 0);
    this.#stateBytes = this.#marks.reduce((sum, mark) => sum + mark.state.length, 0);
    this.#markUnits *= 2;
  }

  /** Lays out again what lies between two marks. */
  async #again(from: Mark, to: Mark): Promise<Block> {
    const kept = this.#blocks.get(from);
    if (kept) return kept;
    const run = new Run(this.#kind, from);
    const block = run.block();
    while (run.offset < to.offset) {
      this.#mustBeOpen();
      const piece = this.#text.read(run.offset, to.offset);
      if (piece === null) {
        throw new Error("Cannot lay out lines again: their bytes are gone. Ask for the view anew.");
      }
      run.receive(piece, block);
      if (this.#slices.due()) await this.#slices.pause();
    }
    if (this.#marks.includes(from) && this.#marks.includes(to)) this.#blocks.set(from, block);
    return block;
  }

  /** The lines that would be the last if nothing more came; null where that cannot be said now. */
  #tailNow(): Block | null {
    if (this.#finished || !this.#level) return null;
    if (this.#tail?.offset === this.#run.offset) return this.#tail.block;
    this.#tail = { offset: this.#run.offset, block: this.#run.rest() };
    return this.#tail.block;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error("The view was closed");
  }
}
