// Rows of the index as the API gives them. The columns are described in schema.ts.

import type { Connection, EndedBy, Exchange, How, TlsFacts } from "../model.ts";
import type { Counts } from "./types.ts";

/** The columns of `exchange` that an Exchange is made from. */
export interface ExchangeRow {
  readonly id: number;
  readonly listener: string;
  readonly connection: number;
  readonly protocol: string;
  readonly state: Exchange["state"];
  readonly started: number;
  readonly first_byte_ms: number | null;
  readonly elapsed_ms: number;
  readonly client: string;
  readonly target: string;
  readonly method: string | null;
  readonly url: string | null;
  readonly status: number | null;
  readonly summary: string;
  readonly request_bytes: number;
  readonly response_bytes: number;
  readonly tls: Exchange["tls"];
  readonly resend_of: string | null;
  readonly fault: string | null;
  readonly leads_away: string | null;
  readonly cut: NonNullable<Exchange["cut"]> | null;
}

/** A row of `exchange` with its Messages, as facts.ts packs them. */
export interface StoredExchange extends ExchangeRow {
  readonly position: number;
  readonly request: string | null;
  readonly response: string | null;
  readonly interim: string | null;
}

/** The columns of ExchangeRow. */
export const EXCHANGE_COLUMNS = [
  "id",
  "listener",
  "connection",
  "protocol",
  "state",
  "started",
  "first_byte_ms",
  "elapsed_ms",
  "client",
  "target",
  "method",
  "url",
  "status",
  "summary",
  "request_bytes",
  "response_bytes",
  "tls",
  "resend_of",
  "fault",
  "leads_away",
  "cut",
] as const satisfies readonly (keyof ExchangeRow)[];

/** The columns of `connection` that a Connection is made from. */
export interface ConnectionRow {
  readonly id: number;
  readonly listener: string;
  readonly listen: string | null;
  readonly state: Connection["state"];
  readonly client: string;
  readonly target: string;
  readonly target_address: string | null;
  readonly via: string | null;
  /** 1 where the Host field, and all that goes with it, was rewritten, otherwise 0. */
  readonly rewrites: number;
  /** What is to be known of bytes that were made again; null where they were recorded. */
  readonly rebuilt: string | null;
  readonly opened: number;
  readonly ended: number | null;
  readonly dial_ms: number | null;
  readonly ended_by: EndedBy | null;
  readonly how: How | null;
  readonly passed_on: Connection["passedOn"];
  readonly error: string | null;
  readonly note: string | null;
  /** TlsFacts as JSON. */
  readonly client_tls: string | null;
  readonly target_tls: string | null;
  readonly decryption: string | null;
  readonly upstream_bytes: number;
  readonly downstream_bytes: number;
  /** How many bytes were recorded before recording was cut; null where it was not. */
  readonly upstream_cut: number | null;
  readonly downstream_cut: number | null;
}

/** A row of `connection` with the latest run of each Direction (extents.ts), and where in the stream it starts. */
export interface StoredConnection extends ConnectionRow {
  readonly position: number;
  readonly upstream_start: number;
  readonly upstream_run: Uint8Array;
  readonly downstream_start: number;
  readonly downstream_run: Uint8Array;
}

/** The columns of ConnectionRow. */
export const CONNECTION_COLUMNS = [
  "id",
  "listener",
  "listen",
  "state",
  "client",
  "target",
  "target_address",
  "via",
  "rewrites",
  "rebuilt",
  "opened",
  "ended",
  "dial_ms",
  "ended_by",
  "how",
  "passed_on",
  "error",
  "note",
  "client_tls",
  "target_tls",
  "decryption",
  "upstream_bytes",
  "downstream_bytes",
  "upstream_cut",
  "downstream_cut",
] as const satisfies readonly (keyof ConnectionRow)[];

/** The Exchange that a row stands for. */
export function exchangeOf(row: ExchangeRow): Exchange {
  return {
    id: exchangeId(row.id),
    listener: row.listener,
    connection: connectionId(row.connection),
    protocol: row.protocol,
    state: row.state,
    started: timeText(row.started),
    firstByteMs: row.first_byte_ms,
    elapsedMs: row.elapsed_ms,
    client: row.client,
    target: row.target,
    method: row.method,
    url: row.url,
    status: row.status,
    summary: row.summary,
    requestBytes: row.request_bytes,
    responseBytes: row.response_bytes,
    tls: row.tls,
    resendOf: row.resend_of,
    fault: row.fault,
    leadsAway: row.leads_away,
    ...row.cut !== null && { cut: row.cut },
  };
}

/** The Connection that a row stands for. */
export function connectionOf(row: ConnectionRow): Connection {
  return {
    id: connectionId(row.id),
    listener: row.listener,
    listen: row.listen,
    state: row.state,
    client: row.client,
    target: row.target,
    targetAddress: row.target_address,
    via: row.via,
    opened: timeText(row.opened),
    ended: row.ended === null ? null : timeText(row.ended),
    dialMs: row.dial_ms,
    endedBy: row.ended_by,
    how: row.how,
    passedOn: row.passed_on,
    upstreamBytes: row.upstream_bytes,
    downstreamBytes: row.downstream_bytes,
    ...(row.upstream_cut ?? row.downstream_cut) !== null && {
      cut: { upstream: row.upstream_cut, downstream: row.downstream_cut },
    },
    tls: { client: tlsOf(row.client_tls), target: tlsOf(row.target_tls) },
    decryption: row.decryption,
    error: row.error,
    note: row.note,
  };
}

function tlsOf(text: string | null): TlsFacts | null {
  return text === null ? null : JSON.parse(text) as TlsFacts;
}

/** A row of `counts`. */
export interface CountsRow {
  readonly listener: string;
  readonly total: number;
  readonly open: number;
  readonly failed: number;
  readonly open_connections: number;
  readonly epoch: number;
}

/** Counts by listener, from all rows of `counts`. */
export function countsOf(rows: readonly CountsRow[]): Record<string, Counts> {
  const counts: Record<string, Counts> = {};
  for (const { listener, total, open, failed, open_connections, epoch } of rows) {
    counts[listener] = { total, open, failed, openConnections: open_connections, epoch };
  }
  return counts;
}

/** `e12`: the id of an Exchange, from its number. */
export function exchangeId(number: number): string {
  return `e${number}`;
}

/** `c5`: the id of a Connection, from its number in the Journal. */
export function connectionId(number: number): string {
  return `c${number}`;
}

/** The number in `e12`; null where the text is no id of an Exchange. */
export function exchangeNumber(id: string): number | null {
  return numberAfter("e", id);
}

/** The number in `c5`; null where the text is no id of a Connection. */
export function connectionNumber(id: string): number | null {
  return numberAfter("c", id);
}

function numberAfter(letter: string, id: string): number | null {
  return id.startsWith(letter) && /^\d{1,15}$/.test(id.slice(1)) ? Number(id.slice(1)) : null;
}

/** ISO 8601, UTC, from ms since the epoch. */
export function timeText(time: number): string {
  return new Date(time).toISOString();
}
