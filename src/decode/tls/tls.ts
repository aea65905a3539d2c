// TLS that passes through, as a row: one Exchange for all of it, from the ClientHello to the end of the Connection. What
// the client sends is its request, what the target sends its response. Without keys there are no messages in it; what
// can be seen are the hellos, certificates before TLS 1.3, alerts, and how a handshake ended.
//
// It has failed when the handshake did, when a fatal alert was sent in the clear, and when a side broke off. In TLS 1.3
// alerts are encrypted: then their length tells, and the words say that it is a guess.

import { type Endings, sentence } from "../endings.ts";
import { addFault } from "../faults.ts";
import { addBody, addGap, newMessage, prefixIsFull } from "../messages.ts";
import { latin1 } from "../octets.ts";
import type { Report } from "../report.ts";
import type { DecodedExchange, Direction, Message } from "../types.ts";
import { type Alert, alertFault, alertName, isFatal } from "./alerts.ts";
import { certificateFaults } from "./certificate_faults.ts";
import { heartbeatWords } from "./heartbeat.ts";
import { readHello2 } from "./hello2.ts";
import type { HelloFault } from "./hello.ts";
import { HANDSHAKE, handshakeName, RECORD } from "./names.ts";
import { nothingSeen, seeClientHello, type SeenTls, seeServerHello } from "./seen.ts";
import { type HandshakeMessage, offsetIn, type TlsEvent, TlsStream } from "./stream.ts";

/** The length of an encrypted alert in TLS 1.3: two bytes, one for its type, and 16 that authenticate them. */
const ALERT_LENGTH = 19;

/** One side of the handshake. */
class Half {
  readonly stream = new TlsStream();
  message: Message | null = null;
  /** Encrypted records so far, how long the first and the latest are, and how many came when both had gone over to that. */
  encrypted = 0;
  first = 0;
  latest = 0;
  after = 0;
  /** The latest record was an alert, or may have been one. */
  endsWithAlert = false;
}

/** See above. */
export class Tls {
  readonly #seen: SeenTls = nothingSeen();
  readonly #halves: Record<Direction, Half> = { upstream: new Half(), downstream: new Half() };
  /** Who sent last. */
  #speaker: Direction = "upstream";
  #failed = false;
  /** The target has asked for a client certificate in the clear, and whether the client has shown one. */
  #asksForCertificate = false;
  #showsCertificate = false;

  /** `exchange` has a request that has just begun; its bytes are received again. */
  constructor(
    private readonly report: Report,
    private readonly endings: Endings,
    private readonly exchange: DecodedExchange,
  ) {
    exchange.protocol = "tls";
    exchange.seen = this.#seen;
    this.#halves.upstream.message = exchange.request;
  }

  /** The first bytes of the request, which its Message has already. */
  begin(bytes: Uint8Array, at: number): void {
    this.#take("upstream", this.#halves.upstream.stream.receive(bytes), at);
  }

  /** Bytes of one Direction; `offset` is where they lie in it. */
  receive(direction: Direction, bytes: Uint8Array, at: number, offset: number): void {
    const message = this.#messageOf(direction, at, offset);
    addBody(message, bytes, 0, bytes.length);
    this.#pass(message, bytes.length, at);
    this.#take(direction, this.#halves[direction].stream.receive(bytes), at);
  }

  /** How many of the bytes that come next in this Direction need not be seen. */
  skippable(direction: Direction): number {
    const { message, stream } = this.#halves[direction];
    return message !== null && prefixIsFull(message) ? stream.skippable() : 0;
  }

  /** Passes over bytes, see `skippable`. */
  skip(direction: Direction, length: number, at: number): void {
    const { message, stream } = this.#halves[direction];
    if (message === null) return;
    message.bodyBytes += length;
    this.#pass(message, length, at);
    this.#take(direction, stream.skip(length), at);
  }

  /** `length` bytes are missing. */
  gap(direction: Direction, length: number, at: number, offset: number): void {
    const message = this.#messageOf(direction, at, offset);
    addGap(message, length, offset);
    this.#pass(message, length, at);
    this.#take(direction, this.#halves[direction].stream.gap(length), at);
  }

  #messageOf(direction: Direction, at: number, offset: number): Message {
    const half = this.#halves[direction];
    if (half.message !== null) return half.message;
    half.message = newMessage(direction, offset, at);
    this.exchange.response = half.message;
    return half.message;
  }

  #pass(message: Message, length: number, at: number): void {
    message.end += length;
    message.endedAt = at;
    this.#speaker = message.direction;
    this.report.touch(this.exchange);
  }

  #take(direction: Direction, events: readonly TlsEvent[], at: number): void {
    const half = this.#halves[direction];
    for (const event of events) {
      switch (event.kind) {
        case "handshake":
          half.endsWithAlert = false;
          this.#handshake(direction, event.message, at);
          break;
        case "encrypted":
          this.#encrypted(half, event.head);
          break;
        case "alert":
          half.endsWithAlert = true;
          if (isFatal(event)) this.#fail(half, event.offset, this.#alertFault(direction, event));
          break;
        case "hello2":
          this.#seen.offered = readHello2(event.bytes)?.version ?? 0x0002;
          break;
        case "heartbeat": {
          const { fault } = heartbeatWords(event.bytes);
          if (fault !== null) this.#fault(half, event.offset, fault);
          break;
        }
        case "fault":
          this.#fault(half, event.offset, event.text);
          break;
        case "foreign":
          this.#fail(half, event.offset, foreignWords(direction, event.start, event.offset === 0));
          break;
      }
    }
  }

  /** A target of TLS 1.2 has no alert of its own for a client certificate that is missing. */
  #alertFault(direction: Direction, alert: Alert): string {
    const isMissing = direction === "downstream" && this.#asksForCertificate && !this.#showsCertificate;
    if (!isMissing) return alertFault(alert, sideOf(direction));
    return `Alert ${
      alertName(alert)
    } from the target, which asks for a client certificate, and the client shows none`;
  }

  #handshake(direction: Direction, message: HandshakeMessage, at: number): void {
    const half = this.#halves[direction];
    let found: readonly HelloFault[] = [];
    if (direction === "upstream" && message.type === HANDSHAKE.clientHello) {
      found = malformed(message, seeClientHello(this.#seen, message.bytes));
    } else if (direction === "downstream" && message.type === HANDSHAKE.serverHello) {
      found = malformed(message, seeServerHello(this.#seen, message.bytes));
    } else if (direction === "downstream" && message.type === HANDSHAKE.certificate) {
      found = certificateFaults(message.bytes, this.#seen.serverName, at);
    }
    if (direction === "downstream" && message.type === HANDSHAKE.certificateRequest) {
      this.#asksForCertificate = true;
    }
    // The list of certificates is empty where there is none: its length, three bytes, is all there is.
    if (direction === "upstream" && message.type === HANDSHAKE.certificate) {
      this.#showsCertificate = message.bytes.length > 4 + 3;
    }
    for (const fault of found) this.#fault(half, offsetIn(message, fault.at), fault.text);
  }

  #encrypted(half: Half, { type, length }: { readonly type: number; readonly length: number }): void {
    if (this.#isComplete) half.after++;
    half.encrypted++;
    if (half.encrypted === 1) half.first = length;
    half.latest = length;
    half.endsWithAlert = type === RECORD.alert || (this.#is13 && length === ALERT_LENGTH);
  }

  get #is13(): boolean {
    return (this.#seen.version ?? 0) >= 0x0304;
  }

  /** Both have gone over to encrypted records, and not to refuse. */
  get #isComplete(): boolean {
    const { upstream, downstream } = this.#halves;
    return upstream.encrypted > 0 && downstream.encrypted > 0 && this.#seen.version !== null &&
      !this.#refuses(upstream) && !this.#refuses(downstream);
  }

  /** The first thing that this side says encrypted has the length of an alert, and a Finished message is longer. */
  #refuses(half: Half): boolean {
    if (half === this.#halves.upstream && this.#seen.hasEarlyData) return false;
    return this.#is13 && half.encrypted > 0 && half.first === ALERT_LENGTH;
  }

  #fault(half: Half, offset: number, text: string): void {
    const { request } = this.exchange;
    if (half.message !== null) addFault(half.message.faults, half.message.start + offset, text);
    else if (request !== null) addFault(request.faults, request.end, text);
    this.report.touch(this.exchange);
  }

  #fail(half: Half, offset: number, text: string): void {
    this.#fault(half, offset, text);
    this.#failed = true;
    this.exchange.state = "failed";
  }

  /** One side ended, as its Endings say. */
  end(direction: Direction): void {
    const half = this.#halves[direction];
    const { message, stream } = half;
    const missing = stream.end();
    this.#take(direction, missing, 0);
    if (message !== null && message.state === "open") message.state = missing.length > 0 ? "cut" : "done";
    if (missing.length > 0) this.#failed = true;
    if (!this.#failed) this.#judge(direction, half);
    if (this.endings.both) this.finish();
    this.report.touch(this.exchange);
  }

  /** Whether a side that has ended left the other in the lurch. */
  #judge(direction: Direction, half: Half): void {
    const { upstream, downstream } = this.#halves;
    const words = sentence(this.endings.words(direction));
    const { offset } = half.stream;
    if (downstream.message === null) {
      this.#fail(
        half,
        offset,
        direction === "downstream" ? `${words} without an answer` : `${words} before it had an answer`,
      );
    } else if (this.#refuses(upstream)) {
      this.#fail(upstream, upstream.stream.offset, REFUSED.client);
    } else if (this.#refuses(downstream)) {
      this.#fail(downstream, downstream.stream.offset, REFUSED.target);
    } else if (!this.#isComplete) {
      this.#fail(half, offset, `${words} before the handshake was complete`);
    } else if (this.endings.broke(direction) && this.#speaker === direction && !half.endsWithAlert) {
      if (half.message !== null) half.message.state = "cut";
      this.#fail(half, offset, words);
    } else if (direction === "downstream" && this.#endsWithRefusal(upstream, downstream)) {
      this.#fail(downstream, offset, REFUSED.after);
    }
  }

  /** All that the target says after the handshake has the length of an alert, and the client has not taken its leave. */
  #endsWithRefusal(upstream: Half, downstream: Half): boolean {
    return this.#is13 && downstream.after === 1 && downstream.endsWithAlert && !upstream.endsWithAlert;
  }

  /** These bytes were for nobody, as the words say. */
  refuse(text: string): void {
    this.#fault(this.#halves.upstream, 0, text);
    this.finish();
  }

  /** Nothing more comes. */
  finish(): void {
    for (const { message } of Object.values(this.#halves)) {
      if (message?.state === "open") message.state = "done";
      if (message?.state === "cut") this.#failed = true;
    }
    this.exchange.state = this.#failed ? "failed" : "done";
    this.report.touch(this.exchange);
  }
}

const REFUSED = {
  client:
    "The client broke off the handshake with what has the length of an alert: perhaps it does not trust the " +
    "certificate (TLS 1.3 encrypts the reason)",
  target:
    "The target broke off the handshake with what has the length of an alert (TLS 1.3 encrypts the reason)",
  after:
    "The target ended right after the handshake, with what has the length of an alert: perhaps it asks for a client " +
    "certificate (TLS 1.3 encrypts the reason)",
} as const;

/** A row says what is malformed; in the view the message stands above. */
function malformed({ type }: HandshakeMessage, found: readonly HelloFault[]): readonly HelloFault[] {
  return found.map(({ at, text }) => ({ at, text: `The ${handshakeName(type)} is malformed: ${text}` }));
}

function sideOf(direction: Direction): "client" | "target" {
  return direction === "upstream" ? "client" : "target";
}

/** What it is instead, if that can be told. */
function foreignWords(direction: Direction, start: Uint8Array, isFirst: boolean): string {
  const text = latin1(start, 0, start.length);
  const shown = /^[\x20-\x7e]+$/.test(text) ? `: “${text}…”` : "";
  if (!isFirst || direction === "upstream") return `What follows is no record of TLS${shown}`;
  return `The target answers with what is no TLS${shown}. It does not speak TLS here`;
}
