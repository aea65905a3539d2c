// Streams of bytes that are taken piece by piece, each read when it is asked for. A stream that nobody takes from
// costs nothing but its place in a map.

import type { Gap } from "./extents.ts";
import type { ByteRange, OpenedBytes } from "./questions.ts";

/** The largest piece. */
const PIECE = 256 * 1024;

/** Bytes that are there now, by position. */
export interface Readable {
  readonly total: number;
  /** False while more may come. */
  readonly complete: boolean;
  readonly contentType: string | null;
  /** Fills `into` with the bytes from `from` on; returns how many. */
  read(from: number, into: Uint8Array): number;
  /** See StreamOfBytes; absent where there are no gaps, or they cannot be told. */
  gaps?(from: number, to: number): readonly Gap[];
  /** Nothing is read any more. */
  close(): void;
}

interface Stream {
  readonly readable: Readable;
  next: number;
  readonly to: number;
}

/** The streams that are open. */
export class ByteStreams {
  readonly #streams = new Map<number, Stream>();
  #last = 0;

  /** Opens a stream of the bytes in `range`, or of all. A range that begins beyond the end has none. */
  open(readable: Readable, range?: ByteRange): OpenedBytes {
    const { total, complete, contentType } = readable;
    const { from, to } = within(total, range);
    const stream = ++this.#last;
    if (from < to) this.#streams.set(stream, { readable, next: from, to });
    else readable.close();
    const gaps = gapsIn(readable, from, to);
    return { stream, total, complete, contentType, from, to, ...(gaps.length > 0 ? { gaps } : {}) };
  }

  /** The next piece of a stream, which is closed with its last one; null where it is closed. */
  take(number: number): Uint8Array | null {
    const stream = this.#streams.get(number);
    if (!stream) return null;
    const piece = new Uint8Array(Math.min(PIECE, stream.to - stream.next));
    const count = stream.readable.read(stream.next, piece);
    stream.next += count;
    if (stream.next >= stream.to || count < piece.length) this.drop(number);
    if (count < piece.length) {
      throw new Error(`Cannot read byte ${stream.next}: the capture file is shorter than its index`);
    }
    return piece;
  }

  /** Closes a stream. */
  drop(number: number): void {
    this.#streams.get(number)?.readable.close();
    this.#streams.delete(number);
  }
}

/** So many gaps are told at most. */
const MOST_GAPS = 100;

function gapsIn(readable: Readable, from: number, to: number): readonly Gap[] {
  return from < to ? readable.gaps?.(from, to).slice(0, MOST_GAPS) ?? [] : [];
}

/** The first and one past the last byte of `range` (RFC 9110, 14.1.2) of `total` bytes. */
function within(total: number, range?: ByteRange): { readonly from: number; readonly to: number } {
  if (!range) return { from: 0, to: total };
  if ("last" in range) return { from: Math.max(0, total - range.last), to: total };
  const from = Math.min(range.from, total);
  return { from, to: Math.max(from, Math.min(total, (range.to ?? Infinity) + 1)) };
}
