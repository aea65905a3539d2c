// Reads the Journal as it grows and keeps the index level with it, in slices of work with turns of the event loop in
// between. How often it works while traffic is heavy is decided in pace.ts.

import type { CatalogChange } from "./types.ts";
import type { RecordSource } from "../journal/records.ts";
import type { Indexer } from "./indexer.ts";
import type { News } from "./news.ts";
import type { Pace } from "./pace.ts";

/** How long a slice of work is, about. */
const SLICE_MS = 20;
/** The clock is looked at after so many records. */
const RECORDS_PER_LOOK = 16;
/** Whether there is room for the index again is looked at so often, ms. */
export const ROOM_MS = 500;
/** So many rows are written at the latest, which bounds what waits in memory. */
const ROWS_PER_WRITE = 2000;

/** The index of a Journal that may still grow. */
export class Tail {
  #limit = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newsTimer: ReturnType<typeof setTimeout> | undefined;
  /** No work before this time, so that the relay has the processor. */
  #restUntil = 0;
  /** Since when the index has been behind, ms since the epoch; null when it is level. */
  #behindSince: number | null = null;
  #toldBehind = false;
  #whenLevel: (() => void)[] = [];
  /** Why nothing more will be written, in words; null while it may be, and once it was taken to the index. */
  #stopped: string | null = null;
  #waits = false;

  constructor(
    private readonly source: RecordSource,
    private readonly indexer: Indexer,
    private readonly news: News,
    private readonly pace: Pace,
    private readonly tell: (change: CatalogChange) => void,
    private readonly fail: (error: unknown) => void,
    /** Whether the disk has room for more of the index: while it has not, nothing is read, and nothing is lost. */
    private readonly hasRoom: () => boolean = () => true,
  ) {}

  /** How far the Journal has been written, as far as is known. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether it waits for room on the disk of the index. */
  get waits(): boolean {
    return this.#waits;
  }

  /** The Journal has been written up to `position`. */
  written(position: number): void {
    if (position <= this.#limit) return;
    this.#limit = position;
    this.#behindSince ??= Date.now();
    this.pace.written(position, performance.now());
    this.#schedule();
  }

  /** Nothing more will be written: what is still open when all was read ends with `error`. */
  stopped(error: string): void {
    this.#stopped = error;
    this.#schedule();
  }

  /** It is written on after all: what the Journal says of that says what has ended. */
  resumed(): void {
    this.#stopped = null;
  }

  /** Resolves when everything written so far is in the index and was told. */
  level(): Promise<void> {
    // Nothing more comes once it has stopped.
    if (this.#restUntil === Infinity) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenLevel.push(resolve);
      this.#schedule();
    });
  }

  /** How old the oldest thing is that is not in the index, as far as it was to be read, and how many bytes that are. */
  get behind(): Pick<CatalogChange, "behindMs" | "behindBytes"> {
    if (this.#behindSince === null) return { behindMs: 0 };
    return {
      behindMs: Math.max(0, Date.now() - Math.max(this.#behindSince, this.indexer.at)),
      behindBytes: Math.max(0, this.#limit - this.source.position),
    };
  }

  /** Something has changed that is not read from the Journal. */
  changed(): void {
    this.news.other();
    this.#tellWhenDue();
  }

  /** No more work is done. */
  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#newsTimer);
    this.#restUntil = Infinity;
    for (const resolve of this.#whenLevel.splice(0)) resolve();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#restUntil === Infinity) return;
    this.#timer = setTimeout(this.#work, Math.max(0, this.#restUntil - performance.now()));
  }

  readonly #work = (): void => {
    this.#timer = undefined;
    const begun = performance.now();
    const { indexer } = this;
    try {
      if (!this.hasRoom()) {
        this.#restUntil = begun + ROOM_MS;
        this.#wait(true);
        this.#schedule();
        return;
      }
      this.#wait(false);
      // What there was no room for is not in the index yet, and was not told.
      const level = this.#slice(begun + SLICE_MS) && !indexer.isFull;
      const now = performance.now();
      this.#restUntil = now + this.pace.rest(now - begun, now, level ? 0 : this.behind.behindMs);
      if (!level || this.#toldBehind) this.news.other();
      if (level) this.#behindSince = null;
      else this.#schedule();
      this.#tellWhenDue();
      if (level) this.#answerLevel();
    } catch (error) {
      this.stop();
      this.fail(error);
    }
  };

  #wait(waits: boolean): void {
    if (waits === this.#waits) return;
    this.#waits = waits;
    this.changed();
  }

  /** Works until the time `until`; true when there is nothing more to read. */
  #slice(until: number): boolean {
    const { indexer, source } = this;
    for (let count = 1;; count++) {
      // What is read next may have to look at rows, which it cannot before these are there.
      if (indexer.isFull) {
        if (indexer.flush()) this.news.other();
        return false;
      }
      let record = source.next(this.#limit);
      if (!record && this.#stopped !== null && source.finish) {
        source.finish();
        record = source.next(this.#limit);
      }
      if (record) {
        indexer.apply(record, source);
      } else if (this.#stopped !== null) {
        indexer.stop(this.#stopped);
        this.#stopped = null;
        // Where it ends within something is known only now.
        this.news.other();
      }
      const over = count % RECORDS_PER_LOOK === 0 && performance.now() >= until;
      const write = !record || over || indexer.waiting >= ROWS_PER_WRITE;
      if (write && indexer.flush()) this.news.other();
      if (!record || over) return record === null;
    }
  }

  #answerLevel(): void {
    if (this.#whenLevel.length === 0) return;
    if (this.news.due(0) !== null) this.#tellNow();
    for (const resolve of this.#whenLevel.splice(0)) resolve();
  }

  #tellWhenDue(): void {
    const wait = this.news.due(performance.now());
    if (wait === 0) this.#tellNow();
    else if (wait !== null) this.#newsTimer ??= setTimeout(() => this.#tellNow(), wait);
  }

  #tellNow(): void {
    clearTimeout(this.#newsTimer);
    this.#newsTimer = undefined;
    const { behind } = this;
    this.#toldBehind = behind.behindMs > 0;
    this.tell({
      ...this.news.take(performance.now(), this.indexer.counting.all, behind.behindMs),
      ...behind,
    });
  }
}
