// The tables of the index. Two connections use them: the index worker's, which writes, and the answer worker's.
// Everything in them is derived from the journal: what is damaged or of another format is made anew.

import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import type { CaptureFile } from "../journal/capture_files.ts";

/** A row as node:sqlite takes and gives it. */
export type Value = string | number | null | Uint8Array;

// Times are ms since the epoch. `upstream_start` and `downstream_start` are where the runs in `…_run` begin in the
// streams; earlier runs are in `extent`. `request`, `response` and `interim` are JSON (see facts.ts), as
// are `client_tls` and `target_tls` (see `TlsFacts`).
// `decrypted` has the same for what was decrypted, in a file of its own; its earlier runs are in `extent` under
// "decrypted upstream" and "decrypted downstream".
// `position` is where the segment of the capture begins that has the first byte of an Exchange, and of a Connection the
// latest of all that was recorded of it. `upstream_cut` and `downstream_cut` are where recording of it was cut.
// `capture_file` has the files that the extents' positions are in (see `CaptureFile`).
// `gone` has the blocks of rows from which some were removed (see gone.ts).
// `counts` holds by listener what `Counts` says, and is written together with the rows that it counts.
const TABLES = `
CREATE TABLE connection (
  id INTEGER PRIMARY KEY, listener TEXT, listen TEXT, state TEXT, client TEXT, target TEXT, target_address TEXT, via TEXT,
  rewrites INTEGER, rebuilt TEXT, opened REAL, ended REAL, dial_ms REAL, ended_by TEXT, how TEXT, passed_on TEXT, error TEXT, note TEXT,
  client_tls TEXT, target_tls TEXT, decryption TEXT,
  upstream_bytes INTEGER, downstream_bytes INTEGER,
  upstream_start INTEGER, upstream_run BLOB, downstream_start INTEGER, downstream_run BLOB,
  upstream_cut INTEGER, downstream_cut INTEGER, position INTEGER
);
CREATE INDEX connection_at ON connection (position);
CREATE INDEX connection_of_listener ON connection (listener, id);
CREATE INDEX open_connection ON connection (id) WHERE state = 'open';
CREATE TABLE extent (
  connection INTEGER, direction TEXT, start INTEGER, run BLOB,
  PRIMARY KEY (connection, direction, start)
) WITHOUT ROWID;
CREATE TABLE decrypted (
  connection INTEGER, direction TEXT, start INTEGER, run BLOB,
  PRIMARY KEY (connection, direction)
) WITHOUT ROWID;
CREATE TABLE edit (
  connection INTEGER, direction TEXT, start INTEGER, removed INTEGER, inserted BLOB, stopped TEXT
);
CREATE INDEX edit_of_connection ON edit (connection, direction, start);
CREATE TABLE exchange (
  id INTEGER PRIMARY KEY, listener TEXT, connection INTEGER, protocol TEXT, state TEXT, started REAL,
  first_byte_ms REAL, elapsed_ms REAL, client TEXT, target TEXT, method TEXT, url TEXT, status INTEGER,
  summary TEXT, request_bytes INTEGER, response_bytes INTEGER, tls TEXT, resend_of TEXT, fault TEXT,
  leads_away TEXT, cut TEXT, position INTEGER,
  request TEXT, response TEXT, interim TEXT
);
CREATE INDEX exchange_at ON exchange (position);
CREATE INDEX exchange_of_listener ON exchange (listener, id);
CREATE INDEX exchange_of_connection ON exchange (connection);
CREATE INDEX open_exchange ON exchange (id) WHERE state = 'open';
CREATE TABLE gone (at INTEGER PRIMARY KEY, of TEXT, block INTEGER);
CREATE TABLE capture_file (base INTEGER PRIMARY KEY, path TEXT, later TEXT, length INTEGER);
CREATE TABLE counts (
  listener TEXT PRIMARY KEY, total INTEGER, open INTEGER, failed INTEGER, open_connections INTEGER, epoch INTEGER
) WITHOUT ROWID;
`;

// `listener` holds what a capture tells of its Listeners (JSON, see `SeenListener`), `secret` where in the capture secrets
// of TLS connections are, and `kept` how far all of it is good (see kept_index.ts).
const KEPT_TABLES = `
CREATE TABLE listener (id TEXT PRIMARY KEY, source INTEGER, json TEXT);
CREATE TABLE secret (position INTEGER PRIMARY KEY);
CREATE TABLE kept (
  id INTEGER PRIMARY KEY CHECK (id = 1), format TEXT,
  position INTEGER, at REAL, exchange INTEGER, connection INTEGER, mark BLOB
);
`;

/** The index's file in its folder. */
export function fileOf(folder: string): string {
  return join(folder, "catalog.sqlite");
}

/** Makes an empty index in `folder`; what was there of an older one is removed. */
export function createIndex(folder: string): DatabaseSync {
  for (const end of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(fileOf(folder) + end, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  const database = openToWrite(folder);
  return orClosed(database, () => {
    database.exec(TABLES);
    database.exec(KEPT_TABLES);
    return database;
  });
}

/** Opens an index that is there, or an empty one, to write it. */
export function openToWrite(folder: string): DatabaseSync {
  const database = new DatabaseSync(fileOf(folder));
  return orClosed(database, () => {
    // Lost at a power failure, it is made again from the journal: nothing waits for the disk.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;");
    return database;
  });
}

/** What `work` gives; where that fails, the file is not left open. */
export function orClosed<T>(opened: { close(): void }, work: () => T): T {
  try {
    return work();
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Opens the index of `folder` to read it. */
export function openIndex(folder: string): DatabaseSync {
  return new DatabaseSync(fileOf(folder), { readOnly: true });
}

/** What reads from the index which files its positions are in, for `CaptureFiles`. */
export function filesIn(database: DatabaseSync): () => readonly CaptureFile[] {
  const all = database.prepare("SELECT base, path, later, length FROM capture_file ORDER BY base");
  return () => all.all() as unknown as CaptureFile[];
}
