// The client of a forward proxy as one Connection sees it: a leg that gives the bytes of the requests for one target, and
// ends where a request names another one, once all before it have been answered. Behind CONNECT, or once the connection
// speaks another protocol, every call goes straight to the socket.

import type { Address, Direction } from "../model.ts";
import type { ConnectionLeg } from "./connection_leg.ts";
import type { AnswerWatcher, ForwardRequest, RequestReader } from "./forward_reading.ts";
import type { ForwardSource } from "./forward_source.ts";
import { joined } from "./joined.ts";
import { PlannedEdits } from "./planned_edits.ts";

/** What a leg is made of. */
export interface ForwardLegParts {
  readonly source: ForwardSource;
  readonly requests: RequestReader;
  readonly answers: AnswerWatcher;
  /** The request that this Connection begins with. */
  readonly first: ForwardRequest;
  /** Called when the next request is not for this Connection, and all before it has been answered and delivered. */
  readonly leave: () => void;
}

/** One Connection's part of a client. */
export class ForwardLeg implements ConnectionLeg {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  readonly edits = new PlannedEdits();
  /** The request that goes elsewhere, with which another Connection begins; null while there is none. */
  next: ForwardRequest | null = null;
  /** `closeWrite` as one that was cut off ends, where the client speaks TLS with the proxy. */
  readonly cutOff?: () => Promise<void>;
  readonly #conn: ConnectionLeg;
  /** Bytes of heads that are given out with the next read. */
  #out: Uint8Array = new Uint8Array(0);
  /** How many bytes have been given out, or are about to be. */
  #offset = 0;
  /** The latest request asks for another protocol: what follows is not looked at before the answer is there. */
  #isAsking = false;
  /** All that comes belongs to this Connection, and nothing is told apart. */
  #isPlain = false;
  #isOver = false;
  #hasLeft = false;
  /** The client's write side has been ended. */
  #hasEnded = false;
  /** What has come from the target, and what of it has been delivered. */
  #received = 0;
  #delivered = 0;
  #wake = () => {};

  constructor(private readonly parts: ForwardLegParts) {
    const { conn } = parts.source;
    this.#conn = conn;
    this.localAddr = conn.localAddr;
    this.remoteAddr = conn.remoteAddr;
    if (conn.cutOff) this.cutOff = () => conn.cutOff!();
    // What asks for a tunnel is not for the target.
    if (parts.first.isTunnel) this.#isPlain = true;
    else this.#accept(parts.first);
  }

  /** Bytes of this Connection have been told: those of requests, or of what the target answers. */
  told(direction: Direction, bytes: Uint8Array): void {
    if (this.#isPlain) return;
    if (direction === "upstream") this.parts.answers.sent(bytes);
    else {
      this.#received += bytes.length;
      this.parts.answers.received(bytes);
    }
    this.#wake();
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#isPlain && this.#out.length === 0 ? this.parts.source.read(buffer) : this.#read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#hasLeft) return Promise.reject(new Deno.errors.BrokenPipe("the client goes on elsewhere"));
    return this.#isPlain ? this.#conn.write(bytes) : this.#write(bytes);
  }

  async closeWrite(): Promise<void> {
    this.#hasEnded = true;
    this.#wake();
    await this.#conn.closeWrite();
  }

  /** Closes the client, unless it goes on elsewhere. */
  close(): void {
    this.#isOver = true;
    if (!this.#hasLeft) this.#conn.close();
    this.#wake();
  }

  setNoDelay(on?: boolean): void {
    this.#conn.setNoDelay(on);
  }

  setKeepAlive(on?: boolean): void {
    this.#conn.setKeepAlive(on);
  }

  async #write(bytes: Uint8Array): Promise<number> {
    const count = await this.#conn.write(bytes);
    this.#delivered += count;
    this.#wake();
    return count;
  }

  /** Fills the buffer with what there is of this Connection, or waits for it. */
  async #read(buffer: Uint8Array): Promise<number | null> {
    const { source, requests } = this.parts;
    let filled = 0;
    for (;;) {
      filled += this.#give(buffer.subarray(filled));
      if (filled === buffer.length) return filled;
      const mayWait = filled === 0;
      if (this.next !== null) {
        if (!mayWait) return filled;
        if (await this.#untilAnswered()) return this.#goElsewhere();
        if (this.#isOver) return null;
        this.#keepAll();
      } else if (this.#isPlain) {
        return mayWait ? await source.read(buffer) : filled;
      } else if (requests.place === "body") {
        if (!mayWait && source.ahead.length === 0) return filled;
        const count = await this.#readBody(buffer.subarray(filled));
        if (count === null) return null;
        filled += count;
      } else if (this.#isAsking) {
        if (!mayWait) return filled;
        await this.#untilSwitched();
      } else if (source.ahead.length > 0) {
        this.#readHead();
      } else if (!mayWait) {
        return filled;
      } else if (!source.hasEnded) {
        await source.more();
      } else if (requests.partial.length === 0) {
        return null;
      } else {
        // Whoever reads this must see that it has no end.
        this.#out = requests.partial;
        this.#isPlain = true;
      }
    }
  }

  /** Gives bytes of heads out. */
  #give(buffer: Uint8Array): number {
    const count = Math.min(buffer.length, this.#out.length);
    if (count === 0) return 0;
    buffer.set(this.#out.subarray(0, count));
    this.#out = this.#out.subarray(count);
    return count;
  }

  async #readBody(buffer: Uint8Array): Promise<number | null> {
    const { source, requests } = this.parts;
    const room = buffer.subarray(0, Math.min(buffer.length, requests.left));
    const count = await source.read(room);
    if (count === null) return null;
    const taken = requests.body(room.subarray(0, count));
    // More than the body can only have come while nothing is read ahead, or from there.
    if (taken < count) source.ahead = joined(room.slice(taken, count), source.ahead);
    this.#offset += taken;
    if (requests.place === "rest") this.#isPlain = true;
    return taken;
  }

  /** Reads on in the head of the next request. */
  #readHead(): void {
    const { source, requests, first } = this.parts;
    const found = requests.head(source.ahead);
    source.take(found?.taken ?? source.ahead.length);
    if (found === null) return;
    const { request } = found;
    if (request.to !== null && !request.isTunnel && isSame(request.to, first.to)) this.#accept(request);
    else this.next = request;
  }

  #accept({ head, edits, asksUpgrade }: ForwardRequest): void {
    for (const edit of edits) this.edits.plan({ ...edit, offset: this.#offset + edit.offset });
    this.#out = joined(this.#out, head);
    this.#offset += head.length;
    this.#isAsking = asksUpgrade;
    this.#isPlain = this.parts.requests.place === "rest";
  }

  /** Resolves when all requests have been answered and the answers delivered; false where that will not be. */
  async #untilAnswered(): Promise<boolean> {
    const { answers } = this.parts;
    while (!this.#isOver && !this.#hasEnded && !answers.isSwitched) {
      if (answers.isIdle && this.#delivered === this.#received) return true;
      await this.#news();
    }
    return false;
  }

  /** The request that was to go elsewhere cannot be answered any more: all goes where the connection goes. */
  #keepAll(): void {
    if (this.next !== null) this.#out = joined(this.#out, this.next.head);
    this.next = null;
    this.#isPlain = true;
  }

  async #untilSwitched(): Promise<void> {
    const { answers } = this.parts;
    while (!this.#isOver && !answers.isIdle && !answers.isSwitched) await this.#news();
    this.#isAsking = false;
    this.#isPlain = answers.isSwitched || this.#isOver;
  }

  #goElsewhere(): null {
    this.#hasLeft = true;
    this.parts.leave();
    return null;
  }

  /** Resolves when something was told or delivered, or the client has sent more; rejects when the client broke off. */
  async #news(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const { source } = this.parts;
    await (source.hasEnded ? promise : Promise.race([promise, source.more()]));
  }
}

function isSame(a: Address, b: Address | null): boolean {
  return b !== null && a.port === b.port && a.host.toLowerCase() === b.host.toLowerCase();
}
