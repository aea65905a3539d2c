// What the page's server may do with captures: those that are opened beside what is recorded, and the one that is saved.
// Where they lie is not known here.

import type { OpenedCapture } from "../model.ts";
import type { Bytes } from "../catalog/types.ts";

/** A capture that could not be opened; `message` says why and what to do. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
}

/** Opens, saves and closes captures. */
export interface OpenCaptures {
  /** Those that are open, in the order they were opened. */
  list(): readonly OpenedCapture[];
  /** Keeps what comes in a temporary file and opens it under this name. Throws CaptureError. */
  upload(name: string, body: ReadableStream<Uint8Array>): Promise<OpenedCapture>;
  /** Closes one and takes its rows away; its file stays, unless it came by `upload`. False where there is none with this id. */
  close(id: string): Promise<boolean>;
  /** All that was recorded so far as one pcapng, and a name to save it under. */
  save(
    range?: { readonly from: number; readonly to?: number } | { readonly last: number },
  ): Promise<SavedCapture>;
}

/** A capture that is being saved. */
export interface SavedCapture {
  readonly name: string;
  readonly bytes: Bytes;
}
