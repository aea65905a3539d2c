// What a decoder tells about its Exchanges: makes them, and collects which have changed since it was last asked.
// It holds an Exchange only until it has been told, or, before the protocol is settled, all that could be withdrawn.

import type { Changes, DecodedExchange, Message } from "./types.ts";

const NONE: readonly DecodedExchange[] = Object.freeze([]);

/** What calls give that change nothing: always the same object. */
export const NOTHING: Changes = Object.freeze({ changed: NONE, withdrawn: NONE });

/** The Exchanges of one Connection, or of a tunnel in it, under one reading of its bytes. */
export class Report {
  #ordinal: number;
  #changed: DecodedExchange[] | null = null;
  #all: DecodedExchange[] | null = [];
  /** Of a tunnel: what was withdrawn since the last `take`, and what was first told of since then. */
  #withdrawn: DecodedExchange[] | null = null;
  #fresh: Set<DecodedExchange> | null = null;

  /** `first` is the ordinal of its first Exchange, and `tunnel` what CONNECT asked for where this reads a tunnel. */
  constructor(first = 0, private readonly tunnel: string | null = null) {
    this.#ordinal = first;
  }

  /** The ordinal of the Exchange that is made next. */
  get next(): number {
    return this.#ordinal;
  }

  /** A new Exchange, told with the next `take`. */
  create(
    protocol: DecodedExchange["protocol"],
    request: Message | null,
    response: Message | null,
  ): DecodedExchange {
    const exchange: DecodedExchange = {
      ordinal: this.#ordinal++,
      protocol,
      tunnel: this.tunnel,
      request,
      response,
      interim: [],
      state: "open",
      seen: null,
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

  /** Has what a Decoder within this reading has told, that of a tunnel, told with the next `take`. */
  pass({ changed, withdrawn }: Changes): void {
    this.#fresh ??= new Set();
    for (const exchange of withdrawn) {
      this.#ordinal = Math.min(this.#ordinal, exchange.ordinal);
      if (this.#all !== null) this.#all = without(this.#all, exchange);
      if (this.#changed !== null) this.#changed = without(this.#changed, exchange);
      if (!this.#fresh.delete(exchange)) (this.#withdrawn ??= []).push(exchange);
    }
    for (const exchange of changed) {
      if (exchange.ordinal >= this.#ordinal) {
        this.#ordinal = exchange.ordinal + 1;
        this.#all?.push(exchange);
        this.#fresh.add(exchange);
      }
      this.touch(exchange);
    }
  }

  /** What has changed since the last call. */
  take(): Changes {
    const [changed, withdrawn] = [this.#changed, this.#withdrawn];
    if (changed === null && withdrawn === null) return NOTHING;
    this.#changed = null;
    this.#withdrawn = null;
    this.#fresh?.clear();
    return { changed: changed ?? NONE, withdrawn: withdrawn ?? NONE };
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

function without(exchanges: readonly DecodedExchange[], exchange: DecodedExchange): DecodedExchange[] {
  return exchanges.filter((other) => other !== exchange);
}
