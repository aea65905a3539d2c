// HTTP/1.x as somebody sees it who stands between (RFC 9112): which response answers which request, when an Exchange is
// over, and when the connection stops being HTTP. Reading the messages themselves is message_reader.ts's.
//
// A request is told when its head is complete. Bytes that are no message are one all the same, with `http` null and a
// fault. Where no answer comes, that is a fault on the request, and the Exchange has failed.

import type { DecodedExchange, Direction, HttpHead, Message } from "./types.ts";
import { type Endings, sentence } from "./endings.ts";
import { addFault } from "./faults.ts";
import { frame, opensTunnel } from "./framing.ts";
import { checkHost } from "./host.ts";
import { MessageReader } from "./message_reader.ts";
import type { Report } from "./report.ts";
import { beginsTls } from "./tls/begins.ts";
import { type MakeTunnelReading, Tunnel } from "./tunnel.ts";
import { Turns } from "./turns.ts";
import { failNow, MAX_WAITING, settle, Waiting } from "./waiting.ts";
import type { Pending } from "./waiting.ts";
import { sayThatHttpsIsWanted } from "./wants_tls.ts";

/** At most so many interim responses of one Exchange are listed: the first ones, and the latest. */
export const MAX_INTERIM = 50;

/** One Connection, read as HTTP/1.x. */
export class Http1 {
  /** True when the target's first bytes cannot be a response: this is not HTTP, and nothing more may be received. */
  refuted = false;
  readonly #report: Report;
  readonly #endings: Endings;
  readonly #up = new MessageReader("upstream");
  readonly #down = new MessageReader("downstream");
  readonly #waiting: Waiting;
  /** Whose request, and whose response, is being read. */
  #sending: Pending | null = null;
  #answering: Pending | null = null;
  /** What the target says though nobody asked; it is over when the next request is there. */
  #stray: DecodedExchange | null = null;
  /** What follows CONNECT or a switch of protocols; `#switched` when that is certain. */
  #tunnel: Turns | Tunnel | null = null;
  #switched = false;
  #plausible: boolean | null = null;
  /** Bytes of the target's are missing, so that some requests may have had their answers there. */
  #answersMissing = false;

  constructor(report: Report, endings: Endings, private readonly makeTunnelReading: MakeTunnelReading) {
    this.#report = report;
    this.#endings = endings;
    this.#waiting = new Waiting(report);
  }

  /** The bytes of one Direction that come next begin at `offset`. To be called before the first of them. */
  moveTo(direction: Direction, offset: number): void {
    this.#reader(direction).offset = offset;
  }

  /** True when the target has sent what begins a response: this is HTTP. */
  get confirmed(): boolean {
    return this.#down.recognised;
  }

  /** Whether what the client has sent first is a request; null while that cannot be told. */
  get plausible(): boolean | null {
    return this.#up.recognised ? true : this.#plausible;
  }

  /** Bytes of one Direction. */
  receive(direction: Direction, bytes: Uint8Array, at: number): void {
    const reader = this.#reader(direction);
    for (let i = 0; i < bytes.length && !this.refuted;) {
      const tunnel = this.#tunnelFor(direction);
      if (tunnel !== null) {
        reader.offset += bytes.length - i;
        tunnel.receive(direction, bytes.subarray(i), at);
        return;
      }
      i = reader.read(bytes, i, at);
      this.#step(reader, direction);
    }
  }

  /** How many of the bytes that come next in this Direction need not be seen. */
  skippable(direction: Direction): number {
    const tunnel = this.#tunnelFor(direction);
    return tunnel === null ? this.#reader(direction).skippable() : tunnel.skippable(direction);
  }

  /** Passes over bytes, see `skippable`. */
  skip(direction: Direction, length: number, at: number): void {
    const reader = this.#reader(direction);
    const tunnel = this.#tunnelFor(direction);
    if (tunnel === null) {
      reader.skip(length, at);
      this.#step(reader, direction);
    } else {
      reader.offset += length;
      tunnel.skip(direction, length, at);
    }
  }

  /** Bytes that are missing; of unknown number where `length` is 0. */
  gap(direction: Direction, length: number, at: number): void {
    const reader = this.#reader(direction);
    const tunnel = this.#tunnelFor(direction);
    if (tunnel === null) {
      reader.gap(length, at);
      this.#step(reader, direction);
      if (direction === "downstream" && !reader.busy) this.#answersMissing = true;
    } else {
      reader.offset += length;
      tunnel.gap(direction, length, at);
    }
  }

  #reader(direction: Direction): MessageReader {
    return direction === "upstream" ? this.#up : this.#down;
  }

  /** Where bytes of this Direction go that come now, if not to its reader. */
  #tunnelFor(direction: Direction): Turns | Tunnel | null {
    if (this.#tunnel === null) return null;
    if (direction === "upstream") return this.#up.busy ? null : this.#tunnel;
    return this.#switched ? this.#tunnel : null;
  }

  /** Deals with what a reader has found. */
  #step(reader: MessageReader, direction: Direction): void {
    if (reader.message === null) return;
    if (direction === "upstream") this.#requestStep(reader.message);
    else this.#responseStep(reader.message);
  }

  // ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────

  #requestStep(message: Message): void {
    const { found } = this.#up;
    if (found === "head" && message.http !== null) this.#requestHead(message, message.http);
    else if (found === "end") this.#requestEnd(message);
    else if (found === "foreign" || found === "long") this.#rawRequest(message, found);
    else if (found === "lost") this.#lostRequest(message);
    else if (found === "found") this.#lostRequestEnd(message);
    else if (this.#sending !== null) this.#report.touch(this.#sending.exchange);
  }

  #requestHead(message: Message, http: HttpHead): void {
    frame(http, null, message.faults);
    checkHost(http, message.start, message.faults);
    this.#endStray();
    if (this.#waiting.isFull) {
      addFault(
        message.faults,
        message.end,
        `More than ${MAX_WAITING} requests wait for an answer; what follows is not told apart`,
      );
      http.framing = "until-close";
      http.contentLength = null;
    }
    const pending = this.#sending ?? this.#ask(message);
    pending.method = http.method;
    this.#sending = pending;
    this.#report.touch(pending.exchange);
    if (this.#up.open(message)) this.#requestEnd(message);
  }

  #ask(message: Message): Pending {
    return this.#waiting.add(this.#report.create("http", message, null), null);
  }

  #requestEnd(message: Message): void {
    const pending = this.#sending;
    message.state = "done";
    this.#up.close();
    this.#sending = null;
    if (pending === null) return;
    // After CONNECT, what the client sends is not HTTP, also before it knows whether it got its tunnel.
    if (pending.method === "CONNECT" && !pending.answered) {
      this.#tunnel ??= this.#newTunnel(this.#up.offset, pending);
    }
    settle(pending, this.#report);
    if (this.#switched) this.#tunnel?.moveTo("upstream", this.#up.offset);
  }

  #rawRequest(message: Message, found: "foreign" | "long"): void {
    addFault(
      message.faults,
      message.start,
      found === "long" ? TOO_LONG : "These bytes are not an HTTP request",
    );
    this.#plausible = false;
    this.#sending ??= this.#ask(message);
    this.#report.touch(this.#sending.exchange);
  }

  /** Bytes of a request of which others are missing. */
  #lostRequest(message: Message): void {
    if (!this.#up.recognised) this.#plausible = false;
    this.#sending ??= this.#ask(message);
    this.#report.touch(this.#sending.exchange);
  }

  #lostRequestEnd(message: Message): void {
    this.#lostRequest(message);
    message.state = "cut";
    const pending = this.#sending;
    this.#up.close();
    this.#sending = null;
    if (pending !== null) settle(pending, this.#report);
  }

  // ── Responses ──────────────────────────────────────────────────────────────────────────────────────────────

  #responseStep(message: Message): void {
    const { found } = this.#down;
    if (found === "head" && message.http !== null) this.#responseHead(message, message.http);
    else if (found === "end") this.#responseEnd(message);
    else if (found === "foreign" || found === "long") this.#rawResponse(message, found);
    else if (found === "lost") this.#lostResponse(message);
    else if (found === "found") this.#lostResponseEnd(message);
    else {
      const exchange = this.#answering?.exchange ?? this.#stray;
      if (exchange !== null) this.#report.touch(exchange);
    }
  }

  #responseHead(message: Message, http: HttpHead): void {
    if (this.#answersMissing) this.#passUnanswered();
    const pending = this.#answered(message);
    const { status } = http;
    sayThatTlsIsNotSpoken(pending.exchange.request);
    frame(http, pending.method, message.faults);
    if (status !== null && status >= 100 && status < 200 && status !== 101) {
      this.#interim(pending, message);
      return;
    }
    this.#waiting.remove(pending);
    if (status === 101 || opensTunnel(status, pending.method)) {
      if (status === 101 && !asksForUpgrade(pending)) {
        addFault(
          message.faults,
          message.start,
          "101 answers a request that did not ask for another protocol",
        );
      }
      this.#responseEnd(message);
      this.#switch(status === 101 ? null : pending);
      return;
    }
    if (pending.method === "CONNECT") {
      this.#tunnel?.refuse(`The client sent this for a tunnel, but the target answered ${status}`);
      this.#tunnel = null;
    }
    if (this.#down.open(message)) this.#responseEnd(message);
  }

  /** What a response belongs to: the oldest request that waits, one that is still incomplete, or none. */
  #answered(message: Message): Pending {
    const pending = this.#answering ?? this.#waiting.first ?? this.#adopt() ??
      { exchange: this.#report.create("http", null, null), method: null, answered: false, next: null };
    pending.exchange.response = message;
    this.#answering = pending;
    this.#report.touch(pending.exchange);
    return pending;
  }

  /** A request whose head is incomplete, which therefore has not been told. */
  #adopt(): Pending | null {
    if (!this.#up.inHead || this.#sending !== null) return null;
    this.#sending = this.#ask(this.#up.adopt());
    this.#sending.method = this.#up.partialMethod;
    return this.#sending;
  }

  /** A 1xx response (RFC 9110, 15.2): the final one is still to come. */
  #interim({ exchange }: Pending, message: Message): void {
    message.state = "done";
    if (exchange.interim.length === MAX_INTERIM) {
      exchange.interim.pop();
      addFault(message.faults, message.start, "More interim responses came before this one than are listed");
    }
    exchange.interim.push(message);
    this.#down.close();
  }

  #responseEnd(message: Message): void {
    const pending = this.#answering;
    message.state = "done";
    sayThatHttpsIsWanted(message);
    this.#down.close();
    this.#answering = null;
    if (pending === null) return;
    pending.answered = true;
    settle(pending, this.#report);
  }

  #rawResponse(message: Message, found: "foreign" | "long"): void {
    if (!this.confirmed) {
      this.refuted = true;
      return;
    }
    if (found === "foreign" && this.#answering === null && this.#waiting.first === null) {
      addFault(message.faults, message.start, "No request asked for this, which follows a complete response");
      this.#stray = this.#report.create("tcp", null, message);
      return;
    }
    const text = found === "long" ? TOO_LONG : "These bytes are not an HTTP response";
    addFault(message.faults, message.start, text);
    this.#waiting.remove(this.#answered(message));
    this.#waiting.close("No answer can be told apart in what the target sent");
  }

  /** Bytes of a response of which others are missing. */
  #lostResponse(message: Message): void {
    this.#answersMissing = true;
    this.#waiting.remove(this.#answered(message));
  }

  #lostResponseEnd(message: Message): void {
    this.#lostResponse(message);
    message.state = "cut";
    const pending = this.#answering;
    this.#down.close();
    this.#answering = null;
    if (pending === null) return;
    pending.answered = true;
    settle(pending, this.#report);
  }

  /** After bytes that are missing, a response answers the latest request: those before it had theirs there. */
  #passUnanswered(): void {
    this.#answersMissing = false;
    if (this.#answering !== null) return;
    for (let one = this.#waiting.first; one !== null && one.next !== null; one = this.#waiting.first) {
      failNow(one, "Its answer is among bytes that are missing in the capture", this.#report);
      this.#waiting.remove(one);
    }
  }

  #endStray(): void {
    const stray = this.#stray;
    if (stray === null) return;
    if (stray.response !== null) stray.response.state = "done";
    stray.state = "done";
    this.#report.touch(stray);
    this.#stray = null;
    this.#down.close();
  }

  // ── The end of HTTP, and of the connection ─────────────────────────────────────────────────────────────────

  /** From here on the connection belongs to another protocol (RFC 9110, 7.8), or is the tunnel of `connect` (9.3.6). */
  #switch(connect: Pending | null): void {
    this.#switched = true;
    const up = this.#up;
    // What was taken for a request that is none was for the other protocol.
    if (up.message?.http === null) {
      if (up.inHead) up.openRaw();
      this.#requestEnd(up.message);
    }
    const { bytes, at } = up.partialHead;
    this.#tunnel ??= this.#newTunnel(up.offset - bytes.length, connect);
    this.#tunnel.moveTo("downstream", this.#down.offset);
    if (bytes.length > 0) {
      this.#tunnel.receive("upstream", bytes, at);
      up.close();
    }
    this.#waiting.close("The connection changed its protocol before this was answered");
  }

  #newTunnel(upstreamOffset: number, connect: Pending | null): Turns | Tunnel {
    const to = connect?.exchange.request?.http?.target ?? "";
    const tunnel = connect === null
      ? new Turns(this.#report, this.#endings)
      : new Tunnel(this.makeTunnelReading(this.#report.next, to), this.#report);
    tunnel.moveTo("upstream", upstreamOffset);
    return tunnel;
  }

  /** One side ended, as its Endings say. */
  end(direction: Direction): void {
    this.#tunnel?.end(direction);
    if (direction === "upstream") this.#requestsEnd();
    else this.#responsesEnd();
  }

  #requestsEnd(): void {
    const up = this.#up;
    this.#plausible = up.resemblesHead;
    const missing = up.end(this.#endings);
    if (up.message === null) return;
    const pending = this.#sending ?? this.#ask(up.message);
    finish(up.message, missing);
    up.close();
    this.#sending = null;
    settle(pending, this.#report);
  }

  #responsesEnd(): void {
    const down = this.#down;
    if (down.inHead && !this.confirmed) {
      this.refuted = true;
      return;
    }
    this.#endStray();
    const noAnswer = this.#endings.broke("upstream")
      ? `${sentence(this.#endings.words("upstream"))} before there was an answer`
      : `${sentence(this.#endings.words("downstream"))} without an answer`;
    const missing = down.end(this.#endings);
    if (down.message !== null) {
      const pending = this.#answered(down.message);
      this.#waiting.remove(pending);
      finish(down.message, missing);
      sayThatHttpsIsWanted(down.message);
      down.close();
      pending.answered = true;
      settle(pending, this.#report);
    } else if (this.#answering !== null && this.#answering !== this.#waiting.first) {
      failNow(this.#answering, noAnswer, this.#report); // interim responses to nothing, and no final one
    }
    this.#answering = null;
    if (this.#up.resemblesHead || (this.confirmed && this.#up.inHead)) {
      this.#plausible = true;
      this.#adopt();
    }
    this.#waiting.close(noAnswer);
  }
}

const TOO_LONG = "The head is longer than 1 MiB, so it is not decoded";

/** The sender of `message` ended; `missing` says what the message lacks, if it lacks anything. */
function finish(message: Message, missing: string | null): void {
  message.state = missing === null ? "done" : "cut";
  if (missing !== null) addFault(message.faults, message.end, missing);
}

/** Where what the client sent is no request but begins TLS, that is what it needs to know. */
function sayThatTlsIsNotSpoken(request: Message | null): void {
  if (request === null || request.http !== null || beginsTls(request.bodyPrefix, true) !== "yes") return;
  request.faults[0] = {
    offset: request.start,
    text:
      "The client begins TLS, and the target answers in plain HTTP: ask with http://, or have tcpmon end TLS (--listen-tls)",
  };
}

function asksForUpgrade({ exchange }: Pending): boolean {
  return exchange.request?.http?.headers.some((header) => header.name.toLowerCase() === "upgrade") ?? false;
}
