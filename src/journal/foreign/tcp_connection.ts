// One TCP connection of a capture, put together from its segments: what each side sent, in order and once, with gaps
// where the capture has not what the network carried. Two things are waited for, a bounded time each:
//
//   bytes that are not there    until they come, or the other side has acknowledged them and so many packets later they
//                               still have not: then they are a gap
//   what an answer answers      a side's bytes are told after those of the other side that it had acknowledged, so that
//                               turns are in order also where the capture has them otherwise
//
// Where bytes come twice, those that were told first count, and that others differ is noted.

import type { Closed, Direction, How, Opened } from "../../model.ts";
import type { JournalRecord } from "../records.ts";
import { addressOf, senderOf, turned } from "./ends.ts";
import type { ReadAt } from "./packets.ts";
import type { Segment } from "./segment.ts";
import { type Part, Side } from "./side.ts";

const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

/** So many packets of the connection, and so many ms, are waited for what was acknowledged and is not there. */
const PATIENCE_PACKETS = 48;
const PATIENCE_MS = 1_000;
/** So many parts of a side may wait before what is missing is given up. */
export const MOST_WAITING = 16_384;
/** So much is compared where bytes come again. */
const COMPARED = 64 * 1024;

/** What all connections of a capture have in common. */
export interface Reading {
  readonly listener: string;
  readonly read: ReadAt;
  tell(record: JournalRecord): void;
}

/** See above. */
export class TcpConnection {
  readonly sides: Readonly<Record<Direction, Side>> = { upstream: new Side(), downstream: new Side() };
  /** True once it is over, also when more is captured of it. */
  over = false;
  /** When its latest packet was captured. */
  latestAt = 0;
  #connected = false;
  #packets = 0;
  /** Since when something is waited for: how many packets there had been, and the time; -1 where nothing is. */
  #waitingPackets = -1;
  #waitingAt = 0;
  #firstEnded: "client" | "target" | null = null;
  #note: string | null = null;
  readonly #openedAt: number;
  readonly #target: string;

  /** `ends` has the client first; `isGuess` where who that is, is one, because the beginning was not captured. */
  constructor(
    readonly number: number,
    readonly ends: string,
    at: number,
    isGuess: boolean,
    private readonly reading: Reading,
  ) {
    const client = addressOf(senderOf(ends));
    const target = addressOf(senderOf(turned(ends)));
    this.#openedAt = this.latestAt = at;
    this.#target = target.host.includes(":")
      ? `[${target.host}]:${target.port}`
      : `${target.host}:${target.port}`;
    const opened: Opened = {
      connection: number,
      listener: reading.listener,
      // There was none: what has port 0 is not shown.
      listen: { host: target.host, port: 0 },
      local: target,
      target,
      client,
      ...(isGuess ? { remark: GUESSED } : {}),
    };
    reading.tell({ kind: "opened", at, ...opened });
  }

  /** True while something is waited for. */
  get waits(): boolean {
    return this.#waitingPackets >= 0;
  }

  /** The beginning was not captured: what each side sent before is not known. */
  midway(): void {
    for (const direction of DIRECTIONS) {
      this.reading.tell({ kind: "gap", at: this.latestAt, connection: this.number, direction, length: 0 });
    }
  }

  /** Takes a segment of the side `direction`. */
  segment(direction: Direction, segment: Segment): void {
    const { at, seq, ack, flags, length } = segment;
    const side = this.sides[direction];
    const other = this.sides[opposite(direction)];
    this.latestAt = at;
    this.#packets++;
    const isSyn = (flags & SYN) !== 0;
    const from = isSyn ? (seq + 1) >>> 0 : seq;
    if (flags & RST) return this.#reset(direction, segment);
    // What only acknowledges may be a probe, whose number is one less than that of what is sent next.
    if (length > 0 || flags & (SYN | FIN)) side.begin(from);
    if (!this.#connected && direction === "downstream") this.#connect(at);
    const after = flags & ACK ? other.acknowledge(ack) : 0;
    const offset = side.offsetOf(from);
    if (offset === null) return;
    if (length > 0) this.#data(side, direction, offset, after, segment);
    if ((flags & FIN) !== 0 && side.finAt === null) {
      side.finAt = Math.max(side.next, offset + length);
      side.finAfter = after;
      side.finOrder = this.#packets;
    }
    this.#drain();
    this.#mind();
  }

  /** Time has gone on without a packet of this connection. */
  passed(at: number): void {
    if (this.#waitingPackets >= 0 && at - this.#waitingAt >= PATIENCE_MS) this.#give();
  }

  /** Nothing more is captured of it: tells what waits. `note` says why, in words. */
  finish(note: string): void {
    if (this.over) return;
    this.#flush();
    if (this.over) return;
    const { upstream, downstream } = this.sides;
    if (!this.#connected && upstream.next + downstream.next === 0) {
      this.#fail("timeout", `${this.#target} did not answer in the capture`);
    } else this.#close("monitor", "unseen", null, note);
  }

  #data(side: Side, direction: Direction, offset: number, after: number, segment: Segment): void {
    const { at, length, position, has } = segment;
    const end = offset + length;
    if (side.finAt !== null && offset >= side.finAt) {
      if (end > side.next && length > 1) this.#say(`${WHO[direction]} sent ${length} bytes behind its end`);
      return;
    }
    if (offset < side.next) this.#compare(side, direction, segment, offset);
    if (end <= side.next) return;
    const part: Part = { offset, length, position, has, at, after, order: this.#packets };
    const hasTurn = after <= this.sides[opposite(direction)].next;
    if (hasTurn && offset <= side.next && side.waiting.length === 0) this.#tell(side, direction, part);
    else side.wait(part);
  }

  /** Tells of what comes next on either side as far as it can be. */
  #drain(lenient = 0): void {
    do {
      while (this.#drainParts("upstream", lenient) || this.#drainParts("downstream", lenient));
    } while (!this.over && this.#drainEnds(lenient));
  }

  #drainParts(direction: Direction, lenient: number): boolean {
    const side = this.sides[direction];
    const other = this.sides[opposite(direction)];
    for (let moved = false;; moved = true) {
      const part = side.take((again) => this.#compare(side, direction, again, again.offset));
      if (part === null || part.after > other.next + lenient) return moved;
      if (part.offset < side.next) this.#compare(side, direction, part, part.offset);
      this.#tell(side, direction, part);
    }
  }

  /** Tells that a side has ended, where that is due; of two the one that did first. */
  #drainEnds(lenient: number): boolean {
    const { upstream, downstream } = this.sides;
    const isLater = downstream.finAt !== null && downstream.finOrder < upstream.finOrder;
    for (const direction of isLater ? (["downstream", "upstream"] as const) : DIRECTIONS) {
      const side = this.sides[direction];
      const other = this.sides[opposite(direction)];
      if (side.finAt === null || side.finAt > side.next || side.ended) continue;
      if (side.finAfter > other.next + lenient) continue;
      // Of the other side one byte is acknowledged that is not there, and nothing behind it: that was its end.
      if (side.finAfter > other.next && !other.ended) this.#end(other, opposite(direction), this.latestAt);
      if (!this.over) this.#end(side, direction, this.latestAt);
      return true;
    }
    return false;
  }

  /** Tells of a part, from where the side's stream is on. */
  #tell(side: Side, direction: Direction, part: Part): void {
    const skipped = side.next - part.offset;
    const { at } = part;
    const has = Math.max(0, part.has - skipped);
    const length = part.length - skipped;
    side.told(part);
    side.next += length;
    const { number: connection, reading } = this;
    if (has > 0) {
      const position = part.position + skipped;
      reading.tell({ kind: "chunk", at, connection, direction, position, length: has, last: true });
    }
    if (has < length) reading.tell({ kind: "gap", at, connection, direction, length: length - has });
  }

  /** Looks whether something must be given up, or waited for. */
  #mind(): void {
    const { upstream, downstream } = this.sides;
    const isOpen = upstream.acknowledged > upstream.next || downstream.acknowledged > downstream.next;
    const isFull = upstream.waiting.length > MOST_WAITING || downstream.waiting.length > MOST_WAITING;
    if (isFull) this.#give();
    else if (!isOpen) this.#waitingPackets = -1;
    else if (this.#waitingPackets < 0) {
      this.#waitingPackets = this.#packets;
      this.#waitingAt = this.latestAt;
    } else if (
      this.#packets - this.#waitingPackets >= PATIENCE_PACKETS ||
      this.latestAt - this.#waitingAt >= PATIENCE_MS
    ) this.#give();
  }

  /** Gives up what has been waited for. */
  #give(): void {
    this.#waitingPackets = -1;
    for (const direction of DIRECTIONS) {
      const side = this.sides[direction];
      const first = side.waiting.at(0)?.offset ?? null;
      const isFull = side.waiting.length > MOST_WAITING;
      const to = Math.min(first ?? Infinity, isFull ? Infinity : side.acknowledged);
      // A single byte with nothing behind it may have been the end of the stream, which counts as one.
      if (to > side.next && to < Infinity && !(to === side.next + 1 && first === null)) {
        this.#gap(side, direction, to);
      }
    }
    this.#drain(1);
    if (!this.over) this.#mind();
  }

  /** Tells all that is there, with gaps, in the order in which it was captured as far as can be. */
  #flush(): void {
    this.#drain();
    for (;;) {
      if (this.over) return;
      const holes = DIRECTIONS.filter((direction) => this.sides[direction].waiting.length > 0);
      if (holes.length === 0) break;
      const before = (direction: Direction) => this.sides[direction].waiting[0].order;
      const direction = holes.length === 1 || before(holes[0]) <= before(holes[1]) ? holes[0] : holes[1];
      const side = this.sides[direction];
      const { offset } = side.waiting[0];
      if (offset > side.next) this.#gap(side, direction, offset);
      const part = side.take(() => {});
      if (part !== null) this.#tell(side, direction, part);
      this.#drain();
    }
    for (const direction of DIRECTIONS) {
      const side = this.sides[direction];
      if (side.ended) continue;
      const to = Math.max(side.acknowledged, side.finAt ?? 0);
      const isEnd = side.finAt === null && to === side.next + 1;
      if (to > side.next && !isEnd) this.#gap(side, direction, to);
      if ((isEnd || side.finAt !== null) && !this.over) this.#end(side, direction, this.latestAt);
    }
  }

  #gap(side: Side, direction: Direction, to: number): void {
    const length = to - side.next;
    side.next = to;
    this.reading.tell({ kind: "gap", at: this.latestAt, connection: this.number, direction, length });
  }

  #connect(at: number): void {
    this.#connected = true;
    const address = addressOf(senderOf(turned(this.ends)));
    this.reading.tell({
      kind: "connected",
      at,
      connection: this.number,
      address,
      dialMs: Math.max(0, at - this.#openedAt),
    });
  }

  #end(side: Side, direction: Direction, at: number): void {
    side.ended = true;
    const by = WHO[direction];
    this.#firstEnded ??= by;
    this.reading.tell({ kind: "ended", at, connection: this.number, by, how: "end", passedOn: "end" });
    if (this.sides[opposite(direction)].ended) this.#close(this.#firstEnded, "end", null);
  }

  #reset(direction: Direction, { at, seq, ack, flags }: Segment): void {
    const side = this.sides[direction];
    const { upstream, downstream } = this.sides;
    if (direction === "downstream" && !this.#connected && upstream.next === 0 && downstream.first === null) {
      this.#fail("refused", `${this.#target} refused the connection`);
      return;
    }
    // One that is far from what was sent is none of this connection (RFC 9293, 3.5.3).
    if (side.first !== null && side.offsetOf(seq) === null) return;
    if (flags & ACK) this.sides[opposite(direction)].acknowledge(ack);
    this.#flush();
    if (this.over) return;
    const by = WHO[direction];
    if (!side.ended) {
      this.reading.tell({ kind: "ended", at, connection: this.number, by, how: "reset", passedOn: "reset" });
    }
    this.#close(by, "reset", `the ${by} reset the connection`);
  }

  #fail(how: How, error: string): void {
    this.over = true;
    this.reading.tell({ kind: "failed", at: this.latestAt, connection: this.number, how, error });
  }

  #close(endedBy: Closed["endedBy"], how: How, error: string | null, note: string | null = null): void {
    this.over = true;
    const notes = [note, this.#note].filter((one) => one !== null).join(". ");
    this.reading.tell({
      kind: "closed",
      at: this.latestAt,
      connection: this.number,
      endedBy,
      how,
      error,
      upstreamBytes: this.sides.upstream.next,
      downstreamBytes: this.sides.downstream.next,
      ...(notes === "" ? {} : { remark: notes }),
    });
  }

  /** Bytes from `offset` on, as far as they were told of, are sent again: are they the same? */
  #compare(
    side: Side,
    direction: Direction,
    { position, has }: Pick<Part, "position" | "has">,
    offset: number,
  ): void {
    const end = Math.min(offset + has, side.next);
    // A probe whether the other side is alive has one byte that means nothing (RFC 9293, 3.8.4).
    if (this.#note !== null || end - offset <= 1) return;
    for (const told of side.again(offset, Math.min(end, offset + COMPARED))) {
      const [before, now] = [new Uint8Array(told.length), new Uint8Array(told.length)];
      const count = Math.min(
        this.reading.read(told.position, before),
        this.reading.read(position + told.offset - offset, now),
      );
      const at = before.subarray(0, count).findIndex((byte, index) => byte !== now[index]);
      if (at === -1) continue;
      this.#say(
        `What the ${WHO[direction]} sent again differs from what it sent before, from byte ${
          (told.offset + at).toLocaleString("en")
        } on: the first is shown`,
      );
      return;
    }
  }

  #say(note: string): void {
    this.#note ??= note;
  }
}

const DIRECTIONS = ["upstream", "downstream"] as const;
const WHO = { upstream: "client", downstream: "target" } as const;
const GUESSED = "The capture has not its beginning: who is the client is a guess";

/** The other Direction. */
export function opposite(direction: Direction): Direction {
  return direction === "upstream" ? "downstream" : "upstream";
}
