// One Connection that tcpmon itself opens: dials, sends what it was given turn by turn, and waits for the target's turn
// in between. Everything is told as for any Connection, except where a Listener of our own does it already.
// It copies bytes and knows nothing of what they mean: an AnswerTeller says when there is an answer.
//
// The write side stays open until the answer is there, because servers take its end for the end of the client.

import { formatAddress } from "../address.ts";
import type { Address, EndedBy, How, SideEnd } from "../model.ts";
import { DialError } from "./dial.ts";
import type { ConnectionLeg } from "./connection_leg.ts";
import type { OwnConnection } from "./own_clients.ts";
import { howOf } from "./pump.ts";
import type { Telling } from "./telling.ts";
import { TlsError, unsaidEnd } from "./tls/tls_stream.ts";

/** What is sent is recorded when the target was reached, but not later than this, ms. */
const SLOW_DIAL_MS = 250;
/** After the answer the target may go on for so long without a byte before the connection is closed, ms. */
const LINGER_MS = 1_000;
const READ_BYTES = 64 * 1024;

/** The bytes of one turn, in pieces; asked for when it is time to send them. */
export type Turn = () => AsyncIterable<Uint8Array>;

/** Says what has come of an answer; see `AnswerWatch`. */
export interface AnswerTeller {
  readonly answer: "none" | "part" | "turn" | "whole";
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
}

/** What to send, where to, and how long to wait. */
export interface OutgoingOptions {
  readonly target: Address;
  readonly turns: readonly Turn[];
  /** Whether the target speaks before the first turn. */
  readonly targetFirst: boolean;
  /** Whether the write side ends with the last turn, before the answer. */
  readonly endAfterTurns: boolean;
  /** A turn of the target's that has no end of its own is over when it was quiet for so long. */
  readonly quietMs: number;
  /** Without a byte for so long the connection is closed. */
  readonly limitMs: number;
  readonly answer: AnswerTeller;
  readonly telling: Telling;
  readonly dial: (target: Address, signal: AbortSignal) => Promise<ConnectionLeg>;
  /** It goes inside TLS: nothing is told of it before it is known whether there is any. */
  readonly isInTls?: boolean;
  /** The same Connection at our Listener, where it goes through one and was accepted. */
  readonly relayed?: () => OwnConnection | null;
}

interface Ending {
  readonly by: EndedBy;
  readonly how: How;
  readonly error: string | null;
}

/** Sends, and waits for the answer. */
export class OutgoingConnection {
  readonly #stop = new AbortController();
  readonly #name: string;
  #conn: ConnectionLeg | null = null;
  #ending: Ending | null = null;
  #over = false;
  #targetEnded = false;
  /** The latest bytes could not be sent. */
  #undelivered = false;
  #heardAt = 0;
  #activeAt = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wake = () => {};
  /** The pieces of the first turn, and the first of them where it was recorded before it could be sent. */
  #first: AsyncIterator<Uint8Array> | null = null;
  #early: Promise<Uint8Array | null> | null = null;

  constructor(private readonly options: OutgoingOptions) {
    this.#name = formatAddress(options.target);
  }

  /** Carries it to its end. Throws DialError where the target was not reached and a Listener would have told of it. */
  async run(): Promise<void> {
    this.options.telling.opened();
    const conn = await this.#dial();
    if (conn === null) return;
    const reading = this.#read(conn);
    this.#watchTime();
    try {
      await this.#talk(conn);
      await this.#finish(conn);
    } catch (error) {
      // What was to be sent could not be had.
      this.#ending ??= { by: "monitor", how: "error", error: wordsOf(error) };
    }
    await this.#first?.return?.();
    clearTimeout(this.#timer);
    this.#close();
    await reading;
    const { by, how, error } = this.#ending ?? { by: "client", how: "end", error: null };
    const note = how === "end" && conn.isTruncated ? unsaidEnd("target") : null;
    this.options.telling.closed(by, how, error, note, this.#undelivered ? "upstream" : null);
  }

  /** Ends it at once, as the monitor, for a reason in words. */
  stop(how: How, reason: string): void {
    if (this.#stop.signal.aborted) return;
    this.#ending = { by: "monitor", how, error: reason };
    this.#stop.abort();
    this.options.relayed?.()?.stop(how, reason);
    this.#close();
    this.#wake();
  }

  async #dial(): Promise<ConnectionLeg | null> {
    const { target, dial, telling, targetFirst, turns, isInTls } = this.options;
    this.#first = turns[0]?.()[Symbol.asyncIterator]() ?? null;
    const early = () => {
      this.#early ??= this.#nextOfFirst();
      // Whoever takes it meets the error; after a stop nobody does.
      this.#early.catch(() => {});
      return this.#early;
    };
    const slow = targetFirst || isInTls ? undefined : setTimeout(early, SLOW_DIAL_MS);
    const began = performance.now();
    try {
      this.#conn = await dial(target, this.#stop.signal);
    } catch (error) {
      const reason = error instanceof DialError ? error : new DialError("error", String(error));
      await this.#recordFirst(early());
      if (this.#ending) telling.failed("stopped", `${this.#ending.error} before ${this.#name} answered`);
      else telling.failed(reason.how, reason.message);
      return null;
    } finally {
      clearTimeout(slow);
    }
    this.#conn.setNoDelay(true);
    telling.connected(this.#conn, Math.round((performance.now() - began) * 1000) / 1000);
    if (this.#stop.signal.aborted) this.#close();
    return this.#conn;
  }

  /** What could not be delivered is recorded, too, as far as it can be had. */
  async #recordFirst(early: Promise<Uint8Array | null>): Promise<void> {
    try {
      if (await early !== null) { while (await this.#nextOfFirst() !== null); }
    } catch {
      // The target was not reached, which is what is told.
    }
  }

  /** The next piece of the first turn, which is told; null at its end. */
  async #nextOfFirst(): Promise<Uint8Array | null> {
    const next = await this.#first?.next();
    if (!next || next.done) return null;
    this.#tellSent(next.value);
    return next.value;
  }

  #tellSent(piece: Uint8Array): void {
    this.options.telling.sent(piece);
    this.options.answer.sent(piece);
  }

  async #talk(conn: ConnectionLeg): Promise<void> {
    const { turns, targetFirst, endAfterTurns } = this.options;
    if (targetFirst) await this.#answered();
    for (const [at, turn] of turns.entries()) {
      if (this.#over) return;
      if (this.#targetEnded) {
        const rest = turns.length - at;
        const which = rest === 1 ? "the last turn was" : `the last ${rest} turns were`;
        this.#ending = { by: "target", how: "end", error: `${this.#name} ended before ${which} sent` };
        return;
      }
      const pieces = at === 0 ? this.#first! : turn()[Symbol.asyncIterator]();
      try {
        if (!await this.#say(conn, pieces, at === 0)) return;
      } finally {
        await pieces.return?.();
      }
      if (at < turns.length - 1 || !endAfterTurns) await this.#answered();
    }
  }

  /** Sends one turn; false where the target takes no more. */
  async #say(conn: ConnectionLeg, pieces: AsyncIterator<Uint8Array>, isFirst: boolean): Promise<boolean> {
    let told = isFirst ? await this.#early : null;
    while (!this.#over) {
      let piece = told;
      told = null;
      if (piece === null) {
        const next = await pieces.next();
        if (next.done) return true;
        piece = next.value;
        this.#tellSent(piece);
      }
      try {
        for (let written = 0; written < piece.length;) {
          written += await conn.write(piece.subarray(written));
          this.#activeAt = performance.now();
        }
      } catch (error) {
        if (!this.#over) {
          this.#undelivered = true;
          this.#broke(howOf(error), error);
        }
        return false;
      }
      await this.options.telling.behind();
    }
    return false;
  }

  /** The end of our side, and the target's. */
  async #finish(conn: ConnectionLeg): Promise<void> {
    const { endAfterTurns, telling } = this.options;
    if (this.#over) return;
    if (!this.#targetEnded && this.#ending === null) {
      this.#ending = { by: "client", how: "end", error: null };
      await conn.closeWrite().catch(() => {
        // Not connected any more: reading tells how it ended.
      });
      telling.ended("client", "end");
      await this.#untilEnd(endAfterTurns ? Infinity : LINGER_MS);
      return;
    }
    // A target that takes no more may have said why before it.
    await this.#untilEnd(LINGER_MS);
    if (!this.#over && this.#ending?.how === "end") telling.ended("client", "end");
  }

  /** Resolves when the target's turn is over: its answer is whole, it has been quiet, or it has ended. */
  async #answered(): Promise<void> {
    const { answer, quietMs } = this.options;
    while (!this.#over && !this.#targetEnded) {
      if (answer.answer === "whole") return;
      const quiet = performance.now() - this.#heardAt;
      if (answer.answer === "turn" && quiet >= quietMs) return;
      await this.#news(answer.answer === "turn" ? quietMs - quiet : Infinity);
    }
  }

  async #untilEnd(silenceMs: number): Promise<void> {
    let since = performance.now();
    while (!this.#over && !this.#targetEnded) {
      since = Math.max(since, this.#heardAt);
      const left = silenceMs - (performance.now() - since);
      if (left <= 0) return;
      await this.#news(left);
    }
  }

  /** Resolves when something has come, at the end, or after `ms`. */
  #news(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #read(conn: ConnectionLeg): Promise<void> {
    const { telling, answer } = this.options;
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      let count: number | null;
      try {
        count = await conn.read(buffer);
      } catch (error) {
        if (!this.#over) this.#broke(howOf(error), error);
        break;
      }
      if (count === null) break;
      this.#heardAt = this.#activeAt = performance.now();
      const bytes = buffer.subarray(0, count);
      telling.received(bytes);
      answer.received(bytes);
      this.#wake();
      await telling.behind();
    }
    this.#targetEnded = true;
    if (!this.#over && (this.#ending?.how ?? "end") === "end") {
      telling.ended("target", "end");
      this.#ending ??= { by: "target", how: "end", error: null };
    }
    this.#wake();
  }

  /** The target's socket has failed. */
  #broke(how: SideEnd, error: unknown): void {
    if (this.#ending?.how === "reset" || this.#ending?.how === "error") return;
    const words = how === "reset"
      ? "the target reset the connection"
      : error instanceof TlsError
      ? error.message
      : `the connection to the target broke: ${wordsOf(error)}`;
    this.#ending = { by: "target", how, error: words };
    this.options.telling.ended("target", how);
  }

  #watchTime(): void {
    const { limitMs } = this.options;
    const left = limitMs - (performance.now() - this.#activeAt);
    if (left > 0) this.#timer = setTimeout(() => this.#watchTime(), left);
    else {
      const limit = `${limitMs / 1000} s`;
      this.stop("timeout", `nothing came from ${this.#name} for ${limit}: the monitor closed the connection`);
    }
  }

  #close(): void {
    this.#over = true;
    try {
      this.#conn?.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
