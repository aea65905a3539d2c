// Indexes captures without threads, for tests of what comes of the records.

import { decode } from "../../src/decode/mod.ts";
import { readerOf } from "../../src/journal/file.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { Indexer } from "../../src/catalog/indexer.ts";
import { createIndex, openIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";
import type { ExchangeRow } from "../../src/catalog/rows.ts";
import type { Capture } from "./capture.ts";

/** An index that is read up to a position of the file at a time. */
export class Indexing implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #reader: JournalReader;
  readonly #tables: Tables;
  readonly indexer: Indexer;
  /** Ids of rows in the order in which they were said to be complete. */
  readonly completed: number[] = [];

  constructor(
    readonly capture: Capture,
    onRow: (row: ExchangeRow) => void = () => {},
    keep?: (decrypted: Uint8Array) => number,
  ) {
    this.#file = Deno.openSync(capture.file);
    this.#reader = new JournalReader(readerOf(this.#file));
    this.#tables = new Tables(createIndex(capture.folder));
    this.indexer = new Indexer(this.#tables, decode, (row, completed) => {
      if (completed) this.completed.push(row.id);
      onRow(row);
    }, keep);
  }

  /** Reads the file up to `limit` as one slice. */
  read(limit = this.capture.size): this {
    for (let record = this.#reader.next(limit); record; record = this.#reader.next(limit)) {
      this.indexer.apply(record, this.#reader);
    }
    this.indexer.flush();
    return this;
  }

  /** Counts from now on how many payloads are read; the returned function says how many. */
  countPayloads(): () => number {
    const reader = this.#reader;
    const payload = reader.payload.bind(reader);
    let count = 0;
    reader.payload = (chunk) => {
      count++;
      return payload(chunk);
    };
    return () => count;
  }

  [Symbol.dispose](): void {
    this.#tables.close();
    this.#file.close();
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Rows of the index of a capture. */
export function select(capture: Capture, sql: string, ...parameters: (string | number)[]): Row[] {
  const database = openIndex(capture.folder);
  try {
    return database.prepare(sql).all(...parameters).map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

/** Everything that is in the index of a capture. */
export function everything(capture: Capture): Readonly<Record<string, readonly Row[]>> {
  return {
    connection: select(capture, "SELECT * FROM connection ORDER BY id"),
    exchange: select(capture, "SELECT * FROM exchange ORDER BY id"),
    extent: select(capture, "SELECT * FROM extent ORDER BY connection, direction, start"),
    // The epoch tells how often readers had to begin anew, which is not the same when all is read at once.
    counts: select(
      capture,
      "SELECT listener, total, open, failed, open_connections FROM counts ORDER BY listener",
    ),
  };
}
