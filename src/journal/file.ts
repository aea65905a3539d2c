// The capture file: opened or continued, appended to, watched for the space left on its disk.
// Used by the journal's worker; the main thread never touches it.

import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { bytesWords } from "../keep.ts";
import { type Began, recordedListener } from "./comment.ts";
import { diskReason } from "./disk_reason.ts";
import type { Held } from "./protocol.ts";
import { JournalReader } from "./reader.ts";
import { SECTION_HEADER } from "./pcapng.ts";
import { beganOf } from "./segment_base.ts";
import { ifThere } from "./if_there.ts";
import { type OlderSegment, olderSegments } from "./segment_files.ts";

/** How long to wait for a lock where it cannot be tried. */
const LOCK_MS = 500;
/** How often a capture is opened that is removed before it is locked. */
const OPENINGS = 10;

/** Opens a capture for reading and appending, and makes it where there is none. Throws Error, in words. */
export function openCapture(path: string): Deno.FsFile {
  try {
    const known = ifThere(() => Deno.statSync(path));
    if (known?.isDirectory) throw new Error("it is a folder");
    if (known && !known.isFile) throw new Error("it is no file that can be read again");
    return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  } catch (error) {
    throw new Error(diskReason(error), { cause: error });
  }
}

/** Whether anything has that name, also a link to nothing. */
export function isThere(path: string): boolean {
  return ifThere(() => Deno.lstatSync(path)) !== null;
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

/** What a Journal holds that is to be continued, and where in its capture the newest segment belongs. */
export interface HeldFile extends Held {
  /** The segment's number, from 1 on, and the position of its first byte. */
  readonly number: number;
  readonly base: number;
  /** How long it is up to the end of its last whole block. */
  readonly length: number;
  readonly older: readonly OlderSegment[];
}

/**
 * Reads through the newest segment of a capture that is to be continued: what it holds, and where its last whole block
 * ends. Throws Error for a file that is neither empty nor begins with a section of tcpmon.
 */
export function readHeld(
  path: string,
  file: Deno.FsFile,
  onUpstream?: (connection: number, bytes: Uint8Array) => void,
): HeldFile {
  const size = file.statSync().size;
  const began = beganOf(readerOf(file));
  const older = olderSegments(path, size === 0 || !began ? null : began.base ?? 0);
  const last = older.at(-1);
  const told = began ?? (last ? beganOfFile(last.path) : null);
  const reader = new JournalReader(readerOf(file));
  const listeners = new Map((told?.listeners ?? []).map((listener) => [listener.id, listener]));
  const secrets: number[] = [];
  let lastConnection = told?.lastConnection ?? 0;
  const base = began ? began.base ?? 0 : last ? last.base + last.length : 0;
  if (size > 0 && !began && !isTornHeader(file, size, last !== undefined)) {
    // It says what it is instead, where it can.
    reader.next(size);
    throw new Error("it is not a capture of tcpmon, or not a whole one");
  }
  const read = (from: JournalReader, limit: number) => {
    for (let record = from.next(limit); record; record = from.next(limit)) {
      if (record.kind === "secrets") secrets.push(base + record.position);
      if (onUpstream && record.kind === "chunk" && record.direction === "upstream") {
        onUpstream(record.connection, from.payload(record));
      }
      if (record.kind !== "opened" && record.kind !== "carried") continue;
      lastConnection = Math.max(lastConnection, record.connection);
      // What tcpmon sent itself may have gone elsewhere than its listener's clients do.
      if (record.origin === undefined) {
        listeners.set(record.listener, { ...listeners.get(record.listener), ...recordedListener(record) });
      }
    }
  };
  if (began) read(reader, size);
  // The program ended before it had begun the next segment: what the one before holds is not told in it.
  else if (last) {
    using older = Deno.openSync(last.path);
    read(new JournalReader(readerOf(older)), last.length);
  }
  const length = reader.position;
  return {
    lastConnection,
    listeners: [...listeners.values()],
    position: base + length,
    cut: size - length,
    secrets,
    number: began?.segment ?? (last ? last.number + 1 : 1),
    base,
    length,
    older,
  };
}

function beganOfFile(path: string): Began | null {
  using file = Deno.openSync(path);
  return beganOf(readerOf(file));
}

/**
 * Whether a file ends within the section header that it begins with, and that is tcpmon's own: it was torn before it held
 * anything. `follows` says that there are segments before it: it then need not say so itself.
 */
function isTornHeader(file: Deno.FsFile, size: number, follows: boolean): boolean {
  const head = new Uint8Array(Math.min(size, 64));
  readerOf(file)(0, head);
  const view = new DataView(head.buffer);
  const isHeader = size < 12 ||
    (view.getUint32(0, true) === SECTION_HEADER && view.getUint32(4, true) > size);
  return isHeader && (follows || new TextDecoder().decode(head.subarray(28)).startsWith("tcpmon {"));
}

/**
 * Keeps other programs from recording to the same file until it is closed. Throws Error where one does already.
 * On Windows a lock would also keep this program's own readers out, so there is none.
 */
export async function lockCapture(file: Deno.FsFile): Promise<void> {
  if (Deno.build.os === "windows") return;
  if (!await tryLock(file)) throw new Error("it is being recorded to by another tcpmon");
}

/** A capture that is open and locked. */
export interface LockedCapture {
  /** Without links: the files before the newest stand beside it, not beside a link to it. */
  readonly path: string;
  readonly file: Deno.FsFile;
  /** Whether anything had its name before it was opened. */
  readonly wasThere: boolean;
}

/**
 * Opens a capture, or makes it, and locks it. Until it is locked, whoever made it may remove it: it is then opened
 * again, for nobody finds what is recorded in a file without a name. Throws Error, in words.
 */
export async function openLocked(name: string): Promise<LockedCapture> {
  for (let count = 0; count < OPENINGS; count++) {
    const wasThere = isThere(name);
    const file = openCapture(name);
    try {
      const path = ifThere(() => Deno.realPathSync(name));
      await lockCapture(file);
      if (path !== null && isAt(file, path)) return { path, file, wasThere };
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
  throw new Error("other programs remove it as often as it is made");
}

/** Whether an open file, and no link to it, stands at a path; true where the system tells no file from another. */
export function isAt(file: Deno.FsFile, path: string): boolean {
  const there = ifThere(() => Deno.lstatSync(path));
  if (there === null) return false;
  const [own, named] = [identityOf(file.statSync()), identityOf(there)];
  return own === null || named === null || own === named;
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

/**
 * Whether a program records to this file, where that can be told without waiting: not on Windows, and not in older Deno.
 * It looks for no longer than a moment, and keeps out no other who looks.
 */
export function isRecordedTo(path: string): boolean {
  if (Deno.build.os === "windows") return false;
  using file = Deno.openSync(path);
  return "tryLockSync" in file && !file.tryLockSync(false);
}

/** Locks a file that was just made, as `lockCapture` does, and does not wait for it: nobody else has it yet. */
export function lockNewCapture(file: Deno.FsFile): void {
  if (Deno.build.os === "windows") return;
  if ("tryLockSync" in file) file.tryLockSync(true);
  else (file as Deno.FsFile).lock(true).catch(() => {});
}

/** Tells one file from every other, whatever its name; null where the system does not say. */
export function identityOf({ dev, ino }: Deno.FileInfo): string | null {
  return ino === null ? null : `${dev}:${ino}`;
}

/** Bytes that may still be written on the disk that holds `file`. */
export function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return Number(bavail) * Number(bsize);
}

/** How many bytes the disk that holds `file` has in all. */
export function diskBytes(file: string): number {
  const { blocks, bsize } = statfsSync(dirname(file));
  return Number(blocks) * Number(bsize);
}

/** Unless told otherwise, recording stops when less is free: 1 GiB, or of a small disk of `bytes` the tenth part. */
export function leastFree(bytes: number): number {
  return Math.min(2 ** 30, Math.floor(bytes / 10));
}

/** What must be free, as people say it: "1 GiB", "20 MB". */
export function leastWords(bytes: number): string {
  return bytes === 2 ** 30 ? "1 GiB" : bytesWords(bytes);
}
