// Divides one Direction of a TLS connection into records (RFC 8446, 5.1), however its bytes are cut. Keeps what has
// come of a record that is not whole, and nothing else.

/** The content types of records. */
export const CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23;

/** A record as it came. */
export interface TlsRecord {
  readonly type: number;
  /** Its first 5 bytes, and the rest. Both are the record's own copies. */
  readonly header: Uint8Array;
  readonly fragment: Uint8Array;
  /** When its last byte came, ms since the epoch. */
  readonly at: number;
}

const HEADER = 5;
/** 2^14 bytes, and what encryption may add to them in TLS 1.2 (RFC 5246, 6.2.3), which is more than in 1.3. */
const LONGEST = 16384 + 2048;

/** Reads records. */
export class RecordReader {
  #bytes = new Uint8Array(1024);
  #used = 0;
  #broken = false;

  /** True once bytes came that are no record: nothing is read from there on. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Takes what comes next; gives the records that are whole with it. */
  *receive(bytes: Uint8Array, at: number): Generator<TlsRecord, void> {
    for (let from = 0; from < bytes.length && !this.#broken;) {
      const wanted = this.#used < HEADER ? HEADER : HEADER + this.#length;
      const taken = Math.min(wanted - this.#used, bytes.length - from);
      this.#take(bytes.subarray(from, from + taken));
      from += taken;
      if (this.#used < HEADER) return;
      const whole = HEADER + this.#length;
      if (wanted === HEADER && !this.#isHeader()) this.#broken = true;
      else if (this.#used === whole) yield this.#record(whole, at);
    }
  }

  get #length(): number {
    return (this.#bytes[3] << 8) | this.#bytes[4];
  }

  #isHeader(): boolean {
    const [type, major] = this.#bytes;
    return type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA && major === 3 && this.#length <= LONGEST;
  }

  #take(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(HEADER + LONGEST);
      grown.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #record(length: number, at: number): TlsRecord {
    this.#used = 0;
    return {
      type: this.#bytes[0],
      header: this.#bytes.slice(0, HEADER),
      fragment: this.#bytes.slice(HEADER, length),
      at,
    };
  }
}
