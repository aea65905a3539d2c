// The capture file: opened or continued, appended to, watched for the space left on its disk.
// Used by the journal's worker; the main thread never touches it.

import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { formatAddress } from "../address.ts";
import { diskReason } from "./disk_reason.ts";
import type { Held } from "./protocol.ts";
import { JournalReader } from "./reader.ts";

/** How long to wait for a lock where it cannot be tried. */
const LOCK_MS = 500;

/** Opens a capture for reading and appending, and makes it where there is none. Throws Error, in words. */
export function openCapture(path: string): Deno.FsFile {
  try {
    const known = statOf(path);
    if (known?.isDirectory) throw new Error("it is a folder");
    if (known && !known.isFile) throw new Error("it is no file that can be read again");
    return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  } catch (error) {
    throw new Error(diskReason(error), { cause: error });
  }
}

/** Null where there is nothing yet. */
function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** A function that reads from a file at a position, for `JournalReader`. */
export function readerOf(file: Deno.FsFile): (position: number, into: Uint8Array) => number {
  return (position, into) => {
    file.seekSync(position, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < into.length) {
      const count = file.readSync(into.subarray(filled));
      if (count === null || count === 0) break;
      filled += count;
    }
    return filled;
  };
}

/**
 * Reads through a Journal that is to be continued: what it holds, and where its last whole block ends. Throws Error
 * for a file that is neither empty nor begins with a whole section of tcpmon.
 */
export function readHeld(
  file: Deno.FsFile,
  onUpstream?: (connection: number, bytes: Uint8Array) => void,
): Held {
  const size = file.statSync().size;
  const reader = new JournalReader(readerOf(file));
  const listeners = new Map<string, Held["listeners"][number]>();
  const secrets: number[] = [];
  let lastConnection = 0;
  for (let record = reader.next(size); record; record = reader.next(size)) {
    if (record.kind === "secrets") secrets.push(record.position);
    if (onUpstream && record.kind === "chunk" && record.direction === "upstream") {
      onUpstream(record.connection, reader.payload(record));
    }
    if (record.kind !== "opened") continue;
    lastConnection = Math.max(lastConnection, record.connection);
    // What tcpmon sent itself may have gone elsewhere than its listener's clients do.
    if (record.origin !== undefined) continue;
    listeners.set(record.listener, {
      id: record.listener,
      listen: formatAddress(record.listen),
      target: record.forward ? null : formatAddress(record.target),
    });
  }
  if (size > 0 && reader.position === 0) throw new Error("it is not a capture of tcpmon, or not a whole one");
  return {
    lastConnection,
    listeners: [...listeners.values()],
    bytes: reader.position,
    cut: size - reader.position,
    secrets,
  };
}

/**
 * Keeps other programs from recording to the same file until it is closed. Throws Error where one does already.
 * On Windows a lock would also keep this program's own readers out, so there is none.
 */
export async function lockCapture(file: Deno.FsFile): Promise<void> {
  if (Deno.build.os === "windows") return;
  if (!await tryLock(file)) throw new Error("it is being recorded to by another tcpmon");
}

/** Whether a lock of the file could be had, until it is closed. Older Deno can only wait for a lock; one that is free is there at once. */
export async function tryLock(file: Deno.FsFile): Promise<boolean> {
  if ("tryLockSync" in file) return file.tryLockSync(true);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), LOCK_MS);
  (file as Deno.FsFile).lock(true).then(() => resolve(true), () => resolve(false));
  const locked = await promise;
  clearTimeout(timer);
  return locked;
}

/** Bytes that may still be written on the disk that holds `file`. */
export function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return Number(bavail) * Number(bsize);
}
