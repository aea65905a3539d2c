// One Direction of a Connection: reads, tells the observer, writes. The byte path; nothing else happens here.
// It knows nothing of what the bytes mean, of journals or of the page.

import type { Direction, Observer, SideEnd } from "../model.ts";
import type { Outlet } from "./sink.ts";

/** What a Connection that waits holds, twice: most requests and small answers fit. */
const SMALLEST = 4 * 1024;
/** A read that fills its buffer makes the next so many times as large. */
const GROWTH = 4;
const LARGEST = 256 * 1024;
/** After so many reads in a row that would have fitted the smallest buffer, the buffer shrinks to it. */
const SMALL_READS = 16;

/** Buffers that no pump uses: making one costs more than anything else that a short Connection does. */
const spare: Readonly<Record<number, Buffer[]>> = { [SMALLEST]: [], [GROWTH * SMALLEST]: [] };
/** So many of each size are kept at most, 10 MiB in all. */
const MOST_SPARE = 512;

type Buffer = Uint8Array<ArrayBuffer>;

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
  let buffer = take(SMALLEST);
  let smallReads = 0;
  const leave = (end: PumpEnd): PumpEnd => {
    giveBack(buffer);
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
      giveBack(buffer);
      buffer = take(length * GROWTH);
      smallReads = 0;
    } else if (length > SMALLEST) {
      smallReads = 0;
    } else if (buffer.length > SMALLEST && ++smallReads === SMALL_READS) {
      giveBack(buffer);
      buffer = take(SMALLEST);
    }
  }
}

function take(size: number): Buffer {
  return spare[size]?.pop() ?? new Uint8Array(size);
}

function giveBack(buffer: Buffer): void {
  const same = spare[buffer.length];
  if (same !== undefined && same.length < MOST_SPARE) same.push(buffer);
}

/** A peer that is gone shows as a reset when reading and as a reset or a broken pipe when writing. */
export function howOf(error: unknown): SideEnd {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionAborted
    ? "reset"
    : "error";
}
