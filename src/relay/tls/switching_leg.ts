// A leg on which TLS may begin: at the first byte, after CONNECT, after STARTTLS. Until then bytes go straight to and from
// the socket; from then on what is read and written is plaintext. Whoever reads and writes notices nothing of it.
// It knows how to change, not when: its owner says when TLS may begin, and shakes hands.

import { closeAnyway, type ConnectionLeg } from "../connection_leg.ts";
import { joined } from "../joined.ts";
import { soonest } from "../../soonest.ts";
import { type ClientHello, HANDSHAKE, readClientHello } from "./client_hello.ts";

/** Who speaks first decides; a target's bytes wait so long for a client that may begin TLS, ms. */
export const FIRST_WORD_MS = 500;
const READ_BYTES = 16 * 1024;

/** Answers a client that has begun TLS: shakes hands; null where its TLS is passed through as it is. */
export type AnswerHello = (hello: ClientHello, ahead: Uint8Array) => Promise<ConnectionLeg | null>;

/** A socket, and later TLS over it. */
export class SwitchingLeg implements ConnectionLeg {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  /** TLS, once it is there. */
  #stream: ConnectionLeg | null = null;
  /** Read from the socket, and not given out yet. */
  #ahead: Uint8Array | null = null;
  /** A read of the socket for who reads here that has not come back. */
  #reading: Promise<void> | null = null;
  /** TLS reads the socket now: what such a read gives is its beginning. */
  #isTaken = false;
  /** A look at the first bytes that is not over. */
  #peeking: Promise<void> | null = null;
  /** What looking at the first bytes has met, for whoever reads. */
  #error: unknown = null;
  /** While hands are shaken: it resolves, or rejects, when that is over. */
  #switching: Promise<void> | null = null;
  /** What to do with a ClientHello; null while none is expected. */
  #answer: AnswerHello | null = null;
  /** Resolves when it is clear how the peer begins; null when that does not matter to who writes. */
  #firstWord: Settling | null = null;
  /** The ClientHello, or null where there is none. */
  readonly #hello = Promise.withResolvers<ClientHello | null>();
  #isClosed = false;

  constructor(private readonly conn: ConnectionLeg) {
    this.localAddr = conn.localAddr;
    this.remoteAddr = conn.remoteAddr;
  }

  /** Whether there is TLS on it. */
  get isSecure(): boolean {
    return this.#stream !== null;
  }

  /** Whether hands are being shaken. */
  get isSwitching(): boolean {
    return this.#switching !== null && this.#stream === null;
  }

  get isTruncated(): boolean {
    return this.#stream?.isTruncated ?? false;
  }

  /**
   * From the next byte on the peer may begin TLS; `answer` is called once where it does. With `isFirst` nothing has been
   * said yet: what is to be written waits a moment for the peer to speak.
   */
  expect(answer: AnswerHello, isFirst: boolean): void {
    this.#answer = answer;
    this.#firstWord = isFirst ? Promise.withResolvers<void>() : null;
  }

  /** Bytes that were read here come once more. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#ahead = bytes;
  }

  /** Reads the first bytes before anybody asks for them. Resolves when the ClientHello has come; null: there is none. */
  peek(): Promise<ClientHello | null> {
    this.#peeking = this.#peek().finally(() => this.#peeking = null);
    return this.#hello.promise;
  }

  /**
   * Begins TLS now, as the one who asks for it. `begin` is given what stands for the socket, and gives what the leg is
   * from then on. Rejects as it does.
   */
  begin(begin: (socket: ConnectionLeg) => Promise<ConnectionLeg>): Promise<void> {
    return this.#change(begin(this.#below()));
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#stream ? this.#stream.read(buffer) : this.#readPlain(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#stream) return this.#stream.write(bytes);
    return this.#switching || this.#firstWord ? this.#writeLater(bytes) : this.conn.write(bytes);
  }

  /** Writes in the clear, also while hands are being shaken: for what was said before. */
  writePlain(bytes: Uint8Array): Promise<number> {
    return this.conn.write(bytes);
  }

  async closeWrite(): Promise<void> {
    await this.#settled();
    await (this.#stream ?? this.conn).closeWrite();
  }

  async cutOff(): Promise<void> {
    await this.#settled();
    const leg = this.#stream ?? this.conn;
    await (leg.cutOff ? leg.cutOff() : leg.closeWrite());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#firstWord?.resolve();
    this.#hello.resolve(null);
    if (this.#stream) this.#stream.close();
    else closeAnyway(this.conn);
  }

  setNoDelay(on?: boolean): void {
    this.conn.setNoDelay(on);
  }

  setKeepAlive(on?: boolean): void {
    this.conn.setKeepAlive(on);
  }

  async #writeLater(bytes: Uint8Array): Promise<number> {
    await this.#settled();
    return await (this.#stream ?? this.conn).write(bytes);
  }

  /** Resolves when it is clear whether there is TLS. Whoever has waited long enough speaks first, and plainly. */
  async #settled(): Promise<void> {
    if (this.#firstWord) {
      await soonest(this.#firstWord.promise, FIRST_WORD_MS);
      if (this.#switching === null) this.#decide();
    }
    await this.#switching;
  }

  /** There is no TLS from here on. */
  #decide(): void {
    this.#answer = null;
    this.#firstWord?.resolve();
    this.#firstWord = null;
    this.#hello.resolve(null);
  }

  async #readPlain(buffer: Uint8Array): Promise<number | null> {
    await this.#peeking;
    await this.#switching;
    const stream = this.#stream;
    if (stream !== null) return await stream.read(buffer);
    if (this.#error !== null) throw this.#error;
    const count = this.#take(buffer) ?? await this.#readSocket(buffer);
    if (this.#switching === null && !this.#isTaken) {
      if (this.#answer === null) return count;
      if (count === null || buffer[0] !== HANDSHAKE) {
        this.#decide();
        return count;
      }
      this.#greeted(buffer.slice(0, count));
    }
    await this.#switching;
    return await this.read(buffer);
  }

  async #peek(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      const count = await this.conn.read(buffer);
      if (count !== null && buffer[0] === HANDSHAKE && this.#answer) {
        this.#greeted(buffer.subarray(0, count));
        return;
      }
      if (count !== null) this.#ahead = buffer.subarray(0, count);
    } catch (error) {
      this.#error = error;
    }
    this.#decide();
  }

  /** The peer begins TLS with these bytes. */
  #greeted(bytes: Uint8Array): void {
    const answer = this.#answer!;
    this.#answer = null;
    this.#ahead = this.#ahead === null ? bytes : joined(bytes, this.#ahead);
    // Whoever reads or writes meets an error; nobody may.
    this.#change(this.#greet(answer)).catch(() => {});
  }

  /** Reads the ClientHello to its end, and has it answered; null where it is none, or is passed through. */
  async #greet(answer: AnswerHello): Promise<ConnectionLeg | null> {
    for (;;) {
      const ahead = this.#ahead!;
      const hello = readClientHello(ahead);
      if (hello === null) return null;
      if (hello !== "more") {
        this.#hello.resolve(hello);
        const stream = await answer(hello, ahead);
        if (stream !== null) this.#ahead = null;
        return stream;
      }
      const more = new Uint8Array(READ_BYTES);
      const count = await this.conn.read(more);
      // It has ended, and what it said is passed on as it is.
      if (count === null) return null;
      this.#ahead = joined(ahead, more.subarray(0, count));
    }
  }

  /** The leg becomes what `switching` gives; null: it stays as it is. */
  async #change(switching: Promise<ConnectionLeg | null>): Promise<void> {
    const done = switching.then((stream) => {
      this.#stream = stream;
      if (stream && this.#isClosed) stream.close();
    }).finally(() => this.#hello.resolve(null));
    done.catch(() => {});
    this.#switching = done;
    this.#firstWord?.resolve();
    this.#firstWord = null;
    await done;
    this.#switching = null;
  }

  /** Gives out what was read before; null where there is nothing. */
  #take(buffer: Uint8Array): number | null {
    if (this.#ahead === null) return null;
    const count = Math.min(buffer.length, this.#ahead.length);
    buffer.set(this.#ahead.subarray(0, count));
    this.#ahead = count < this.#ahead.length ? this.#ahead.subarray(count) : null;
    return count;
  }

  async #readSocket(buffer: Uint8Array): Promise<number | null> {
    const reading = this.conn.read(buffer);
    this.#reading = reading.then((count) => {
      this.#reading = null;
      if (this.#isTaken && count !== null) this.#ahead = buffer.slice(0, count);
    }, () => {
      this.#reading = null;
    });
    return await reading;
  }

  /** The socket, for TLS: what a read gives that was under way comes first. */
  #below(): ConnectionLeg {
    this.#isTaken = true;
    const { conn } = this;
    return {
      localAddr: conn.localAddr,
      remoteAddr: conn.remoteAddr,
      read: async (buffer) => {
        await this.#reading;
        return this.#take(buffer) ?? await conn.read(buffer);
      },
      write: (bytes) => conn.write(bytes),
      closeWrite: () => conn.closeWrite(),
      close: () => conn.close(),
      setNoDelay: (on) => conn.setNoDelay(on),
      setKeepAlive: (on) => conn.setKeepAlive(on),
    };
  }
}

interface Settling {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}
