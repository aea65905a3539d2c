// An index that is kept beside its capture, and used again: whose it is, how far it is good, and where to go on. It is
// good up to its checkpoint, where no Connection of the capture was open; what was written after that is taken out and
// read again. Whatever does not fit, or is damaged, is no index: null, and the caller makes it anew.

import type { DatabaseSync } from "node:sqlite";
import type { ReadAt } from "./capture_bytes.ts";
import type { Begun } from "./indexer.ts";
import type { CountsRow } from "./rows.ts";
import { fileOf, openToWrite } from "./schema.ts";
import type { Checkpoint } from "./tables.ts";
import type { SeenListener } from "./types.ts";

/** Of the tables and of what the decoders find. Raised whenever the same bytes would give other rows. */
const FORMAT = 3;
/** So many bytes before the checkpoint say whose the index is: packets have their time and their place in them. */
const MARK = 256;

/** Where to go on with an index. */
export interface Kept extends Begun {
  readonly database: DatabaseSync;
  /** Where in the capture. */
  readonly position: number;
}

type Row = Omit<Checkpoint, "lastExchange"> & {
  readonly exchange: number;
  readonly connection: number | null;
};

/** How an index of this program names its format; `program` is the program's name and version. */
export function formatOf(program: string): string {
  return `${FORMAT} ${program}`;
}

/** The bytes of a capture before a position that say which it is. */
export function markBefore(position: number, readAt: ReadAt): Uint8Array {
  const length = Math.min(MARK, position);
  const mark = new Uint8Array(length);
  return mark.subarray(0, readAt(position - length, mark));
}

/** The index in `folder`, where it is one of this format and of the capture that `readAt` reads; null otherwise. */
export function resumeIndex(
  folder: string,
  format: string,
  readAt: ReadAt,
): Kept | null {
  let database: DatabaseSync | null = null;
  try {
    if (!Deno.statSync(fileOf(folder)).isFile) return null;
    database = openToWrite(folder);
    const row = database.prepare("SELECT * FROM kept").get() as unknown as Row | undefined;
    if (!row || row.format !== format || !fits(row, readAt) || !isWhole(database) || hasSecrets(database)) {
      database.close();
      return null;
    }
    return { database, ...resumed(database, row) };
  } catch {
    // Damaged, in whichever way.
    try {
      database?.close();
    } catch {
      // So damaged that it cannot even be closed in order.
    }
    return null;
  }
}

function fits({ position, mark }: Row, readAt: ReadAt): boolean {
  if (mark.length === 0) return false;
  const there = markBefore(position, readAt);
  return there.length === mark.length && there.every((byte, at) => byte === mark[at]);
}

/** What is decrypted is kept nowhere, and secrets may have come since for what could not be: all of it is read again. */
function hasSecrets(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM secret LIMIT 1").get() !== undefined;
}

/** Looks through all pages, which takes about as long as reading the file. */
function isWhole(database: DatabaseSync): boolean {
  const row = database.prepare("PRAGMA quick_check(1)").get() as { readonly quick_check: string };
  return row.quick_check === "ok";
}

/** Takes out what was written after the checkpoint, and what was of other captures. */
function resumed(database: DatabaseSync, row: Row): Omit<Kept, "database"> {
  const connection = row.connection ?? 0;
  database.exec("BEGIN");
  const after = database.prepare("DELETE FROM exchange WHERE id > ?").run(row.exchange).changes;
  for (const [table, column] of [["connection", "id"], ["extent", "connection"], ["edit", "connection"]]) {
    database.prepare(`DELETE FROM ${table} WHERE ${column} > ?`).run(connection);
  }
  database.prepare("DELETE FROM decrypted WHERE connection > ?").run(connection);
  database.prepare("DELETE FROM counts WHERE listener IN (SELECT id FROM listener WHERE source > 0)").run();
  database.prepare("DELETE FROM listener WHERE source > 0").run();
  database.exec("UPDATE counts SET open_connections = 0");
  if (Number(after) > 0) recount(database);
  database.exec("COMMIT");
  const all = <T>(sql: string) => database.prepare(sql).all() as unknown as T[];
  return {
    position: row.position,
    at: row.at,
    lastExchange: row.exchange,
    counts: all<CountsRow>("SELECT * FROM counts").map((counts) => ({ ...counts })),
    listeners: all<{ readonly json: string }>("SELECT json FROM listener ORDER BY rowid")
      .map(({ json }) => JSON.parse(json) as SeenListener),
  };
}

function recount(database: DatabaseSync): void {
  database.exec(
    "UPDATE counts SET epoch = epoch + 1, " +
      "total = (SELECT count(*) FROM exchange WHERE exchange.listener = counts.listener), " +
      "open = (SELECT count(*) FROM exchange WHERE exchange.listener = counts.listener AND state = 'open'), " +
      "failed = (SELECT count(*) FROM exchange WHERE exchange.listener = counts.listener AND state = 'failed')",
  );
}
