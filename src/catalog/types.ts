// What can be asked of the Catalog, and its answers, which are also the JSON of the HTTP API. Types only.

import type { DiffQuery, MessageDiff } from "./diff_types.ts";
import type { Connection, Direction, Dropped, Exchange, Reading, ShownRoute } from "../model.ts";
import type { BodyFraming } from "../decode/types.ts";
import type { ViewFault, ViewKind } from "../decode/views/types.ts";
import type { Exported, ExportQuery, MaskedPreview } from "./export/types.ts";

export type { Exported, ExportFormat, ExportOutcome, ExportQuery, MaskedPreview } from "./export/types.ts";

export type { DiffQuery, MessageDiff } from "./diff_types.ts";

/** How many Exchanges there are. `epoch` grows when rows were removed: positions known before are then void. */
export interface Counts {
  readonly total: number;
  readonly open: number;
  readonly failed: number;
  readonly openConnections: number;
  readonly epoch: number;
}

/** `GET /api/exchanges`: newest first, unless sorted otherwise. */
export interface ExchangeList {
  readonly exchanges: readonly Exchange[];
  /** Give this as `before` for the next ones; null at the end, and where they are sorted otherwise. */
  readonly next: string | null;
  /** How many match `listener` and `q` in all. */
  readonly total: number;
  /** Position of the first of `exchanges` among them, 0 being the newest, or the first of the sort. */
  readonly offset: number;
  /**
   * Where contents are searched: how far that has got. Also where what the table shows decides, until all of very many
   * rows were looked at; absent otherwise.
   */
  readonly search?: SearchProgress;
}

/**
 * A search through contents, the newest Exchange first. While it goes on the list has the hits so far, and `total` is
 * how many there are; more are older (or new) ones, so positions from the newest stay. It goes on while somebody asks
 * for the list again, and ends when nobody has for ten seconds.
 */
export interface SearchProgress {
  /** How many Exchanges have been decided about, of how many. */
  readonly searched: number;
  readonly total: number;
  /** How many bytes were read for it. */
  readonly bytes: number;
  /** Whether all of them have been decided about. */
  readonly complete: boolean;
  /** Why it goes on no more although it is not complete, in words: an expression that takes too long. Otherwise null. */
  readonly stopped: string | null;
  /** The Exchanges that were not searched, because the expression takes too long on what is in them; left out for none. */
  readonly tooLong?: readonly string[];
}

/** One header line as it came (ISO-8859-1 text), in the order of the wire. */
export interface HeaderLine {
  readonly name: string;
  readonly value: string;
  /** The value that was passed on instead; null where the line was not passed on. Absent where it was, as it came. */
  readonly sent?: string | null;
}

/** One side of an Exchange in full, without its body. */
export interface MessageDetail {
  /** Bytes on the wire so far. */
  readonly bytes: number;
  /** Length of the head within them; 0 for a turn. */
  readonly headBytes: number;
  readonly state: "open" | "done" | "cut";
  /** ISO 8601, UTC: its first and its latest byte. */
  readonly started: string;
  readonly ended: string;
  /** "GET /orders HTTP/1.1" as it came; null for a turn. */
  readonly startLine: string | null;
  readonly version: string | null;
  readonly reason: string | null;
  readonly headers: readonly HeaderLine[];
  readonly trailers: readonly HeaderLine[];
  readonly framing: BodyFraming;
  readonly contentLength: number | null;
  /** Bytes of the body without its transfer coding, so far. */
  readonly bodyBytes: number;
  readonly chunks: number;
  /** Content codings in the order they were applied: ["gzip"]. */
  readonly contentCoding: readonly string[];
  /** Without parameters, in lower case: "text/xml"; null where none was declared. */
  readonly mediaType: string | null;
  /** What `Auto` chooses for it. */
  readonly auto: ViewKind | "image";
  readonly faults: readonly { readonly offset: number; readonly text: string }[];
  /** The start line that was passed on instead; null where it was, as it came. */
  readonly sentStartLine: string | null;
  /** What was passed on instead of what came, in order; offsets are from its first byte. See `Edited`. */
  readonly edits: readonly MessageEdit[];
  /** What else the reader must know, in words: "rewriting stopped here: …". */
  readonly notes: readonly string[];
  /**
   * Bytes that the capture does not have, by their offset from its first byte, in order; the first 100. What is shown and
   * given for them is filler. Absent where none are missing.
   */
  readonly gaps?: readonly { readonly offset: number; readonly length: number }[];
}

/** `removed` bytes at `offset` were replaced by `inserted`, which is ISO-8859-1 text, one character a byte. */
export interface MessageEdit {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: string;
}

/** `GET /api/exchanges/ID` */
export interface ExchangeDetail extends Exchange {
  readonly request: MessageDetail | null;
  readonly response: MessageDetail | null;
  /** Interim responses (1xx) that came before the final one: their heads. */
  readonly interim: readonly { readonly startLine: string; readonly headers: readonly HeaderLine[] }[];
}

/** `GET /api/exchanges/ID/request/view?as=&from=&lines=` */
export interface ViewPart {
  /** What is shown, also where `auto` was asked for. */
  readonly as: ViewKind;
  /** Number of the first line, from 0. */
  readonly from: number;
  /** The lines, joined with "\n". No line is longer than 4,000 characters: a longer one is cut into several. */
  readonly text: string;
  /** How many lines `text` has: fewer than were asked for at the end, and beyond a million characters of text. */
  readonly lines: number;
  /** For each of them, whether it goes on the one before because that was cut; left out when none does. */
  readonly continued?: readonly boolean[];
  /** How many of the lines before `from` go on the one before them; left out when none does. For line numbers. */
  readonly continuedBefore?: number;
  /** How many lines there are, as far as is known. */
  readonly total: number;
  /** True when `total` is final: everything that came has been laid out and nothing more will come. */
  readonly complete: boolean;
  /** How many bytes of the body have been laid out, and how many there are so far. */
  readonly doneBytes: number;
  readonly bytes: number;
  /** "utf-8", and how it was found: CharsetFrom of decode/charset.ts. Null for hex. */
  readonly charset: string | null;
  readonly charsetFrom: string | null;
  /** The first place that is not well-formed; null where none was found so far. */
  readonly fault: ViewFault | null;
  /** What the reader must know, in words: "gzip data ends early", "too large to be formatted, shown as text". */
  readonly notes: readonly string[];
}

/** A place in a view. `line` counts from 0; `from` and `to` are UTF-16 positions in that line. */
export interface Hit {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** Where it goes over the end of the line: the line in which `to` is a position. Left out otherwise. */
  readonly toLine?: number;
}

/** `GET …/view/find?as=&text=&case=1&regex=1`: hits in the lines of a view. */
export interface FindResult {
  /** At most 1,000, in order. */
  readonly hits: readonly Hit[];
  readonly total: number;
  /** False when the search stopped early. */
  readonly complete: boolean;
}

/** `GET /api/connections`: newest first. */
export interface ConnectionList {
  readonly connections: readonly Connection[];
  readonly next: string | null;
  readonly total: number;
}

/** Which rows. `q` is the filter's text; `before` (an id) or `offset` (a position, 0 the newest) say where to begin. */
export interface ListQuery {
  readonly listener?: string;
  readonly q?: string;
  readonly before?: string;
  readonly offset?: number;
  /** 1 to 1,000; 100 unless given. */
  readonly limit?: number;
}

/** What Exchanges can be sorted by: the columns of the table. `time` is the order in which they came. */
export type SortKey =
  | "time"
  | "state"
  | "client"
  | "target"
  | "method"
  | "url"
  | "summary"
  | "status"
  | "request"
  | "response"
  | "elapsed";

/** The least first (`asc`), or the greatest first (`desc`). */
export type SortOrder = "asc" | "desc";

/** Which Exchanges, and in which order: `time` and `desc` unless given. `before` goes with these alone. */
export interface ExchangeQuery extends ListQuery {
  /** Only those of this Connection. */
  readonly connection?: string;
  readonly sort?: SortKey;
  readonly order?: SortOrder;
  /** Answered when looking is complete, not with the hits so far. */
  readonly whole?: boolean;
  /** With `whole`: what an expression takes too long on is left out, and told as `tooLong`, rather than refused. */
  readonly skips?: boolean;
}

/**
 * What of a Message: all of it as it came on the wire ("wire") or as it was passed on ("sent"), its body without codings, or its body without its transfer coding
 * but with its content coding ("coded").
 */
export type MessagePart = "wire" | "sent" | "body" | "coded";

/** Bytes that can be read: a part of one side of an Exchange, or one Direction of a Connection. */
export type ByteSource =
  | { readonly exchange: string; readonly side: "request" | "response"; readonly part: MessagePart }
  | { readonly connection: string; readonly direction: Direction }
  /** A capture, by its number: all its files one behind the other, to this position. */
  | { readonly capture: number; readonly to: number };

/** What a ByteSource holds now. Its bytes are then read in order, as a stream. */
export interface Bytes {
  /** How many there are so far. */
  readonly total: number;
  /** False while more may come. */
  readonly complete: boolean;
  /** From the message's own Content-Type, for bodies; null otherwise. */
  readonly contentType: string | null;
  /** First and one past the last byte of what `stream` gives. */
  readonly from: number;
  readonly to: number;
  /**
   * Those of them that the capture does not have, by the first and one past the last of each gap, whole; the first 100.
   * `stream` has filler for them. Absent where nothing is missing.
   */
  readonly gaps?: readonly { readonly start: number; readonly end: number }[];
  /** The bytes in pieces of at most 256 KiB, read only as fast as they are taken. Cancelling it stops the reading. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** What to lay out, and which lines of it. */
export interface ViewQuery {
  readonly exchange: string;
  readonly side: "request" | "response";
  readonly as: ViewKind | "auto";
  /** Whether the Message is meant as it was passed on, rather than as it came; that differs in its head only. */
  readonly sent?: boolean;
  /** First line, from 0. */
  readonly from: number;
  /** 1 to 5,000. */
  readonly lines: number;
}

/** What to look for in a view. */
export interface FindQuery extends Omit<ViewQuery, "from" | "lines"> {
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly regex: boolean;
}

/** What has changed since the last time: told at most ten times a second. */
export interface CatalogChange {
  /** New and changed Exchanges, newest first, at most 200. */
  readonly exchanges: readonly Exchange[];
  /** True when more than those have changed. */
  readonly more: boolean;
  readonly counts: Readonly<Record<string, Counts>>;
  /** How far the catalog is behind the file. */
  readonly behindMs: number;
  /** The same in bytes; left out when it is level. */
  readonly behindBytes?: number;
  /** What has gone because no more is kept (see `Recording`); absent while nothing has. */
  readonly dropped?: Dropped;
  /** Where a number of Exchanges is kept: before which position none has anything, and whether the newest file has its share. */
  readonly keeps?: { readonly before: number; readonly isFull: boolean };
  /** `exchanges` as JSON, where it was made beside them. */
  readonly exchangesJson?: string;
  /** Exchanges that have just become done or failed, oldest first, all of them; for `--json`. Empty unless asked for. */
  readonly completed: readonly Exchange[];
  /** The captures of the index, all of them. */
  readonly sources?: readonly SourceState[];
}

/** A capture of the index: how far it was read, and of which Listeners it tells. */
export interface SourceState extends Reading {
  /** 0 for the one that is recorded to, or that was opened first. */
  readonly number: number;
  /** Why it is not read further, in words; null where nothing is wrong. */
  readonly error: string | null;
  /** What else is to be known of it, in words: what of it was passed over, where it is damaged. */
  readonly notes: readonly string[];
  readonly listeners: readonly SeenListener[];
  /** Whether the index waits for room on its disk; left out where it does not. */
  readonly waits?: boolean;
}

/** A Listener as a capture tells of it; `route` is null where an older tcpmon did not record its options. */
export interface SeenListener {
  readonly id: string;
  readonly listen: string;
  readonly target: string | null;
  readonly route: ShownRoute | null;
}

/**
 * The questions. Every one may throw RangeError for a question that makes no sense, in words for the user. Where
 * there is a `signal`, aborting it ends the work and rejects with its reason.
 */
export interface Catalog {
  exchanges(query: ExchangeQuery, signal?: AbortSignal): Promise<ExchangeList>;
  /** Null where there is none with this id. */
  exchange(id: string): Promise<ExchangeDetail | null>;
  connections(query: ListQuery): Promise<ConnectionList>;
  connection(id: string): Promise<Connection | null>;
  /** `range` as of RFC 9110, 14.1.2, already parsed: `from` without `to` is open-ended, `last` the last N bytes. */
  bytes(
    source: ByteSource,
    range?: { readonly from: number; readonly to?: number } | { readonly last: number },
  ): Promise<Bytes | null>;
  view(query: ViewQuery): Promise<ViewPart | null>;
  find(query: FindQuery, signal?: AbortSignal): Promise<FindResult | null>;
  /** Null where one of the Messages is not there. */
  diff(query: DiffQuery, signal?: AbortSignal): Promise<MessageDiff | null>;
  /** Begins an export, in a worker of its own. Aborting the signal ends one that has not begun yet. */
  export(query: ExportQuery, signal?: AbortSignal): Promise<Exported>;
  /** What an export would mask in the first `most` Exchanges of it. */
  previewExport(query: ExportQuery, most: number, signal?: AbortSignal): Promise<MaskedPreview>;
  /** The difference of head and body together as a text that patch reads. */
  diffText(query: DiffQuery, signal?: AbortSignal): Promise<string | null>;
  /** Removes rows (`"all"`: of this listener, or of all). Resolves to how many. */
  remove(
    what: { readonly ids: readonly string[] } | { readonly all: true; readonly listener?: string },
  ): Promise<number>;
  /** The newest Exchanges and all counts, for a page that begins. */
  overview(): Promise<
    { readonly exchanges: readonly Exchange[]; readonly counts: Readonly<Record<string, Counts>> }
  >;
  /** Calls `listen` for every change until the returned function is called. */
  onChange(listen: (change: CatalogChange) => void): () => void;
}
