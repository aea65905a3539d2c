// A window on a file that may still grow: a buffer that holds the part of it that is being read. Where packets are large
// only their beginnings are read, since nobody asks for their payload here. It knows nothing of formats.

import type { ReadAt } from "./packets.ts";

/** How much is read at once where packets are small, and where they are large. */
const WIDE = 256 * 1024;
const NARROW = 512;
/** From this size on a packet counts as large. */
const LARGE = 16 * 1024;

/** See above. Positions are those that `read` takes. */
export class Window {
  readonly bytes = new Uint8Array(WIDE);
  readonly view = new DataView(this.bytes.buffer);
  /** The position of the first byte in the buffer, and one past the last. */
  start = 0;
  end = 0;
  /** How long the latest packet was. */
  latest = 0;

  constructor(readonly read: ReadAt) {}

  /** Makes sure that `length` bytes from `position` on are in the buffer; false where the file has not so many. */
  has(position: number, length: number): boolean {
    if (position >= this.start && position + length <= this.end) return true;
    const size = Math.min(WIDE, Math.max(length, this.latest >= LARGE ? NARROW : WIDE));
    this.start = position;
    this.end = position + this.read(position, this.bytes.subarray(0, size));
    return position + length <= this.end;
  }

  /** Where in the buffer a position is that it has. */
  at(position: number): number {
    return position - this.start;
  }
}
