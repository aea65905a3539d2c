// What can be asked of the difference of two Messages, and its answer, which is also the JSON of the HTTP API.
// Types only.

import type { Difference } from "../decode/diff/rows.ts";
import type { StructureDiff } from "../decode/diff/structure/types.ts";
import type { ViewKind } from "../decode/views/types.ts";

/** Which side of an Exchange. */
type Side = "request" | "response";

/** Which Messages to compare, and how. */
export interface DiffQuery {
  readonly exchange: string;
  /** The Exchange that was before: what is removed is from it. It may be the same one. */
  readonly with: string;
  readonly side: Side;
  /** Of the one before; as `side` unless given. */
  readonly withSide?: Side;
  /** Whether the Message is meant as it was passed on, rather than as it came. */
  readonly sent?: boolean;
  /** The same of the one before. */
  readonly withSent?: boolean;
  readonly as: ViewKind | "auto";
  /** Equal lines farther than this from a change are left out. */
  readonly context: number;
  /** Whether JSON and XML are compared by what they mean, too. */
  readonly structure?: boolean;
}

/**
 * `GET /api/exchanges/ID/diff?with=&side=&withSide=&sent=&withSent=&as=&context=&structure=`: what became of the
 * Message of `with` in that of `exchange`.
 */
export interface MessageDiff {
  readonly exchange: string;
  readonly with: string;
  readonly side: Side;
  readonly withSide: Side;
  /** Present where it was asked for so. */
  readonly sent?: boolean;
  readonly withSent?: boolean;
  /** How the bodies were laid out to be compared: as text where they would be shown in different ways. */
  readonly as: ViewKind;
  /**
   * Start line and header lines, whose order and whose capital letters do not matter; null where neither has a head, and
   * with `as` raw, where it is in the body.
   */
  readonly head: Difference | null;
  readonly body: Difference;
  /** The fields after a chunked body; null where neither has any, and with `as` raw. */
  readonly trailers: Difference | null;
  /** Where it was asked for: how the bodies differ by what they mean; null where that cannot be told (see `notes`). */
  readonly structure?: StructureDiff | null;
  /** False while one of the Messages may still grow. */
  readonly complete: boolean;
  /** What the reader must know, in words: "the bodies are compared as far as line 4,000,000". */
  readonly notes: readonly string[];
}
