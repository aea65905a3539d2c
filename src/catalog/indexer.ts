// Turns the Journal's records into rows: it keeps the Connections that are open, feeds their decoders, and writes what
// has changed since the last time when `flush` is called. The same records give the same rows, however they are
// divided into slices. It knows no threads, clocks or files.

import type { Direction } from "../model.ts";
import type { Changes, Decoder, SideEnd } from "../decode/types.ts";
import { diskReason } from "../journal/disk_reason.ts";
import type { ChunkRecord, GapRecord, JournalRecord, RecordSource } from "../journal/records.ts";
import type { Decrypted } from "../decode/types.ts";
import { formatAddress } from "../address.ts";
import { Counting } from "./counting.ts";
import { decryptedStream } from "./decrypted_file.ts";
import { Decryption } from "./decryption.ts";
import {
  cutWords,
  explain,
  isUntold,
  isWithinMessage,
  sideEnd,
  undelivered,
  unfinishedOf,
} from "./endings.ts";
import { ExchangeIndex, type RowListener } from "./exchange_index.ts";
import { GrowingRun } from "./extents.ts";
import { Numbered } from "./numbered.ts";
import type { CountsRow } from "./rows.ts";
import { SeenListeners } from "./seen_listeners.ts";
import type { SeenListener } from "./types.ts";
import { type Removal, removeRows } from "./removing.ts";
import type { Tables } from "./tables.ts";
import { TrackedConnection, type TrackedExchange } from "./tracking.ts";

/** What the program calls a Connection's end where it did not live to see it. */
const MONITOR_ENDED = "tcpmon ended";

/** What an index holds already where it is gone on with. */
export interface Begun {
  /** When the latest record before was made, ms since the epoch; 0 where there was none. */
  readonly at: number;
  /** The number of the newest Exchange before. */
  readonly lastExchange: number;
  readonly counts: readonly CountsRow[];
  readonly listeners: readonly SeenListener[];
}

/** An index that begins with the capture's first record. */
export const NOTHING_BEFORE: Begun = { at: 0, lastExchange: 0, counts: [], listeners: [] };

/** The index of one Journal. */
export class Indexer {
  readonly counting: Counting;
  readonly listeners: SeenListeners;
  readonly #open = new Numbered<TrackedConnection>();
  // Made anew rather than cleared: see Numbered.
  #changedConnections = new Set<TrackedConnection>();
  readonly #exchanges: ExchangeIndex;
  readonly #decryption: Decryption<TrackedConnection>;
  #at = 0;

  constructor(
    private readonly tables: Tables,
    private readonly decode: (tunnel?: string | null) => Decoder,
    onRow: RowListener = () => {},
    /** Keeps what was decrypted; returns where. */
    private readonly keep: (decrypted: Uint8Array) => number = () => 0,
    /** What is known already of what stands before the first record. */
    begun: Begun = NOTHING_BEFORE,
  ) {
    this.#at = begun.at;
    this.counting = new Counting(begun.counts);
    this.listeners = new SeenListeners(begun.listeners);
    this.#decryption = new Decryption(decode);
    this.#exchanges = new ExchangeIndex(tables, this.counting, onRow, begun.lastExchange);
  }

  /** How many rows wait for `flush`. */
  get waiting(): number {
    return this.#exchanges.waiting + this.#changedConnections.size;
  }

  /** How many Connections and Exchanges are kept in memory: those that may still change. */
  get held(): { readonly connections: number; readonly exchanges: number } {
    return { connections: this.#open.size, exchanges: this.#exchanges.held };
  }

  /** The number of the newest Exchange. */
  get lastExchange(): number {
    return this.#exchanges.lastId;
  }

  /** Whether nothing that was read may still change: what comes next can be read without what stands before it. */
  get isSettled(): boolean {
    return this.#open.size === 0 && this.#exchanges.held === 0 && this.#exchanges.waiting === 0;
  }

  /** When the latest record was made, ms since the epoch; 0 before the first. */
  get at(): number {
    return this.#at;
  }

  /** Takes the next record of the Journal; `source` is asked for a chunk's bytes where they are needed. */
  apply(record: JournalRecord, source: RecordSource): void {
    if (record.kind === "secrets") {
      this.tables.putSecret(record.position);
      return this.secrets(record.lines);
    }
    this.listeners.note(record);
    if (record.kind === "listener") return;
    if (record.kind === "segment") return;
    const before = this.#at;
    this.#at = record.at;
    if (record.kind === "opened") {
      const opened = new TrackedConnection(record, record.at, this.#decryption.around(this.decode()));
      this.#open.set(opened.id, opened);
      this.#changedConnections.add(opened);
      this.counting.of(opened.listener).openConnections++;
      return;
    }
    if (record.kind === "continued") {
      this.#endAll(before, MONITOR_ENDED);
      return;
    }
    const connection = this.#open.get(record.connection);
    if (!connection) return;
    switch (record.kind) {
      case "chunk":
        this.#chunk(connection, record, source);
        break;
      case "gap":
        this.#gap(connection, record);
        break;
      case "edited":
        this.tables.putEdit(record);
        return;
      case "secured":
        connection.secured(record, record.at);
        break;
      case "connected":
        connection.targetAddress = formatAddress(record.address);
        connection.via = record.via ? formatAddress(record.via) : null;
        connection.dialMs = record.dialMs;
        break;
      case "ended":
        connection.passedOn ??= record.passedOn;
        this.#end(connection, record.by === "client" ? "upstream" : "downstream", record.how, record.at);
        break;
      case "closed":
        connection.endedBy = record.endedBy;
        connection.how = record.how;
        if (record.undelivered) this.#changed(undelivered(connection, record.undelivered, record.error));
        this.#close(connection, record.at, record.error ?? cutWords(connection, record.note));
        if (connection.error === null) connection.addNote(record.note);
        connection.addNote(record.remark);
        break;
      case "failed":
        connection.state = "failed";
        connection.how = record.how;
        this.#close(connection, record.at, record.error);
        break;
    }
    this.#changedConnections.add(connection);
  }

  /** Takes lines of a TLS key log: those in the Journal, or any that are known before. */
  secrets(lines: Uint8Array): void {
    for (const connection of this.#decryption.add(lines)) {
      this.#note(connection, connection.decrypting!.secretsCame());
      this.#changedConnections.add(connection);
    }
  }

  /** Nothing more comes, for this reason in words: ends the Connections that are open in the record. */
  stop(error: string): void {
    this.#endAll(this.#at, error);
  }

  /** Called when everything that has changed was written, before it is made visible. */
  onWritten: () => void = () => {};

  /** Writes everything that has changed since the last time and makes it visible. Returns whether there was anything. */
  flush(): boolean {
    for (const connection of this.#changedConnections) this.#writeConnection(connection);
    if (this.#changedConnections.size > 0) this.#changedConnections = new Set();
    this.#exchanges.flush();
    for (const row of this.counting.takeChanged()) this.tables.putCounts(row);
    this.onWritten();
    return this.tables.commit();
  }

  /** Removes rows in steps, for the caller to do something else in between. Returns how many were removed. */
  *remove(removal: Removal): Generator<void, number> {
    let count = 0;
    const touched = new Set<string>();
    const all = { listeners: this.counting.listeners, last: this.#exchanges.lastId };
    for (const rows of removeRows(this.tables, removal, all)) {
      for (const { id, listener, state } of rows) {
        this.counting.remove(listener, state);
        touched.add(listener);
        this.#exchanges.forget(id);
      }
      count += rows.length;
      this.flush();
      yield;
    }
    for (const listener of touched) this.counting.of(listener).epoch++;
    this.flush();
    return count;
  }

  #endAll(at: number, error: string): void {
    for (const connection of this.#open.values()) {
      connection.endedBy = "monitor";
      connection.how = "stopped";
      this.#close(connection, at, error);
    }
  }

  #chunk(connection: TrackedConnection, record: ChunkRecord, source: RecordSource): void {
    const { direction, position, length, at } = record;
    const run = connection.runs[direction];
    run.add(position, length);
    this.#keepFull(connection, direction);
    const { decoder } = connection;
    const skip = decoder.skippable(direction) >= length;
    this.#note(
      connection,
      skip ? decoder.skip(direction, length, at) : decoder.receive(direction, source.payload(record), at),
    );
  }

  #gap(connection: TrackedConnection, { direction, length, at }: GapRecord): void {
    if (length > 0) {
      connection.runs[direction].addGap(length);
      this.#keepFull(connection, direction);
    }
    this.#note(connection, connection.decoder.gap(direction, length, at));
  }

  #keepFull(connection: TrackedConnection, direction: Direction): void {
    const run = connection.runs[direction];
    if (!run.full) return;
    this.tables.putRun(connection.id, direction, run.start, run.encode());
    run.next();
  }

  #end(connection: TrackedConnection, direction: Direction, how: SideEnd, at: number): void {
    if (connection.ended[direction]) return;
    if (!connection.ended.upstream && !connection.ended.downstream) {
      connection.endedWithin = isWithinMessage(connection);
    }
    connection.ended[direction] = true;
    this.#note(connection, connection.decoder.end(direction, how, at));
  }

  #changed(exchange: TrackedExchange | null): void {
    if (exchange !== null) this.#exchanges.change(exchange);
  }

  /** The Connection is over; `error` is what it ended with, in words, unless it ended in order. */
  #close(connection: TrackedConnection, at: number, error: string | null): void {
    const unfinished = unfinishedOf(connection);
    const how = sideEnd(connection);
    this.#end(connection, "upstream", how, at);
    this.#end(connection, "downstream", how, at);
    if (connection.state !== "failed") connection.state = "closed";
    connection.endedAt = at;
    connection.error = error;
    this.#open.delete(connection.id);
    this.#changedConnections.add(connection);
    this.counting.of(connection.listener).openConnections--;
    if (error === null) return;
    this.#changed(explain(connection, unfinished, error));
    if (isUntold(connection, unfinished)) this.#exchanges.addFailed(connection, error);
  }

  #note(connection: TrackedConnection, changes: Changes): void {
    this.#exchanges.take(connection, changes, false);
    if (connection.decrypting === null) return;
    if (changes.decrypted) this.#decrypted(connection, changes.decrypted);
    for (const given of this.#decryption.watch(connection)) this.#changedConnections.add(given);
  }

  #decrypted(connection: TrackedConnection, { plain, parts }: Decrypted): void {
    const runs = connection.decryptedRuns ??= { upstream: new GrowingRun(), downstream: new GrowingRun() };
    for (const { direction, bytes } of plain) {
      const run = runs[direction];
      try {
        run.add(this.keep(bytes), bytes.length);
      } catch (error) {
        connection.decrypting?.giveUp(`what is decrypted cannot be kept: ${diskReason(error)}`);
        return;
      }
      if (!run.full) continue;
      this.tables.putRun(connection.id, decryptedStream(direction), run.start, run.encode());
      run.next();
    }
    for (const part of parts) this.#exchanges.take(connection, part, true);
  }

  #writeConnection(connection: TrackedConnection): void {
    const { upstream, downstream } = connection.runs;
    this.tables.putConnection({
      ...connection.row,
      upstream_start: upstream.start,
      upstream_run: upstream.encode(),
      downstream_start: downstream.start,
      downstream_run: downstream.encode(),
    });
    const decrypted = connection.decryptedRuns;
    if (decrypted === null) return;
    for (const direction of ["upstream", "downstream"] as const) {
      const run = decrypted[direction];
      this.tables.putDecrypted(connection.id, direction, run.start, run.encode());
    }
  }
}
