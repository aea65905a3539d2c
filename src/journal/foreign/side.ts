// What one end of a TCP connection sends, as far as the capture has it: its bytes by their places in the stream, from 0
// on, and which of them wait for others. Sequence numbers go round at 2^32 (RFC 9293, 3.4); offsets do not. Only places
// and lengths are kept, never bytes.

/** Some of the bytes that one side sent. */
export interface Part {
  /** Where in the stream, and how many. */
  readonly offset: number;
  readonly length: number;
  /** Where they lie in the file, and how many of them are there. */
  readonly position: number;
  readonly has: number;
  readonly at: number;
  /** How much of the other side's stream the sender had by then. */
  readonly after: number;
  /** Grows in the order in which they came. */
  readonly order: number;
}

/** Nothing is sent so far ahead of what the other end has: no window is larger (RFC 7323, 2.3). */
const FARTHEST = 2 ** 30;
/** So many of the latest bytes' places are remembered, to compare what is sent again. */
const RECENT = 8;

/** One side. */
export class Side {
  /** One past the last byte that was told of, or that is known to be missing. */
  next = 0;
  /** How much of it the other side has said that it has. */
  acknowledged = 0;
  /** Where it ends; null while it has not. */
  finAt: number | null = null;
  /** How much of the other side's stream it had when it ended, and when in the order of all packets that was. */
  finAfter = 0;
  finOrder = 0;
  /** Its end was told. */
  ended = false;
  /** What cannot be told of yet, in the order of the offsets. */
  readonly waiting: Part[] = [];
  /** The sequence number of its first byte; null before any is known. */
  #first: number | null = null;
  /** What the other side acknowledged before. */
  #acknowledgedFirst: number | null = null;
  /** Offset, length and position of the latest bytes that were told of. */
  readonly #recent: number[] = [];

  /** The sequence number of its first byte; null while it is not known. */
  get first(): number | null {
    return this.#first;
  }

  /** It begins with the sequence number `seq`, unless it is known to have begun. True where it begins now. */
  begin(seq: number): boolean {
    if (this.#first !== null) return false;
    const known = this.#acknowledgedFirst;
    // What the other side has already was sent before: then the first that is seen is not the first there was.
    const ahead = known === null ? -1 : (seq - known) | 0;
    this.#first = ahead > 0 && ahead < FARTHEST ? known! : seq;
    return true;
  }

  /** The offset that a sequence number stands for; null where it is none of this stream, or that is not known. */
  offsetOf(seq: number): number | null {
    if (this.#first === null) return null;
    const ahead = (seq - ((this.#first + this.next) >>> 0)) | 0;
    return ahead < -FARTHEST || ahead > FARTHEST ? null : this.next + ahead;
  }

  /** The other side has everything before `seq`. Returns the offset, 0 where it is not known. */
  acknowledge(seq: number): number {
    if (this.#first === null) {
      const known = this.#acknowledgedFirst;
      this.#acknowledgedFirst ??= seq;
      if (known === null || ((seq - known) | 0) <= 0) return 0;
      // It sends, though nothing of that is captured.
      this.#first = known;
    }
    let offset = this.offsetOf(seq) ?? 0;
    if (this.finAt !== null && offset > this.finAt) offset = this.finAt;
    if (offset > this.acknowledged) this.acknowledged = offset;
    return Math.max(0, offset);
  }

  /** Puts a part where it belongs among those that wait. */
  wait(part: Part): void {
    const { waiting } = this;
    let at = waiting.length;
    while (at > 0 && waiting[at - 1].offset > part.offset) at--;
    waiting.splice(at, 0, part);
  }

  /** What comes next, where it is there: of parts that have it, the one that came first. Those that have only what was told are dropped. */
  take(dropped: (part: Part) => void): Part | null {
    const { waiting, next } = this;
    let chosen = -1;
    for (let at = 0; at < waiting.length && waiting[at].offset <= next;) {
      const part = waiting[at];
      if (part.offset + part.length <= next) {
        waiting.splice(at, 1);
        dropped(part);
        continue;
      }
      if (chosen === -1 || part.order < waiting[chosen].order) chosen = at;
      at++;
    }
    return chosen === -1 ? null : waiting[chosen];
  }

  /** The part was told of from `next` on. */
  told(part: Part): void {
    const index = this.waiting.indexOf(part);
    if (index !== -1) this.waiting.splice(index, 1);
    this.remember(part.offset, part.has, part.position);
  }

  /** Bytes that were told of lie here. */
  remember(offset: number, length: number, position: number): void {
    const recent = this.#recent;
    if (recent.length === RECENT * 3) {
      recent.copyWithin(0, 3);
      recent.length -= 3;
    }
    recent.push(offset, length, position);
  }

  /** Where those of the bytes from `offset` to `end` lie that were told of lately: pairs to compare. */
  *again(offset: number, end: number): Generator<{ offset: number; position: number; length: number }> {
    const recent = this.#recent;
    for (let at = 0; at < recent.length; at += 3) {
      const from = Math.max(offset, recent[at]);
      const to = Math.min(end, recent[at] + recent[at + 1]);
      if (from < to) yield { offset: from, position: recent[at + 2] + from - recent[at], length: to - from };
    }
  }
}
