// The TCP connections of a capture: which segment belongs to which, when one begins, and who is its client: who sent the
// SYN; where that was not captured, by what is known of the ports. How many are followed at once is bounded.

import { portOf, senderOf, turned } from "./ends.ts";
import type { Segment } from "./segment.ts";
import { ACK, opposite, type Reading, RST, SYN, TcpConnection } from "./tcp_connection.ts";
import type { Direction } from "../../model.ts";

/** So many connections are followed at once, and so many that are over are remembered, for what comes late. */
const MOST_OPEN = 50_000;
const MOST_OVER = 10_000;
/** So many ends are remembered that were connected to. */
const MOST_SERVERS = 10_000;
/** How often, ms of the capture's time, those are looked at that wait for something. */
const LOOK_EVERY = 500;

interface Known {
  readonly connection: TcpConnection;
  readonly direction: Direction;
}

/** Follows all of them. */
export class Reassembly {
  readonly #known = new Map<string, Known>();
  readonly #open = new Set<TcpConnection>();
  readonly #over = new Set<TcpConnection>();
  readonly #waiting = new Set<TcpConnection>();
  readonly #servers = new Set<string>();
  #lookedAt = 0;
  #number = 0;

  constructor(private readonly reading: Reading) {}

  /** How many connections are followed. */
  get open(): number {
    return this.#open.size;
  }

  segment(segment: Segment): void {
    const known = this.#known.get(segment.ends) ?? null;
    const { connection, direction } = known !== null && !isNew(known, segment)
      ? known
      : this.#begin(known, segment);
    if (!connection.over) {
      connection.segment(direction, segment);
      this.#note(connection);
    }
    this.#look(segment.at);
  }

  /** The capture is over: everything that waits is told. Should it go on after all, with connections that are new to it. */
  finish(): void {
    for (const connection of this.#open) {
      connection.finish("The capture ends before the connection does");
      this.#note(connection);
      this.#forget(connection);
    }
  }

  #begin(before: Known | null, segment: Segment): Known {
    const { ends, flags, at } = segment;
    if (before !== null) {
      before.connection.finish("Its ports were used for another connection");
      this.#note(before.connection);
    }
    const isFirst = (flags & (SYN | ACK)) === SYN;
    const isAnswer = (flags & (SYN | ACK)) === (SYN | ACK);
    const fromClient = isFirst || (!isAnswer && this.#guess(ends));
    const clientFirst = fromClient ? ends : turned(ends);
    const isGuess = !isFirst && !isAnswer;
    const connection = new TcpConnection(++this.#number, clientFirst, at, isGuess, this.reading);
    if (isGuess) connection.midway();
    else if (this.#servers.size < MOST_SERVERS) this.#servers.add(senderOf(turned(clientFirst)));
    const upstream: Known = { connection, direction: "upstream" };
    const downstream: Known = { connection, direction: "downstream" };
    this.#known.set(clientFirst, upstream);
    this.#known.set(turned(clientFirst), downstream);
    this.#open.add(connection);
    if (this.#open.size > MOST_OPEN) this.#giveUp();
    return fromClient ? upstream : downstream;
  }

  /** Whether the sender is the client: it speaks to a port where others were accepted, or to the lower one. */
  #guess(ends: string): boolean {
    const [from, to] = [senderOf(ends), senderOf(turned(ends))];
    if (this.#servers.has(to) !== this.#servers.has(from)) return this.#servers.has(to);
    return portOf(from) >= portOf(to);
  }

  #note(connection: TcpConnection): void {
    if (connection.over) {
      this.#open.delete(connection);
      this.#waiting.delete(connection);
      this.#over.add(connection);
      if (this.#over.size > MOST_OVER) this.#forget(this.#over.values().next().value!);
    } else if (connection.waits) this.#waiting.add(connection);
    else this.#waiting.delete(connection);
  }

  #forget(connection: TcpConnection): void {
    this.#over.delete(connection);
    for (const ends of [connection.ends, turned(connection.ends)]) {
      if (this.#known.get(ends)?.connection === connection) this.#known.delete(ends);
    }
  }

  /** Of the oldest, the one that has been silent for the longest time is not followed further. */
  #giveUp(): void {
    let silent: TcpConnection | null = null;
    let looked = 0;
    for (const connection of this.#open) {
      if (silent === null || connection.latestAt < silent.latestAt) silent = connection;
      if (++looked === 16) break;
    }
    if (silent === null) return;
    silent.finish(
      `More than ${MOST_OPEN.toLocaleString("en")} connections were open, so it was not followed further`,
    );
    this.#note(silent);
  }

  #look(at: number): void {
    if (this.#waiting.size === 0 || Math.abs(at - this.#lookedAt) < LOOK_EVERY) return;
    this.#lookedAt = at;
    for (const connection of this.#waiting) {
      connection.passed(at);
      this.#note(connection);
    }
  }
}

/** Whether a segment begins a connection between ends that had one before. */
function isNew({ connection, direction }: Known, { flags, seq, ack }: Segment): boolean {
  if ((flags & SYN) === 0 || (flags & RST) !== 0) return false;
  const { first } = connection.sides[direction];
  const isAnswer = (flags & ACK) !== 0;
  const next = (seq + 1) >>> 0;
  if (first === next) return false;
  if (first !== null) return true;
  // The other side's SYN, or what answers it: of this connection if it answers this one's.
  if (!isAnswer) return direction === "upstream" || connection.over;
  const asked = connection.sides[opposite(direction)].first;
  return connection.over || (asked !== null && asked !== ack && direction === "downstream");
}
