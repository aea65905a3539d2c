// Where in a capture a segment belongs, as the beginning of its file says. It knows no files; a function reads them.

import { type Began, eventOf } from "./comment.ts";
import { BYTE_ORDER_MAGIC, commentOf, SECTION_HEADER } from "./pcapng.ts";

/** A section header with more than this before its packets is none of tcpmon's. */
const MOST = 256 * 1024;

/** What a file of tcpmon begins with; null for any other. `read` fills a buffer from a position, and says how far. */
export function beganOf(read: (position: number, into: Uint8Array) => number): Began | null {
  const head = new Uint8Array(12);
  if (read(0, head) < head.length) return null;
  const view = new DataView(head.buffer);
  const length = view.getUint32(4, true);
  if (view.getUint32(0, true) !== SECTION_HEADER || view.getUint32(8, true) !== BYTE_ORDER_MAGIC) return null;
  if (length < 28 || length > MOST) return null;
  const block = new Uint8Array(length);
  if (read(0, block) < length) return null;
  const comment = commentOf(block.subarray(24, length - 4));
  const began = comment && eventOf(comment);
  return began !== null && began !== "damaged" && began.event === "began" ? began : null;
}

/** The position of the file's first byte among those of its capture; null where it does not begin as a segment does. */
export function segmentBase(read: (position: number, into: Uint8Array) => number): number | null {
  const began = beganOf(read);
  return began && (began.base ?? 0);
}
