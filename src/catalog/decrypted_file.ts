// What was decrypted, of all Connections one piece behind the other, in a temporary file. It
// is made when there is something for it. The extents of each Direction say what is whose.

import { join } from "node:path";
import type { Direction } from "../model.ts";

/** What was decrypted of a Direction, as a stream of its own in the tables of extents. */
export type DecryptedStream = `decrypted ${Direction}`;

/** The name of that stream. */
export function decryptedStream(direction: Direction): DecryptedStream {
  return `decrypted ${direction}`;
}

function pathIn(folder: string): string {
  return join(folder, "decrypted.tmp");
}

/** Writes it. */
export class DecryptedFile {
  #file: Deno.FsFile | null = null;
  #length = 0;

  constructor(private readonly folder: string) {}

  /** Appends bytes; returns where they begin. Throws what the disk says. */
  append(bytes: Uint8Array): number {
    this.#file ??= this.#make();
    const position = this.#length;
    for (let from = 0; from < bytes.length;) from += this.#file.writeSync(bytes.subarray(from));
    this.#length += bytes.length;
    return position;
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #make(): Deno.FsFile {
    const path = pathIn(this.folder);
    try {
      // One of an older index.
      Deno.removeSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
  }
}

/** Opens it to read; only when there are extents in it. */
export function openDecrypted(folder: string): Deno.FsFile {
  return Deno.openSync(pathIn(folder));
}
