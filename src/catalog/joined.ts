// The files of a capture as one: a pcapng may have any number of sections. What is in it is settled when it is begun.

import type { CaptureFiles } from "../journal/capture_files.ts";
import type { Readable } from "./byte_streams.ts";

/** All of `files` before the position `to`; closes them with it. */
export function joined(files: CaptureFiles, to: number): Readable {
  const parts = files.hold()
    .map(({ base, length }) => ({ base, length: Math.min(length, to - base) }))
    .filter(({ length }) => length > 0);
  return {
    total: parts.reduce((sum, { length }) => sum + length, 0),
    complete: true,
    contentType: null,
    read: (from, into) => {
      let filled = 0;
      let begin = 0;
      for (const { base, length } of parts) {
        const offset = from + filled - begin;
        begin += length;
        if (offset >= length || filled === into.length) continue;
        const wanted = into.subarray(filled, filled + Math.min(length - offset, into.length - filled));
        const count = files.readAt(base + offset, wanted);
        filled += count;
        if (count < wanted.length) break;
      }
      return filled;
    },
    close: () => files.close(),
  };
}
