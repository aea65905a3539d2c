// The body of a Message: its bytes with transfer coding and content coding removed, by position, also while
// the Message still grows. Nothing is copied that lies in the journal as it is: a body of known length is
// read straight from the wire, a chunked one through an index of its chunks (chunked.ts); only what was
// compressed is decoded once and kept (decoded.ts). Knows nothing of lines, characters and views.

import type { Gap } from "./extents.ts";
import type { MessageFacts } from "./content.ts";
import type { Slices } from "./slices.ts";
import type { Wire } from "./wire.ts";
import { ChunkedBody } from "./chunked.ts";
import { DecodedBody } from "./decoded.ts";

/** How far a BodySource has got. */
export interface BodyExtent {
  /** How many bytes can be read now. */
  readonly length: number;
  /** True when no more will come: the Message is complete and all of it has been decoded. */
  readonly complete: boolean;
}

/** Bytes by position that may still grow: a body, or a Message as it is on the wire. */
export interface BodySource {
  /** What the reader must know, in words: "gzip data ends early". Grows while the body is decoded. */
  readonly notes: readonly string[];
  /** Codings that could not be removed, in the order they were applied: `read` gives the body with them. */
  readonly codedAs: readonly string[];
  /** What is there now. Only `advance` makes it more where chunks must be found or bytes decoded. */
  extent(): BodyExtent;
  /** Fills `into` with the bytes from `from` on, as far as they are there; returns how many. */
  read(from: number, into: Uint8Array): number;
  /**
   * Goes on until `extent().length` is at least `until`, or nothing more can be had at present (the Message
   * is complete, or more of it must come first). Works in slices. `advance(Infinity)` decodes all that has
   * come.
   */
  advance(until: number): Promise<void>;
  /** The gaps in the bytes from `from` to `to` (see Wire). Absent where they cannot be told. */
  gaps?(from: number, to: number): readonly Gap[];
  /** Gives up what is kept for it. Nothing may be read afterwards. */
  close(): void;
}

/** Where and how much is kept of decoded bodies. */
export interface BodyOptions {
  /** A folder for bodies that are too large for memory. */
  readonly folder: string;
  readonly slices: Slices;
  /** At most so many bytes of a body are decoded; 2 GiB unless given. */
  readonly limit?: number;
  /** So many bytes of a decoded body are kept in memory; 8 MiB unless given. */
  readonly memoryBytes?: number;
}

/** The bytes of a Message from `start` on, as they are on the wire. */
export class PlainBytes implements BodySource {
  readonly notes: readonly string[] = [];
  readonly codedAs: readonly string[] = [];

  constructor(private readonly wire: Wire, private readonly start: number) {}

  extent(): BodyExtent {
    const { length, complete } = this.wire.extent();
    return { length: Math.max(0, length - this.start), complete };
  }

  read(from: number, into: Uint8Array): number {
    return this.wire.read(this.start + from, into);
  }

  gaps(from: number, to: number): readonly Gap[] {
    const { start, wire } = this;
    if (!wire.gaps) return [];
    const found = wire.gaps(start + from, start + to);
    return found.map((gap) => ({ start: Math.max(0, gap.start - start), end: gap.end - start }));
  }

  advance(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}
}

/** The body of the Message whose bytes `wire` gives. */
export function openBody(wire: Wire, facts: MessageFacts, options: BodyOptions): BodySource {
  const body = wire.framing === "chunked"
    ? new ChunkedBody(wire, options.slices)
    : new PlainBytes(wire, wire.headBytes);
  const codings = [...facts.contentCoding, ...facts.transferCoding];
  return codings.length === 0 ? body : new DecodedBody(body, codings, options);
}
