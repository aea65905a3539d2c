// What a Journal holds, as its reader gives it: the Observer's events with their times, in the order they came.

import type { Closed, Connected, Direction, Edited, Failed, Opened, Secured, SideEnded } from "../model.ts";

/** A piece of a Chunk (at most 65,495 bytes of it). Its bytes are asked for with `JournalReader.payload`. */
export interface ChunkRecord {
  readonly kind: "chunk";
  /** When it was read, ms since the epoch. */
  readonly at: number;
  readonly connection: number;
  readonly direction: Direction;
  /** Where its bytes begin in the file, and how many there are. */
  readonly position: number;
  readonly length: number;
  /** True for the last (or only) piece of the Chunk. */
  readonly last: boolean;
}

/** Bytes that the network carried, and the capture has not: they keep their places in the Direction's stream. */
export interface GapRecord {
  readonly kind: "gap";
  /** When they came, or when it was noticed that they are missing, ms since the epoch. */
  readonly at: number;
  readonly connection: number;
  readonly direction: Direction;
  /** How many bytes; 0, at the beginning of a Direction, where it is not known how many. */
  readonly length: number;
}

/**
 * Nothing more of a Direction is recorded (`--capture-limit`): what came before `offset` of its stream is there, and
 * what comes after it follows as gaps.
 */
export interface CutRecord {
  readonly kind: "cut";
  readonly at: number;
  readonly connection: number;
  readonly direction: Direction;
  readonly offset: number;
}

/**
 * A Connection that was open when a segment of the capture began: what was recorded of it in the segments before. Who
 * has read those knows as much, but for gaps: where bytes came while nothing could be recorded, a side has more here.
 */
export interface CarriedRecord extends Opened {
  readonly kind: "carried";
  readonly at: number;
  /** When it was opened. */
  readonly openedAt: number;
  /** How many bytes of each Direction came before. */
  readonly upstreamBytes: number;
  readonly downstreamBytes: number;
  readonly connected?: Omit<Connected, "connection">;
  /** TLS that was begun: `from` are the bytes of each Direction that had come before it. */
  readonly secured?: readonly CarriedTls[];
  readonly ended?: readonly Omit<SideEnded, "connection">[];
  /** Where recording of a Direction was cut. */
  readonly cut?: { readonly upstream?: number; readonly downstream?: number };
}

/** TLS on a leg of a Connection that is carried over. */
export interface CarriedTls extends Omit<Secured, "connection"> {
  readonly at: number;
  readonly upstreamFrom: number;
  readonly downstreamFrom: number;
}

/** `position` is where the record's block begins in the file. */
export type JournalRecord =
  | ChunkRecord
  | GapRecord
  | CutRecord
  | CarriedRecord
  /** The same run goes on at `position`, in a file of its own or after it could not record: `carried` so many follow. */
  | { readonly kind: "segment"; readonly at: number; readonly position: number; readonly carried: number }
  | ({ readonly kind: "opened"; readonly at: number } & Opened)
  | ({ readonly kind: "connected"; readonly at: number } & Connected)
  | ({ readonly kind: "edited"; readonly at: number } & Edited)
  | ({ readonly kind: "secured"; readonly at: number } & Secured)
  | ({ readonly kind: "ended"; readonly at: number } & SideEnded)
  | ({ readonly kind: "closed"; readonly at: number } & Closed)
  | ({ readonly kind: "failed"; readonly at: number } & Failed)
  /** Lines of a TLS key log; `at` is when what stands before them was recorded, 0 where nothing does (see `JournalReader.secretsAt` for those that are wanted before their turn). */
  | { readonly kind: "secrets"; readonly at: number; readonly lines: Uint8Array; readonly position: number }
  /** The Journal was continued by another run of the program: Connections still open before it are over. */
  | { readonly kind: "continued"; readonly at: number };

/**
 * Reads a Journal, growing or finished, from its beginning. `read` fills a buffer from a position in the file and
 * returns how many bytes it got (0 at the end). See `src/journal/reader.ts` for the class.
 */
export interface RecordSource {
  /** The next record that lies wholly before `limit` (a position in the file), or null. */
  next(limit: number): JournalRecord | null;
  /** The bytes of a chunk that `next` has just given; valid until the next call. */
  payload(chunk: ChunkRecord): Uint8Array;
  /** Goes on with the file that begins at `position`, where those before it are gone. */
  jump?(position: number): void;
  /** Whether something was not read for that. */
  readonly hasSkipped?: boolean;
  /** Everything before this position in the file has been read. */
  readonly position: number;
  /**
   * The file will not grow any more and `next` has given null: what was held back because more could have come is given
   * by further calls of `next`. Absent where nothing is ever held back.
   */
  finish?(): void;
  /** How many bytes at the end of a file that will not grow are not read, because they are no whole block or packet. */
  readonly leftOut?: number;
  /** What is to be known of the file besides, in words: what was passed over, where it is damaged. Grows. */
  readonly notes?: readonly string[];
}

/** What the record of an open Connection ends with once recording has stopped for `reason` (see `Recording`). */
export function notRecorded(reason: string): string {
  return `not recorded further: ${reason.replace(/^Recording stopped: /, "")}`;
}
