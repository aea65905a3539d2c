// A ZIP file (APPNOTE 6.3.10) whose files are stored as they are, written from front to back. Each file's length and
// checksum stand before it, so that every program can read it as it comes; files and archives beyond 4 GiB are ZIP64.

const encoder = new TextEncoder();
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
/** Names are UTF-8 (bit 11 of the flags). */
const UTF8 = 0x0800;
/** 4.5: ZIP64. */
const VERSION = 45;

const CRC_TABLES = crcTables();

/** CRC-32 of bytes that come after those with the checksum `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3] = CRC_TABLES;
  let crc = ~before;
  let at = 0;
  for (const whole = bytes.length - 3; at < whole; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t3[crc & 0xff] ^ t2[(crc >>> 8) & 0xff] ^ t1[(crc >>> 16) & 0xff] ^ t0[crc >>> 24];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 0xff];
  return ~crc >>> 0;
}

/** A file of the archive, before its bytes. */
export interface ZipFile {
  readonly name: string;
  readonly length: number;
  readonly crc: number;
  /** The local time at which it was changed. */
  readonly changed: Date;
}

/** Writes the parts of the archive that are not bytes of files. */
export class ZipParts {
  #offset = 0;
  #files = 0;
  #directoryBytes = 0;

  /** `keep` is given the central directory piece by piece, to be written at the end. */
  constructor(private readonly keep: (bytes: Uint8Array) => void) {}

  /** What stands before the bytes of a file, which must follow. */
  file(file: ZipFile): Uint8Array {
    const name = encoder.encode(file.name);
    const wide = file.length >= MAX_32 || this.#offset >= MAX_32;
    const local = header(0x04034b50, file, name, wide ? [file.length, file.length] : [], null);
    const entry = header(
      0x02014b50,
      file,
      name,
      wide ? [file.length, file.length, this.#offset] : [],
      this.#offset,
    );
    this.keep(entry);
    this.#files++;
    this.#directoryBytes += entry.length;
    this.#offset += local.length + file.length;
    return local;
  }

  /** What stands behind the central directory, at the end. */
  end(): Uint8Array {
    const [start, length, count] = [this.#offset, this.#directoryBytes, this.#files];
    const wide = start >= MAX_32 || length >= MAX_32 || count >= MAX_16;
    const bytes = new Uint8Array((wide ? 76 : 0) + 22);
    const view = new DataView(bytes.buffer);
    if (wide) {
      view.setUint32(0, 0x06064b50, true);
      view.setBigUint64(4, 44n, true);
      view.setUint16(12, VERSION, true);
      view.setUint16(14, VERSION, true);
      view.setBigUint64(24, BigInt(count), true);
      view.setBigUint64(32, BigInt(count), true);
      view.setBigUint64(40, BigInt(length), true);
      view.setBigUint64(48, BigInt(start), true);
      view.setUint32(56, 0x07064b50, true);
      view.setBigUint64(64, BigInt(start + length), true);
      view.setUint32(72, 1, true);
    }
    const at = wide ? 76 : 0;
    view.setUint32(at, 0x06054b50, true);
    view.setUint16(at + 8, Math.min(count, MAX_16), true);
    view.setUint16(at + 10, Math.min(count, MAX_16), true);
    view.setUint32(at + 12, Math.min(length, MAX_32), true);
    view.setUint32(at + 16, Math.min(start, MAX_32), true);
    return bytes;
  }
}

/** A local header (4.3.7), or one of the central directory (4.3.12) with the local one's `offset`. */
function header(
  signature: number,
  { length, crc, changed }: ZipFile,
  name: Uint8Array,
  wide: readonly number[],
  offset: number | null,
): Uint8Array {
  const fixed = offset === null ? 30 : 46;
  const extra = wide.length === 0 ? 0 : 4 + 8 * wide.length;
  const bytes = new Uint8Array(fixed + name.length + extra);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  if (offset !== null) {
    view.setUint16(at, VERSION, true);
    at += 2;
  }
  view.setUint16(at, wide.length === 0 ? 20 : VERSION, true);
  view.setUint16(at + 2, UTF8, true);
  view.setUint16(at + 6, dosTime(changed), true);
  view.setUint16(at + 8, dosDate(changed), true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, wide.length === 0 ? length : MAX_32, true);
  view.setUint32(at + 18, wide.length === 0 ? length : MAX_32, true);
  view.setUint16(at + 22, name.length, true);
  view.setUint16(at + 24, extra, true);
  if (offset !== null) view.setUint32(42, wide.length === 0 ? offset : MAX_32, true);
  bytes.set(name, fixed);
  if (extra > 0) {
    view.setUint16(fixed + name.length, 1, true);
    view.setUint16(fixed + name.length + 2, extra - 4, true);
    for (const [n, value] of wide.entries()) {
      view.setBigUint64(fixed + name.length + 4 + 8 * n, BigInt(value), true);
    }
  }
  return bytes;
}

function dosTime(at: Date): number {
  return (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
}

function dosDate(at: Date): number {
  return (Math.max(0, at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
}

/** Four bytes at a time: the table of each says what it does to the checksum from its place. */
function crcTables(): readonly Int32Array[] {
  const tables = [new Int32Array(256), new Int32Array(256), new Int32Array(256), new Int32Array(256)];
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[0][byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++) {
    for (let table = 1; table < 4; table++) {
      const before = tables[table - 1][byte];
      tables[table][byte] = (before >>> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}
