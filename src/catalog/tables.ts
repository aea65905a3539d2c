// Writes the index: everything between two calls of `commit` is one transaction. It knows the tables, not what their
// rows mean. What SQLite had no room for is taken back as a whole and done again once there is some (`retry`), so that
// nothing that was to be written is lost.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type CaptureFile, CONNECTIONS } from "../journal/capture_files.ts";
import type { Direction, Edited } from "../model.ts";
import type { FilteredTable } from "../decode/query/mod.ts";
import { BLOCK, blockOf, noteGone } from "./gone.ts";
import type { DecryptedStream } from "./decrypted_file.ts";
import {
  CONNECTION_COLUMNS,
  type CountsRow,
  EXCHANGE_COLUMNS,
  type ExchangeRow,
  type StoredConnection,
  type StoredExchange,
} from "./rows.ts";
import type { Value } from "./schema.ts";
import { Inserts, Upsert } from "./statements.ts";
import { NoRoomError, Transaction } from "./transaction.ts";

/** A row that was removed. */
export type RemovedRow = Pick<ExchangeRow, "id" | "listener" | "state">;

/** A row that was removed because no more is kept. */
export type DroppedRow = RemovedRow & Pick<ExchangeRow, "started">;

/** How far an index is good: where nothing of its capture was open. */
export interface Checkpoint {
  /** Of the index. */
  readonly format: string;
  /** In the capture. */
  readonly position: number;
  /** When the latest record before was made, ms since the epoch. */
  readonly at: number;
  readonly lastExchange: number;
  /** The bytes of the capture before `position`. */
  readonly mark: Uint8Array;
}

/** The tables whose rows belong to a capture by a number of a Connection or an Exchange. */
const OF_SOURCES = [
  ["exchange", "id"],
  ["connection", "id"],
  ["extent", "connection"],
  ["decrypted", "connection"],
  ["edit", "connection"],
] as const;

type RunColumn = "upstream_start" | "upstream_run" | "downstream_start" | "downstream_run";

const STORED_EXCHANGE = [...EXCHANGE_COLUMNS, "position", "request", "response", "interim"] as const;

const STORED_CONNECTION = [
  ...CONNECTION_COLUMNS,
  "position",
  "upstream_start",
  "upstream_run",
  "downstream_start",
  "downstream_run",
] as const;

/** The writing side of the index. */
export class Tables {
  readonly #exchange: Upsert<StoredExchange>;
  readonly #newExchanges: Inserts<StoredExchange>;
  readonly #connection: Upsert<StoredConnection>;
  readonly #newConnections: Inserts<StoredConnection>;
  readonly #counts: Upsert<CountsRow>;
  readonly #extent: StatementSync;
  readonly #decrypted: StatementSync;
  readonly #edit: StatementSync;
  readonly #file: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeUpTo: StatementSync;
  readonly #listener: StatementSync;
  readonly #secret: StatementSync;
  readonly #checkpoint: StatementSync;
  /** Blocks of rows that were removed in this transaction. */
  readonly #gone: Readonly<Record<FilteredTable, Set<number>>> = {
    exchange: new Set(),
    connection: new Set(),
  };
  readonly #transaction: Transaction;
  #oldest: number | null = null;

  constructor(private readonly database: DatabaseSync) {
    this.#transaction = new Transaction(database, {
      flush: () => this.#flushNew(),
      clear: () => {
        this.#newExchanges.clear();
        this.#newConnections.clear();
        for (const blocks of Object.values(this.#gone)) blocks.clear();
      },
      last: () => this.#noteGone(),
    });
    this.#exchange = new Upsert(database, "exchange", STORED_EXCHANGE);
    this.#newExchanges = new Inserts(database, "exchange", STORED_EXCHANGE);
    this.#connection = new Upsert(database, "connection", STORED_CONNECTION);
    this.#newConnections = new Inserts(database, "connection", STORED_CONNECTION);
    this.#counts = new Upsert(database, "counts", [
      "listener",
      "total",
      "open",
      "failed",
      "open_connections",
      "epoch",
    ]);
    this.#extent = database.prepare("INSERT INTO extent VALUES (?, ?, ?, ?)");
    this.#decrypted = database.prepare("INSERT OR REPLACE INTO decrypted VALUES (?, ?, ?, ?)");
    this.#edit = database.prepare("INSERT INTO edit VALUES (?, ?, ?, ?, ?, ?)");
    this.#file = database.prepare("INSERT INTO capture_file (base, path, later, length) VALUES (?, ?, ?, ?)");
    this.#listener = database.prepare("INSERT OR REPLACE INTO listener VALUES (?, ?, ?)");
    this.#secret = database.prepare("INSERT OR IGNORE INTO secret VALUES (?)");
    this.#checkpoint = database.prepare(
      "INSERT OR REPLACE INTO kept SELECT 1, ?, ?, ?, ?, (SELECT max(id) FROM connection WHERE id < ?), ?",
    );
    this.#remove = database.prepare(
      "DELETE FROM exchange WHERE id = ? RETURNING id, listener, state, started",
    );
    this.#removeUpTo = database.prepare(
      "DELETE FROM exchange WHERE id IN " +
        "(SELECT id FROM exchange WHERE listener = ? AND id <= ? ORDER BY id LIMIT ?) RETURNING id, listener, state, started",
    );
  }

  /** Writes an Exchange whose number was not there before. */
  addExchange(row: StoredExchange): void {
    this.#transaction.do(() => this.#newExchanges.add(row));
  }

  /** Writes an Exchange, new or changed. */
  putExchange(row: StoredExchange): void {
    this.#transaction.do(() => {
      if (this.#newExchanges.mayHold(row.id)) this.#newExchanges.flush();
      this.#exchange.put(row);
    });
  }

  /** Writes a Connection that is not in the index. */
  addConnection(row: StoredConnection): void {
    this.#transaction.do(() => this.#newConnections.add(row));
  }

  /** Writes a Connection, new or changed. */
  putConnection(row: StoredConnection): void {
    this.#transaction.do(() => {
      if (this.#newConnections.mayHold(row.id)) this.#newConnections.flush();
      this.#connection.put(row);
    });
  }

  /** Writes the counts of a listener. */
  putCounts(row: CountsRow): void {
    this.#transaction.do(() => this.#counts.put(row));
  }

  /** Writes a full run of extents; `start` is where it starts in the Direction's stream. */
  putRun(connection: number, direction: Direction | DecryptedStream, start: number, run: Uint8Array): void {
    this.#transaction.do(() => this.#extent.run(connection, direction, start, run));
  }

  /** Writes the latest run of what was decrypted of a Direction. */
  putDecrypted(connection: number, direction: Direction, start: number, run: Uint8Array): void {
    this.#transaction.do(() => this.#decrypted.run(connection, direction, start, run));
  }

  /** Writes which files the extents' positions are in. */
  putFiles(files: readonly CaptureFile[]): void {
    this.#transaction.do(() => {
      this.database.exec("DELETE FROM capture_file");
      for (const { base, path, later, length } of files) this.#file.run(base, path, later, length);
    });
  }

  /** Writes an edit. */
  putEdit({ connection, direction, offset, removed, inserted, stopped }: Edited): void {
    this.#transaction.do(() =>
      this.#edit.run(connection, direction, offset, removed, inserted, stopped ?? null)
    );
  }

  /** Writes what a capture tells of a Listener. */
  putListener(id: string, source: number, json: string): void {
    this.#transaction.do(() => this.#listener.run(id, source, json));
  }

  /** Writes where in the capture secrets of TLS connections are. */
  putSecret(position: number): void {
    this.#transaction.do(() => this.#secret.run(position));
  }

  /** Says how far the index is good (see kept_index.ts). */
  putCheckpoint({ format, position, at, lastExchange, mark }: Checkpoint): void {
    this.#transaction.do(() => {
      this.#flushNew();
      this.#checkpoint.run(format, position, at, lastExchange, CONNECTIONS, mark);
    });
  }

  /** Removes all rows of an opened capture, by its number. */
  removeSource(source: number): void {
    const [from, to] = [source * CONNECTIONS, (source + 1) * CONNECTIONS];
    this.#transaction.ask(() => {
      this.#goneWhere("exchange", "id >= ? AND id < ?", from, to);
      this.#goneWhere("connection", "id >= ? AND id < ?", from, to);
      for (const [table, column] of OF_SOURCES) {
        this.database.prepare(`DELETE FROM ${table} WHERE ${column} >= ? AND ${column} < ?`).run(from, to);
      }
      this.database.prepare(
        "DELETE FROM counts WHERE listener IN (SELECT id FROM listener WHERE source = ?)",
      ).run(source);
      this.database.prepare("DELETE FROM listener WHERE source = ?").run(source);
    });
  }

  /** Removes an Exchange; null where there is none with this number. */
  remove(id: number): RemovedRow | null {
    return this.#removing<RemovedRow>(this.#remove, id)[0] ?? null;
  }

  /** Removes the oldest Exchanges of a listener with numbers up to `last`, at most `limit` of them. */
  removeOldest(listener: string, last: number, limit: number): readonly RemovedRow[] {
    return this.#removing<RemovedRow>(this.#removeUpTo, listener, last, limit);
  }

  /** Removes the oldest Exchanges that are over and began before a position of the capture, at most `limit` of them. */
  removeBefore(position: number, limit: number): readonly DroppedRow[] {
    const statement = this.database.prepare(
      "DELETE FROM exchange WHERE id IN (SELECT id FROM exchange WHERE position < ? AND state <> 'open' " +
        "ORDER BY position LIMIT ?) RETURNING id, listener, state, started",
    );
    return this.#removing<DroppedRow>(statement, position, limit);
  }

  /** Removes the oldest Exchanges that are over, whichever their listener, with numbers below `below`, at most `limit`. */
  removeFirst(below: number, limit: number): readonly DroppedRow[] {
    const statement = this.database.prepare(
      "DELETE FROM exchange WHERE id IN (SELECT id FROM exchange WHERE id < ? AND state <> 'open' " +
        "ORDER BY id LIMIT ?) RETURNING id, listener, state, started",
    );
    return this.#removing<DroppedRow>(statement, below, limit);
  }

  /** Removes Connections that are over, and of which nothing was recorded from a position of the capture on. */
  removeConnectionsBefore(position: number): void {
    const old = "position < ? AND state <> 'open'";
    const gone = `SELECT id FROM connection WHERE ${old}`;
    this.#transaction.ask(() => {
      this.#goneWhere("connection", old, position);
      for (const table of ["extent", "decrypted", "edit"]) {
        this.database.prepare(`DELETE FROM ${table} WHERE connection IN (${gone})`).run(position);
      }
      this.database.prepare(`DELETE FROM connection WHERE id IN (${gone})`).run(position);
    });
  }

  /** Where the segment begins that has the oldest byte of any Exchange; null where there is none. */
  oldestPosition(): number | null {
    // As it was before there was no room.
    if (!this.#transaction.flush()) return this.#oldest;
    const row = this.database.prepare("SELECT min(position) AS position FROM exchange").get();
    return this.#oldest = (row as { readonly position: number | null }).position;
  }

  /** The latest runs of a Connection that was written before; null where there is none. */
  runsOf(
    connection: number,
  ): Pick<StoredConnection, RunColumn | "upstream_bytes" | "downstream_bytes"> | null {
    if (!this.#transaction.flush() && !this.retry()) throw new NoRoomError();
    const row = this.database.prepare(
      "SELECT upstream_start, upstream_run, downstream_start, downstream_run, upstream_bytes, downstream_bytes " +
        "FROM connection WHERE id = ?",
    ).get(connection);
    return (row ?? null) as Pick<StoredConnection, RunColumn | "upstream_bytes" | "downstream_bytes"> | null;
  }

  /** Whether some of it waits for room on the disk: see `retry`. */
  get isFull(): boolean {
    return this.#transaction.isFull;
  }

  /** Makes everything written so far visible to readers. Returns whether there was anything, and room for it. */
  commit(): boolean {
    return this.#transaction.commit();
  }

  /** Writes again what there was no room for, and makes it visible. False where there is none still. */
  retry(): boolean {
    return this.#transaction.retry();
  }

  /** Commits and closes the index. */
  close(): void {
    this.commit();
    this.database.close();
  }

  /** Removes Exchanges by a statement, and notes where they were. */
  #removing<Row extends RemovedRow>(statement: StatementSync, ...parameters: Value[]): readonly Row[] {
    return this.#transaction.ask(() => {
      const rows = statement.all(...parameters) as unknown as Row[];
      for (const { id } of rows) this.#gone.exchange.add(blockOf(id));
      return rows;
    });
  }

  /** Rows of a table that are about to be removed. */
  #goneWhere(table: FilteredTable, where: string, ...parameters: number[]): void {
    const rows = this.database
      .prepare(`SELECT DISTINCT id / ${BLOCK} AS block FROM ${table} WHERE ${where}`)
      .all(...parameters) as unknown as { readonly block: number }[];
    for (const { block } of rows) this.#gone[table].add(block);
  }

  #noteGone(): void {
    for (const table of ["exchange", "connection"] as const) {
      const blocks = this.#gone[table];
      if (blocks.size > 0) noteGone(this.database, table, blocks);
      blocks.clear();
    }
  }

  #flushNew(): void {
    this.#newExchanges.flush();
    this.#newConnections.flush();
  }
}
