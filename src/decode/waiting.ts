// The requests of one Connection that wait for their answers, in the order they were sent (RFC 9112, 9.3.2), and how an
// Exchange comes to its end. An Exchange that is over is not held here.

import type { DecodedExchange } from "./types.ts";
import { addFault } from "./faults.ts";
import type { Report } from "./report.ts";

/** At most so many requests may wait. */
export const MAX_WAITING = 10_000;

/** An Exchange of HTTP that is not over. */
export interface Pending {
  readonly exchange: DecodedExchange;
  /** Of the request; null where it is not known. */
  method: string | null;
  /** True when nothing more will come for it from the target. */
  answered: boolean;
  /** The one that was sent after it, while both wait. */
  next: Pending | null;
}

/** A queue of those whose final response has not begun. */
export class Waiting {
  /** The one that is answered next. */
  first: Pending | null = null;
  #last: Pending | null = null;
  #length = 0;
  /** Why no answer can come any more, in words; null while one can. */
  #closed: string | null = null;

  constructor(readonly report: Report) {}

  /** True when there are as many as there may be. */
  get isFull(): boolean {
    return this.#length >= MAX_WAITING;
  }

  /** A request was sent. Where no answer can come any more, it has failed. */
  add(exchange: DecodedExchange, method: string | null): Pending {
    const pending: Pending = { exchange, method, answered: false, next: null };
    if (this.#closed !== null) {
      fail(pending, exchange.request?.start ?? 0, this.#closed, this.report);
      return pending;
    }
    if (this.#last === null) this.first = pending;
    else this.#last.next = pending;
    this.#last = pending;
    this.#length++;
    return pending;
  }

  /** Its final response has begun, so it waits no more. */
  remove(pending: Pending): void {
    if (this.first !== pending) return;
    this.first = pending.next;
    pending.next = null;
    if (this.first === null) this.#last = null;
    this.#length--;
  }

  /** No answer can come any more: all of them have failed, and every one that is added will have. */
  close(text: string): void {
    this.#closed ??= text;
    while (this.first !== null) {
      failNow(this.first, text, this.report);
      this.remove(this.first);
    }
  }
}

/** From what has come of an Exchange so far, its answer will not come. The fault is on its request, if it has one. */
export function failNow(pending: Pending, text: string, report: Report): void {
  const { request, response } = pending.exchange;
  fail(pending, (request ?? response)?.end ?? 0, text, report);
}

function fail(pending: Pending, offset: number, text: string, report: Report): void {
  const { exchange } = pending;
  const message = exchange.request ?? exchange.response;
  if (message !== null) addFault(message.faults, offset, text);
  pending.answered = true;
  exchange.state = "failed";
  report.touch(exchange);
}

/** An Exchange is over when its request is, and its response: done if both are whole, failed if one was cut. */
export function settle(pending: Pending, report: Report): void {
  const { exchange, answered } = pending;
  report.touch(exchange);
  if (exchange.state !== "open" || !answered || exchange.request?.state === "open") return;
  const cut = exchange.request?.state === "cut" || exchange.response?.state === "cut";
  exchange.state = cut ? "failed" : "done";
}
