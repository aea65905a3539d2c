// Turns the Journal's records into rows: it keeps the Connections that are open, feeds their decoders, and writes what
// has changed since the last time when `flush` is called. The same records give the same rows, however they are
// divided into slices. It knows no threads, clocks or files.

import type { Direction } from "../model.ts";
import type { Changes, DecodedExchange, Decoder, SideEnd } from "../decode/types.ts";
import { diskReason } from "../journal/disk_reason.ts";
import type { ChunkRecord, JournalRecord, RecordSource } from "../journal/records.ts";
import type { Decrypted } from "../decode/types.ts";
import { formatAddress } from "../address.ts";
import { Counting } from "./counting.ts";
import { decryptedStream } from "./decrypted_file.ts";
import { Decryption } from "./decryption.ts";
import { GrowingRun } from "./extents.ts";
import { storedOf } from "./exchange_row.ts";
import { Numbered } from "./numbered.ts";
import type { ExchangeRow } from "./rows.ts";
import type { Tables } from "./tables.ts";
import { TrackedConnection, TrackedExchange } from "./tracking.ts";

/** What the program calls a Connection's end where it did not live to see it. */
const MONITOR_ENDED = "tcpmon ended";
/** How many rows are removed at once. */
const REMOVE_AT_ONCE = 2000;

/** Who is told of rows that were written: each once in a flush; `completed` when it has just become done or failed. */
export type RowListener = (row: ExchangeRow, completed: boolean) => void;

/** Which rows to remove: some, or all of a listener (null: of every one). */
export type Removal = { readonly ids: readonly number[] } | { readonly listener: string | null };

/** The index of one Journal. */
export class Indexer {
  readonly counting = new Counting();
  readonly #open = new Numbered<TrackedConnection>();
  /** Exchanges that stand in the table and may still change, by their number. */
  readonly #unsettled = new Numbered<TrackedExchange>();
  // Made anew rather than cleared: see Numbered.
  #changedConnections = new Set<TrackedConnection>();
  #changedExchanges = new Set<TrackedExchange>();
  readonly #decryption: Decryption<TrackedConnection>;
  #nextId = 1;
  #at = 0;

  constructor(
    private readonly tables: Tables,
    private readonly decode: (tunnel?: string | null) => Decoder,
    private readonly onRow: RowListener = () => {},
    /** Keeps what was decrypted; returns where. */
    private readonly keep: (decrypted: Uint8Array) => number = () => 0,
  ) {
    this.#decryption = new Decryption(decode);
  }

  /** How many rows wait for `flush`. */
  get waiting(): number {
    return this.#changedExchanges.size + this.#changedConnections.size;
  }

  /** How many Connections and Exchanges are kept in memory: those that may still change. */
  get held(): { readonly connections: number; readonly exchanges: number } {
    return { connections: this.#open.size, exchanges: this.#unsettled.size };
  }

  /** When the latest record was made, ms since the epoch; 0 before the first. */
  get at(): number {
    return this.#at;
  }

  /** Takes the next record of the Journal; `source` is asked for a chunk's bytes where they are needed. */
  apply(record: JournalRecord, source: RecordSource): void {
    if (record.kind === "secrets") return this.secrets(record.lines);
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
        if (record.undelivered) this.#undelivered(connection, record.undelivered, record.error);
        this.#close(connection, record.at, record.error ?? cutWords(connection, record.note));
        if (connection.error === null) connection.note = record.note ?? null;
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

  /** Writes everything that has changed since the last time and makes it visible. Returns whether there was anything. */
  flush(): boolean {
    for (const connection of this.#changedConnections) this.#writeConnection(connection);
    if (this.#changedConnections.size > 0) this.#changedConnections = new Set();
    for (const exchange of this.#changedExchanges) this.#writeExchange(exchange);
    if (this.#changedExchanges.size > 0) this.#changedExchanges = new Set();
    for (const row of this.counting.takeChanged()) this.tables.putCounts(row);
    return this.tables.commit();
  }

  /** Removes rows in steps, for the caller to do something else in between. Returns how many were removed. */
  *remove(removal: Removal): Generator<void, number> {
    let count = 0;
    const touched = new Set<string>();
    for (const rows of this.#removed(removal)) {
      for (const { id, listener, state } of rows) {
        this.counting.remove(listener, state);
        touched.add(listener);
        const open = this.#unsettled.get(id);
        if (open) open.removed = true;
      }
      count += rows.length;
      this.flush();
      yield;
    }
    for (const listener of touched) this.counting.of(listener).epoch++;
    this.flush();
    return count;
  }

  *#removed(removal: Removal) {
    if ("ids" in removal) {
      for (let from = 0; from < removal.ids.length; from += REMOVE_AT_ONCE) {
        const ids = removal.ids.slice(from, from + REMOVE_AT_ONCE);
        yield ids.flatMap((id) => this.tables.remove(id) ?? []);
      }
      return;
    }
    const last = this.#nextId - 1;
    const listeners = removal.listener === null ? this.counting.listeners : [removal.listener];
    for (const listener of listeners) {
      for (;;) {
        const rows = this.tables.removeOldest(listener, last, REMOVE_AT_ONCE);
        if (rows.length === 0) break;
        yield rows;
      }
    }
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
    if (run.full) {
      this.tables.putRun(connection.id, direction, run.start, run.encode());
      run.next();
    }
    const { decoder } = connection;
    const skip = decoder.skippable(direction) >= length;
    this.#note(
      connection,
      skip ? decoder.skip(direction, length, at) : decoder.receive(direction, source.payload(record), at),
    );
  }

  #end(connection: TrackedConnection, direction: Direction, how: SideEnd, at: number): void {
    if (connection.ended[direction]) return;
    if (!connection.ended.upstream && !connection.ended.downstream) {
      connection.endedWithin = [...connection.exchanges.values()].some(({ decoded, state }) =>
        state === "open" && decoded?.protocol !== "tcp"
      );
    }
    connection.ended[direction] = true;
    this.#note(connection, connection.decoder.end(direction, how, at));
  }

  /** The end of the latest Exchange's bytes did not reach their receiver, however complete they look. */
  #undelivered(
    { latest, endedBy, how }: TrackedConnection,
    direction: Direction,
    error: string | null,
  ): void {
    if (!latest || latest.removed) return;
    const [sender, receiver, message] = direction === "downstream"
      ? ["target", "client", "response"]
      : ["client", "target", "request"];
    // A side whose bytes are refused is the one that ended it, though it has not gone.
    const reason = endedBy === sender && how === "error" && error !== null
      ? error
      : `the ${receiver} had gone`;
    latest.reason = `${reason}: the end of the ${message} was not delivered`;
    this.#changedExchanges.add(latest);
  }

  /** The Connection is over; `error` is what it ended with, in words, unless it ended in order. */
  #close(connection: TrackedConnection, at: number, error: string | null): void {
    const unfinished = [...connection.exchanges.values()].filter(({ state }) => state === "open");
    // Where the target was not reached it is the monitor that ends the client, too.
    const isOurs = connection.endedBy === "monitor" || connection.state === "failed";
    const how = isOurs
      ? "stopped"
      : connection.how === "end" || connection.how === "reset"
      ? connection.how
      : "error";
    this.#end(connection, "upstream", how, at);
    this.#end(connection, "downstream", how, at);
    if (connection.state !== "failed") connection.state = "closed";
    connection.endedAt = at;
    connection.error = error;
    this.#open.delete(connection.id);
    this.#changedConnections.add(connection);
    this.counting.of(connection.listener).openConnections--;
    if (error === null) return;
    for (const exchange of unfinished) {
      if (connection.state === "failed" || exchange.state === "failed") exchange.reason = error;
    }
    // What was answered by the monitor itself, because the target was not reached, is whole and has failed all the same.
    if (connection.state === "failed" && connection.latest && !connection.latest.removed) {
      connection.latest.reason = error;
      this.#changedExchanges.add(connection.latest);
    }
    const silent = connection.runs.upstream.end + connection.runs.downstream.end === 0;
    // What was whole has not failed, and yet somebody must say it: that a client refused the certificate after CONNECT.
    const isUntold = connection.how === "error" &&
      ![...unfinished, connection.latest].some((one) => one?.reason);
    if ((silent || isUntold) && connection.endedBy !== "monitor") {
      const exchange = new TrackedExchange(
        this.#nextId++,
        connection,
        null,
        connection.resendOf[0] ?? null,
        false,
      );
      exchange.reason = error;
      this.#changedExchanges.add(exchange);
    }
  }

  #note(connection: TrackedConnection, changes: Changes): void {
    this.#exchanges(connection, changes, false);
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
    for (const part of parts) this.#exchanges(connection, part, true);
  }

  #exchanges(connection: TrackedConnection, changes: Changes, decrypted: boolean): void {
    for (const decoded of changes.withdrawn) {
      this.#withdraw(connection, decoded);
      if (decoded.request && !decrypted) connection.requests--;
    }
    for (const decoded of changes.changed) {
      let exchange = connection.exchanges.get(decoded);
      if (!exchange) {
        const counts = decoded.request && !decrypted;
        const resendOf = counts ? connection.resendOf[connection.requests++] ?? null : null;
        exchange = new TrackedExchange(this.#nextId++, connection, decoded, resendOf, decrypted);
        connection.exchanges.set(decoded, exchange);
      }
      connection.latest = exchange;
      this.#changedExchanges.add(exchange);
    }
  }

  #withdraw(connection: TrackedConnection, decoded: DecodedExchange): void {
    const exchange = connection.exchanges.get(decoded);
    if (!exchange) return;
    connection.exchanges.delete(decoded);
    if (connection.latest === exchange) connection.latest = null;
    this.#changedExchanges.delete(exchange);
    this.#unsettled.delete(exchange.id);
    const row = exchange.stored === null ? null : this.tables.remove(exchange.id);
    if (!row) return;
    this.counting.remove(row.listener, row.state);
    this.counting.of(row.listener).epoch++;
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

  #writeExchange(exchange: TrackedExchange): void {
    const { id, connection, decoded, state } = exchange;
    if (!exchange.settled) {
      this.#unsettled.set(id, exchange);
    } else {
      this.#unsettled.delete(id);
      if (decoded) connection.exchanges.delete(decoded);
    }
    if (exchange.removed) return;
    const row = storedOf(exchange);
    this.tables.putExchange(row);
    this.counting.change(connection.listener, exchange.stored, state);
    const completed = state !== "open" && exchange.stored !== state;
    exchange.stored = state;
    this.onRow(row, completed);
  }
}

/** What an end that is noted is where it came within a Message: an error, in words. */
function cutWords({ endedWithin }: TrackedConnection, note: string | undefined): string | null {
  return note !== undefined && endedWithin ? `${note}: what it sent may have been cut off` : null;
}
