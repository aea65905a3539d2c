// The client of a forward proxy as what is read from it: bytes that were read ahead, and those that still come.

import type { ConnectionLeg } from "./connection_leg.ts";

/** Bytes are read ahead, at most so many and those of one more read, so that the end of a client shows while it waits. */
const MOST_AHEAD = 64 * 1024;
const READ_BYTES = 16 * 1024;

/** Reads one client. */
export class ForwardSource {
  /** Read, but not yet taken. */
  ahead: Uint8Array = new Uint8Array(0);
  /** The client has ended its side. */
  hasEnded = false;
  #reading: Promise<void> | null = null;
  /** What reading ahead has met, for whoever reads next. */
  #error: unknown = null;

  constructor(readonly conn: ConnectionLeg) {}

  /** Takes the first bytes of what was read ahead. */
  take(count: number): Uint8Array {
    const taken = this.ahead.subarray(0, count);
    this.ahead = this.ahead.subarray(count);
    return taken;
  }

  /** Resolves when more was read ahead, or the client has ended; rejects as reading does. Never while there is enough. */
  more(): Promise<void> {
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.hasEnded) return Promise.resolve();
    if (this.#reading === null && this.ahead.length >= MOST_AHEAD) return new Promise(() => {});
    return this.#reading ??= this.#read();
  }

  /** Reads into `buffer`, at least one byte; null at the end. What was read ahead must have been taken. */
  async read(buffer: Uint8Array): Promise<number | null> {
    if (this.#reading !== null) await this.#reading;
    if (this.ahead.length > 0) {
      const bytes = this.take(buffer.length);
      buffer.set(bytes);
      return bytes.length;
    }
    if (this.#error !== null) throw this.#error;
    return this.hasEnded ? null : await this.conn.read(buffer);
  }

  async #read(): Promise<void> {
    try {
      const buffer = new Uint8Array(READ_BYTES);
      const count = await this.conn.read(buffer);
      if (count === null) this.hasEnded = true;
      else if (this.ahead.length === 0) this.ahead = buffer.subarray(0, count);
      else this.ahead = new Uint8Array([...this.ahead, ...buffer.subarray(0, count)]);
    } catch (error) {
      this.#error = error;
      throw error;
    } finally {
      this.#reading = null;
    }
  }
}
