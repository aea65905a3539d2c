// The files of captures as one space of positions: the segments of the capture that grows, one behind the other from
// position 0 on, and each capture that was opened beside it, from a base of its own on. Whoever reads recorded bytes
// reads through it. Files are opened when they are first read, and read through the same handle also once they were
// given another name. It knows nothing of what the bytes mean, but for how a segment says where it belongs.

import { readerOf } from "./file.ts";
import { ifThere } from "./if_there.ts";
import { segmentBase } from "./segment_base.ts";

/** A file, and which positions are in it. */
export interface CaptureFile {
  readonly path: string;
  /** The name that it has once it does not grow any more; null where it keeps its name. */
  readonly later: string | null;
  /** The position of its first byte. */
  readonly base: number;
  /** How long it is; null while it grows. */
  readonly length: number | null;
}

/** An opened capture with the number k, from 1 on, has its positions from k times this on … */
export const POSITIONS = 2 ** 46;
/** … and the numbers of its Connections from k times this on. */
export const CONNECTIONS = 1e9;

/** Reads by position; see above. */
export class CaptureFiles {
  /** In the order of their positions. */
  #files: readonly CaptureFile[] = [];
  readonly #open = new Map<number, Deno.FsFile>();

  /** `list` tells the files whenever they may have changed: at first, after `refresh`, and where a position is in none. */
  constructor(private readonly list: () => readonly CaptureFile[]) {
    this.refresh();
  }

  /** The files may have changed: those that are gone are closed. */
  refresh(): void {
    this.#files = [...this.list()].sort((a, b) => a.base - b.base);
    const known = new Set(this.#files.map(({ base }) => base));
    for (const [base, file] of this.#open) {
      if (known.has(base)) continue;
      this.#open.delete(base);
      file.close();
    }
  }

  /** The files, in the order of their positions. */
  get files(): readonly CaptureFile[] {
    return this.#files;
  }

  /** The file that holds a position, and where in it; null where none does. */
  find(position: number): { readonly file: CaptureFile; readonly offset: number } | null {
    const at = this.#lastUpTo(position);
    if (at < 0) return null;
    const file = this.#files[at];
    const offset = position - file.base;
    return file.length === null || offset < file.length ? { file, offset } : null;
  }

  /** Which of the files is the last that begins at a position or before it; -1 for none. */
  #lastUpTo(position: number): number {
    let [low, high] = [0, this.#files.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#files[middle].base <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * Fills `into` from `position` on, not beyond the end of the file that it is in. Returns how many bytes that were: 0
   * where there are none, or not any more.
   */
  readonly readAt = (position: number, into: Uint8Array): number => {
    let found = this.find(position);
    if (!found) {
      this.refresh();
      found = this.find(position);
    }
    if (!found) return 0;
    const { file, offset } = found;
    const handle = this.#handle(file);
    if (!handle) return 0;
    const length = file.length === null ? into.length : Math.min(into.length, file.length - offset);
    return readerOf(handle)(offset, into.subarray(0, length));
  };

  /** Where a capture goes on behind a position at which it has nothing, because one of its files is gone; null where it does not. */
  readonly after = (position: number): number | null => {
    const found = this.find(position);
    if (found && this.#handle(found.file)) return null;
    const next = this.#files[this.#lastUpTo(position) + 1]?.base ?? null;
    const isSame = next !== null && Math.floor(next / POSITIONS) === Math.floor(position / POSITIONS);
    return isSame ? next : null;
  };

  /** Throws what the disk says where a file cannot be read. */
  check(): void {
    for (const file of this.#files) {
      if (!this.#handle(file)) throw new Error(`Cannot open ${file.path}: it is not there.`);
    }
  }

  /**
   * Opens all that are there, so that they can be read also once they are removed. Returns where each begins and how
   * long it is now.
   */
  hold(): readonly { readonly base: number; readonly length: number }[] {
    return this.#files.flatMap((file) => {
      const handle = this.#handle(file);
      return handle ? [{ base: file.base, length: file.length ?? handle.statSync().size }] : [];
    });
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  #handle(file: CaptureFile): Deno.FsFile | null {
    const known = this.#open.get(file.base);
    if (known) return known;
    for (const path of file.later === null ? [file.path] : [file.path, file.later]) {
      const handle = ifThere(() => Deno.openSync(path));
      if (!handle) continue;
      // The next segment may have this name by now.
      if (file.later === null || segmentBase(readerOf(handle)) === file.base) {
        this.#open.set(file.base, handle);
        return handle;
      }
      handle.close();
    }
    return null;
  }
}
