// One Direction of a slow link: its limits as they are now, and what all Connections on it share.
// It knows neither the bytes nor the Connections.

import type { LinkLimits } from "../model.ts";
import { CLOCK, type Clock } from "./clock.ts";
import { CATCH_UP_MS, Pacer } from "./pacer.ts";

/** What waits beside what is on its way: enough for the next slices, never much. */
const BUFFER_BYTES = 16 * 1024;
/** A Connection has at most so much on its way: on a real link the window of TCP, 6 MB on Linux, does the same. */
const MOST_HELD = 16 * 1024 * 1024;
/** All Connections of a Direction have so much, each its part, but at least LEAST_HELD. */
const ALL_HELD = 64 * 1024 * 1024;
const LEAST_HELD = 64 * 1024;

/** What a slow link is made of besides its limits. */
export interface LinkMakings {
  readonly clock: Clock;
  /** 0 to below 1. */
  random(): number;
}

export const REAL: LinkMakings = { clock: CLOCK, random: Math.random };

/** What all SlowSinks of one Direction look up. */
export class Lane {
  readonly pacer: Pacer;
  /** How many Connections share it. */
  sharers = 0;
  #limits: LinkLimits | null = null;

  constructor(readonly makings: LinkMakings) {
    this.pacer = new Pacer(makings.clock, null);
  }

  /** Null where this Direction is not slowed. */
  get limits(): LinkLimits | null {
    return this.#limits;
  }

  set limits(limits: LinkLimits | null) {
    const slows = limits !== null &&
      (limits.bytesPerSecond !== null || limits.latencyMs > 0 || limits.jitterMs > 0);
    this.#limits = slows ? limits : null;
    this.pacer.set(this.#limits?.bytesPerSecond ?? null);
  }

  /** How late, ms, bytes that come now are. */
  drawLatency(): number {
    const { latencyMs, jitterMs } = this.#limits ?? { latencyMs: 0, jitterMs: 0 };
    if (jitterMs === 0) return latencyMs;
    return Math.max(0, latencyMs + (2 * this.makings.random() - 1) * jitterMs);
  }

  get mostLatency(): number {
    return (this.#limits?.latencyMs ?? 0) + (this.#limits?.jitterMs ?? 0);
  }

  /** How many bytes a Connection may have on its way: those that the link carries at a time, and one buffer. */
  get mostHeld(): number {
    const most = Math.min(MOST_HELD, Math.max(LEAST_HELD, ALL_HELD / Math.max(1, this.sharers)));
    const rate = this.#limits?.bytesPerSecond ?? null;
    if (rate === null) return most;
    return Math.min(most, Math.ceil(rate * (this.mostLatency + CATCH_UP_MS) / 1000) + BUFFER_BYTES);
  }
}
