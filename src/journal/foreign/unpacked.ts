// A compressed capture (gzip, RFC 1952) written out as it was: whoever reads captures reads them by position.

import { diskReason } from "../disk_reason.ts";

/**
 * Unpacks the file at `path` into a new file `to`. What can be unpacked of a damaged one is there. Returns what is wrong
 * with it, in words; null where nothing is. Throws Error where `to` cannot be written.
 */
export async function unpack(path: string, to: string): Promise<string | null> {
  using from = await Deno.open(path);
  using into = await Deno.open(to, { write: true, createNew: true, mode: 0o600 });
  // The chunks of a file are on no shared memory, which the stream's type does not say.
  const packed = from.readable as ReadableStream<Uint8Array<ArrayBuffer>>;
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  for (;;) {
    let piece: Uint8Array;
    try {
      const { value, done } = await reader.read();
      if (done) return null;
      piece = value;
    } catch {
      return "Its compressed data is damaged or ends early: what follows is not shown";
    }
    try {
      for (let at = 0; at < piece.length;) at += await into.write(piece.subarray(at));
    } catch (error) {
      await reader.cancel().catch(() => {});
      throw new Error(`Cannot unpack ${path}: ${diskReason(error)}.`, { cause: error });
    }
  }
}
