// What is wanted of which Connections for the Exchanges of an export, read from the index as it is needed.

import type { DatabaseSync } from "node:sqlite";
import type { Direction } from "../../model.ts";
import { sourceOfNumber } from "../../journal/source_numbers.ts";
import { type StoredMessage, unpackMessage, unpackMessages } from "../facts.ts";
import { Parts, type Stretch } from "./parts.ts";
import type { Wanted } from "./pcapng.ts";
import type { ExportTask } from "./types.ts";

/** See Wanted. */
export function wantedFor(
  database: DatabaseSync,
  { numbers, listener, wholeConnections = false }: ExportTask,
): Wanted {
  if (numbers === null) return allOf(database, listener);
  const find = database.prepare("SELECT connection FROM exchange WHERE id = ?");
  const exchanges = new Map<number, number[]>();
  for (const number of numbers) {
    const found = find.get(number) as { readonly connection: number } | undefined;
    if (!found) continue;
    const known = exchanges.get(found.connection);
    if (known) known.push(number);
    else exchanges.set(found.connection, [number]);
  }
  const isDecrypted = database.prepare(
    "SELECT decryption FROM connection WHERE id = ? AND decryption IS NOT NULL",
  );
  const messages = database.prepare("SELECT request, response, interim FROM exchange WHERE id = ?");
  // What is in a tunnel is understood with what has opened it.
  const tunnel = database.prepare(
    "SELECT request, response, interim FROM exchange WHERE connection = ? AND method = 'CONNECT'",
  );
  return {
    count: exchanges.size,
    sources: new Set([...exchanges.keys()].map(sourceOfNumber)),
    secrets: [...exchanges.keys()].some((connection) => isDecrypted.get(connection) !== undefined),
    parts(connection) {
      const chosen = exchanges.get(connection);
      if (!chosen) return null;
      if (wholeConnections) return new Parts(null);
      const rows = chosen.map((number) => messages.get(number)).filter((row) => row !== undefined);
      const all = [...tunnel.all(connection), ...rows].flatMap((found) => {
        const row = found as unknown as Row;
        const both = [unpackMessage(row.request), unpackMessage(row.response)];
        return [...both.filter((message) => message !== null), ...unpackMessages(row.interim)];
      });
      // What was decrypted has no bytes of its own in the capture.
      return new Parts(all.some(({ decrypted }) => decrypted) ? null : stretchesOf(all));
    },
  };
}

interface Row {
  readonly request: string | null;
  readonly response: string | null;
  readonly interim: string | null;
}

function allOf(database: DatabaseSync, listener: string | undefined): Wanted {
  const where = listener === undefined ? "" : " WHERE listener = ?";
  const bound = listener === undefined ? [] : [listener];
  const { count, decrypted } = database
    .prepare(`SELECT count(*) AS count, count(decryption) AS decrypted FROM connection${where}`)
    .get(...bound) as { readonly count: number; readonly decrypted: number };
  const sources = database.prepare(`SELECT DISTINCT id / 1000000000 AS source FROM connection${where}`)
    .all(...bound) as unknown as { readonly source: number }[];
  const find = database.prepare("SELECT listener FROM connection WHERE id = ?");
  return {
    count,
    sources: new Set(sources.map(({ source }) => source)),
    secrets: decrypted > 0,
    parts(connection) {
      const found = find.get(connection) as { readonly listener: string } | undefined;
      return found && (listener === undefined || found.listener === listener) ? new Parts(null) : null;
    },
  };
}

function stretchesOf(messages: readonly StoredMessage[]): Record<Direction, readonly Stretch[]> {
  const of = (direction: Direction) => {
    const own = messages.filter((message) => message.direction === direction && message.end > message.start);
    const inOrder = own.map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start);
    return inOrder.filter(({ start }, n) => start !== inOrder[n - 1]?.start);
  };
  return { upstream: of("upstream"), downstream: of("downstream") };
}
