// One side of an Exchange as bytes on the wire, wherever they lie. What views and bodies are made from.

import type { BodyFraming } from "../decode/types.ts";
import type { Gap } from "./extents.ts";

/** A Message's bytes; they may still grow. Positions are from the first byte of the Message. */
export interface Wire {
  /** Names it, for caches: "e12/request". */
  readonly key: string;
  /** Length of the head; 0 for a turn. */
  readonly headBytes: number;
  readonly framing: BodyFraming;
  /** How many bytes there are now, and whether that is all. Looked up anew at every call. */
  extent(): { readonly length: number; readonly complete: boolean };
  /** Fills `into` with the bytes from `from` on, as far as there are any; returns how many. */
  read(from: number, into: Uint8Array): number;
  /** The gaps that overlap the bytes from `from` to `to`, whole, for which `read` gives filler. Absent where there can be none. */
  gaps?(from: number, to: number): readonly Gap[];
}
