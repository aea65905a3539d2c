// An index and what it was made from, opened to read: what every worker that answers begins with.

import type { DatabaseSync } from "node:sqlite";
import { CaptureFiles } from "../journal/capture_files.ts";
import { readerOf } from "../journal/file.ts";
import type { ReadAt } from "./capture_bytes.ts";
import { openDecrypted } from "./decrypted_file.ts";
import type { Places } from "./questions.ts";
import { filesIn, openIndex, orClosed } from "./schema.ts";

/** See Places. */
export interface OpenedPlaces {
  readonly database: DatabaseSync;
  /** The files of the capture. */
  readonly files: CaptureFiles;
  /** Reads from what was decrypted. */
  readonly readDecrypted: ReadAt;
  /** Closes all. */
  close(): void;
}

/** Opens the index and the capture. Throws what the disk says. */
export function openPlaces({ folder, spool }: Places): OpenedPlaces {
  /** What was decrypted; null until somebody asks for some of it. */
  let decrypted: Deno.FsFile | null = null;
  const database = openIndex(folder);
  const files = orClosed(database, () => new CaptureFiles(filesIn(database)));
  return {
    database,
    files,
    readDecrypted: (position, into) => readerOf(decrypted ??= openDecrypted(spool))(position, into),
    close() {
      database.close();
      files.close();
      decrypted?.close();
    },
  };
}
