// The JSON of the HTTP API, shared by the program and its page. Types only.
// The API is described at GET /api/openapi.json, from src/ui/openapi.ts.

import type { Connection, Exchange, Listener, Recording } from "../model.ts";
import type { BodyFraming } from "../decode/types.ts";
import type { ViewFault, ViewKind } from "../decode/views/types.ts";

export type { BodyFraming, Connection, Exchange, Listener, Recording, ViewFault, ViewKind };

/** How many Exchanges there are. `epoch` grows when rows were removed: positions known before are then void. */
export interface Counts {
  readonly total: number;
  readonly open: number;
  readonly failed: number;
  readonly openConnections: number;
  readonly epoch: number;
}

/** `GET /api/exchanges`: newest first. */
export interface ExchangeList {
  readonly exchanges: readonly Exchange[];
  /** Give this as `before` for the next ones; null at the end. */
  readonly next: string | null;
  /** How many match `listener` and `q` in all. */
  readonly total: number;
  /** Position of the first of `exchanges` among them, 0 being the newest. */
  readonly offset: number;
}

/** One header line as it came (ISO-8859-1 text), in the order of the wire. */
export interface HeaderLine {
  readonly name: string;
  readonly value: string;
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
  /** How many lines `text` has. */
  readonly lines: number;
  /** For each of them, whether it goes on the one before because that was cut; left out when none does. */
  readonly continued?: readonly boolean[];
  /** How many lines there are, as far as is known. */
  readonly total: number;
  /** True when `total` is final: everything that came has been laid out and nothing more will come. */
  readonly complete: boolean;
  /** How many bytes of the body have been laid out, and how many there are so far. */
  readonly doneBytes: number;
  readonly bytes: number;
  /** "utf-8", and how it was found: "declared", "byte order mark", "XML declaration", "guessed". Null for hex. */
  readonly charset: string | null;
  readonly charsetFrom: string | null;
  /** The first place that is not well-formed; null where none was found so far. */
  readonly fault: ViewFault | null;
  /** What the reader must know, in words: "gzip data ends early", "too large to be formatted, shown as text". */
  readonly notes: readonly string[];
}

/** `GET …/view/find?as=&text=&case=1&regex=1&hex=1`: hits in the lines of a view. */
export interface FindResult {
  /** At most 1,000. `line` counts from 0; `from` and `to` are UTF-16 positions in that line. */
  readonly hits: readonly { readonly line: number; readonly from: number; readonly to: number }[];
  readonly total: number;
  /** False when the search stopped early. */
  readonly complete: boolean;
}

/** SSE `snapshot`: everything the page needs to begin; rows are then asked for by range. */
export interface Snapshot {
  readonly version: string;
  readonly listeners: readonly Listener[];
  /** By listener id. */
  readonly counts: Readonly<Record<string, Counts>>;
  readonly recording: Recording;
  /** The newest Exchanges of all listeners, newest first, at most 200. */
  readonly exchanges: readonly Exchange[];
}

/** SSE `delta`, with the event's `id` growing by one: only what has changed. */
export interface Delta {
  /** All listeners, when any has changed. */
  readonly listeners?: readonly Listener[];
  readonly counts?: Readonly<Record<string, Counts>>;
  readonly recording?: Recording;
  /** New and changed Exchanges, newest first, at most 200. */
  readonly exchanges?: readonly Exchange[];
  /** True when more than those have changed: ask for the ranges that are on the screen. */
  readonly more?: boolean;
  /** Something to tell the user, in words, e.g. that accepting clients pauses. */
  readonly notice?: string;
}

/** Every answer that is not 2xx. `field` names the member of the request that is wrong. */
export interface ApiError {
  readonly error: string;
  readonly field?: string;
  /** For a port that is taken: the next free one. */
  readonly suggestion?: string;
}

/** `POST /api/listeners` */
export interface NewListener {
  /** `[HOST:]PORT` */
  readonly listen: string;
  /** `HOST:PORT` */
  readonly target: string;
}
