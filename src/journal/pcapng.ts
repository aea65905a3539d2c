// pcapng blocks (IETF draft-ietf-opsawg-pcapng): what tcpmon writes and reads of the format, little-endian.
// Knows the blocks' layout only, nothing of Connections or files.

export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
export const ENHANCED_PACKET = 6;
export const DECRYPTION_SECRETS = 10;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Packets begin with an IPv4 or IPv6 header. */
export const LINKTYPE_RAW = 101;

/** An Enhanced Packet Block before its packet: type, length, interface, time (two words), both packet lengths. */
export const PACKET_HEADER = 28;

const OPTION_END = 0;
export const OPTION_COMMENT = 1;
const OPTION_USER_APPLICATION = 4;
const OPTION_INTERFACE_NAME = 2;
const OPTION_TIME_RESOLUTION = 9;

/** The secrets of a Decryption Secrets Block are lines of a TLS key log. */
const TLS_KEY_LOG = 0x544c534b;
/** A Decryption Secrets Block before its secrets: type, length, type of the secrets, their length. */
export const SECRETS_HEADER = 16;

/** `length` rounded up to the next multiple of 4. */
export function padded(length: number): number {
  return (length + 3) & ~3;
}

/**
 * A Section Header Block and an Interface Description Block (raw IP, nanoseconds): how a section begins. `notes` are
 * further comments, for people.
 */
export function sectionStart(
  application: string,
  comment: Uint8Array,
  notes: readonly string[] = [],
): Uint8Array {
  const encoder = new TextEncoder();
  const magic = new Uint8Array(16);
  const view = new DataView(magic.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true); // version 1.0
  view.setBigInt64(8, -1n, true); // section length: not stated
  const section = block(SECTION_HEADER, [
    magic,
    option(OPTION_COMMENT, comment),
    ...notes.map((note) => option(OPTION_COMMENT, encoder.encode(note))),
    option(OPTION_USER_APPLICATION, encoder.encode(application)),
    option(OPTION_END, new Uint8Array(0)),
  ]);
  const link = new Uint8Array(8);
  new DataView(link.buffer).setUint16(0, LINKTYPE_RAW, true);
  const description = block(INTERFACE_DESCRIPTION, [
    link,
    option(OPTION_INTERFACE_NAME, encoder.encode("tcpmon")),
    option(OPTION_TIME_RESOLUTION, Uint8Array.of(9)),
    option(OPTION_END, new Uint8Array(0)),
  ]);
  return join([section, description]);
}

/** A Decryption Secrets Block with these lines of a TLS key log. */
export function secretsBlock(lines: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, TLS_KEY_LOG, true);
  view.setUint32(4, lines.length, true);
  return block(DECRYPTION_SECRETS, [head, lines, new Uint8Array(padded(lines.length) - lines.length)]);
}

/** The lines in a whole Decryption Secrets Block; null where its secrets are others, or it is damaged. */
export function secretsIn(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < SECRETS_HEADER + 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(12, true);
  if (view.getUint32(8, true) !== TLS_KEY_LOG || length > bytes.length - SECRETS_HEADER - 4) return null;
  return bytes.subarray(SECRETS_HEADER, SECRETS_HEADER + length);
}

/**
 * Writes the fixed part of an Enhanced Packet Block at `at` in `out`. `time` is in ms since the epoch, `packet` the
 * packet's length, `options` the length of the options behind it, bytes, and `original` how long the packet was where
 * that is more than what is there of it. Returns the block's length.
 */
export function packetHeader(
  out: DataView,
  at: number,
  time: number,
  packet: number,
  options: number,
  original = packet,
): number {
  const total = PACKET_HEADER + padded(packet) + options + 4;
  // A product of a double and 1e6 is exact enough (256 ns), and its halves are exact because 2^32 is a power of two.
  const nanoseconds = Math.round(time * 1e6);
  const high = Math.floor(nanoseconds / 0x1_0000_0000);
  out.setUint32(at, ENHANCED_PACKET, true);
  out.setUint32(at + 4, total, true);
  out.setUint32(at + 8, 0, true);
  out.setUint32(at + 12, high, true);
  out.setUint32(at + 16, nanoseconds - high * 0x1_0000_0000, true);
  out.setUint32(at + 20, packet, true);
  out.setUint32(at + 24, original, true);
  return total;
}

/** How long the options of a packet with a comment of `length` bytes are, their end mark included. */
export function commentLength(length: number): number {
  return 4 + padded(length) + 4;
}

/** Writes the options of a packet with a comment at `at` in `out`; see `commentLength`. */
export function putComment(out: Uint8Array, view: DataView, at: number, comment: Uint8Array): void {
  view.setUint16(at, OPTION_COMMENT, true);
  view.setUint16(at + 2, comment.length, true);
  out.set(comment, at + 4);
  out.fill(0, at + 4 + comment.length, at + commentLength(comment.length));
}

/** The bytes of the first comment among a block's options, or null. */
export function commentOf(options: Uint8Array): Uint8Array | null {
  const view = new DataView(options.buffer, options.byteOffset, options.byteLength);
  for (let at = 0; at + 4 <= options.length;) {
    const code = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (code === OPTION_END) return null;
    if (code === OPTION_COMMENT) return options.subarray(at + 4, at + 4 + length);
    at += 4 + padded(length);
  }
  return null;
}

function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const total = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = new Uint8Array(8);
  const tail = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, type, true);
  new DataView(head.buffer).setUint32(4, total, true);
  new DataView(tail.buffer).setUint32(0, total, true);
  return join([head, ...parts, tail]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
