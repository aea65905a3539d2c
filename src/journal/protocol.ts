// What the recorder and the journal's worker say to each other. Types only.

import type { RecordedListener } from "./comment.ts";

/** What a Journal that is continued already holds. */
export interface Held {
  /** The highest connection number in it; 0 when there is none. */
  readonly lastConnection: number;
  readonly listeners: readonly RecordedListener[];
  /** Size of the file, after a torn end was cut off. */
  readonly bytes: number;
  /** How many bytes of a torn end were cut off. */
  readonly cut: number;
  /** Where in the file secrets of TLS connections are, which may stand behind what they decrypt. */
  readonly secrets: readonly number[];
}

export type ToWorker =
  | {
    readonly type: "open";
    readonly file: string;
    readonly application: string;
    /** ms since the epoch. */
    readonly at: number;
    /** Recording stops when less than so many bytes are free on the file's disk. */
    readonly minFree: number;
    /** The TLS key log to follow; null for none. */
    readonly keyLog: string | null;
  }
  | { readonly type: "memory"; readonly batch: number; readonly memory: SharedArrayBuffer }
  /** The batch's memory is not used any more. */
  | { readonly type: "forget"; readonly batch: number }
  | { readonly type: "batch"; readonly batch: number; readonly length: number }
  | { readonly type: "close" };

export type FromWorker =
  | { readonly type: "opened"; readonly held: Held }
  /** Why it cannot be: the capture's reason, or, of the key log, a whole sentence. */
  | { readonly type: "refused"; readonly error: string; readonly of: "capture" | "key log" }
  /** The batch is in the file, which is now so long, or was given up because recording has stopped. */
  | { readonly type: "done"; readonly batch: number; readonly bytes: number }
  /** The file is so long, for other reasons than a batch. */
  | { readonly type: "grown"; readonly bytes: number }
  /** A sentence for the user. */
  | { readonly type: "notice"; readonly text: string }
  /** Nothing more is recorded; the file stays so long. */
  | { readonly type: "stopped"; readonly reason: string; readonly bytes: number }
  | { readonly type: "closed" };
