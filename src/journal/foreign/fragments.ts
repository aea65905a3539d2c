// Fragments of IP datagrams (RFC 791, 2.3; RFC 8200, 4.5), by where their bytes lie in the file: nothing of them is kept.
// Where two overlap, what came first counts. A bounded number of datagrams waits; the oldest are given up.

/** Bytes in the file. */
export interface Piece {
  readonly position: number;
  readonly length: number;
}

interface Fragment extends Piece {
  /** Where it begins in its datagram. */
  readonly offset: number;
}

interface Datagram {
  readonly fragments: Fragment[];
  /** How long it is; null while the last fragment has not come. */
  length: number | null;
}

const MOST_DATAGRAMS = 2_000;
/** 65,535 bytes in fragments of 8 are no more. */
const MOST_FRAGMENTS = 8_192;

/** Puts datagrams together. */
export class Fragments {
  readonly #datagrams = new Map<string, Datagram>();

  /** How many fragments were given up with their datagrams. */
  lost = 0;

  /** Takes a fragment of the datagram `key`, `isLast` its last one; gives the whole datagram once it is there. */
  take(key: string, offset: number, piece: Piece, isLast: boolean): readonly Piece[] | null {
    let datagram = this.#datagrams.get(key);
    if (datagram === undefined) {
      datagram = { fragments: [], length: null };
      this.#datagrams.set(key, datagram);
      if (this.#datagrams.size > MOST_DATAGRAMS) this.#giveUp(this.#datagrams.keys().next().value!);
    }
    const { fragments } = datagram;
    const after = fragments.findIndex((one) => one.offset > offset);
    const fragment = { offset, ...piece };
    if (after === -1) fragments.push(fragment);
    else fragments.splice(after, 0, fragment);
    if (isLast) datagram.length ??= offset + piece.length;
    if (fragments.length > MOST_FRAGMENTS) this.#giveUp(key);
    const whole = datagram.length === null ? null : joined(fragments, datagram.length);
    if (whole !== null) this.#datagrams.delete(key);
    return whole;
  }

  /** How many fragments wait for others. */
  get waiting(): number {
    let count = 0;
    for (const { fragments } of this.#datagrams.values()) count += fragments.length;
    return count;
  }

  #giveUp(key: string): void {
    this.lost += this.#datagrams.get(key)?.fragments.length ?? 0;
    this.#datagrams.delete(key);
  }
}

/** The pieces of a datagram of `length` bytes; null where one is missing. */
function joined(fragments: readonly Fragment[], length: number): readonly Piece[] | null {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { offset, position, length: size } of fragments) {
    if (offset > end) return null;
    const skipped = end - offset;
    const rest = Math.min(size - skipped, length - end);
    if (rest <= 0) continue;
    pieces.push({ position: position + skipped, length: rest });
    end += rest;
  }
  return end >= length ? pieces : null;
}
