// One leg inside TLS, with the face of a socket: what is read and written is plaintext. It holds back on both sides:
// what is not read stays in the socket, and a write resolves when the socket has taken it.
// It knows nothing of certificates or of who the peer is; who shook hands tells it how to put errors into words.

import type { TLSSocket } from "node:tls";
import type { ConnectionLeg } from "../connection_leg.ts";
import type { Transport } from "./transport.ts";

/** So much plaintext may wait to be read before no more is read from the socket, bytes. */
const READ_AHEAD = 128 * 1024;

/** TLS failed on one leg: in words for people. */
export class TlsError extends Error {
  constructor(readonly by: "client" | "target", message: string) {
    super(message);
    this.name = "TlsError";
  }
}

/** What is noted of who ends without a word inside TLS: it may have been cut off; most often it has only not taken the trouble. */
export function unsaidEnd(by: "client" | "target"): string {
  return `the ${by} ended without saying so inside TLS (no close_notify)`;
}

/** What a stream is made of: TLS whose handshake is done. */
export interface TlsStreamParts {
  readonly socket: TLSSocket;
  readonly transport: Transport;
  /** What is below: where it is, and its options. */
  readonly conn: ConnectionLeg;
  /** What an error of TLS that comes later is in words. */
  readonly explain: (error: NodeJS.ErrnoException) => TlsError;
}

/** Reads and writes inside TLS. */
export class TlsStream implements ConnectionLeg {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #hasEnded = false;
  #isClosed = false;
  #error: unknown = null;
  #wake: (() => void) | null = null;
  /** Settles what waits to be written when the stream breaks. */
  readonly #writing = new Set<(error: unknown) => void>();

  constructor(private readonly parts: TlsStreamParts) {
    const { socket, conn } = parts;
    this.localAddr = conn.localAddr;
    this.remoteAddr = conn.remoteAddr;
    socket.on("data", (bytes: Uint8Array) => this.#came(bytes));
    socket.on("end", () => {
      this.#hasEnded = true;
      this.#wake?.();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => this.#broke(error));
    // What is wrong with a client's TLS after its handshake, node:tls tells a tls.Server alone, and says so nowhere else.
    socket.on("_tlsError", (error: NodeJS.ErrnoException) => void this.#broke(error));
    socket.on("close", () => this.#over());
    if (socket.errored) this.#broke(socket.errored);
    if (socket.destroyed) this.#over();
  }

  /** Whether the peer has ended without saying so inside TLS: what it sent may have been cut off. */
  get isTruncated(): boolean {
    return this.#hasEnded && this.parts.transport.isTruncated;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#queued === 0) {
      if (this.#error !== null) throw this.#error;
      if (this.#hasEnded) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = null;
    }
    let filled = 0;
    while (filled < buffer.length && this.#queue.length > 0) {
      const first = this.#queue[0];
      const count = Math.min(first.length, buffer.length - filled);
      buffer.set(count === first.length ? first : first.subarray(0, count), filled);
      filled += count;
      if (count === first.length) this.#queue.shift();
      else this.#queue[0] = first.subarray(count);
    }
    const wasFull = this.#queued > READ_AHEAD;
    this.#queued -= filled;
    if (wasFull && this.#queued <= READ_AHEAD) this.parts.transport.hold(false);
    return filled;
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null || this.#isClosed) return reject(this.#error ?? gone());
      this.#writing.add(reject);
      this.parts.socket.write(bytes, (error) => {
        this.#writing.delete(reject);
        if (!error) resolve(bytes.length);
        else reject(this.#broke(error));
      });
    });
  }

  /** Says inside TLS that nothing more comes (close_notify), and ends this side of the socket. */
  closeWrite(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null || this.#isClosed) return reject(this.#error ?? gone());
      const { socket, transport } = this.parts;
      this.#writing.add(reject);
      socket.end(() => {
        // The runtime leaves the end of what is below to us.
        transport.end(() => {
          this.#writing.delete(reject);
          resolve();
        });
      });
    });
  }

  /** Ends this side of the socket as one that was cut off ends: without a word inside TLS. */
  async cutOff(): Promise<void> {
    if (this.#error !== null || this.#isClosed) throw this.#error ?? gone();
    await this.parts.transport.cutOff();
  }

  close(): void {
    this.#isClosed = true;
    this.parts.socket.destroy();
    this.parts.transport.destroy();
  }

  setNoDelay(on?: boolean): void {
    this.parts.conn.setNoDelay(on);
  }

  setKeepAlive(on?: boolean): void {
    this.parts.conn.setKeepAlive(on);
  }

  #came(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued > READ_AHEAD) this.parts.transport.hold(true);
    this.#wake?.();
  }

  /** Takes note of the first error, and gives it: the socket's own where that has failed, otherwise TLS's in words. */
  #broke(error: NodeJS.ErrnoException): unknown {
    this.#error ??= this.parts.transport.failure ?? this.parts.explain(error);
    this.#wake?.();
    return this.#error;
  }

  #over(): void {
    this.#isClosed = true;
    if (!this.#hasEnded) this.#error ??= this.parts.transport.failure ?? gone();
    this.#wake?.();
    for (const reject of this.#writing) reject(this.#error ?? gone());
    this.#writing.clear();
  }
}

function gone(): Error {
  return new Deno.errors.BrokenPipe("the connection is closed");
}
