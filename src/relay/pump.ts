// One Direction of a Connection: reads, tells the observer, writes. The byte path; nothing else happens here.
// It knows nothing of what the bytes mean, of journals or of the page.

import type { Direction, Observer, SideEnd } from "../model.ts";
import type { Outlet } from "./sink.ts";

const SMALLEST = 16 * 1024;
const LARGEST = 256 * 1024;
/** After so many reads in a row that would have fitted the smallest buffer, the buffer shrinks to it. */
const SMALL_READS = 16;

/** Smallest buffers that no pump uses: making one costs more than anything else that a short Connection does. */
const spare: Uint8Array<ArrayBuffer>[] = [];
/** So many are kept at most, 4 MiB in all. */
const MOST_SPARE = 256;

/** How a pump came to its end. */
export interface PumpEnd {
  /** Which leg ended: the one that was read from, or the one that was written to. */
  readonly leg: "source" | "sink";
  readonly how: SideEnd;
  /** The socket's error, where `how` is not "end". */
  readonly error: unknown;
}

/**
 * Copies from `source` to what is the Sink of `outlet` at each write, until one of them ends. Does not close or
 * half-close anything. Never throws. `count` is told the size of each read.
 */
export async function pump(
  source: Pick<Deno.Conn, "read">,
  outlet: Outlet,
  connection: number,
  direction: Direction,
  observer: Observer,
  count: (bytes: number) => void,
): Promise<PumpEnd> {
  let buffer = spare.pop() ?? new Uint8Array(SMALLEST);
  let smallReads = 0;
  const leave = (end: PumpEnd): PumpEnd => {
    if (buffer.length === SMALLEST && spare.length < MOST_SPARE) spare.push(buffer);
    return end;
  };
  for (;;) {
    let length: number | null;
    try {
      length = await source.read(buffer);
    } catch (error) {
      return leave({ leg: "source", how: howOf(error), error });
    }
    if (length === null) return leave({ leg: "source", how: "end", error: null });

    const chunk = length === buffer.length ? buffer : buffer.subarray(0, length);
    count(length);
    observer.chunk(connection, direction, chunk);
    try {
      for (let written = await outlet.sink.write(chunk); written < length;) {
        written += await outlet.sink.write(chunk.subarray(written));
      }
    } catch (error) {
      return leave({ leg: "sink", how: howOf(error), error });
    }

    const behind = observer.behind();
    if (behind) await behind;
    if (length === buffer.length && length < LARGEST) {
      buffer = new Uint8Array(length * 2);
      smallReads = 0;
    } else if (length > SMALLEST) {
      smallReads = 0;
    } else if (buffer.length > SMALLEST && ++smallReads === SMALL_READS) {
      buffer = new Uint8Array(SMALLEST);
    }
  }
}

/** A peer that is gone shows as a reset when reading and as a reset or a broken pipe when writing. */
export function howOf(error: unknown): SideEnd {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionAborted
    ? "reset"
    : "error";
}
