// The index that the index worker writes: kept beside its capture where that can be, and then used again where it fits;
// otherwise in the temporary folder, made anew. One program at a time has an index beside a capture.

import { join } from "node:path";
import type { CaptureFiles } from "../journal/capture_files.ts";
import { diskBytes, freeBytes, leastFree, tryLock } from "../journal/file.ts";
import { JournalReader } from "../journal/reader.ts";
import type { RecordSource } from "../journal/records.ts";
import { DecryptedFile } from "./decrypted_file.ts";
import { type Begun, type Indexer, NOTHING_BEFORE } from "./indexer.ts";
import { formatOf, markBefore, resumeIndex } from "./kept_index.ts";
import { createIndex, fileOf } from "./schema.ts";
import { Tables } from "./tables.ts";

/** Where an index may be, and whose it is. */
export interface IndexPlaces {
  /** The temporary folder. */
  readonly folder: string;
  /** The folder beside the capture; null where it is not to be kept. */
  readonly kept: string | null;
  /** Name and version of the program. */
  readonly program: string;
  /** Whether there are secrets of TLS connections in the capture: it is then read anew. */
  readonly hasSecrets: boolean;
}

interface Resumed extends Begun {
  readonly position: number;
}

const FROM_THE_BEGINNING: Resumed = { ...NOTHING_BEFORE, position: 0 };

/** Opens the index of a capture. Throws what the disk says. */
export async function openIndexOf(files: CaptureFiles, places: IndexPlaces): Promise<OpenedIndex> {
  const lock = places.kept === null ? null : await lockFolder(places.kept);
  const folder = lock === null ? places.folder : places.kept!;
  const format = formatOf(places.program);
  try {
    const found = lock && !places.hasSecrets && resumeIndex(folder, format, files.readAt);
    if (found) {
      const { database, ...begun } = found;
      return new OpenedIndex(files, folder, places.folder, format, new Tables(database), begun, lock);
    }
    const begun = { ...FROM_THE_BEGINNING, position: files.files[0]?.base ?? 0 };
    return new OpenedIndex(
      files,
      folder,
      places.folder,
      format,
      new Tables(createIndex(folder)),
      begun,
      lock,
    );
  } catch (error) {
    lock?.close();
    if (lock === null) throw error;
    // What cannot be made there can be made elsewhere.
    return await openIndexOf(files, { ...places, kept: null });
  }
}

/** Makes the folder, where it is not there, and keeps other programs out of it. Null where that cannot be. */
async function lockFolder(folder: string): Promise<Deno.FsFile | null> {
  let lock: Deno.FsFile | null = null;
  try {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    lock = Deno.openSync(join(folder, "lock"), { write: true, create: true, mode: 0o600 });
    if (await tryLock(lock)) return lock;
  } catch {
    // Read-only, or no folder: the temporary one does as well.
  }
  lock?.close();
  return null;
}

/** An index that is open to be written. */
export class OpenedIndex {
  readonly decrypted: DecryptedFile;
  /** Where it goes on. */
  readonly begun: Resumed;
  readonly #reader: JournalReader;
  readonly #file: string;
  readonly #least: number;

  constructor(
    private readonly files: CaptureFiles,
    readonly folder: string,
    spool: string,
    private readonly format: string,
    readonly tables: Tables,
    begun: Resumed,
    private readonly lock: Deno.FsFile | null,
  ) {
    this.decrypted = new DecryptedFile(spool);
    // What was read last is in a file, also where the next has just begun.
    const at = Math.max(files.files[0]?.base ?? 0, begun.position - 1);
    this.begun = { ...begun, segment: files.find(at)?.file.base ?? 0 };
    this.#reader = new JournalReader(files.readAt);
    this.#file = fileOf(folder);
    this.#least = leastFree(diskBytes(this.#file)) / 2;
  }

  /** Whether it is kept for the next time. */
  get isKept(): boolean {
    return this.lock !== null;
  }

  /**
   * Whether its disk has room for more of it: half of what recording leaves free, so that the index has caught up with
   * what was recorded before others fill the disk. What there was no room for all the same is then written first.
   */
  hasRoom(): boolean {
    return this.#isFree() && this.tables.retry();
  }

  #isFree(): boolean {
    try {
      return freeBytes(this.#file) >= this.#least;
    } catch {
      // Its folder was taken away: what is open of it can still be written.
      return true;
    }
  }

  /** What reads the Journal on from where the index has got to. */
  source(): RecordSource {
    return new JournalReader(this.files.readAt, this.begun, this.files.after);
  }

  /** The lines of a TLS key log at a position of the capture; null where there are none. */
  secretsAt(position: number): Uint8Array | null {
    return this.#reader.secretsAt(position);
  }

  /** From now on it is noted how far the index is good, whenever nothing of the capture is open. */
  checkpoints(indexer: Indexer, source: RecordSource): void {
    if (!this.isKept) return;
    let latest = this.begun.position;
    const before = indexer.onWritten;
    indexer.onWritten = () => {
      before();
      const { position } = source;
      if (position === latest || !indexer.isSettled) return;
      latest = position;
      this.tables.putCheckpoint({
        format: this.format,
        position,
        at: indexer.at,
        lastExchange: indexer.lastExchange,
        mark: markBefore(position, this.files.readAt),
      });
    };
  }

  close(): void {
    this.tables.close();
    this.decrypted.close();
    this.lock?.close();
  }
}
