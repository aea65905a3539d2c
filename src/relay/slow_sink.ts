// A Sink behind a slow link: every byte is late by the latency, then waits for its part of the rate, in the order in
// which it came. What is on its way is bounded; beyond that, write waits, so that the pump reads no more and the sender
// is slowed down from end to end. Limits are looked up all the time: a change holds at once.
// It knows nothing of Connections and nothing of what the bytes mean.

import type { Lane } from "./lane.ts";
import type { Turn } from "./pacer.ts";
import type { Sink } from "./sink.ts";

/** A write waits until there is room for so much, or for all it has: room comes in scraps. */
const ENOUGH_ROOM = 8 * 1024;
/** So many writes may be on their way: their bytes are few when a sender sends a few at a time. */
const MOST_SLICES = 16_384;

/** What came with one write, or the end. */
interface Slice {
  readonly bytes: Uint8Array;
  readonly isEnd: boolean;
  readonly came: number;
  due: number;
}

const NOTHING = new Uint8Array(0);

/** Slows what is written to `sink` down. */
export class SlowSink implements Sink {
  #line: Slice[] = [];
  #held = 0;
  #lastDue = 0;
  #isDelivering = false;
  #isStopped = false;
  #error: unknown = null;
  #ended = Promise.withResolvers<void>();
  /** Calls that end a wait: of write for room, of the first Slice for its time, and for its part of the rate. */
  #wakeWriter: (() => void) | null = null;
  #hurry: (() => void) | null = null;
  #turn: Turn | null = null;

  /** `free` is called when the limits have been lifted and all has arrived: this Sink can be left out from then on. */
  constructor(
    private readonly sink: Sink,
    private readonly lane: Lane,
    private readonly free: () => void,
  ) {
    // Nobody waits for the end of a Sink that is stopped.
    this.#ended.promise.catch(() => {});
  }

  /** Whether bytes have not arrived yet. */
  get isHolding(): boolean {
    return this.#held > 0 || this.#wakeWriter !== null;
  }

  /** How many bytes are on their way, for tests of its bound. */
  get held(): number {
    return this.#held;
  }

  async write(bytes: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#error !== null) throw this.#error;
      if (this.#isStopped) throw stopped();
      if (this.lane.limits === null && this.#held === 0) {
        this.free();
        return await this.sink.write(bytes);
      }
      const room = this.lane.limits === null ? 0 : this.lane.mostHeld - this.#held;
      if (room >= Math.min(bytes.length, ENOUGH_ROOM) && this.#line.length < MOST_SLICES) {
        const taken = bytes.slice(0, room);
        this.#held += taken.length;
        this.#push(taken, false);
        return taken.length;
      }
      await new Promise<void>((resolve) => this.#wakeWriter = resolve);
      this.#wakeWriter = null;
    }
  }

  closeWrite(): Promise<void> {
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#isStopped) return Promise.reject(stopped());
    this.#push(NOTHING, true);
    return this.#ended.promise;
  }

  /** The limits have changed: what is on its way is not later than it would be under the new ones. */
  changed(): void {
    const most = this.lane.mostLatency;
    for (const slice of this.#line) slice.due = Math.min(slice.due, slice.came + most);
    this.#lastDue = this.#line.at(-1)?.due ?? 0;
    this.#hurry?.();
    this.#wakeWriter?.();
  }

  /** Drops what is on its way; whoever waits is told so. */
  stop(): void {
    this.#isStopped = true;
    this.#line = [];
    if (this.#turn !== null) {
      this.lane.pacer.withdraw(this.#turn);
      this.#turn.grant(0);
    }
    this.#hurry?.();
    this.#wakeWriter?.();
    this.#ended.reject(stopped());
  }

  #push(bytes: Uint8Array, isEnd: boolean): void {
    const came = this.lane.makings.clock.now();
    this.#lastDue = Math.max(this.#lastDue, came + this.lane.drawLatency());
    this.#line.push({ bytes, isEnd, came, due: this.#lastDue });
    if (!this.#isDelivering) this.#deliver();
  }

  /** Carries what is on its way to its end. Never throws: the next write does. */
  async #deliver(): Promise<void> {
    this.#isDelivering = true;
    try {
      while (this.#line.length > 0) {
        const slice = this.#line[0];
        await this.#untilDue(slice);
        await this.#pass(slice.bytes);
        if (this.#isStopped) return;
        this.#line.shift();
        if (!slice.isEnd) continue;
        await this.sink.closeWrite();
        this.#ended.resolve();
      }
    } catch (error) {
      this.#error = error;
      this.#line = [];
      this.#ended.reject(error);
      this.#wakeWriter?.();
    } finally {
      this.#isDelivering = false;
    }
  }

  async #untilDue(slice: Slice): Promise<void> {
    const { clock } = this.lane.makings;
    while (!this.#isStopped) {
      const wait = slice.due - clock.now();
      if (wait <= 0) return;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(wait, resolve);
        this.#hurry = () => {
          cancel();
          resolve();
        };
      });
      this.#hurry = null;
    }
  }

  /** Writes bytes on, a slice whenever the rate allows. */
  async #pass(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#isStopped;) {
      const end = at + (this.lane.pacer.take(bytes.length - at) || await this.#part(bytes.length - at));
      while (at < end) {
        if (this.#isStopped) return;
        const written = await this.sink.write(bytes.subarray(at, end));
        at += written;
        this.#held -= written;
        this.#wakeWriter?.();
      }
    }
  }

  async #part(wanted: number): Promise<number> {
    const part = await new Promise<number>((grant) => {
      this.#turn = { wanted, grant };
      this.lane.pacer.wait(this.#turn);
    });
    this.#turn = null;
    return part;
  }
}

function stopped(): Error {
  return new Deno.errors.Interrupted("the connection was ended");
}
