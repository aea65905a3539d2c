// Notices an expression that does not come to an end: the thread that tries it counts up before and after, in memory
// that it shares with the thread that looks on. An odd count that stays is an expression that is still being tried.

import type { Guard } from "../../decode/query/finder.ts";

const COUNT = 0;
const EXCHANGE = 1;

/** The memory for both sides. */
export function watchedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(16);
}

/** The side that tries. `at` notes the Exchange, by its number. */
export function guardIn(memory: SharedArrayBuffer): Guard & { at(exchange: number): void } {
  const shared = new Int32Array(memory);
  const count = () => Atomics.add(shared, COUNT, 1);
  return {
    enter: count,
    leave: count,
    at: (exchange) => {
      Atomics.store(shared, EXCHANGE, exchange);
    },
  };
}

/** The side that looks on. */
export class Watch {
  readonly #shared: Int32Array;
  #seen = 0;
  #since = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#shared = new Int32Array(memory);
  }

  /** The Exchange that is being looked at, by its number. */
  get exchange(): number {
    return Atomics.load(this.#shared, EXCHANGE);
  }

  /** For how long the same expression has been tried on the same text, at the time `now`, in ms, as far as was seen. */
  triedFor(now: number): number {
    const count = Atomics.load(this.#shared, COUNT);
    if (count !== this.#seen || count % 2 === 0) {
      this.#seen = count;
      this.#since = now;
    }
    return now - this.#since;
  }
}
