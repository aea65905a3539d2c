// The capture file: opened or continued, appended to, watched for the space left on its disk.
// Used by the journal's worker; the main thread never touches it.

import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { formatAddress } from "../address.ts";
import type { Held } from "./protocol.ts";
import { JournalReader } from "./reader.ts";

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

/** Reads through a Journal that is to be continued: what it holds, and where its last whole block ends. */
export function readHeld(file: Deno.FsFile): Held {
  const size = file.statSync().size;
  const reader = new JournalReader(readerOf(file));
  const listeners = new Map<string, Held["listeners"][number]>();
  let lastConnection = 0;
  for (let record = reader.next(size); record; record = reader.next(size)) {
    if (record.kind !== "opened") continue;
    lastConnection = Math.max(lastConnection, record.connection);
    listeners.set(record.listener, {
      id: record.listener,
      listen: formatAddress(record.listen),
      target: formatAddress(record.target),
    });
  }
  return {
    lastConnection,
    listeners: [...listeners.values()],
    bytes: reader.position,
    cut: size - reader.position,
  };
}

/** Bytes that may still be written on the disk that holds `file`. */
export function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return Number(bavail) * Number(bsize);
}
