// What a decoder tells about its Exchanges: makes them, and collects which have changed since it was last asked.
// It holds an Exchange only until it has been told, or, before the protocol is settled, all that could be withdrawn.

import type { Changes, DecodedExchange, Message } from "./types.ts";

const NONE: readonly DecodedExchange[] = Object.freeze([]);

/** What calls give that change nothing: always the same object. */
export const NOTHING: Changes = Object.freeze({ changed: NONE, withdrawn: NONE });

/** The Exchanges of one Connection under one reading of its bytes. */
export class Report {
  #ordinal = 0;
  #changed: DecodedExchange[] | null = null;
  #all: DecodedExchange[] | null = [];

  /** A new Exchange, told with the next `take`. */
  create(
    protocol: DecodedExchange["protocol"],
    request: Message | null,
    response: Message | null,
  ): DecodedExchange {
    const exchange: DecodedExchange = {
      ordinal: this.#ordinal++,
      protocol,
      request,
      response,
      interim: [],
      state: "open",
    };
    this.#all?.push(exchange);
    this.touch(exchange);
    return exchange;
  }

  /** Has `exchange` told with the next `take`, once. */
  touch(exchange: DecodedExchange): void {
    if (this.#changed === null) {
      this.#changed = [exchange];
      return;
    }
    // Kept in the order of their ordinals; what changes next is nearly always the last one, or one after it.
    const changed = this.#changed;
    let i = changed.length;
    while (i > 0 && changed[i - 1].ordinal > exchange.ordinal) i--;
    if (i > 0 && changed[i - 1] === exchange) return;
    if (i === changed.length) changed.push(exchange);
    else changed.splice(i, 0, exchange);
  }

  /** What has changed since the last call. */
  take(): Changes {
    const changed = this.#changed;
    if (changed === null) return NOTHING;
    this.#changed = null;
    return { changed, withdrawn: NONE };
  }

  /** Every Exchange so far; only until `settle`. */
  get all(): readonly DecodedExchange[] {
    return this.#all ?? NONE;
  }

  /** The protocol is certain: nothing will be withdrawn, and no Exchange needs to be remembered. */
  settle(): void {
    this.#all = null;
  }
}
