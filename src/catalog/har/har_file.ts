// A HAR file on the disk, turned into a Journal beside the index, so that everything that reads Journals reads it.

import { join } from "node:path";
import { diskReason } from "../../journal/disk_reason.ts";
import { readerOf } from "../../journal/file.ts";
import type { Slices } from "../slices.ts";
import { harToJournal } from "./to_journal.ts";

/**
 * Makes a Journal of a HAR file, in `folder`; returns its path, and what was left out, in words, null where nothing was.
 * Throws Error, in words for the user: "Cannot open FILE: …".
 */
export async function journalOfHar(
  file: string,
  folder: string,
  application: string,
  slices: Slices,
): Promise<{ readonly path: string; readonly note: string | null }> {
  const path = join(folder, `har-${crypto.randomUUID()}.pcapng`);
  try {
    using from = Deno.openSync(file);
    using into = Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
    const write = (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length;) at += into.writeSync(bytes.subarray(at));
    };
    const { entries, leftOut } = await harToJournal({ read: readerOf(from), write, application, slices });
    const of = `of ${(entries + leftOut).toLocaleString("en")} entries`;
    const note = `${leftOut.toLocaleString("en")} ${of} are left out: their addresses are none of HTTP`;
    return { path, note: leftOut === 0 ? null : note };
  } catch (error) {
    try {
      Deno.removeSync(path);
    } catch {
      // It was not made.
    }
    throw new Error(`Cannot open ${file}: ${diskReason(error).replace(/\.$/, "")}.`, { cause: error });
  }
}
