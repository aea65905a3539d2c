// Time that passes only when the test says so, and a slow link in it: what was written when, exactly.

import { setImmediate } from "node:timers";
import type { LinkLimits } from "../../src/model.ts";
import type { Clock } from "../../src/relay/clock.ts";
import { Lane } from "../../src/relay/lane.ts";
import type { Sink } from "../../src/relay/sink.ts";
import { SlowSink } from "../../src/relay/slow_sink.ts";
import { randomFrom } from "../catalog/growing_wire.ts";

interface Timer {
  at: number;
  run(): void;
}

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  #now = 0;
  #timers: Timer[] = [];

  /** `late` says by how much, ms, the next timer is late, as timers of a busy machine are. */
  constructor(private readonly late: () => number = () => 0) {}

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms + this.late(), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.length;
  }

  /** Lets `ms` pass, and everything happen that falls into them. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const next = this.#timers.reduce<Timer | null>(
        (first, timer) => timer.at <= end && (first === null || timer.at < first.at) ? timer : first,
        null,
      );
      if (next === null) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settled();
    }
    this.#now = end;
  }
}

/** Until everything that can go on without time passing has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** What a Sink was given at one time. */
export interface Arrival {
  readonly at: number;
  bytes: number;
}

/** A Sink that keeps when bytes arrive; it can be made to take none for a while, or to fail. */
export class Arrivals implements Sink {
  readonly list: Arrival[] = [];
  readonly bytes: number[] = [];
  /** When each byte arrived. */
  readonly times: number[] = [];
  /** When the end arrived; null until it has. */
  endedAt: number | null = null;
  error: Error | null = null;
  blocked: Promise<void> | null = null;

  constructor(private readonly clock: Clock, private readonly keepsBytes = true) {}

  async write(bytes: Uint8Array): Promise<number> {
    if (this.blocked) await this.blocked;
    if (this.error) throw this.error;
    const last = this.list.at(-1);
    if (last?.at === this.clock.now()) last.bytes += bytes.length;
    else this.list.push({ at: this.clock.now(), bytes: bytes.length });
    for (const byte of this.keepsBytes ? bytes : []) {
      this.bytes.push(byte);
      this.times.push(this.clock.now());
    }
    return bytes.length;
  }

  closeWrite(): Promise<void> {
    this.endedAt = this.clock.now();
    return this.error ? Promise.reject(this.error) : Promise.resolve();
  }

  get total(): number {
    return this.list.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

/** Nothing is limited. */
const FREE: LinkLimits = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };

/** A SlowSink in virtual time. */
export function slowed(
  limits: Partial<LinkLimits>,
  options: { late?: () => number; random?: () => number; keepsBytes?: boolean } = {},
) {
  const clock = new VirtualClock(options.late);
  const lane = new Lane({ clock, random: options.random ?? (() => 0.5) });
  lane.limits = { ...FREE, ...limits };
  const arrivals = new Arrivals(clock, options.keepsBytes);
  let frees = 0;
  const sink = new SlowSink(arrivals, lane, () => frees++);
  return { clock, lane, arrivals, sink, frees: () => frees };
}

/** As the pump does it: gives all of `bytes`, what was not taken again. */
export async function writeAll(sink: Sink, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await sink.write(bytes.subarray(at));
}

/** Writes one chunk after the other, without a pause, until the Sink fails; counts what was taken. */
export function saturate(sink: Sink, chunk = new Uint8Array(64 * 1024)) {
  const source = { taken: 0, error: null as unknown };
  (async () => {
    try {
      for (;;) source.taken += await sink.write(chunk);
    } catch (error) {
      source.error = error;
    }
  })();
  return source;
}

/** The least and the most bytes that arrived in any `ms` between two times. */
export function rates(list: readonly Arrival[], from: number, to: number, ms = 1000) {
  let least = Infinity;
  let most = 0;
  const inside = (start: number) => {
    let sum = 0;
    for (const { at, bytes } of list) if (at >= start && at < start + ms) sum += bytes;
    return sum;
  };
  // A window has the most where it begins with an arrival, and the least where it begins just after one.
  const starts = list.map(({ at }) => at).filter((at) => at >= from && at + ms <= to);
  for (let nth = 0; nth < starts.length; nth += Math.ceil(starts.length / 500)) {
    most = Math.max(most, inside(starts[nth]));
    least = Math.min(least, inside(starts[nth] + 1e-6));
  }
  return { least, most };
}

/** Numbers from 0 to below 1 that look random, the same for the same seed. */
export function seeded(seed: number): () => number {
  const below = randomFrom(seed);
  return () => below(2 ** 32) / 2 ** 32;
}
