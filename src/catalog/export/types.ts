// What can be exported and how, and what an export is. Types only.

import type { Masked } from "../../decode/redact/mod.ts";
import type { Exchange } from "../../model.ts";

/**
 * "ndjson": a line of JSON for each Exchange, with its bodies. "har": HTTP Archive 1.2. "pcapng": packets, as the capture
 * has them. "html": a report for people. "curl": a command for each request. "raw": a ZIP file with each Message's bytes.
 */
export type ExportFormat = "ndjson" | "har" | "pcapng" | "html" | "curl" | "raw";

/** Which Exchanges, as what. They are given oldest first, each once. */
export interface ExportQuery {
  readonly format: ExportFormat;
  /** These; unless given, all that match `listener` and `q` when the export begins. */
  readonly ids?: readonly string[];
  readonly listener?: string;
  readonly q?: string;
  /** False leaves bodies out where the format can do without them (ndjson, har); true unless given. */
  readonly bodies?: boolean;
  /** pcapng: everything of the Connections that the Exchanges went over; false unless given. */
  readonly wholeConnections?: boolean;
  /** What is masked: `header:authorization`, `json:password`; see the rules of redacting. */
  readonly redact?: readonly string[];
  /** Who exports: "tcpmon 0.1.0". */
  readonly application: string;
}

/** An export that has begun. What is still open by then is told as it is when its turn comes. */
export interface Exported {
  /** How many Exchanges. */
  readonly count: number;
  /** The Exchange where it is one; otherwise null. */
  readonly only: Exchange | null;
  /** The bytes, made only as fast as they are taken. Cancelling it ends the work. */
  readonly stream: ReadableStream<Uint8Array>;
  /** How it ended, once it has. */
  readonly outcome: Promise<ExportOutcome>;
}

/** What became of an export. */
export interface ExportOutcome {
  /** False where it was stopped, or failed. */
  readonly complete: boolean;
  /** What was masked; empty where nothing was to be. Names and numbers, no values. */
  readonly masked: readonly Masked[];
}

/** What an export would mask, in the first Exchanges of it. */
export interface MaskedPreview {
  /** How many Exchanges were looked through, and how many there are. */
  readonly exchanges: number;
  readonly count: number;
  readonly masked: readonly Masked[];
}

/** What the export worker is asked to begin: an ExportQuery whose Exchanges are known by their numbers. */
export interface ExportTask extends Omit<ExportQuery, "ids" | "q"> {
  /** In ascending order; null: all of `listener`. */
  readonly numbers: Float64Array | null;
}

/** `Exported` without its stream, which is taken piece by piece under the number `stream`. */
export interface BegunExport extends Omit<Exported, "stream" | "outcome"> {
  readonly stream: number;
}
