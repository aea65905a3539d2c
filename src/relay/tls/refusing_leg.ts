// Stands for a target that a client was promised and that cannot be had after all, because TLS with it did not come
// about: takes the client's request, and gives the monitor's own answer to it, or the end where it is no request.

import type { ConnectionLeg } from "../connection_leg.ts";

const CR = 0x0d;
const LF = 0x0a;
/** So long a head is waited for, bytes … */
const MOST_HEAD = 64 * 1024;
/** … and so long, ms: the client has yet to shake hands with the monitor, which may have to make it a certificate. */
const HEAD_MS = 10_000;
/** So long the client may go on once it has its answer, ms. */
const LINGER_MS = 2_000;
const NOTHING = new Uint8Array(0);

/** What a RefusingLeg is made of. */
export interface Refusing {
  /** The answer to a request with this method. */
  readonly answer: (method: string) => Uint8Array;
  /** Called when the client has had its time: the Connection is to be ended. */
  readonly over: () => void;
}

/** A leg that answers one request. */
export class RefusingLeg implements ConnectionLeg {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  /** What has come of the head; null once it is known what it comes to. */
  #head: Uint8Array | null = NOTHING;
  #answer: Uint8Array = NOTHING;
  readonly #asked = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout>;
  #isClosed = false;

  /** `conn` is what has led to the target, which is closed. */
  constructor(conn: ConnectionLeg, private readonly refusing: Refusing) {
    this.localAddr = conn.localAddr;
    this.remoteAddr = conn.remoteAddr;
    this.#timer = setTimeout(() => this.#know(null), HEAD_MS);
  }

  /** Gives the answer once there is a request, and then the end. */
  async read(buffer: Uint8Array): Promise<number | null> {
    await this.#asked.promise;
    const count = Math.min(buffer.length, this.#answer.length);
    buffer.set(this.#answer.subarray(0, count));
    this.#answer = this.#answer.subarray(count);
    if (count > 0) return count;
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(this.refusing.over, LINGER_MS);
    return null;
  }

  /** Takes all of it. */
  write(bytes: Uint8Array): Promise<number> {
    if (this.#head !== null) {
      this.#head = new Uint8Array([...this.#head, ...bytes]);
      const method = methodOf(this.#head);
      if (method !== undefined) this.#know(method);
      else if (this.#head.length > MOST_HEAD) this.#know(null);
    }
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    this.#know(null);
    return Promise.resolve();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#know(null);
  }

  setNoDelay(): void {}

  setKeepAlive(): void {}

  /** The request has this method; null: it is none. */
  #know(method: string | null): void {
    if (this.#head === null) return;
    this.#head = null;
    if (method !== null) this.#answer = this.refusing.answer(method);
    this.#asked.resolve();
  }
}

/** The method of the request whose head is whole, null where it is none; undefined while it is not whole. */
function methodOf(bytes: Uint8Array): string | null | undefined {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const isEmpty = bytes[at + 1] === LF || (bytes[at + 1] === CR && bytes[at + 2] === LF);
    if (!isEmpty) continue;
    const line = String.fromCharCode(...bytes.subarray(0, Math.min(at, 1024)));
    return /^\s*([!-~]+) .*HTTP\/1\.\d/.exec(line)?.[1] ?? null;
  }
  return undefined;
}
