// Reads the messages of one Direction, one step at a time: what a head is, where a body ends. What a message answers,
// and what becomes of bytes that are none, is decided by its owner (http1.ts).
//
//   between ──first byte──▶ head ──"head", the owner calls open──▶ body ──"end", the owner calls close──▶ between
//                             └──"foreign" or "long"──▶ body: all that comes, until the owner calls close
//   where bytes are missing, and with them where this message ends:
//   any ──gap──▶ lost: all that comes is given to the message, "lost" ──a message begins, "found"──▶ between

import type { Direction, Message } from "./types.ts";
import { Body } from "./body.ts";
import {
  beginsWithKnownMethod,
  followRequestLine,
  followStatusLine,
  headEnd,
  isEmptyLine,
  isRequestLine,
  isTooLong,
  MAX_HEAD,
  NO,
  RECOGNISED,
  START,
} from "./detect.ts";
import type { Endings } from "./endings.ts";
import { addFault } from "./faults.ts";
import { readHead } from "./head.ts";
import { gapFault } from "./gap.ts";
import { addBody, addGap, newMessage } from "./messages.ts";
import { CR, Gathered, latin1, LF, NO_BYTES, SP } from "./octets.ts";
import { Resync } from "./resync.ts";

/**
 * What a step has found: nothing yet ("more"), a head, the end of the message, or bytes that cannot be a message
 * ("foreign") or whose head is longer than MAX_HEAD ("long"). "lost": of which message these bytes are, and where that
 * ends, cannot be told because others are missing; "found": it can be again, and the message that was lost is over.
 */
export type Found = "more" | "head" | "end" | "foreign" | "long" | "lost" | "found";

const BEGINNING_MISSING = "What came before this is not in the capture";

/** The messages of one Direction. */
export class MessageReader {
  /** Offset of the byte that comes next. */
  offset = 0;
  /** What the last step has found. */
  found: Found = "more";
  /** The message that is being read. While its head is incomplete there is none, unless `adopt` has made it. */
  message: Message | null = null;
  /** True once a first line was seen that is one of HTTP/1.x. */
  recognised = false;
  /** True while a head is incomplete. */
  inHead = false;
  readonly #direction: Direction;
  readonly #kind: "request" | "response";
  #body: Body | null = null;
  // The head that is being read: where and when it began, what there is of it if it did not come at once, whether its
  // first line is accepted or where the automaton for that is, and where the last line begins.
  #start = 0;
  #startedAt = 0;
  #latestAt = 0;
  #gathered = new Gathered();
  #accepted = false;
  #line = START;
  #lineStart = 0;
  #emptyLine = false;
  /** While it is lost where messages begin: what looks for that. */
  #resync: Resync | null = null;
  /** The first bytes of a message that was found again. */
  #held = NO_BYTES;
  /** How many bytes are missing between messages, 0 where that is not known; null where none are. */
  #missing: number | null = null;

  constructor(direction: Direction) {
    this.#direction = direction;
    this.#kind = direction === "upstream" ? "request" : "response";
  }

  /** True while a message has begun and its end has not come. */
  get busy(): boolean {
    return this.inHead || this.#body !== null || (this.#resync !== null && this.message !== null);
  }

  /** `length` bytes are missing, an unknown number where it is 0; sets `found`. */
  gap(length: number, at: number): void {
    this.found = "more";
    this.#latestAt = at;
    if (this.#resync === null && this.#body !== null && length <= this.#body.room) {
      this.#body.gap(length, this.offset);
      this.#pass(this.#body, length, at);
      return;
    }
    if (this.inHead) this.openRaw();
    this.#keepHeld();
    if (this.message === null) this.#missing = (this.#missing ?? 0) + length;
    else {
      addGap(this.message, length, this.offset);
      this.message.end += length;
      this.message.endedAt = at;
      this.found = "lost";
    }
    this.#body = null;
    this.#resync = new Resync(this.#kind);
    this.offset += length;
  }

  /** What may have begun a message is part of what was lost, since bytes are missing behind it, or nothing follows. */
  #keepHeld(): void {
    const held = this.#resync?.held ?? NO_BYTES;
    if (held.length > 0) this.#lose(held, this.offset);
  }

  /** Bytes that end at `end` belong to what was lost. */
  #lose(bytes: Uint8Array, end: number): void {
    if (this.message === null) {
      const missing = this.#missing ?? 0;
      const start = end - bytes.length - missing;
      this.message = newMessage(this.#direction, start, this.#latestAt);
      if (missing > 0) addGap(this.message, missing, start);
      else addFault(this.message.faults, start, BEGINNING_MISSING);
      this.#missing = null;
    }
    addBody(this.message, bytes, 0, bytes.length);
    this.message.end = end;
    this.message.endedAt = this.#latestAt;
    this.found = "lost";
  }

  /** Looks for where a message begins. */
  #search(resync: Resync, bytes: Uint8Array, from: number): number {
    const { passed, found, next } = resync.look(bytes, from);
    this.offset += next - from;
    if (passed.length > 0) this.#lose(passed, this.offset - resync.held.length);
    if (!found) return next;
    this.#held = resync.held;
    this.#resync = null;
    this.recognised = true;
    this.found = this.message === null ? "more" : "found";
    return next;
  }

  /** One step: reads bytes from `from` on, sets `found`, and gives the index up to which they are dealt with. */
  read(bytes: Uint8Array, from: number, at: number): number {
    this.found = "more";
    if (this.#body !== null) {
      const to = this.#body.read(bytes, from, this.offset);
      this.#pass(this.#body, to - from, at);
      return to;
    }
    this.#latestAt = at;
    if (this.#resync !== null) return this.#search(this.#resync, bytes, from);
    const to = this.inHead ? this.#gather(bytes, from) : this.#begin(bytes, from);
    this.offset += to - from;
    const found = this.found as Found; // which the calls above have set
    if (found === "foreign" || found === "long") this.openRaw();
    else if (this.inHead && this.message !== null) this.adopt();
    return to;
  }

  /** The bytes of a message's first line, after empty lines, which do not count (RFC 9112, 2.2). */
  #begin(bytes: Uint8Array, from: number): number {
    if (this.#held.length > 0) return this.#beginHeld(bytes, from);
    let i = from;
    while (i < bytes.length && (bytes[i] === CR || bytes[i] === LF)) i++;
    if (i > from) this.#emptyLine = true;
    if (i === bytes.length) return i;
    this.#start = this.offset + i - from;
    this.#startedAt = this.#latestAt;
    const end = headEnd(bytes, i, bytes.length);
    if (end !== -1 && end - i <= MAX_HEAD && this.#accepts(bytes, i, end)) {
      this.#parse(bytes, i, end);
      return end;
    }
    this.#beginHead();
    return this.#gather(bytes, i);
  }

  #beginHead(): void {
    this.inHead = true;
    this.#accepted = false;
    this.#line = this.#kind === "request" ? START : 0;
    this.#lineStart = 0;
  }

  #beginHeld(bytes: Uint8Array, from: number): number {
    const held = this.#held;
    this.#held = NO_BYTES;
    this.#start = this.offset - held.length;
    this.#startedAt = this.#latestAt;
    this.#beginHead();
    this.#gather(held, 0);
    return this.#gather(bytes, from);
  }

  #accepts(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#kind === "request") return isRequestLine(bytes, from, bytes.indexOf(LF, from));
    return followStatusLine(0, bytes, from, to) === RECOGNISED;
  }

  /** A head that does not come at once is gathered line by line, and judged as early as can be. */
  #gather(bytes: Uint8Array, from: number): number {
    const gathered = this.#gathered;
    for (let i = from; i < bytes.length;) {
      const lf = bytes.indexOf(LF, i);
      const to = Math.min(lf === -1 ? bytes.length : lf + 1, i + MAX_HEAD + 1 - gathered.length);
      const whole = to === lf + 1;
      gathered.append(bytes, i, to);
      if (!this.#accepted && !this.#follow(bytes, i, to, whole)) this.found = "foreign";
      else if (gathered.length > MAX_HEAD) this.found = "long";
      else if (whole && isEmptyLine(gathered.bytes, this.#lineStart, gathered.length - 1)) {
        this.#parse(gathered.bytes, 0, gathered.length);
        gathered.clear();
      }
      i = to;
      if (this.found !== "more") return i;
      if (whole) this.#lineStart = gathered.length;
    }
    return bytes.length;
  }

  /** Judges the first line as far as it has come, `whole` or not; false when it cannot be one of HTTP/1.x. */
  #follow(bytes: Uint8Array, from: number, to: number, whole: boolean): boolean {
    if (this.#kind === "response") {
      this.#line = followStatusLine(this.#line, bytes, from, to);
      this.#accepted = this.#line === RECOGNISED;
    } else if (whole) {
      this.#accepted = isRequestLine(this.#gathered.bytes, 0, this.#gathered.length - 1);
      if (!this.#accepted) return false;
    } else {
      this.#line = followRequestLine(this.#line, bytes, from, to);
      if (isTooLong(this.#gathered.bytes, 0, this.#gathered.length)) return false;
    }
    this.recognised ||= this.#accepted;
    return this.#line !== (this.#kind === "request" ? NO : -1);
  }

  #parse(bytes: Uint8Array, from: number, to: number): void {
    const message = this.message ??= newMessage(this.#direction, this.#start, this.#startedAt);
    if (this.#emptyLine) {
      addFault(message.faults, this.#start, `An empty line stands before the ${this.#kind}`);
      this.#emptyLine = false;
    }
    // What came before it is not known to be of this message: where nothing tells how much that was, it is whole.
    if (this.#missing) {
      addFault(message.faults, this.#start, `Before this ${this.#kind}, ${gapFault(this.#missing)}`);
    }
    this.#missing = null;
    message.http = readHead(bytes, from, to, this.#start, this.#kind, message.faults);
    message.end = message.bodyStart = this.#start + to - from;
    message.endedAt = this.#latestAt;
    this.recognised = true;
    this.inHead = false;
    this.found = "head";
  }

  /** Makes a message of a head that is incomplete: for an answer that comes before it is. */
  adopt(): Message {
    const message = this.message ??= newMessage(this.#direction, this.#start, this.#startedAt);
    message.end = this.offset;
    message.endedAt = this.#latestAt;
    return message;
  }

  /** Gives what was gathered, and all that comes, to the message, which then has no head. */
  openRaw(): void {
    const message = this.adopt();
    addBody(message, this.#gathered.bytes, 0, this.#gathered.length);
    this.#gathered.clear();
    this.inHead = false;
    this.#emptyLine = false;
    this.#body = new Body(message);
  }

  /** Has the body of the message read whose head was found. True when there is none, or an empty one: it is complete. */
  open(message: Message): boolean {
    if (message.http?.framing === "none") return true;
    const body = new Body(message);
    if (body.complete) return true;
    this.#body = body;
    return false;
  }

  /** How many of the bytes that come next need not be read. */
  skippable(): number {
    return this.#body === null ? 0 : this.#body.skippable();
  }

  /** Passes over at most `skippable` bytes; sets `found`. */
  skip(length: number, at: number): void {
    this.found = "more";
    if (this.#body === null) return;
    this.#body.skip(length);
    this.#pass(this.#body, length, at);
  }

  #pass(body: Body, length: number, at: number): void {
    this.offset += length;
    if (this.message !== null) {
      this.message.end = this.offset;
      this.message.endedAt = at;
    }
    if (body.complete) this.found = "end";
  }

  /**
   * The Direction ended, as its Endings say; makes a message of an incomplete head. Gives what the message lacks, in
   * words; null when it lacks nothing.
   */
  end(endings: Endings): string | null {
    const words = endings.words(this.#direction);
    if (this.#resync !== null) {
      this.#keepHeld();
      this.#resync = null;
      return "It is not whole, because bytes are missing";
    }
    if (!this.inHead) {
      return this.#body === null ? null : this.#body.missing(words, endings.inOrder(this.#direction));
    }
    this.openRaw();
    return `The head has no end: ${words} after ${this.offset - this.#start} B of it`;
  }

  /** Leaves the message that is being read: what comes next begins another one. */
  close(): void {
    this.#gathered.clear();
    this.inHead = false;
    this.message = null;
    this.#body = null;
  }

  /** The bytes there are of an incomplete head, and when they began to come. Valid until the next call. */
  get partialHead(): { readonly bytes: Uint8Array; readonly at: number } {
    return { bytes: this.#gathered.bytes.subarray(0, this.#gathered.length), at: this.#startedAt };
  }

  /** The method that an incomplete request begins with; null while it is not certain. */
  get partialMethod(): string | null {
    const { bytes, length } = this.#gathered;
    const space = bytes.subarray(0, Math.min(length, 64)).indexOf(SP);
    return space > 0 ? latin1(bytes, 0, space) : null;
  }

  /** True when an incomplete head is one of HTTP/1.x beyond doubt: its first line is, or a method everybody knows. */
  get resemblesHead(): boolean {
    const { bytes, length } = this.#gathered;
    return this.inHead && (this.#accepted || beginsWithKnownMethod(bytes, 0, length));
  }
}
