// Any protocol without messages: turns. One side's bytes until the other answers are a request, the answer its
// response; what the target says first is a response to nothing.

import type { DecodedExchange, Direction, Message } from "./types.ts";
import { type Endings, sentence } from "./endings.ts";
import { addFault } from "./faults.ts";
import { addBody, newMessage, prefixIsFull } from "./messages.ts";
import type { Report } from "./report.ts";

/** The turns of one Connection. */
export class Turns {
  readonly #report: Report;
  readonly #offsets: Record<Direction, number> = { upstream: 0, downstream: 0 };
  readonly #endings: Endings;
  #exchange: DecodedExchange | null = null;
  /** What is being said: the last message of `#exchange`. */
  #message: Message | null = null;

  constructor(report: Report, endings: Endings) {
    this.#report = report;
    this.#endings = endings;
  }

  /** The bytes of one Direction that come next begin at `offset`, because those before belonged to something else. */
  moveTo(direction: Direction, offset: number): void {
    this.#offsets[direction] = offset;
  }

  /** Bytes of one Direction; they go on what it was saying, or answer, or begin a turn. */
  receive(direction: Direction, bytes: Uint8Array, at: number): void {
    const message = this.#speaking(direction) ?? this.#begin(direction, at);
    addBody(message, bytes, 0, bytes.length);
    this.#pass(message, bytes.length, at);
  }

  /** How many of the bytes that come next in this Direction need not be seen: 0, or any number. */
  skippable(direction: Direction): number {
    const message = this.#speaking(direction);
    return message !== null && prefixIsFull(message) ? Infinity : 0;
  }

  /** Passes over bytes, see `skippable`. */
  skip(direction: Direction, length: number, at: number): void {
    const message = this.#speaking(direction);
    if (message === null) return;
    message.bodyBytes += length;
    this.#pass(message, length, at);
  }

  #speaking(direction: Direction): Message | null {
    return this.#message !== null && this.#message.direction === direction ? this.#message : null;
  }

  #pass(message: Message, length: number, at: number): void {
    this.#offsets[message.direction] += length;
    message.end += length;
    message.endedAt = at;
    if (this.#exchange !== null) this.#report.touch(this.#exchange);
  }

  #begin(direction: Direction, at: number): Message {
    const message = newMessage(direction, this.#offsets[direction], at);
    const exchange = this.#exchange;
    if (exchange !== null && direction === "downstream") {
      // An answer: only a request is not answered yet, for after a response it is the same side that goes on.
      if (this.#message !== null) settle(this.#message);
      exchange.response = message;
    } else {
      this.#finish();
      this.#exchange = direction === "upstream"
        ? this.#report.create("tcp", message, null)
        : this.#report.create("tcp", null, message);
    }
    this.#message = message;
    return message;
  }

  /** One side ended, as its Endings say: it says no more. A turn is done when neither can go on. */
  end(direction: Direction): void {
    const message = this.#message;
    const exchange = this.#exchange;
    if (message !== null && exchange !== null) this.#endTurn(direction, message, exchange);
    if (this.#endings.both) this.#finish();
  }

  #endTurn(direction: Direction, message: Message, exchange: DecodedExchange): void {
    const speaks = message.direction === direction;
    if (this.#endings.broke(direction)) {
      const words = sentence(this.#endings.words(direction));
      if (speaks) {
        message.state = "cut";
        addFault(message.faults, message.end, words);
      } else if (direction === "downstream") {
        exchange.state = "failed";
        addFault(message.faults, message.end, `${words} without an answer`);
      }
    } else if (speaks) settle(message);
    this.#report.touch(exchange);
  }

  /** These are no turns after all: the last one gets a fault and is over, and nothing more may be received. */
  refuse(text: string): void {
    if (this.#message !== null) addFault(this.#message.faults, this.#message.start, text);
    this.#finish();
  }

  #finish(): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    if (this.#message !== null) settle(this.#message);
    const cut = exchange.request?.state === "cut" || exchange.response?.state === "cut";
    if (exchange.state === "open") exchange.state = cut ? "failed" : "done";
    this.#report.touch(exchange);
    this.#exchange = null;
    this.#message = null;
  }
}

function settle(message: Message): void {
  if (message.state === "open") message.state = "done";
}
