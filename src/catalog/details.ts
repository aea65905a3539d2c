// One Exchange in full, and its Messages as bytes. The row of the index says where everything lies; heads are read
// again from the journal.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { parseHead } from "../decode/head.ts";
import { latin1 } from "../decode/octets.ts";
import { lostCookies } from "../decode/rewrite/mod.ts";
import type { Header, HttpHead } from "../decode/types.ts";
import type { CaptureBytes } from "./capture_bytes.ts";
import { type MessageFacts, messageFacts, TURN_FACTS } from "./content.ts";
import { Edits, SentBytes, type SentHead, sentHead, type StoredEdit } from "./edits.ts";
import { type StoredMessage, unpackMessage, unpackMessages } from "./facts.ts";
import {
  type ConnectionRow,
  EXCHANGE_COLUMNS,
  exchangeNumber,
  exchangeOf,
  type StoredExchange,
  timeText,
} from "./rows.ts";
import type { ExchangeDetail, HeaderLine, MessageDetail } from "./types.ts";
import type { Views } from "./view.ts";
import type { Wire } from "./wire.ts";
import { type Side, Wires } from "./wire_of_row.ts";

/** A longer head is shown as far as this. */
const LONGEST_HEAD = 1024 * 1024;

/** One side of an Exchange: its bytes, and what its head says about its body. */
export interface OpenedMessage {
  readonly wire: Wire;
  readonly facts: MessageFacts;
  /** The fields after a chunked body. */
  readonly trailers: readonly HeaderLine[];
}

/** Reads rows and heads. */
export class Details {
  readonly #row: StatementSync;
  readonly #wires: Wires;
  readonly #edits: Edits;
  readonly #connection: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly bytes: CaptureBytes,
    private readonly views: Views,
  ) {
    this.#row = database.prepare(
      `SELECT ${EXCHANGE_COLUMNS.join(", ")}, request, response, interim FROM exchange WHERE id = ?`,
    );
    this.#wires = new Wires(database, bytes);
    this.#edits = new Edits(database);
    this.#connection = database.prepare(
      "SELECT rewrites, rebuilt, decryption, upstream_cut, downstream_cut FROM connection WHERE id = ?",
    );
  }

  /** The Exchange with this id; null where there is none. */
  async exchange(id: string): Promise<ExchangeDetail | null> {
    const row = this.#find(id);
    return row && await this.detail(row);
  }

  /** The Exchange of a row. */
  async detail(row: StoredExchange): Promise<ExchangeDetail> {
    const [request, response] = await Promise.all([
      this.#detail(row, "request"),
      this.#detail(row, "response"),
    ]);
    const interim = unpackMessages(row.interim).map((message) => {
      const { startLine, head } = this.#head(row.connection, message, "response");
      return { startLine, headers: linesOf(head.headers) };
    });
    return { ...exchangeOf(row), request, response, interim };
  }

  /** One side of an Exchange, as it came or (`sent`) as it was passed on; null where there is none. */
  message(id: string, side: Side, sent = false): OpenedMessage | null {
    const row = this.#find(id);
    return row && this.messageOf(row, side, sent);
  }

  /** The same for a row. */
  messageOf(row: StoredExchange, side: Side, sent = false): OpenedMessage | null {
    const message = unpackMessage(row[side]);
    if (!message) return null;
    const head = hasHead(message) ? this.#head(row.connection, message, side).head : null;
    const wire = this.#wires.of(row.id, row.connection, side, message);
    return {
      wire: sent ? this.#sentWire(wire, row.connection, message) : wire,
      facts: head ? messageFacts(linesOf(head.headers)) : TURN_FACTS,
      trailers: linesOf(message.trailers),
    };
  }

  #sentWire(wire: Wire, connection: number, message: StoredMessage): Wire {
    const edits = this.#editsOf(connection, message).map((edit) => ({
      ...edit,
      offset: edit.offset - message.start,
    }));
    const sent = () => new SentBytes(wire.extent().length, edits, (from, into) => wire.read(from, into));
    const inHead = edits.filter(({ offset }) => offset < wire.headBytes);
    const longer = inHead.reduce((sum, { inserted, removed }) => sum + inserted.length - removed, 0);
    return {
      key: `${wire.key}/sent`,
      headBytes: wire.headBytes + longer,
      framing: wire.framing,
      extent: () => ({ length: sent().length, complete: wire.extent().complete }),
      read: (from, into) => sent().fill(from, into),
    };
  }

  #editsOf(connection: number, { direction, start, end, decrypted }: StoredMessage): StoredEdit[] {
    return decrypted ? [] : this.#edits.within(connection, direction, start, end);
  }

  /** What a reader must know besides the bytes. */
  #notes(
    row: StoredExchange,
    side: Side,
    head: HttpHead | undefined,
    edits: readonly StoredEdit[],
  ): string[] {
    const stopped = edits.flatMap(({ stopped }) => stopped ?? []);
    const notes = stopped.map((reason) =>
      `Rewriting ended here, for the rest of the connection: ${reason}. From here on everything passes as it comes.`
    );
    const connection = this.#connection.get(row.connection) as
      | Pick<ConnectionRow, "rewrites" | "rebuilt" | "decryption" | "upstream_cut" | "downstream_cut">
      | undefined;
    if (connection?.rebuilt) notes.push(connection.rebuilt);
    if (row.cut === side || row.cut === "both") {
      const limit = connection?.[side === "request" ? "upstream_cut" : "downstream_cut"] ?? 0;
      notes.push(
        `Not recorded to its end: of what the ${side === "request" ? "client" : "target"} sends, the first ${
          limit.toLocaleString("en")
        } bytes of the connection are recorded. All of it was relayed.`,
      );
    }
    // It is said of what is encrypted. HTTP before it, such as CONNECT, is not meant, and what was decrypted shows it.
    if (row.protocol === "tls" && connection?.decryption) notes.push(connection.decryption);
    if (side === "request" || head === undefined) return notes;
    const isInTls = row.tls === "client" || row.tls === "both";
    const lost = connection?.rewrites && !isInTls ? lostCookies(head) : [];
    return [
      ...notes,
      ...lost.map((name) =>
        `Browsers keep the cookie ${name} over https only, because of its name. It is passed on as it came, and ` +
        "may be lost on the plain http of the monitor."
      ),
    ];
  }

  #find(id: string): StoredExchange | null {
    const number = exchangeNumber(id);
    return (number === null ? null : this.#row.get(number) ?? null) as StoredExchange | null;
  }

  async #detail(row: StoredExchange, side: Side): Promise<MessageDetail | null> {
    const message = unpackMessage(row[side]);
    if (!message) return null;
    const parsed = hasHead(message) ? this.#head(row.connection, message, side) : null;
    const facts = parsed ? messageFacts(linesOf(parsed.head.headers)) : TURN_FACTS;
    const wire = this.#wires.of(row.id, row.connection, side, message);
    const edits = this.#editsOf(row.connection, message);
    const missing = gapsOf(wire);
    return {
      bytes: message.end - message.start,
      headBytes: message.bodyStart - message.start,
      state: message.state,
      started: timeText(message.startedAt),
      ended: timeText(message.endedAt),
      startLine: parsed?.startLine ?? null,
      version: parsed?.head.version ?? null,
      reason: parsed?.head.reason ?? null,
      // What stands for bytes that are missing is no header.
      headers: missing.gaps?.[0].offset === 0 ? [] : parsed?.sent.headers ?? [],
      trailers: linesOf(message.trailers),
      framing: message.framing,
      contentLength: message.contentLength,
      bodyBytes: message.bodyBytes,
      chunks: message.chunks,
      contentCoding: facts.contentCoding,
      mediaType: facts.mediaType,
      auto: await this.views.auto(wire, facts),
      faults: message.faults.map(({ offset, text }) => ({ offset: offset - message.start, text })),
      sentStartLine: parsed?.sent.startLine ?? null,
      edits: edits.filter(({ stopped }) => stopped === null).map(({ offset, removed, inserted }) => ({
        offset: offset - message.start,
        removed,
        inserted: latin1(inserted, 0, inserted.length),
      })),
      notes: this.#notes(row, side, parsed?.head, edits),
      ...missing,
    };
  }

  #head(
    connection: number,
    message: StoredMessage,
    side: Side,
  ): { readonly startLine: string; readonly head: HttpHead; readonly sent: SentHead } {
    const bytes = new Uint8Array(Math.min(LONGEST_HEAD, message.bodyStart - message.start));
    const stream = message.decrypted
      ? this.bytes.decrypted(connection, message.direction)
      : this.bytes.stream(connection, message.direction, message.start);
    const count = stream.read(message.start, bytes);
    const received = bytes.subarray(0, count);
    const { head } = parseHead(received, message.start, side);
    const edits = this.#editsOf(connection, { ...message, end: message.bodyStart });
    const sent = sentHead(head, received, message.start, edits);
    return { startLine: startLineOf(received), head, sent };
  }
}

/** The first line that is not empty (RFC 9112, 2.2), one character a byte. */
function startLineOf(head: Uint8Array): string {
  let from = 0;
  while (head[from] === 0x0d || head[from] === 0x0a) from++;
  let to = from;
  while (to < head.length && head[to] !== 0x0d && head[to] !== 0x0a) to++;
  return latin1(head, from, to);
}

/** So many gaps are told at most. */
const MOST_GAPS = 100;

function gapsOf(wire: Wire): Pick<MessageDetail, "gaps"> {
  const gaps = wire.gaps?.(0, wire.extent().length).slice(0, MOST_GAPS) ?? [];
  return gaps.length === 0
    ? {}
    : { gaps: gaps.map(({ start, end }) => ({ offset: start, length: end - start })) };
}

function hasHead(message: StoredMessage): boolean {
  return message.bodyStart > message.start;
}

function linesOf(headers: readonly Header[]): HeaderLine[] {
  return headers.map(({ name, value }) => ({ name, value }));
}
