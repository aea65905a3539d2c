// Opens recorded traffic to read it, whatever program has made it: the one place that decides which files belong
// together and which reader they get. It writes to none, and changes no times of theirs.

import type { CaptureFile } from "./capture_files.ts";
import { type CaptureKind, captureKind, KIND_BYTES } from "./capture_kind.ts";
import { diskReason } from "./disk_reason.ts";
import { readerOf } from "./file.ts";
import { ForeignReader } from "./foreign/reader.ts";
import { JournalReader } from "./reader.ts";
import type { RecordSource } from "./records.ts";
import { segmentBase } from "./segment_base.ts";
import { olderSegments } from "./segment_files.ts";

/** What a file is. Throws Error, in words for the user: "Cannot open FILE: …". */
export function kindOfFile(path: string): CaptureKind {
  try {
    const info = Deno.statSync(path);
    if (info.isDirectory) throw new Error("it is a folder");
    if (!info.isFile) throw new Error("it is no file that can be read again");
    using file = Deno.openSync(path, { read: true });
    const head = new Uint8Array(KIND_BYTES);
    return captureKind(head.subarray(0, readerOf(file)(0, head)));
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : diskReason(error);
    throw new Error(`Cannot open ${path}: ${reason.replace(/\.$/, "")}.`, { cause: error });
  }
}

/** The files of a capture that is to be read, the oldest first; positions are within it alone. */
export function filesOf(named: string, kind: CaptureKind): readonly CaptureFile[] {
  // Those before the newest stand beside it, not beside a link to it.
  const path = Deno.realPathSync(named);
  if (kind !== "tcpmon") return [{ path, later: null, base: 0, length: null }];
  using file = Deno.openSync(path, { read: true });
  const base = segmentBase(readerOf(file)) ?? 0;
  const older = olderSegments(path, base).map(({ path, base, length }) => ({
    path,
    later: null,
    base,
    length,
  }));
  return [...older, { path, later: null, base, length: null }];
}

/** What reads a capture of this kind, whose bytes `readAt` gives, from `begin`, its first byte, on; for `after` see JournalReader. */
export function sourceOf(
  kind: CaptureKind,
  readAt: (position: number, into: Uint8Array) => number,
  begin = 0,
  after?: (position: number) => number | null,
): RecordSource {
  if (kind === "tcpmon") return new JournalReader(readAt, { position: begin, at: 0 }, after);
  if (kind === "pcap" || kind === "pcapng") return new ForeignReader(kind, readAt);
  throw new Error("HAR cannot be read yet");
}
