// Both legs of a Connection in which TLS may begin later, by STARTTLS and its like. What is read passes a watch until it
// is clear whether it does; where it does, all that was said in the clear is delivered first, and not one byte behind it.
// It knows when TLS begins, not how: its owner shakes hands.

import type { Direction } from "../../model.ts";
import type { ConnectionLeg } from "../connection_leg.ts";
import { HANDSHAKE } from "./client_hello.ts";
import { TlsError } from "./tls_stream.ts";
import type { Upgrade, UpgradeWatch } from "./upgrade_watch.ts";

/** The type of a record that says why TLS ends (RFC 8446, 6). */
const ALERT = 0x15;
const NO_BYTES = new Uint8Array(0);

/** A leg that TLS can begin on. */
export interface UpgradableLeg extends ConnectionLeg {
  /** Whether there is TLS on it. */
  readonly isSecure: boolean;
  readonly isTruncated: boolean;
  /** Writes in the clear, also while hands are being shaken. */
  writePlain(bytes: Uint8Array): Promise<number>;
  cutOff(): Promise<void>;
}

/** What the legs are made of. */
export interface UpgradeParts {
  readonly client: UpgradableLeg;
  readonly target: UpgradableLeg;
  readonly watch: UpgradeWatch;
  /**
   * Client and target have agreed: the client's next bytes begin TLS, the first of which may have come: `ahead`. To be
   * done with it before it returns is that nothing of what is read next from the client is taken for plain.
   */
  readonly begin: (upgrade: Upgrade, ahead: Uint8Array) => void;
  /** Bytes that were read, and are passed on to nobody. */
  readonly undelivered: (direction: Direction, bytes: Uint8Array) => void;
}

/** The legs of one Connection. */
export class UpgradeLegs {
  readonly client: ConnectionLeg;
  readonly target: ConnectionLeg;
  readonly #client: WatchedLeg;
  readonly #target: WatchedLeg;
  readonly #shared: Shared;
  #hasBegun = false;

  constructor(private readonly parts: UpgradeParts) {
    const { client, target, watch, undelivered } = parts;
    this.#shared = { watch, isSettled: false, news: () => this.#news(), undelivered };
    this.client = this.#client = new WatchedLeg(client, "upstream", this.#shared);
    this.target = this.#target = new WatchedLeg(target, "downstream", this.#shared);
  }

  /** Resolves when each side has all that the other has said in the clear; at once where they have agreed on nothing. */
  async delivered(): Promise<void> {
    const { upstream, downstream } = this.parts.watch.begun ?? { upstream: 0, downstream: 0 };
    await Promise.all([this.#target.untilWritten(upstream), this.#client.untilWritten(downstream)]);
  }

  /** The client has begun TLS, which passes as it is: nobody shakes hands. */
  letPass(): void {
    this.#shared.isSettled = true;
  }

  #news(): void {
    const { begun } = this.parts.watch;
    if (begun !== null && !this.#hasBegun) {
      this.#hasBegun = true;
      const [ahead, behind] = [this.#client.takeHeld(), this.#target.takeHeld()];
      const isInjected = ahead.length > 0 && ahead[0] !== HANDSHAKE;
      if (isInjected) this.#client.refuse(ahead);
      if (behind.length > 0) this.#target.refuse(behind);
      if (!isInjected && behind.length === 0) this.parts.begin(begun, ahead);
    }
    this.#client.wake();
    this.#target.wake();
  }
}

/** What both legs have in common. */
interface Shared {
  readonly watch: UpgradeWatch;
  /** Nothing is watched any more: TLS passes as it is, or a side has ended before anything was agreed on. */
  isSettled: boolean;
  readonly news: () => void;
  readonly undelivered: (direction: Direction, bytes: Uint8Array) => void;
}

/** One leg; `direction` is that of what is read from it. */
class WatchedLeg implements ConnectionLeg {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  /** Nothing is watched any more: all calls go straight to the leg. */
  #isOver = false;
  #isClosed = false;
  /** Read, and held back until the other side has answered. */
  #held: Uint8Array = NO_BYTES;
  #written = 0;
  #refused: TlsError | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly leg: UpgradableLeg,
    private readonly direction: Direction,
    private readonly shared: Shared,
  ) {
    this.localAddr = leg.localAddr;
    this.remoteAddr = leg.remoteAddr;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#isOver ? this.leg.read(buffer) : this.#read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    const counts = !this.#isOver && this.shared.watch.state !== "never";
    return counts ? this.#write(bytes) : this.leg.write(bytes);
  }

  get isTruncated(): boolean {
    return this.leg.isTruncated;
  }

  closeWrite(): Promise<void> {
    return this.leg.closeWrite();
  }

  cutOff(): Promise<void> {
    return this.leg.cutOff();
  }

  close(): void {
    this.#isClosed = true;
    this.shared.isSettled = true;
    this.shared.news();
    this.leg.close();
  }

  setNoDelay(on?: boolean): void {
    this.leg.setNoDelay(on);
  }

  setKeepAlive(on?: boolean): void {
    this.leg.setKeepAlive(on);
  }

  /** Something has changed that somebody may wait for. */
  wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves when so many bytes have been written since the Connection began, or the leg is closed. */
  async untilWritten(count: number): Promise<void> {
    while (this.#written < count && !this.#isClosed) await this.#woken();
  }

  takeHeld(): Uint8Array {
    const held = this.#held;
    this.#held = NO_BYTES;
    return held;
  }

  /** What stands where TLS was to begin is something else: it goes nowhere, and the Connection is at its end. */
  refuse(bytes: Uint8Array): void {
    this.shared.undelivered(this.direction, bytes);
    this.#refused = this.direction === "upstream"
      ? new TlsError("client", clientWords(bytes, this.shared.watch.begun!))
      : new TlsError("target", targetWords(bytes, this.shared.watch.begun!));
  }

  async #read(buffer: Uint8Array): Promise<number | null> {
    const { shared } = this;
    const { watch } = shared;
    for (;;) {
      if (this.#refused !== null) throw this.#refused;
      if (this.#held.length > 0) {
        const given = this.#giveHeld(buffer);
        if (given > 0) return given;
        if (watch.state === "open" && !shared.isSettled) await this.#woken();
        continue;
      }
      if (watch.state === "never" || shared.isSettled) this.#isOver = true;
      const count = await this.#readLeg(buffer);
      // Once there is TLS, from the first byte or agreed on, nobody asks for it once more.
      if (count === null || this.leg.isSecure || shared.isSettled) return count;
      if (watch.begun === null) this.#held = buffer.slice(0, count);
      else this.refuse(buffer.slice(0, count));
    }
  }

  /** Reads from the leg; where it ends before anything is agreed on, or has TLS, nobody waits for an answer any more. */
  async #readLeg(buffer: Uint8Array): Promise<number | null> {
    let count: number | null = null;
    try {
      count = await this.leg.read(buffer);
      return count;
    } finally {
      if (this.leg.isSecure) this.#isOver = true;
      if ((count === null || this.leg.isSecure) && this.shared.watch.state === "open") {
        this.shared.isSettled = true;
        this.shared.news();
      }
    }
  }

  /** Gives out what was read, as far as it may go on. */
  #giveHeld(buffer: Uint8Array): number {
    const { watch, isSettled } = this.shared;
    const held = this.#held.subarray(0, buffer.length);
    const count = isSettled ? held.length : watch.receive(this.direction, held);
    buffer.set(held.subarray(0, count));
    this.#held = this.#held.subarray(count);
    if (count > 0) this.shared.news();
    return count;
  }

  async #write(bytes: Uint8Array): Promise<number> {
    const plain = this.#plainLeft;
    // A client that does not wait has begun TLS before all that was said in the clear has got to it.
    const count = plain === null || plain === 0
      ? await this.leg.write(bytes)
      : await this.leg.writePlain(bytes.subarray(0, plain));
    this.#written += count;
    this.wake();
    return count;
  }

  /** How much of what the other side has said in the clear is not written; null where TLS has not begun. */
  get #plainLeft(): number | null {
    const { begun } = this.shared.watch;
    if (begun === null) return null;
    return Math.max(0, begun[this.direction === "upstream" ? "downstream" : "upstream"] - this.#written);
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}

function clientWords(bytes: Uint8Array, { protocol, command }: Upgrade): string {
  return bytes[0] === HANDSHAKE
    ? `the client began TLS after ${command} (${protocol}), but not with a whole ClientHello: what it sent, ` +
      `${bytesOf(bytes)}, was not passed on`
    : `the client sent ${
      bytesOf(bytes)
    } in the clear behind ${command} (${protocol}), where TLS was to begin: not ` +
      "passed on, because it would be taken for what came through TLS";
}

function targetWords(bytes: Uint8Array, { protocol, command }: Upgrade): string {
  return bytes[0] === ALERT && bytes[1] === 3
    ? `the target broke TLS off after ${command} (${protocol}), which the client had not begun`
    : `the target sent ${
      bytesOf(bytes)
    } in the clear behind its consent to ${command} (${protocol}), where TLS was ` +
      "to begin: not passed on";
}

function bytesOf({ length }: Uint8Array): string {
  return length === 1 ? "one byte" : `${length} bytes`;
}
