// Laid out lines that were looked at lately. Knows nothing of how they are made: they can always be made
// again.

import type { Lines } from "./lines.ts";

/** Lines that follow one another, and where they stand in a view. */
export interface Block extends Lines {
  /** Number of the first line, from 0. */
  readonly first: number;
  /** How many lines before the first go on the one before them. */
  readonly continuedBefore: number;
}

/** All blocks together hold about so many UTF-16 units. */
const UNITS = 8 * 1024 * 1024;
/** What a line costs beside its text. */
const LINE_UNITS = 16;

/** Keeps the blocks used last, by whatever they were made from. */
export class BlockCache {
  readonly #blocks = new Map<object, { readonly block: Block; readonly units: number }>();
  #units = 0;

  constructor(private readonly limit: number = UNITS) {}

  /** How many blocks are kept. */
  get size(): number {
    return this.#blocks.size;
  }

  get(origin: object): Block | null {
    const kept = this.#blocks.get(origin);
    if (!kept) return null;
    this.#blocks.delete(origin);
    this.#blocks.set(origin, kept);
    return kept.block;
  }

  /** Keeps a block, and forgets others where there are too many. */
  set(origin: object, block: Block): void {
    this.delete(origin);
    const units = block.texts.reduce((sum, text) => sum + text.length + LINE_UNITS, 0);
    this.#blocks.set(origin, { block, units });
    this.#units += units;
    for (const oldest of this.#blocks.keys()) {
      if (this.#units <= this.limit || oldest === origin) break;
      this.delete(oldest);
    }
  }

  delete(origin: object): void {
    this.#units -= this.#blocks.get(origin)?.units ?? 0;
    this.#blocks.delete(origin);
  }
}
