// What the answer worker asks of the search worker, and what comes back. Types only.

import type { Places } from "../questions.ts";

/** Which Exchanges are looked at: some, or those from a number on, downwards (older ones) or upwards, without it. */
export type Which = { readonly ids: readonly number[] } | {
  readonly from: number;
  readonly upwards: boolean;
};

/** Some of a search. */
export interface ScanTask {
  /** The filter. */
  readonly q: string;
  readonly listener: string | undefined;
  /** Its number. */
  readonly connection: number | undefined;
  readonly which: Which;
  /** These are passed over. */
  readonly tooLong: readonly number[];
  /** Ms since the epoch, for what is so long ago. */
  readonly now: number;
  /** How long to go on for, about, in ms. */
  readonly forMs: number;
}

/** What was found out. Exchanges by their numbers. */
export interface Scanned {
  readonly hits: readonly number[];
  /** Those that may still grow, and how many bytes they had. */
  readonly open: readonly (readonly [number, number])[];
  /** Those that were put off because they are large. */
  readonly large: readonly number[];
  /** How many were decided about. */
  readonly rows: number;
  /** How many bytes were looked at. */
  readonly bytes: number;
  /** The last one that was looked at or put off; null where there was none. */
  readonly reached: number | null;
  /** Whether there are no more in that direction. */
  readonly over: boolean;
}

/** The worker that looks through contents. */
export interface SearchQuestions {
  /** First of all. `watched`: see `Watch`. */
  open(options: Places & { readonly watched: SharedArrayBuffer }): void;
  /** The files of the capture are others now. */
  files(question: null): void;
  scan(task: ScanTask): Scanned;
  close(question: null): void;
}
