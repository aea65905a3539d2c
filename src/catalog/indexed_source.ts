// One capture of an index that may hold several: its file, what reads it, and how far that has got. The one that is
// recorded to is told how far it was written; a file that was opened is looked at now and then, because it may grow.

import { CONNECTIONS } from "../journal/capture_files.ts";
import type { Decoder } from "../decode/types.ts";
import type { RecordSource } from "../journal/records.ts";
import { type Begun, Indexer, NOTHING_BEFORE } from "./indexer.ts";
import { News } from "./news.ts";
import { Pace } from "./pace.ts";
import type { Ends } from "./questions.ts";
import { ShiftedSource } from "./shifted_source.ts";
import type { Tables } from "./tables.ts";
import { SpareTime } from "./spare_time.ts";
import { Tail } from "./tail.ts";
import type { CatalogChange, SourceState } from "./types.ts";

/** How often it is looked whether an opened file has grown, ms. */
const LOOK_MS = 250;
/** A file that was not written for so long is not expected to grow, ms. */
const QUIET_MS = 5_000;
/** What the Connections that are open where an opened capture ends are said to have ended with. */
const ENDS_HERE = "the capture ends here";

/** What an index of a capture is made with. */
export interface SourceOptions {
  /** 0 for the one that is recorded to, or that was opened first. */
  readonly number: number;
  readonly source: RecordSource;
  /** What is to be known of its file, in words; null where it is nothing. */
  readonly note: string | null;
  readonly tables: Tables;
  readonly decode: (tunnel?: string | null) => Decoder;
  /** Keeps what was decrypted; returns where. */
  readonly keep: (decrypted: Uint8Array) => number;
  readonly cores: number;
  readonly completed: boolean;
  /** What is known of what stands before the first record. */
  readonly begun?: Begun;
  readonly tell: (change: CatalogChange) => void;
  /** Whether the disk has room for more of the index. */
  readonly hasRoom: () => boolean;
  /** Called where it cannot be read further; it is then left as it is. */
  readonly fail: (reason: string) => void;
}

/** See above. */
export class IndexedSource {
  readonly number: number;
  readonly indexer: Indexer;
  readonly tail: Tail;
  readonly #source: RecordSource;
  readonly #tables: Tables;
  readonly #notes: string[];
  /** Whether it was told that nothing more comes, and what looks at the file. */
  #isOver = false;
  #look = () => {};
  #error: string | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: SourceOptions) {
    const { number, source, tables, decode, keep, cores, completed, tell, fail, hasRoom } = options;
    const begun = options.begun ?? { ...NOTHING_BEFORE, lastExchange: number * CONNECTIONS };
    const news = new News(completed);
    this.number = number;
    this.#tables = tables;
    this.#notes = options.note === null ? [] : [options.note];
    this.#source = number === 0 ? source : new ShiftedSource(source, number);
    this.indexer = new Indexer(tables, decode, (row, done) => news.row(row, done), keep, begun);
    this.indexer.onWritten = () => this.#putListeners();
    const spare = new SpareTime();
    const pace = new Pace(cores, null, (now) => spare.share(now));
    this.tail = new Tail(this.#source, this.indexer, news, pace, tell, (error) => {
      clearInterval(this.#timer);
      this.#error = error instanceof Error ? error.message : String(error);
      try {
        this.indexer.stop(`the capture cannot be read further: ${this.#error}`);
        this.indexer.flush();
      } catch {
        // The index itself cannot be written, as on a full disk, which `#error` says: what is in it can be asked for.
      }
      news.other();
      fail(this.#error);
    }, hasRoom);
  }

  /** How far it was read. */
  get state(): SourceState {
    const total = Math.max(this.tail.limit, this.#source.position) - (this.#source.leftOut ?? 0);
    return {
      number: this.number,
      done: this.#source.position,
      total,
      error: this.#error,
      notes: [...this.#notes, ...this.#source.notes ?? []],
      listeners: this.indexer.listeners.list,
      ...this.tail.waits && { waits: true },
    };
  }

  /**
   * Reads all that `look` finds, and what comes later; once nothing comes any more (see Ends), what is open has ended.
   * Nothing may come for long from a program that still records: `isRecordedTo` says so, where it can be known.
   */
  follow(
    look: () => { readonly size: number; readonly written: number },
    isRecordedTo: () => boolean,
    ends: Ends = "quiet",
  ): void {
    let ended = false;
    const mayGrow = (written: number): boolean => {
      if (ends === "told") return !this.#isOver;
      return (ends === "quiet" && Date.now() - written < QUIET_MS) || isRecordedTo();
    };
    const again = () => {
      try {
        const { size, written } = look();
        this.tail.written(size);
        if (ended || mayGrow(written)) return;
        ended = true;
        this.tail.stopped(ENDS_HERE);
      } catch (error) {
        clearInterval(this.#timer);
        this.#error = error instanceof Error ? error.message : String(error);
        this.tail.changed();
      }
    };
    this.#look = again;
    this.#timer = setInterval(again, LOOK_MS);
    again();
  }

  /** Nothing more comes; `note` is what is to be known of that, in words. */
  over(note: string | null): void {
    if (note !== null) this.#notes.push(note);
    this.#isOver = true;
    this.#look();
    this.tail.changed();
  }

  /** Nothing before this position of the capture is there any more: removes what lay in it, in steps. */
  *dropBefore(position: number): Generator<void, void> {
    if (this.#source.position < position) this.#source.jump?.(position);
    yield* this.indexer.dropBefore(position);
    this.tail.changed();
  }

  /** Whether some of it went before it was read. */
  get hasSkipped(): boolean {
    return this.#source.hasSkipped ?? false;
  }

  /** It is read no further. */
  stop(): void {
    clearInterval(this.#timer);
    this.tail.stop();
  }

  #putListeners(): void {
    for (const listener of this.indexer.listeners.takeChanged()) {
      this.#tables.putListener(listener.id, this.number, JSON.stringify(listener));
    }
  }
}
