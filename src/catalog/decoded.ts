// A body with content coding removed: decoded once, from its beginning, as far as somebody wants to read, and
// kept in a spool. However much a small body decodes to, no more than a limit of it is kept. Where nothing at
// all can be decoded, the body is given as it came. Knows nothing of the codings themselves (inflate.ts).

import { statfsSync } from "node:fs";
import type { BodyExtent, BodyOptions, BodySource } from "./body.ts";
import { cannotDecode, inflate, type Pieces } from "./inflate.ts";
import type { Slices } from "./slices.ts";
import { MEMORY_BYTES, Spool } from "./spool.ts";

/** At most so many bytes of a body are decoded. */
export const DECODED_LIMIT = 2 * 1024 ** 3;

/** Coded bytes are read in pieces of so many. */
const INPUT_BYTES = 64 * 1024;

/** A BodySource over another one that gives the coded bytes. */
export class DecodedBody implements BodySource {
  readonly #notes: string[] = [];
  readonly #codings: readonly string[];
  readonly #unknown: readonly string[];
  readonly #spool: Spool;
  readonly #folder: string;
  readonly #memoryBytes: number;
  readonly #slices: Slices;
  readonly #output: Pieces;
  #limit: number;
  #stepping: Promise<boolean> | null = null;
  #done = false;
  /** True once it is clear that nothing can be decoded. */
  #asItCame = false;
  #closed = false;

  /** `codings` in the order they were applied. */
  constructor(private readonly coded: BodySource, codings: readonly string[], options: BodyOptions) {
    const { folder, slices, limit = DECODED_LIMIT, memoryBytes = MEMORY_BYTES } = options;
    const known = codings.length - 1 - codings.findLastIndex((coding) => cannotDecode(coding) !== null);
    this.#codings = codings.slice(codings.length - known);
    this.#unknown = codings.slice(0, codings.length - known);
    if (this.#unknown.length > 0) {
      this.#notes.push(`${cannotDecode(this.#unknown.at(-1)!)}; the body is shown with it`);
    }
    this.#spool = new Spool(folder, memoryBytes);
    this.#folder = folder;
    this.#memoryBytes = memoryBytes;
    this.#slices = slices;
    this.#limit = limit;
    this.#asItCame = this.#done = known === 0;
    this.#output = this.#decode(this.#codings.length)();
  }

  get notes(): readonly string[] {
    return [...this.coded.notes, ...this.#notes];
  }

  get codedAs(): readonly string[] {
    return this.#asItCame ? [...this.#unknown, ...this.#codings] : this.#unknown;
  }

  /** True while the decoded bytes are in a file. */
  get onDisk(): boolean {
    return this.#spool.onDisk;
  }

  extent(): BodyExtent {
    if (this.#asItCame) return this.coded.extent();
    return { length: this.#spool.length, complete: this.#done };
  }

  read(from: number, into: Uint8Array): number {
    return this.#asItCame ? this.coded.read(from, into) : this.#spool.read(from, into);
  }

  async advance(until: number): Promise<void> {
    while (!this.#done && !this.#closed && this.#spool.length < until) {
      this.#stepping ??= this.#step(until).finally(() => this.#stepping = null);
      if (!await this.#stepping) break;
    }
    if (this.#asItCame) await this.coded.advance(until);
  }

  close(): void {
    this.#closed = true;
    this.#spool.close();
    this.coded.close();
    this.#output.return();
  }

  /** Decodes for a slice; false when nothing more can be decoded at present. */
  async #step(until: number): Promise<boolean> {
    while (this.#spool.length < until) {
      const { value, done } = await this.#output.next();
      if (this.#closed) return false;
      if (done) this.#finish();
      if (done || value === null || !this.#keep(value)) return false;
      if (this.#slices.due()) {
        await this.#slices.pause();
        return true;
      }
    }
    return true;
  }

  #finish(): void {
    this.#done = true;
    const why = this.#notes.at(-1);
    if (this.#spool.length > 0 || why === undefined || this.coded.extent().length === 0) return;
    this.#asItCame = true;
    this.#notes[this.#notes.length - 1] = `${why}; the body is shown as it came`;
  }

  /** Appends to the spool, as far as the limit allows; false when no more is to be decoded. */
  #keep(bytes: Uint8Array): boolean {
    try {
      if (!this.#spool.onDisk && this.#spool.length + bytes.length > this.#memoryBytes) this.#mindTheDisk();
      const room = this.#limit - this.#spool.length;
      this.#spool.append(bytes.length > room ? bytes.subarray(0, room) : bytes);
      if (bytes.length <= room) return true;
      this.#notes.push(`decoded to ${megabytes(this.#limit)}, the rest is not shown`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#notes.push(`decoded to ${megabytes(this.#spool.length)}, the rest cannot be kept: ${reason}`);
    }
    this.#done = true;
    this.#output.return();
    return false;
  }

  /** A body never takes more than half of what is free where the spool's file lies. */
  #mindTheDisk(): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    this.#limit = Math.min(this.#limit, Math.floor(bavail * bsize / 2));
  }

  /** What comes when the last `count` codings have been removed. */
  #decode(count: number): () => Pieces {
    if (count === 0) return () => this.#pieces();
    const coding = this.#codings[this.#codings.length - count];
    return () => inflate(coding, this.#decode(count - 1), this.#notes);
  }

  async *#pieces(): Pieces {
    for (let position = 0;;) {
      await this.coded.advance(position + INPUT_BYTES);
      const { length, complete } = this.coded.extent();
      const piece = new Uint8Array(Math.max(0, Math.min(INPUT_BYTES, length - position)));
      const read = piece.length === 0 ? 0 : this.coded.read(position, piece);
      position += read;
      if (read > 0) yield piece.subarray(0, read);
      else if (complete || piece.length > 0) return;
      else yield null;
    }
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;
}
