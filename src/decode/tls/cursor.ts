// Reads the structures of TLS (RFC 8446, 3) and of DER from bytes that are all there: numbers, big end first, and vectors
// that say their length. It knows no messages. What goes beyond the end is a DecodeError, which whoever reads a message
// catches: a peer's bad bytes are data.

/** Bytes that are not as their specification says. */
export class DecodeError extends SyntaxError {
  override readonly name = "DecodeError";

  /** `offset` is a position in the bytes that were read. */
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

/** A place in bytes, and where they end. */
export class Cursor {
  constructor(readonly bytes: Uint8Array, public at = 0, readonly end = bytes.length) {}

  /** How many bytes are left. */
  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    this.#need(1);
    return this.bytes[this.at++];
  }

  u16(): number {
    return this.u8() * 0x100 + this.u8();
  }

  u24(): number {
    return this.u16() * 0x100 + this.u8();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** The next bytes, as a window on the same memory. */
  take(length: number): Uint8Array {
    this.#need(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A cursor over the next `length` bytes, which this one passes over. Positions stay those of the whole. */
  within(length: number): Cursor {
    this.#need(length);
    this.at += length;
    return new Cursor(this.bytes, this.at - length, this.at);
  }

  /** A vector that begins with its length, a number of so many bytes. */
  vector(lengthBytes: 1 | 2 | 3): Cursor {
    return this.within(lengthBytes === 1 ? this.u8() : lengthBytes === 2 ? this.u16() : this.u24());
  }

  /** All numbers of two bytes up to the end. */
  *numbers(): Generator<number> {
    while (this.left > 0) yield this.u16();
  }

  /** The rest. */
  rest(): Uint8Array {
    return this.take(this.left);
  }

  #need(length: number): void {
    if (length <= this.left) return;
    const [needed, left] = [length, this.left].map((count) => count.toLocaleString("en"));
    throw new DecodeError(`${needed} B are needed and ${left} are left`, this.at);
  }
}

/** Bytes in hex, two digits each: "0a1b". */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** A number in hex, with at least so many digits: "0x1301". */
export function hexNumber(value: number, digits = 4): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
