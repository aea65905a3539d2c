// Any protocol without messages: turns. One side's bytes until the other answers are a request, the answer its
// response; what the target says first is a response to nothing. Where the client begins TLS, all that follows is one
// Exchange of it (tls/tls.ts).

import type { DecodedExchange, Direction, Message } from "./types.ts";
import { type Endings, sentence } from "./endings.ts";
import { addFault } from "./faults.ts";
import { addBody, addGap, newMessage, prefixIsFull } from "./messages.ts";
import { joined } from "./octets.ts";
import type { Report } from "./report.ts";
import { alertName } from "./tls/alerts.ts";
import { beginsTls, DECISIVE, firstAlert, isMysqlRequest, MYSQL_REQUEST } from "./tls/begins.ts";
import { Tls } from "./tls/tls.ts";

/** The turns of one Connection. */
export class Turns {
  readonly #report: Report;
  readonly #offsets: Record<Direction, number> = { upstream: 0, downstream: 0 };
  readonly #endings: Endings;
  #exchange: DecodedExchange | null = null;
  /** What is being said: the last message of `#exchange`. */
  #message: Message | null = null;
  /** What follows, once the client has begun TLS. */
  #tls: Tls | null = null;

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
    if (this.#tls !== null) {
      this.#tls.receive(direction, bytes, at, this.#offsets[direction]);
      this.#offsets[direction] += bytes.length;
      return;
    }
    const message = this.#speaking(direction) ?? this.#begin(direction, at);
    const before = message.bodyPrefix;
    // Everything that is looked for is in the first bytes of a turn.
    if (before.length >= MYSQL_REQUEST) this.#add(message, bytes, at);
    else if (direction === "downstream") this.#answer(message, before, bytes, at);
    else if (this.#isMysqlRequest(message, before, bytes)) {
      const rest = MYSQL_REQUEST - before.length;
      this.#add(message, bytes.subarray(0, rest), at);
      this.#finish();
      if (rest < bytes.length) this.receive(direction, bytes.subarray(rest), at);
    } else this.#say(message, before, bytes, at);
  }

  #add(message: Message, bytes: Uint8Array, at: number): void {
    addBody(message, bytes, 0, bytes.length);
    this.#pass(message, bytes.length, at);
  }

  /** The client's bytes, which may begin TLS. */
  #say(message: Message, before: Uint8Array, bytes: Uint8Array, at: number): void {
    const begins = before.length < DECISIVE &&
      beginsTls(firstOf(before, bytes, DECISIVE), message.start === 0) === "yes";
    this.#add(message, bytes, at);
    if (!begins || this.#exchange === null) return;
    this.#tls = new Tls(this.#report, this.#endings, this.#exchange);
    this.#tls.begin(before, at);
    this.#tls.begin(bytes, at);
  }

  /** The target's bytes, which may be a TLS alert though the client speaks none. */
  #answer(message: Message, before: Uint8Array, bytes: Uint8Array, at: number): void {
    const alert = before.length < ALERT ? firstAlert(firstOf(before, bytes, ALERT)) : null;
    this.#add(message, bytes, at);
    if (alert === null || this.#exchange?.request === null) return;
    addFault(
      message.faults,
      message.start,
      `The target speaks TLS here, which the client does not, and answers with alert ${
        alertName(alert)
      }. Give the target as https://HOST:PORT or tls://HOST:PORT`,
    );
  }

  /** MySQL's request for TLS is not answered: what the client says next is no part of it. */
  #isMysqlRequest(message: Message, before: Uint8Array, bytes: Uint8Array): boolean {
    if (message.start > 0 || this.#offsets.downstream === 0) return false;
    return isMysqlRequest(firstOf(before, bytes, MYSQL_REQUEST));
  }

  /** How many of the bytes that come next in this Direction need not be seen: 0, or any number. */
  skippable(direction: Direction): number {
    if (this.#tls !== null) return this.#tls.skippable(direction);
    const message = this.#speaking(direction);
    return message !== null && prefixIsFull(message) ? Infinity : 0;
  }

  /** Passes over bytes, see `skippable`. */
  skip(direction: Direction, length: number, at: number): void {
    if (this.#tls !== null) {
      this.#tls.skip(direction, length, at);
      this.#offsets[direction] += length;
      return;
    }
    const message = this.#speaking(direction);
    if (message === null) return;
    message.bodyBytes += length;
    this.#pass(message, length, at);
  }

  /** `length` bytes that are missing: of what the side was saying, or of its next turn. */
  gap(direction: Direction, length: number, at: number): void {
    if (this.#tls !== null) {
      this.#tls.gap(direction, length, at, this.#offsets[direction]);
      this.#offsets[direction] += length;
      return;
    }
    if (length === 0) return;
    const message = this.#speaking(direction) ?? this.#begin(direction, at);
    addGap(message, length, message.end);
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
    if (this.#tls !== null) {
      this.#tls.end(direction);
      return;
    }
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
    if (this.#tls !== null) {
      this.#tls.refuse(text);
      return;
    }
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

/** The length of an alert's record. */
const ALERT = 7;

/** The first bytes of a turn, `most` of them, where `before` were there already. */
function firstOf(before: Uint8Array, bytes: Uint8Array, most: number): Uint8Array {
  if (before.length === 0) return bytes.subarray(0, most);
  return joined([before.subarray(0, most), bytes.subarray(0, Math.max(0, most - before.length))]);
}

function settle(message: Message): void {
  if (message.state === "open") message.state = "done";
}
