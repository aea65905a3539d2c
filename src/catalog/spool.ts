// Bytes that are appended once and read anywhere: in memory as long as they are few, beyond that in a file
// that is removed with the spool. Knows nothing of what the bytes are.

/** So many bytes are kept in memory. */
export const MEMORY_BYTES = 8 * 1024 * 1024;

/** Holds what a decoder gives. Every call is synchronous; `append` throws what the file system throws. */
export class Spool {
  #memory: Uint8Array | null = new Uint8Array(0);
  #file: { readonly handle: Deno.FsFile; readonly path: string } | null = null;
  #length = 0;

  /** The file lies in `folder`, under a name of its own, once there are more than `memoryBytes`. */
  constructor(private readonly folder: string, private readonly memoryBytes: number = MEMORY_BYTES) {}

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** True once the bytes are in a file. */
  get onDisk(): boolean {
    return this.#file !== null;
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (this.#memory && length <= this.memoryBytes) {
      if (length > this.#memory.length) this.#grow(length);
      this.#memory.set(bytes, this.#length);
    } else {
      const file = this.#file ?? this.#toFile();
      writeAt(file.handle, this.#length, bytes);
    }
    this.#length = length;
  }

  /** Fills `into` with the bytes from `from` on, as far as there are any; returns how many. */
  read(from: number, into: Uint8Array): number {
    const length = Math.max(0, Math.min(into.length, this.#length - from));
    if (length === 0) return 0;
    if (this.#memory) {
      into.set(this.#memory.subarray(from, from + length));
      return length;
    }
    return this.#file ? readAt(this.#file.handle, from, into.subarray(0, length)) : 0;
  }

  /** Forgets the bytes and removes the file. */
  close(): void {
    this.#length = 0;
    this.#memory = null;
    if (!this.#file) return;
    this.#file.handle.close();
    Deno.removeSync(this.#file.path);
    this.#file = null;
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.min(this.memoryBytes, Math.max(length, 2 * this.#memory!.length)));
    grown.set(this.#memory!.subarray(0, this.#length));
    this.#memory = grown;
  }

  #toFile(): { readonly handle: Deno.FsFile; readonly path: string } {
    const path = `${this.folder}/body-${crypto.randomUUID()}.tmp`;
    const handle = Deno.openSync(path, { read: true, write: true, createNew: true, mode: 0o600 });
    this.#file = { handle, path };
    writeAt(handle, 0, this.#memory!.subarray(0, this.#length));
    this.#memory = null;
    return this.#file;
  }
}

function writeAt(file: Deno.FsFile, position: number, bytes: Uint8Array): void {
  file.seekSync(position, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

function readAt(file: Deno.FsFile, position: number, into: Uint8Array): number {
  file.seekSync(position, Deno.SeekMode.Start);
  let done = 0;
  while (done < into.length) {
    const read = file.readSync(into.subarray(done));
    if (read === null) break;
    done += read;
  }
  return done;
}
