// Tells when what was sent over a Connection has been answered: for whoever sends a request and must know when to send
// the next or to end. Sans-io, as every decoder: it is given the bytes of both Directions and keeps none.

import { decode } from "./conversation.ts";
import type { Changes, DecodedExchange, Decoder, Direction } from "./types.ts";

/**
 * What has come of an answer. "none": nothing. "part": the beginning of an HTTP response, or of several. "turn":
 * something that has no end of its own, so that only silence or the other side's end tells. "whole": every HTTP
 * request has its final response, or its tunnel (RFC 9110, 7.8 and 9.3.6).
 */
export type Answer = "none" | "part" | "turn" | "whole";

/** Watches one Connection, from its first byte. */
export class AnswerWatch {
  readonly #decoder: Decoder = decode();
  /** Exchanges that are waited for, and whether they are HTTP. */
  readonly #waiting = new Set<DecodedExchange>();
  #answered = 0;
  #heard = false;
  #isHttp = false;
  /** HTTP requests that wait for the end of their answer, whether there have been any, and whether HTTP is over. */
  readonly #asked = new Set<DecodedExchange>();
  #hasAsked = false;
  #isSwitched = false;

  /** What has come since the latest bytes were sent, or since the beginning. */
  get answer(): Answer {
    if (!this.#heard) return "none";
    if (!this.#isHttp) return "turn";
    return this.#answered > 0 && this.#waiting.size === 0 ? "whole" : "part";
  }

  /** Every HTTP request that was sent has its whole answer. */
  get isIdle(): boolean {
    return this.#hasAsked && this.#asked.size === 0;
  }

  /** The connection speaks another protocol by now (RFC 9110, 7.8), or what answers a request is not HTTP. */
  get isSwitched(): boolean {
    return this.#isSwitched;
  }

  /** Bytes that were sent. */
  sent(bytes: Uint8Array): void {
    this.#heard = false;
    this.#answered = 0;
    this.#receive("upstream", bytes);
  }

  /** Bytes that came. */
  received(bytes: Uint8Array): void {
    this.#heard = true;
    this.#receive("downstream", bytes);
  }

  #receive(direction: Direction, bytes: Uint8Array): void {
    const skip = this.#decoder.skippable(direction) >= bytes.length;
    // Times are for rows, and there are none here.
    this.#note(
      skip ? this.#decoder.skip(direction, bytes.length, 0) : this.#decoder.receive(direction, bytes, 0),
    );
  }

  #note({ changed, withdrawn }: Changes): void {
    for (const exchange of withdrawn) {
      this.#waiting.delete(exchange);
      this.#isSwitched = true;
    }
    for (const exchange of changed) {
      this.#isHttp = exchange.protocol === "http";
      if (this.#isHttp) this.#noteHttp(exchange);
      if (isAnswered(exchange)) {
        this.#waiting.delete(exchange);
        this.#answered++;
      } else this.#waiting.add(exchange);
    }
  }

  #noteHttp(exchange: DecodedExchange): void {
    this.#hasAsked = true;
    if (exchange.response?.http?.status === 101) this.#isSwitched = true;
    if (isAnswered(exchange)) this.#asked.delete(exchange);
    else this.#asked.add(exchange);
  }
}

/** Also where the request itself is not whole: its sender may have said so on purpose, and has its answer. */
function isAnswered({ response, interim, state }: DecodedExchange): boolean {
  return state !== "open" || (response !== null && response.state !== "open" && !interim.includes(response));
}
