// The Exchanges of an index: makes rows of what the decoders find, keeps those that may still change, and writes what
// has changed since the last time when `flush` is called. It knows no records, and of Connections only what is tracked.

import type { Changes, DecodedExchange } from "../decode/types.ts";
import type { Counting } from "./counting.ts";
import { storedOf } from "./exchange_row.ts";
import { Numbered } from "./numbered.ts";
import type { ExchangeRow } from "./rows.ts";
import type { Tables } from "./tables.ts";
import { Unwritten } from "./unwritten.ts";
import { type TrackedConnection, TrackedExchange } from "./tracking.ts";

/** Who is told of rows that were written: each once in a flush; `completed` when it has just become done or failed. */
export type RowListener = (row: ExchangeRow, completed: boolean) => void;

/** So many that are over are written together. */
const MANY = 64;

/** See above. */
export class ExchangeIndex {
  /** Exchanges that stand in the table and may still change, by their number. */
  readonly #unsettled = new Numbered<TrackedExchange>();
  readonly #changed = new Unwritten<TrackedExchange>();
  /** Those of them that are over: in the order in which that came. */
  #over: TrackedExchange[] = [];
  #nextId: number;

  constructor(
    private readonly tables: Tables,
    private readonly counting: Counting,
    private readonly onRow: RowListener,
    /** The number before that of the first. */
    last = 0,
  ) {
    this.#nextId = last + 1;
  }

  /** How many rows wait for `flush`. */
  get waiting(): number {
    return this.#changed.size + this.#over.length;
  }

  /** How many are kept in memory: those that may still change. */
  get held(): number {
    return this.#unsettled.size;
  }

  /** The number of the newest; 0 before the first. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  /** Takes what a decoder has found; `decrypted` where that was inside TLS which passes through. */
  take(connection: TrackedConnection, changes: Changes, decrypted: boolean): void {
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
      this.change(exchange);
    }
  }

  /**
   * Writes those that are over, where they are many: the others may change again before `flush`. What is held for a short
   * time costs the collector nothing.
   */
  writeMany(): void {
    if (this.#over.length >= MANY) this.#writeOver();
  }

  #writeOver(): void {
    const over = this.#over;
    this.#over = [];
    for (const exchange of over) {
      exchange.isOver = false;
      this.#write(exchange);
    }
  }

  /** Something else about an Exchange than what was decoded has changed. */
  change(exchange: TrackedExchange): void {
    if (exchange.isOver) return;
    if (!exchange.settled) return this.#changed.add(exchange);
    this.#changed.delete(exchange);
    exchange.isOver = true;
    this.#over.push(exchange);
  }

  /** A row for a Connection that ended with an error that no other row tells. */
  addFailed(connection: TrackedConnection, reason: string): void {
    const resendOf = connection.resendOf[0] ?? null;
    const exchange = new TrackedExchange(this.#nextId++, connection, null, resendOf, false);
    exchange.reason = reason;
    this.change(exchange);
  }

  /** Positions of the capture before this are not kept any more. */
  #keptFrom = 0;
  /** Called with when an Exchange began that goes because its beginning is not kept any more. */
  onDropped: (started: number) => void = () => {};

  /** Nothing before this position of the capture is kept: what is not over says so, and goes once it is. */
  keepFrom(position: number): void {
    this.#keptFrom = position;
    for (const exchange of this.#unsettled.values()) {
      if ((exchange.position ?? Infinity) >= position || exchange.removed) continue;
      exchange.lacksBeginning = true;
      this.change(exchange);
    }
  }

  /** The row was removed by the user: it is not written again. */
  forget(id: number): void {
    const open = this.#unsettled.get(id);
    if (open) open.removed = true;
  }

  /** Writes the rows that have changed. */
  flush(): void {
    this.#writeOver();
    for (const exchange of this.#changed.take()) this.#write(exchange);
  }

  #drop(exchange: TrackedExchange, started: number): void {
    exchange.removed = true;
    const row = exchange.stored === null ? null : this.tables.remove(exchange.id);
    if (row) {
      this.counting.remove(row.listener, row.state);
      this.counting.of(row.listener).epoch++;
    }
    this.onDropped(started);
  }

  #withdraw(connection: TrackedConnection, decoded: DecodedExchange): void {
    const exchange = connection.exchanges.get(decoded);
    if (!exchange) return;
    connection.exchanges.delete(decoded);
    if (connection.latest === exchange) connection.latest = null;
    this.#changed.delete(exchange);
    // What is over is written where it waits, and this is not to be.
    exchange.removed = true;
    this.#unsettled.delete(exchange.id);
    const row = exchange.stored === null ? null : this.tables.remove(exchange.id);
    if (!row) return;
    this.counting.remove(row.listener, row.state);
    this.counting.of(row.listener).epoch++;
  }

  #write(exchange: TrackedExchange): void {
    const { id, connection, decoded, state } = exchange;
    if (!exchange.settled) {
      this.#unsettled.set(id, exchange);
    } else {
      this.#unsettled.delete(id);
      if (decoded) connection.exchanges.delete(decoded);
    }
    if (exchange.removed) return;
    const row = storedOf(exchange);
    if (state !== "open" && row.position < this.#keptFrom) return this.#drop(exchange, row.started);
    if (exchange.stored === null) this.tables.addExchange(row);
    else this.tables.putExchange(row);
    this.counting.change(connection.listener, exchange.stored, state);
    const completed = state !== "open" && exchange.stored !== state;
    exchange.stored = state;
    this.onRow(row, completed);
  }
}
