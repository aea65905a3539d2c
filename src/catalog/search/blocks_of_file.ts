// Reads a file in large blocks, the latest of which are kept: a search goes over nearly all of it in small pieces, from
// the end to the beginning, and a read of the file for each piece would take longer than the looking.

import type { ReadAt } from "../capture_bytes.ts";

/** Blocks begin at multiples of this. */
const BLOCK = 1024 * 1024;
/** So many are kept. */
const KEPT = 6;
/** Larger pieces are read past the blocks: nothing of them is wanted again soon. */
const LARGE = BLOCK / 2;

interface Block {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** How many of them are there: the file may end, or grow, within a block. */
  length: number;
}

/** A `ReadAt` over another one. */
export function inBlocks(readAt: ReadAt): ReadAt {
  /** The latest used one last. */
  const blocks: Block[] = [];
  const blockOf = (number: number): Block => {
    const at = blocks.findIndex((block) => block.number === number);
    if (at === blocks.length - 1 && at >= 0) return blocks[at];
    const [found] = at >= 0 ? blocks.splice(at, 1) : [undefined];
    if (found) {
      blocks.push(found);
      return found;
    }
    const oldest = blocks.length < KEPT ? null : blocks.shift()!;
    const bytes = oldest?.bytes ?? new Uint8Array(BLOCK);
    const block = { number, bytes, length: readAt(number * BLOCK, bytes) };
    blocks.push(block);
    return block;
  };
  return (position, into) => {
    if (into.length >= LARGE) return readAt(position, into);
    let filled = 0;
    while (filled < into.length) {
      const number = Math.floor((position + filled) / BLOCK);
      const block = blockOf(number);
      const from = position + filled - number * BLOCK;
      const count = Math.min(BLOCK - from, into.length - filled);
      // What came since, and what is in another file than the beginning of the block, is read for itself.
      if (from + count > block.length) return filled + readAt(position + filled, into.subarray(filled));
      into.set(block.bytes.subarray(from, from + count), filled);
      filled += count;
    }
    return filled;
  };
}
