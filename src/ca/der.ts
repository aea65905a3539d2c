// DER (X.690) as far as certificates need it: makes elements from their contents, and takes elements apart. Pure.
// Lengths are definite and shortest, as DER wants them; tags above 30 do not occur.

/** Identifier octets (X.690, 8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier of a context-specific element; `constructed` where it holds elements. */
export function context(number: number, constructed = false): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

/** One element: its identifier, its length, and `contents` one after the other. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const octets: number[] = [];
  if (length < 0x80) octets.push(length);
  else {
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
    octets.unshift(0x80 | octets.length);
  }
  const bytes = new Uint8Array(1 + octets.length + length);
  bytes[0] = tag;
  bytes.set(octets, 1);
  let at = 1 + octets.length;
  for (const content of contents) {
    bytes.set(content, at);
    at += content.byteLength;
  }
  return bytes;
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(TAG.sequence, ...contents);
}

/** A positive integer, big-endian: leading zeros go, and one comes where the first bit would make it negative. */
export function positive(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let start = 0;
  while (start < bytes.byteLength - 1 && bytes[start] === 0) start++;
  const shortest = bytes.subarray(start);
  return element(TAG.integer, shortest[0] >= 0x80 ? Uint8Array.of(0) : Uint8Array.of(), shortest);
}

/** An object identifier as people write it: "2.5.29.17". */
export function oid(text: string): Uint8Array<ArrayBuffer> {
  const [first, second, ...rest] = text.split(".").map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const septets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      septets.unshift(0x80 | left % 128);
    }
    bytes.push(...septets);
  }
  return element(TAG.oid, Uint8Array.from(bytes));
}

export function utf8String(text: string): Uint8Array<ArrayBuffer> {
  return element(TAG.utf8String, new TextEncoder().encode(text));
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array<ArrayBuffer> {
  return element(TAG.bitString, Uint8Array.of(unusedBits), bytes);
}

export const TRUE: Uint8Array<ArrayBuffer> = element(TAG.boolean, Uint8Array.of(0xff));

/** UTCTime until 2049 and GeneralizedTime after it (RFC 5280, 4.1.2.5); to the second. `at` is ms since 1970. */
export function time(at: number): Uint8Array<ArrayBuffer> {
  const digits = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  const [tag, text] = digits < "2050"
    ? [TAG.utcTime, digits.slice(2)] as const
    : [TAG.generalizedTime, digits] as const;
  return element(tag, new TextEncoder().encode(text));
}

/** An element that was read. */
export interface Element {
  readonly tag: number;
  readonly contents: Uint8Array<ArrayBuffer>;
  /** All of it, identifier and length included. */
  readonly whole: Uint8Array<ArrayBuffer>;
}

/** The elements that `bytes` hold, one after the other. Throws RangeError where the bytes are no DER. */
export function elements(bytes: Uint8Array<ArrayBuffer>): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const tag = bytes[at];
    let [length, start] = [bytes[at + 1], at + 2];
    if (length === undefined || length === 0x80 || length > 0x84) throw new RangeError("no DER length");
    if (length > 0x80) {
      const octets = bytes.subarray(start, start + (length & 0x7f));
      start += length & 0x7f;
      length = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    }
    const end = start + length;
    if (end > bytes.byteLength) throw new RangeError("DER is cut short");
    found.push({ tag, contents: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}
