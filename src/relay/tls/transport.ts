// What carries the bytes of TLS: a socket as a node:stream Duplex, which is what node:tls runs on. It reads only while
// it may, because node:tls itself does not hold back, and it knows how the socket ended, which node:tls does not tell.
// It knows nothing of what TLS carries.

import { Duplex } from "node:stream";
import { closeAnyway, type ConnectionLeg } from "../connection_leg.ts";

/** What bytes are read from and written to. */
export type Raw = Pick<ConnectionLeg, "read" | "write" | "closeWrite" | "close" | "setNoDelay">;

const READ_BYTES = 64 * 1024;
/** So much may wait to be written to the socket, bytes. */
const WRITE_AHEAD = 128 * 1024;
/** Types of records (RFC 8446, 5.1). */
const ALERT = 21;
const APPLICATION_DATA = 23;
/** What a TLS 1.3 record with an alert holds: level, description, its real type, and the tag of the cipher. */
const SEALED_ALERT = 19;

/** The socket below TLS. */
export class Transport extends Duplex {
  /** What the socket failed with; null while it has not. */
  failure: unknown = null;
  /** The peer has ended its side of the socket. */
  hasEnded = false;
  /** Something was written to the socket. */
  hasWritten = false;
  readonly #records = new RecordTypes();
  readonly #buffer = new Uint8Array(READ_BYTES);
  #isHeld = false;
  #isWanted = false;
  #isReading = false;
  #isCutOff = false;

  /** `ahead` are bytes that were read from the socket already. */
  constructor(private readonly raw: Raw, private ahead: Uint8Array | null) {
    super({ writableHighWaterMark: WRITE_AHEAD });
    // Whoever uses the TLS above is told; without this an error would end the program.
    this.on("error", () => {});
    try {
      // The messages of a handshake are short, and each side waits for the other's.
      raw.setNoDelay(true);
    } catch {
      // It is gone already: reading tells how.
    }
  }

  /** Whether the peer has ended the socket without having said so inside TLS (RFC 8446, 6.1). */
  get isTruncated(): boolean {
    return this.hasEnded && !this.#records.endWithAlert;
  }

  /** Reads nothing more while `isHeld`. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld && this.#isWanted) this.#readOnce();
  }

  /** Ends this side of the socket. Nothing more is written: the peer sees no close_notify. */
  async cutOff(): Promise<void> {
    this.#isCutOff = true;
    await this.raw.closeWrite();
  }

  override _read(): void {
    this.#isWanted = true;
    if (!this.#isHeld) this.#readOnce();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#write(chunk).then(() => done(), (error) => done(this.#failed(error)));
  }

  override _writev(chunks: readonly { chunk: Uint8Array }[], done: (error?: Error | null) => void): void {
    const all = new Uint8Array(chunks.reduce((sum, { chunk }) => sum + chunk.length, 0));
    let at = 0;
    for (const { chunk } of chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.#write(all).then(() => done(), (error) => done(this.#failed(error)));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.raw.closeWrite().then(() => done(), () => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    closeAnyway(this.raw);
    done(error);
  }

  #readOnce(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#isWanted = false;
    const { ahead } = this;
    if (ahead !== null && ahead.length > 0) {
      this.ahead = null;
      // Not at once: whoever listens is about to.
      queueMicrotask(() => this.#came(ahead));
      return;
    }
    this.raw.read(this.#buffer).then(
      (count) => this.#came(count === null ? null : this.#buffer.slice(0, count)),
      (error) => void this.destroy(this.#failed(error)),
    );
  }

  #came(bytes: Uint8Array | null): void {
    this.#isReading = false;
    if (bytes === null) this.hasEnded = true;
    else this.#records.receive(bytes);
    if (!this.destroyed) this.push(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#isCutOff) return;
    this.hasWritten = true;
    for (let at = 0; at < bytes.length;) at += await this.raw.write(at === 0 ? bytes : bytes.subarray(at));
  }

  #failed(error: unknown): Error {
    this.failure ??= error;
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Follows the records of a stream, of which only the latest one's kind is kept. */
class RecordTypes {
  #type = 0;
  #length = 0;
  /** Bytes of the record that are still to come; of its header while that is not whole. */
  #left = 0;
  readonly #header = new Uint8Array(5);
  #filled = 0;

  /** Whether the latest record may be an alert: in TLS 1.3 it looks like data, and its length tells. */
  get endWithAlert(): boolean {
    if (this.#left > 0 || this.#filled > 0) return false;
    return this.#type === ALERT || (this.#type === APPLICATION_DATA && this.#length === SEALED_ALERT);
  }

  receive(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - at);
        this.#left -= skipped;
        at += skipped;
        continue;
      }
      this.#header[this.#filled++] = bytes[at++];
      if (this.#filled < 5) continue;
      this.#filled = 0;
      this.#type = this.#header[0];
      this.#length = this.#left = this.#header[3] << 8 | this.#header[4];
    }
  }
}
