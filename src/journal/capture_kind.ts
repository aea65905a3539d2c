// What a file of recorded traffic is, by how it begins. Pure.

import { eventOf } from "./comment.ts";
import { commentOf, SECTION_HEADER } from "./pcapng.ts";

/** "tcpmon" is a pcapng that tcpmon has written; "pcapng" and "pcap" are other programs'; "har" is HTTP Archive 1.2. */
export type CaptureKind = "tcpmon" | "pcapng" | "pcap" | "har";

/** So much of the beginning is enough to tell. */
export const KIND_BYTES = 4096;

/** The magic numbers of pcap: micro- and nanoseconds, either byte order, and as Kuznetzov modified it. */
const PCAP = [0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1];
const GZIP = 0x1f8b;
const ZSTD = 0x28b52ffd;

/** What begins with these bytes. Throws Error, in words, where it is none of them. */
export function captureKind(head: Uint8Array): CaptureKind {
  if (head.length === 0) throw new Error("it is empty");
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const first = head.length >= 4 ? view.getUint32(0) : 0;
  if (first === SECTION_HEADER) return isOwn(head, view) ? "tcpmon" : "pcapng";
  if (PCAP.includes(first)) return "pcap";
  if (head.length >= 2 && view.getUint16(0) === GZIP) {
    throw new Error("it is compressed with gzip more than once. Unpack it first: gunzip FILE");
  }
  if (first === ZSTD) throw new Error("it is compressed with zstd. Unpack it first: unzstd FILE");
  // A byte order mark and white space may stand before a JSON object.
  if (/^\s*\{/.test(new TextDecoder().decode(head))) return "har";
  throw new Error("it is neither pcapng nor pcap nor HAR");
}

function isOwn(head: Uint8Array, view: DataView): boolean {
  if (head.length < 28) return false;
  const length = view.getUint32(4, true);
  if (length < 28 || length > head.length) return false;
  const comment = commentOf(head.subarray(24, length - 4));
  const event = comment && eventOf(comment.slice());
  return event !== null && event !== "damaged" && event.event === "began";
}
