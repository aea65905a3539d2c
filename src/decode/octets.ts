// Bytes as HTTP/1.x sees them: the few that structure a message, their classes, and text with one character a byte.
// Nothing here knows what a message is.

export const HT = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;

/** Classes of bytes, as bits; a byte may be in several. */
export const TOKEN = 1;
export const CONTROL = 2;
export const HIGH = 4;

/**
 * The classes of every byte: TOKEN is tchar of RFC 9110, 5.6.2; CONTROL is what no field may contain (5.5), CR and LF
 * among them but not HT; HIGH is everything above 0x7f.
 */
export const CLASS: Uint8Array = classes();

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    if ((byte < SP && byte !== HT) || byte === 0x7f) table[byte] |= CONTROL;
    if (byte > 0x7f) table[byte] |= HIGH;
    if (/[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(byte))) table[byte] |= TOKEN;
  }
  return table;
}

/** No bytes. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

// UTF-8 is the fastest decoder there is for ASCII; "latin1" would be windows-1252, which is another thing.
const ASCII = new TextDecoder();
const PIECE = 8192;

/** The bytes from `from` to `to` as ISO-8859-1 text: one character a byte, whatever the byte. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  let seen = 0;
  for (let i = from; i < to; i++) seen |= bytes[i];
  if (seen < 0x80) return ASCII.decode(bytes.subarray(from, to));
  let text = "";
  for (let i = from; i < to; i += PIECE) {
    // Spread out, each byte would be taken from an iterator.
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(i, Math.min(i + PIECE, to)) as unknown as number[],
    );
  }
  return text;
}

/** A byte as people write it: "0xe9". */
export function hexByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

/** The pieces in one array; where there is only one, itself. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 0) return NO_BYTES;
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Up to this capacity, a Gathered keeps its buffer for the next time. */
const KEPT_CAPACITY = 16 * 1024;

/** Bytes that came in pieces, put together until they are whole. Costs nothing while nothing is gathered. */
export class Gathered {
  /** Only the first `length` bytes count. */
  bytes: Uint8Array = NO_BYTES;
  length = 0;

  append(bytes: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, length, 512));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    if (to - from === 1) this.bytes[this.length] = bytes[from];
    else this.bytes.set(bytes.subarray(from, to), this.length);
    this.length = length;
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT_CAPACITY) this.bytes = NO_BYTES;
  }
}
