// Turns the Journal's records into rows: it keeps the Connections that are open, feeds their decoders, and writes what
// has changed since the last time when `flush` is called. The same records give the same rows, however they are
// divided into slices. It knows no threads, clocks or files.

import type { Direction } from "../model.ts";
import type { Changes, Decoder, SideEnd } from "../decode/types.ts";
import { diskReason } from "../journal/disk_reason.ts";
import type {
  CarriedRecord,
  ChunkRecord,
  GapRecord,
  JournalRecord,
  RecordSource,
} from "../journal/records.ts";
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
import { CONNECTIONS } from "../journal/capture_files.ts";
import type { DroppedRow, Tables } from "./tables.ts";
import { NoRoomError } from "./transaction.ts";
import { Unwritten } from "./unwritten.ts";
import { carriedFacts, TrackedConnection, type TrackedExchange } from "./tracking.ts";

/** What the program calls a Connection's end where it did not live to see it. */
const MONITOR_ENDED = "tcpmon ended";
/** The same where it ended while nothing could be recorded. */
const NOT_SEEN = "it ended while nothing could be recorded";
/** So many Connections that are over are written together. */
const MANY = 64;
/** How many rows go at once. */
const DROP_AT_ONCE = 2000;

/** What an index holds already where it is gone on with. */
export interface Begun {
  /** When the latest record before was made, ms since the epoch; 0 where there was none. */
  readonly at: number;
  /** Where the segment of the capture begins that has the first record; 0 unless given. */
  readonly segment?: number;
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
  readonly #changedConnections = new Unwritten<TrackedConnection>();
  /** Those of them that are over. */
  #overConnections: TrackedConnection[] = [];
  readonly #exchanges: ExchangeIndex;
  readonly #decryption: Decryption<TrackedConnection>;
  #at = 0;
  /** Where the segment of the capture begins that is being read, and how many Exchanges there were before. */
  #segment: number;
  #segmentFrom: number;
  /** Connections that were open when it began, until they are carried over, and how many are to come. */
  #uncarried = new Set<TrackedConnection>();
  #toCarry = 0;
  #keptFrom = 0;
  #dropped: { readonly exchanges: number; readonly until: number } | null = null;

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
    this.#segment = begun.segment ?? 0;
    this.#segmentFrom = begun.lastExchange;
    this.counting = new Counting(begun.counts);
    this.listeners = new SeenListeners(begun.listeners);
    this.#decryption = new Decryption(decode);
    this.#exchanges = new ExchangeIndex(tables, this.counting, onRow, begun.lastExchange);
    this.#exchanges.onDropped = (started) => this.#noteDropped(started);
  }

  /** Whether what was written waits for room on the disk. */
  get isFull(): boolean {
    return this.tables.isFull;
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
    this.#exchanges.writeMany();
    if (this.#overConnections.length >= MANY) this.#writeOverConnections();
    this.listeners.note(record);
    const before = this.#at;
    this.#at = record.at;
    if (record.kind === "segment") return this.#beginSegment(record);
    if (record.kind === "carried") return this.#carry(record);
    if (record.kind === "opened") {
      const opened = new TrackedConnection(record, record.at, this.#decryption.around(this.decode()));
      this.#begin(opened);
      return;
    }
    if (record.kind === "continued") {
      this.#endAll(before, MONITOR_ENDED);
      return;
    }
    const connection = this.#open.get(record.connection);
    if (!connection) return;
    connection.position = this.#segment;
    switch (record.kind) {
      case "chunk":
        this.#chunk(connection, record, source);
        break;
      case "gap":
        this.#gap(connection, record);
        break;
      case "cut":
        connection.cut[record.direction] = record.offset;
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
    this.#writeOverConnections();
    for (const connection of this.#changedConnections.take()) this.#writeConnection(connection);
    this.#exchanges.flush();
    this.#trim();
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

  /** What has gone because no more is kept: how many Exchanges, and when the latest of them began; null while none has. */
  get dropped(): { readonly exchanges: number; readonly until: number } | null {
    return this.#dropped;
  }

  /** How many Exchanges are kept; null for no limit. */
  most: number | null = null;

  /** Nothing before this position of the capture is there any more: removes what lay in it, in steps. */
  *dropBefore(position: number): Generator<void, void> {
    // The same again goes on where there was no room before.
    if (position < this.#keptFrom) return;
    this.#keptFrom = position;
    this.#exchanges.keepFrom(position);
    for (;;) {
      const rows = this.tables.removeBefore(position, DROP_AT_ONCE);
      this.#forget(rows);
      if (rows.length === 0) break;
      this.flush();
      yield;
    }
    this.tables.removeConnectionsBefore(position);
    this.flush();
  }

  /** Where the oldest Exchange begins that is there: nothing before it is needed. */
  get oldest(): number {
    return this.tables.oldestPosition() ?? this.#segment;
  }

  /** How many Exchanges began in the newest segment of the capture. */
  get inSegment(): number {
    return this.#exchanges.lastId - this.#segmentFrom;
  }

  #forget(rows: readonly DroppedRow[]): void {
    for (const { id, listener, state, started } of rows) {
      this.counting.remove(listener, state);
      this.#exchanges.forget(id);
      this.#noteDropped(started);
    }
    for (const listener of new Set(rows.map(({ listener }) => listener))) this.counting.of(listener).epoch++;
  }

  #noteDropped(started: number): void {
    const { exchanges, until } = this.#dropped ?? { exchanges: 0, until: 0 };
    this.#dropped = { exchanges: exchanges + 1, until: Math.max(until, started) };
  }

  /** Removes what is more than is kept. */
  #trim(): void {
    // They go with what is written next.
    if (this.most === null || this.tables.isFull) return;
    const excess = this.counting.total - this.most;
    if (excess <= 0) return;
    try {
      this.#forget(this.tables.removeFirst(CONNECTIONS, Math.min(excess, DROP_AT_ONCE)));
    } catch (error) {
      if (!(error instanceof NoRoomError)) throw error;
    }
  }

  #begin(connection: TrackedConnection): void {
    connection.position = this.#segment;
    this.#open.set(connection.id, connection);
    this.#changedConnections.add(connection);
    this.counting.of(connection.listener).openConnections++;
  }

  #beginSegment({ position, carried }: { readonly position: number; readonly carried: number }): void {
    // Where recording stopped and goes on, what was open is looked up in the tables.
    this.flush();
    this.#segment = position;
    this.#segmentFrom = this.#exchanges.lastId;
    this.#uncarried = new Set(this.#open.values());
    this.#toCarry = carried;
    if (carried === 0) this.#endUncarried();
  }

  /** Whoever was open, and is not carried over, ended while nothing could be recorded. */
  #endUncarried(): void {
    for (const connection of this.#uncarried) {
      connection.endedBy = "monitor";
      connection.how = "stopped";
      this.#close(connection, this.#at, NOT_SEEN);
    }
    this.#uncarried = new Set();
  }

  #carry(record: CarriedRecord): void {
    const connection = this.#open.get(record.connection) ?? this.#takeUp(record);
    this.#uncarried.delete(connection);
    connection.position = this.#segment;
    this.#changedConnections.add(connection);
    if (record.connected && connection.dialMs === null) {
      const { address, via, dialMs } = record.connected;
      connection.targetAddress = formatAddress(address);
      connection.via = via ? formatAddress(via) : null;
      connection.dialMs = dialMs;
    }
    for (const tls of record.secured ?? []) connection.tls[tls.leg] ??= carriedFacts(tls);
    for (const direction of ["upstream", "downstream"] as const) {
      connection.cut[direction] ??= record.cut?.[direction] ?? null;
      const length = record[`${direction}Bytes`] - connection.runs[direction].end;
      if (length > 0) {
        this.#gap(connection, { kind: "gap", connection: connection.id, direction, length, at: record.at });
      }
    }
    for (const { by, how, passedOn } of record.ended ?? []) {
      connection.passedOn ??= passedOn;
      this.#end(connection, by === "client" ? "upstream" : "downstream", how, record.at);
    }
    if (--this.#toCarry === 0) this.#endUncarried();
  }

  /** A Connection of which nothing was read so far, or that had ended with the recording: goes on behind what is there. */
  #takeUp(record: CarriedRecord): TrackedConnection {
    const connection = new TrackedConnection(
      record,
      record.openedAt,
      this.#decryption.around(this.decode()),
    );
    // Which requests those were that were sent again is not known behind a gap.
    if (record.upstreamBytes > 0) connection.requests = Infinity;
    const stored = this.tables.runsOf(connection.id);
    connection.stored = stored !== null;
    for (const direction of ["upstream", "downstream"] as const) {
      const end = stored?.[`${direction}_bytes`] ?? 0;
      const run = stored?.[`${direction}_run`];
      if (run && run.length > 0) {
        this.tables.putRun(connection.id, direction, stored[`${direction}_start`], run);
      }
      connection.runs[direction].beginAt(end);
      if (end > 0) this.#note(connection, connection.decoder.gap(direction, end, record.openedAt));
    }
    this.#begin(connection);
    return connection;
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
    connection.inSegment(direction, this.#segment);
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
      connection.inSegment(direction, this.#segment);
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
    this.#overConnections.push(connection);
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

  /** Of what is over nothing changes any more: it needs not be held until `flush`. */
  #writeOverConnections(): void {
    const over = this.#overConnections;
    if (over.length === 0) return;
    this.#overConnections = [];
    for (const connection of over) {
      if (connection.place === -1) continue;
      this.#changedConnections.delete(connection);
      this.#writeConnection(connection);
    }
  }

  #writeConnection(connection: TrackedConnection): void {
    const row = connection.storedRow;
    if (connection.stored) this.tables.putConnection(row);
    else this.tables.addConnection(row);
    connection.stored = true;
    const decrypted = connection.decryptedRuns;
    if (decrypted === null) return;
    for (const direction of ["upstream", "downstream"] as const) {
      const run = decrypted[direction];
      this.tables.putDecrypted(connection.id, direction, run.start, run.encode());
    }
  }
}
