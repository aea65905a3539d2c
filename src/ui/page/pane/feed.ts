// Brings the lines of one view into a document: first its beginning, then what is looked at, and what still comes.
// A feed lives for one Message and one format; `close` ends everything, and nothing is told or changed afterwards.
// It knows neither the DOM nor the editor: the document is a LinePort, the API a function, time an Alarm.

import type { ViewKind, ViewPart } from "../../types.ts";
import { type Budget, type LineRange, LineTable } from "./lines.ts";

/** The document that the lines go into. */
export interface LinePort {
  /** Empties the document. `table` is what its lines are counted in, `kind` how they are laid out, once that is known. */
  begin(table: LineTable, kind: ViewKind | null): void;
  /**
   * How many lines there are; new ones are empty. Returns how many the document has now: it may keep some back, so that
   * it does not move under who reads it. It tells what is shown once it would take them.
   */
  resize(total: number): number;
  fill(from: number, lines: readonly string[]): void;
  /** Makes the lines of these ranges empty again. */
  clear(ranges: readonly LineRange[]): void;
  /** True when these lines must stay: something is folded there. */
  isPinned(range: LineRange): boolean;
}

/** What is known of the view: the latest part without its lines, and what went wrong with asking. */
export interface ViewStatus {
  readonly part: Omit<ViewPart, "text" | "continued"> | null;
  readonly error: string | null;
  /** How many lines have come that the document does not have yet. */
  readonly keptBack: number;
}

/** Calls back after so many milliseconds, but not while nobody looks; returns how to call it off. */
export type Alarm = (ms: number, ring: () => void) => () => void;

type Ask = (from: number, lines: number, signal: AbortSignal) => Promise<ViewPart>;

const FIRST_LINES = 200;
/** A view up to this size is loaded as a whole, so that all of it can be folded. */
const WHOLE_LINES = 5_000;
const WHOLE_CHARS = 2_000_000;
/** How much is asked for at a time. */
const BLOCK_CHARS = 128_000;
const BUDGET: Budget = { chars: 4_000_000, lines: 40_000 };
const AT_ONCE = 2;
const SOONEST_MS = 250;
const LATEST_MS = 2_000;

export class LineFeed {
  #table = new LineTable(FIRST_LINES);
  #shown: LineRange = { from: 0, to: 1 };
  #loading = new Map<number, AbortController>();
  #ended = new AbortController();
  #part: ViewStatus["part"] = null;
  /** How far the view goes, as the latest look found it. */
  #end = { total: 0, isFinal: false };
  #perLine = 1;
  #asking = false;
  #again = false;
  #pause = SOONEST_MS;
  #callOff: (() => void) | null = null;

  constructor(
    private readonly ask: Ask,
    private readonly port: LinePort,
    private readonly tell: (status: ViewStatus) => void,
    private readonly alarm: Alarm,
  ) {}

  /** Asks for the beginning. */
  start(): void {
    this.#begin(FIRST_LINES);
    void this.#look();
  }

  /** The lines that are on the screen now. */
  show(lines: LineRange): void {
    this.#shown = lines;
    const { total } = this.#table;
    this.#lengthen();
    if (this.#table.total > total) this.#tell();
    this.#load();
  }

  /** More of the Message may have come: looks soon. */
  refresh(): void {
    if (this.#asking) this.#again = true;
    else if (this.#callOff === null) void this.#look();
    else if (this.#pause > SOONEST_MS) this.#wait(SOONEST_MS);
  }

  close(): void {
    this.#ended.abort();
    this.#callOff?.();
    for (const loading of this.#loading.values()) loading.abort();
  }

  #begin(blockLines: number): void {
    for (const loading of this.#loading.values()) loading.abort();
    this.#loading.clear();
    this.#table = new LineTable(blockLines);
    this.#part = null;
    this.#end = { total: 0, isFinal: false };
    this.port.begin(this.#table, null);
  }

  /** Asks for the end of what is known, which is the beginning at first. */
  async #look(): Promise<void> {
    this.#callOff = null;
    this.#asking = true;
    this.#again = false;
    let more = false;
    try {
      const from = Math.max(0, this.#table.total - 1);
      more = this.#take(await this.ask(from, FIRST_LINES, this.#ended.signal));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#asking = false;
    }
    if (this.#again) this.#wait(SOONEST_MS);
    else if (more) this.#wait(this.#pause);
  }

  #wait(ms: number): void {
    if (this.#ended.signal.aborted) return;
    this.#callOff?.();
    this.#pause = ms;
    this.#callOff = this.alarm(ms, () => void this.#look());
  }

  /** Takes the answer to a look, and returns whether there will be more. */
  #take(part: ViewPart): boolean {
    if (this.#ended.signal.aborted) return false;
    const known = this.#part;
    if (known !== null && (known.as !== part.as || part.total < this.#end.total)) {
      this.#begin(FIRST_LINES);
      return true;
    }
    if (known === null) this.#settle(part);
    const grown = part.total > this.#end.total || part.doneBytes !== known?.doneBytes;
    this.#pause = grown ? SOONEST_MS : Math.min(this.#pause * 2, LATEST_MS);
    this.#end = { total: part.total, isFinal: part.complete };
    this.#lengthen();
    this.#put(this.#worthKeeping(part));
    this.#load();
    return !part.complete;
  }

  /** Chooses the length of the blocks by what the first lines are like. */
  #settle(part: ViewPart): void {
    this.#perLine = Math.max(1, part.text.length / Math.max(1, part.lines));
    const lines = Math.round(Math.min(2_000, Math.max(20, BLOCK_CHARS / this.#perLine)));
    this.#table = new LineTable(lines);
    this.port.begin(this.#table, part.as);
  }

  /**
   * Only what a look has found makes the document longer: a look begins with what was the last line, which may have
   * been half a line.
   */
  #lengthen(): void {
    const { total, isFinal } = this.#end;
    if (total > this.#table.total) this.#table.total = this.port.resize(total);
    this.#table.isFinal ||= isFinal && this.#table.total === total;
  }

  #put(part: ViewPart): void {
    const { text, continued, ...rest } = part;
    const lines = part.lines === 0 ? [] : text.split("\n", Math.max(0, this.#table.total - part.from));
    const kept = this.#table.put(part.from, lines, continued ?? [], part.continuedBefore ?? 0);
    if (kept.to > kept.from) {
      this.port.fill(kept.from, lines.slice(kept.from - part.from, kept.to - part.from));
    }
    if (this.#part === null || part.doneBytes >= this.#part.doneBytes) this.#part = rest;
    this.#tell();
  }

  #tell(error: string | null = null): void {
    this.tell({ part: this.#part, error, keptBack: this.#end.total - this.#table.total });
  }

  #load(): void {
    if (this.#part === null) return;
    const wanted = this.#table.blocksOf(this.#near(this.#part)).filter((n) => {
      const { from, to } = this.#table.missing(n);
      return to > from;
    });
    for (const [n, loading] of this.#loading) {
      if (wanted.includes(n)) continue;
      loading.abort();
      this.#loading.delete(n);
    }
    for (const n of wanted) {
      if (this.#loading.size >= AT_ONCE) break;
      if (!this.#loading.has(n)) void this.#loadBlock(n);
    }
  }

  #near(part: { readonly complete: boolean; readonly total: number }): LineRange {
    const isSmall = part.total <= WHOLE_LINES && part.total * this.#perLine <= WHOLE_CHARS;
    if (part.complete && isSmall) return { from: 0, to: part.total };
    const margin = this.#shown.to - this.#shown.from;
    return { from: Math.max(0, this.#shown.from - margin), to: this.#shown.to + margin };
  }

  /**
   * Of the end of a view only what may soon be looked at is kept, as it moves away, and what makes a line whole that
   * has been loaded.
   */
  #worthKeeping(part: ViewPart): ViewPart {
    const { from, to } = this.#near(part);
    if (part.from < to && from < part.from + part.lines) return part;
    const lines = this.#table.isLoaded(part.from) ? Math.min(1, part.lines) : 0;
    const text = lines === 0 ? "" : part.text.split("\n", 1)[0];
    return { ...part, text, lines, continued: part.continued?.slice(0, lines) };
  }

  async #loadBlock(n: number): Promise<void> {
    const loading = new AbortController();
    this.#loading.set(n, loading);
    const table = this.#table;
    const { from, to } = table.missing(n);
    try {
      const part = await this.ask(from, to - from, loading.signal);
      if (loading.signal.aborted || this.#ended.signal.aborted) return;
      if (part.as !== this.#part?.as) return this.refresh();
      if (part.lines === 0) return;
      const whole = this.#withoutHalf(part);
      this.#put(whole);
      if (whole !== part || part.total > this.#end.total) this.refresh();
      this.port.clear(table.giveUp(this.#shown, BUDGET, (range) => this.port.isPinned(range)));
      if (whole !== part) return;
    } catch (error) {
      if (!loading.signal.aborted) this.#fail(error);
      return;
    } finally {
      if (this.#loading.get(n) === loading) this.#loading.delete(n);
    }
    this.#load();
  }

  /** What was the end of the view when this was answered may have been half a line, and a later look has seen more. */
  #withoutHalf(part: ViewPart): ViewPart {
    const isEnd = !part.complete && part.from + part.lines === part.total;
    if (!isEnd || part.doneBytes >= this.#part!.doneBytes) return part;
    const lines = part.lines - 1;
    return { ...part, text: lines === 0 ? "" : part.text.slice(0, part.text.lastIndexOf("\n")), lines };
  }

  #fail(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    this.#tell(error instanceof Error ? error.message : String(error));
  }
}
