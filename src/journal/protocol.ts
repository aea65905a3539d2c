// What the recorder and the journal's worker say to each other. Types only.

import type { Keep } from "../keep.ts";
import type { CaptureFile } from "./capture_files.ts";
import type { RecordedListener } from "./comment.ts";

/** What a Journal that is continued already holds. */
export interface Held {
  /** The highest connection number in it; 0 when there is none. */
  readonly lastConnection: number;
  readonly listeners: readonly RecordedListener[];
  /** The position behind all that it holds, but for a torn end. */
  readonly position: number;
  /** How many bytes of a torn end are cut off when it is begun. */
  readonly cut: number;
  /** Where in the capture secrets of TLS connections are, which may stand behind what they decrypt. */
  readonly secrets: readonly number[];
}

export type ToWorker =
  | {
    readonly type: "open";
    readonly file: string;
    readonly application: string;
    /** Recording stops when less than so many bytes are free on the file's disk; null: as little as is sensible there. */
    readonly minFree: number | null;
    /** How much is kept; where no bytes are given, a share of what is free. */
    readonly keep: Keep;
    /** How many bytes of each Direction of a Connection are recorded; null for all. */
    readonly captureLimit: number | null;
    /** The TLS key log to follow; null for none. */
    readonly keyLog: string | null;
  }
  /** Begins this run's section in the capture that was opened, which is not changed before. */
  | { readonly type: "begin"; readonly at: number }
  | { readonly type: "memory"; readonly batch: number; readonly memory: SharedArrayBuffer }
  /** The batch's memory is not used any more. */
  | { readonly type: "forget"; readonly batch: number }
  | { readonly type: "batch"; readonly batch: number; readonly length: number }
  /** A new segment is begun. */
  | { readonly type: "rotate" }
  /** Segments that lie wholly before this position are removed. */
  | { readonly type: "drop"; readonly before: number }
  /** `discards`: a file that was made for the capture and holds nothing that was recorded is removed. */
  | { readonly type: "close"; readonly discards: boolean };

export type FromWorker =
  | {
    readonly type: "opened";
    readonly held: Held;
    readonly files: readonly CaptureFile[];
    readonly keep: Keep;
    /** Where `keep.bytes` was not given: what it is a share of, in words, where it is one; otherwise null. */
    readonly share: string | null;
  }
  | {
    readonly type: "begun";
    /** The position behind the beginning of the section. */
    readonly position: number;
    readonly files: readonly CaptureFile[];
    /** Where secrets were appended that the capture lacked. */
    readonly secrets: readonly number[];
  }
  /** Why it cannot be opened or begun: the capture's reason, or, of the key log, a whole sentence. */
  | { readonly type: "refused"; readonly error: string; readonly of: "capture" | "key log" }
  /** The batch is in the capture, which now ends there, or was given up because recording has stopped. */
  | { readonly type: "done"; readonly batch: number; readonly position: number }
  /** The capture ends there, for other reasons than a batch. */
  | { readonly type: "grown"; readonly position: number }
  /** The capture has these files now. */
  | { readonly type: "files"; readonly files: readonly CaptureFile[] }
  /** A sentence for the user. */
  | { readonly type: "notice"; readonly text: string }
  /** Nothing is recorded until `resumed`; the capture ends there meanwhile. */
  | { readonly type: "stopped"; readonly reason: string; readonly position: number }
  | { readonly type: "resumed"; readonly position: number }
  | { readonly type: "closed" };
