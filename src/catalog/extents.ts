// Extents: where the bytes of one Direction of a Connection lie in the capture file, in order. They are kept in runs
// of at most RUN_LENGTH; a run is stored as a blob of variable-length numbers: for each extent the distance from the
// end of the one before (the first: from the beginning of the file), then four times its length, and 1 where that
// distance goes back, 2 where the extent is a gap: bytes that the Connection carried and the capture has not. A gap
// lies nowhere, and its distance is 0.
// Knows nothing of tables or files.

/** How many extents a run holds at most. */
export const RUN_LENGTH = 256;

/** The position of a gap's bytes. */
export const NOWHERE = -1;

/** The latest run of a Direction: it grows until it is full, and is then stored for good. */
export class GrowingRun {
  /** Position in the Direction's stream of the first byte of the run. */
  start = 0;
  /** One past the last byte: how many bytes the Direction has had so far. */
  end = 0;
  /** Position (`NOWHERE` for a gap) and length of each extent, alternating. */
  #extents: number[] = [];

  get full(): boolean {
    return this.#extents.length >= 2 * RUN_LENGTH;
  }

  get empty(): boolean {
    return this.#extents.length === 0;
  }

  /** The next bytes of the Direction lie at `position` in the file, after all before them. */
  add(position: number, length: number): void {
    this.#extents.push(position, length);
    this.end += length;
  }

  /** The next bytes of the Direction are not in the capture. */
  addGap(length: number): void {
    if (this.#extents.at(-2) !== NOWHERE) return this.add(NOWHERE, length);
    this.#extents[this.#extents.length - 1] += length;
    this.end += length;
  }

  /** The run as it is stored. */
  encode(): Uint8Array {
    return encodeRun(this.#extents);
  }

  /** Begins the next run, after this one is stored. */
  next(): void {
    this.start = this.end;
    this.#extents = [];
  }

  /** Begins at byte `offset`, where all before it is stored. */
  beginAt(offset: number): void {
    this.start = this.end = offset;
    this.#extents = [];
  }
}

const BACK = 1;
const GAP = 2;

// Nine bytes hold 63 bits, more than the 53 that a position has.
const scratch = new Uint8Array(RUN_LENGTH * 2 * 9);

function encodeRun(extents: readonly number[]): Uint8Array {
  let used = 0;
  let end = 0;
  for (let at = 0; at < extents.length; at += 2) {
    const position = extents[at];
    const length = extents[at + 1];
    const distance = position === NOWHERE ? 0 : position - end;
    used = putNumber(Math.abs(distance), used);
    used = putNumber(4 * length + (position === NOWHERE ? GAP : distance < 0 ? BACK : 0), used);
    if (position !== NOWHERE) end = position + length;
  }
  return scratch.slice(0, used);
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. */
function putNumber(number: number, at: number): number {
  let rest = number;
  while (rest >= 0x80) {
    scratch[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  scratch[at++] = rest;
  return at;
}

/** A stored run, for finding bytes. */
export class StoredRun {
  /** Where in the Direction's stream each extent begins, and where the last one ends. */
  readonly #starts: number[];
  readonly #positions: number[] = [];

  /** `start` is the position of the run's first byte in the Direction's stream. */
  constructor(readonly start: number, blob: Uint8Array) {
    this.#starts = [start];
    let position = 0;
    let number = 0;
    let scale = 1;
    let distance = -1;
    for (const byte of blob) {
      number += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte & 0x80) continue;
      if (distance < 0) distance = number;
      else {
        const kind = number % 4;
        const length = (number - kind) / 4;
        position += kind === BACK ? -distance : distance;
        this.#positions.push(kind === GAP ? NOWHERE : position);
        this.#starts.push(this.end + length);
        if (kind !== GAP) position += length;
        distance = -1;
      }
      number = 0;
      scale = 1;
    }
  }

  /** One past the last byte, in the Direction's stream. */
  get end(): number {
    return this.#starts[this.#starts.length - 1];
  }

  /** Where byte `offset` of the stream lies, and how many lie there together from it on. Must be within the run. */
  find(offset: number): Place {
    const low = this.#indexOf(offset);
    const position = this.#positions[low];
    const start = this.#starts[low];
    const end = this.#starts[low + 1];
    if (position === NOWHERE) return { position, length: end - offset, gap: { start, end } };
    return { position: position + offset - start, length: end - offset };
  }

  /** The gaps in the bytes from `from` to `to` of the stream, whole, as far as they begin in this run. */
  *gaps(from: number, to: number): Generator<Gap> {
    for (let at = this.#indexOf(Math.max(from, this.start)); at < this.#positions.length; at++) {
      const [start, end] = [this.#starts[at], this.#starts[at + 1]];
      if (start >= to) return;
      if (this.#positions[at] === NOWHERE && end > from) yield { start, end };
    }
  }

  /** Where each extent lies that is no gap, with one past its last byte in the stream. */
  places(): { readonly position: number; readonly end: number }[] {
    return this.#positions.map((position, at) => ({ position, end: this.#starts[at + 1] }))
      .filter(({ position }) => position !== NOWHERE);
  }

  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#positions.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Bytes of a Direction's stream that the capture has not: the first, and one past the last. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Where bytes lie in the file (`NOWHERE` where they are not in it), how many, and for those that are missing which gap they are in. */
export interface Place {
  readonly position: number;
  readonly length: number;
  readonly gap?: Gap;
}
