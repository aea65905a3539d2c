// Captures that are compressed with gzip (RFC 1952) are written out as they were: whoever reads captures reads them by
// position.

import { join } from "node:path";
import { diskReason } from "../disk_reason.ts";
import { readerOf } from "../file.ts";
import { gunzipped } from "./gunzipped.ts";

/** A file that can be read by position. */
export interface PlainFile {
  readonly path: string;
  /** What is to be known of it, in words; null where it is nothing. */
  readonly note: string | null;
}

let count = 0;

/**
 * The file at `path`, or what it holds as a file in `folder`, if it is compressed. Of one that is damaged there is what
 * could be unpacked. Throws Error, in words for the user, where that cannot be written.
 */
export async function plainFile(path: string, folder: string): Promise<PlainFile> {
  if (!isPacked(path)) return { path, note: null };
  const to = join(folder, `unpacked-${Date.now().toString(36)}-${++count}`);
  const isWhole = await unpack(path, to);
  if (!isWhole && (await Deno.stat(to)).size === 0) {
    throw new Error(`Cannot open ${path}: it is compressed with gzip, and its data is damaged.`);
  }
  // It will not grow, so that nobody waits for more.
  const { mtime } = await Deno.stat(path);
  await Deno.utime(to, 0, mtime ?? 0);
  return {
    path: to,
    note: isWhole ? null : "Its compressed data is damaged or ends early. What follows is not shown",
  };
}

function isPacked(path: string): boolean {
  try {
    if (!Deno.statSync(path).isFile) return false;
    using file = Deno.openSync(path);
    const head = new Uint8Array(2);
    return readerOf(file)(0, head) === 2 && head[0] === 0x1f && head[1] === 0x8b;
  } catch {
    // Whoever opens it will meet the same and say it.
    return false;
  }
}

/** False where its data is damaged or ends early. */
async function unpack(path: string, to: string): Promise<boolean> {
  using from = await Deno.open(path);
  using into = await Deno.open(to, { write: true, createNew: true, mode: 0o600 });
  const pieces = gunzipped(from.readable);
  for (;;) {
    const next = await pieces.next().catch(() => null);
    if (next === null) return false;
    if (next.done) return true;
    const { value } = next;
    try {
      for (let at = 0; at < value.length;) at += await into.write(value.subarray(at));
    } catch (error) {
      await pieces.return(undefined).catch(() => {});
      throw new Error(`Cannot unpack ${path}: ${diskReason(error)}.`, { cause: error });
    }
  }
}
