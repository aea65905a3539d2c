// The searches through contents that somebody waits for: which are under way, which one goes on next, and how far each
// has got (search.ts). The looking itself is done by the search worker, some ms at a time, one search after the other:
// the one that was asked for latest first. One that nobody has asked for in a while does not go on, and is remembered.

import type { DatabaseSync } from "node:sqlite";
import { readQuery } from "../../decode/query/mod.ts";
import type { Pace } from "../pace.ts";
import type { Borrowed } from "../borrowed_workers.ts";
import type { Places } from "../questions.ts";
import { Remote } from "../remote.ts";
import { exchangeId } from "../rows.ts";
import type { Slices } from "../slices.ts";
import type { SearchProgress } from "../types.ts";
import { conditionOf } from "./condition.ts";
import { endedAt, notSearched } from "./not_searched.ts";
import { Search, type Searched } from "./search.ts";
import type { Scanned, ScanTask, SearchQuestions } from "./types.ts";
import { Watch, watchedMemory } from "./watch.ts";

/** How many searches are remembered. */
const REMEMBERED = 8;
/** A search that nobody has asked for in so many ms does not go on. */
const INTEREST_MS = 10_000;
/** The search worker is asked for about so many ms of work at a time. */
const TURN_MS = 25;
/** An answer waits for so many ms at most, and once there are hits for so many. */
const WAIT_MS = 250;
const WAIT_WITH_HITS_MS = 60;
/**
 * An expression that is tried on one text for longer than this has no end that is worth waiting for: that Exchange is
 * passed over. Those that come then are given less; and where there are so many, nothing more is searched.
 */
const LONGEST_TRY_MS = 3000;
const LATER_TRY_MS = 1000;
const MOST_TOO_LONG = 20;
const WATCH_EVERY_MS = 250;
/** Without a search for so many ms, the worker is ended. */
const IDLE_MS = 60_000;

/** How much is wanted of a search before it is answered. */
export interface Wanted extends Searched {
  /** So many hits are enough for an answer. */
  readonly enough: number;
  /** Answered when all was looked at. */
  readonly whole: boolean;
  /** With `whole`: also where not all could be looked at. */
  readonly skips?: boolean;
}

/** What a search needs besides the index. */
export interface SearchesOptions {
  readonly database: DatabaseSync;
  readonly places: Places;
  readonly slices: Slices;
  readonly pace: Pace;
  /** Begins a search worker. */
  readonly searchWorker: () => Borrowed;
}

interface Worker {
  readonly borrowed: Borrowed;
  readonly remote: Promise<Remote<SearchQuestions>>;
  readonly watch: Watch;
}

/** See above. */
export class Searches {
  /** The latest asked for last. */
  readonly #known = new Map<string, Search>();
  readonly #options: SearchesOptions;
  #worker: Worker | null = null;
  #running = false;
  #closed = false;
  #idle: ReturnType<typeof setTimeout> | undefined;
  /** Wakes those who wait for more to be found out. */
  #wake = Promise.withResolvers<void>();

  constructor(options: SearchesOptions) {
    this.#options = options;
  }

  /**
   * What `look` finds, given the name of a temporary table of the hits (see Matches), and how far the search has got.
   * Rejects with the signal's reason, and with RangeError where the whole is wanted and cannot be had.
   */
  async find<Found>(
    wanted: Wanted,
    signal: AbortSignal,
    look: (table: string, progress: SearchProgress) => Found,
  ): Promise<Found> {
    const search = await this.#searchFor(wanted, signal);
    search.askedAt = performance.now();
    search.waiting++;
    try {
      // What has failed once is tried again for who asks again.
      if (!search.busy) search.failure = null;
      search.refresh(performance.now());
      void this.#run();
      await this.#wait(search, wanted, signal);
    } finally {
      search.waiting--;
      if (signal.aborted && search.waiting === 0) search.askedAt = -Infinity;
    }
    const progress = search.progress();
    if (wanted.whole) {
      const { stopped, tooLong } = progress;
      if (stopped !== null) throw new RangeError(stopped);
      if (tooLong && !wanted.skips) throw new RangeError(notSearched(tooLong));
    }
    return look(search.table, progress);
  }

  /** The files of the capture are others now. */
  files(): void {
    this.#worker?.remote.then((remote) => remote.say("files", null), () => {});
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#endWorker();
    this.#wake.resolve();
  }

  async #searchFor(wanted: Wanted, signal: AbortSignal): Promise<Search> {
    const { q, listener, connection, compared } = wanted;
    const now = Date.now();
    const condition = conditionOf(readQuery(q), { table: "exchange", now, contents: "NULL" });
    // With what is so long ago, it is another search every minute: in the parameters.
    const key = JSON.stringify([q, listener, connection, compared, condition.parameters]);
    let search = this.#known.get(key);
    if (search) {
      this.#known.delete(key);
    } else {
      this.#forget();
      search = new Search(this.#options.database, wanted, condition, now);
    }
    this.#known.set(key, search);
    // Not to be forgotten meanwhile.
    search.waiting++;
    try {
      await search.columns(this.#options.slices, signal);
    } finally {
      search.waiting--;
    }
    return search;
  }

  #forget(): void {
    for (const [key, search] of this.#known) {
      if (this.#known.size < REMEMBERED) return;
      if (search.waiting > 0 || search.busy) continue;
      this.#known.delete(key);
      search.drop();
    }
  }

  async #wait(search: Search, { enough, whole }: Wanted, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const abort = () => this.#wakeAll();
    signal.addEventListener("abort", abort);
    try {
      while (!search.done) {
        signal.throwIfAborted();
        if (this.#closed) throw new Error("The catalog is closed");
        const hits = search.hits(enough);
        const most = whole ? Infinity : hits >= enough ? 0 : hits > 0 ? WAIT_WITH_HITS_MS : WAIT_MS;
        const left = began + most - performance.now();
        if (left <= 0) break;
        await this.#woken(left);
      }
      signal.throwIfAborted();
      if (search.failure) throw search.failure;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Resolves when something was found out, or after so many ms. */
  async #woken(within: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waits = [this.#wake.promise];
    if (within !== Infinity) {
      waits.push(new Promise<void>((resolve) => timer = setTimeout(resolve, within)));
    }
    await Promise.race(waits);
    clearTimeout(timer);
  }

  #wakeAll(): void {
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers();
    resolve();
  }

  /** Works while there is something to do for somebody. */
  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#idle);
    for (let search = this.#next(); search && !this.#closed; search = this.#next()) {
      const began = performance.now();
      search.busy = true;
      try {
        await this.#turn(search);
      } catch (error) {
        if (!this.#closed) search.failure = error instanceof Error ? error : new Error(String(error));
        this.#endWorker();
      }
      search.busy = false;
      this.#wakeAll();
      const now = performance.now();
      const rest = this.#options.pace.rest(Math.min(now - began, 2 * TURN_MS), now);
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
    this.#running = false;
    if (!this.#closed) {
      this.#idle = setTimeout(() => this.#endWorker(), IDLE_MS);
      Deno.unrefTimer(this.#idle);
    }
  }

  #next(): Search | null {
    const wanted = [...this.#known.values()].filter((search) =>
      !search.done && (search.waiting > 0 || performance.now() - search.askedAt < INTEREST_MS)
    );
    return wanted.at(-1) ?? null;
  }

  async #turn(search: Search): Promise<void> {
    const task = search.task(TURN_MS);
    if (!task) return;
    const scanned = await this.#scan(search, task);
    if (scanned) search.take(task, scanned);
  }

  /** Null where an expression had to be ended. */
  async #scan(search: Search, task: ScanTask): Promise<Scanned | null> {
    const worker = this.#worker ??= this.#begin();
    const remote = await worker.remote;
    const { promise, resolve } = Promise.withResolvers<null>();
    const longest = search.tooLong === 0 ? LONGEST_TRY_MS : LATER_TRY_MS;
    const look = setInterval(() => {
      if (worker.watch.triedFor(performance.now()) > longest) resolve(null);
    }, WATCH_EVERY_MS);
    try {
      const scanned = await Promise.race([remote.ask("scan", task), promise]);
      if (scanned) return scanned;
      const { exchange } = worker.watch;
      this.#endWorker();
      if (!search.passOver(exchange) || search.tooLong >= MOST_TOO_LONG) {
        search.stopped = endedAt(exchangeId(exchange));
      }
      return null;
    } finally {
      clearInterval(look);
    }
  }

  #begin(): Worker {
    const watched = watchedMemory();
    const borrowed = this.#options.searchWorker();
    const remote = borrowed.port.then(async (port) => {
      const remote = new Remote<SearchQuestions>(port, "search", () => {});
      // What it was asked is answered with that it has failed, or is not wanted any more.
      borrowed.failed.catch((error: Error) => remote.end(error));
      await remote.ask("open", { ...this.#options.places, watched });
      return remote;
    });
    // Whoever asks it something gets the error.
    remote.catch(() => {});
    return { remote, watch: new Watch(watched), borrowed };
  }

  #endWorker(): void {
    this.#worker?.borrowed.end();
    this.#worker = null;
  }
}
