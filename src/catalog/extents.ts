// Extents: where the bytes of one Direction of a Connection lie in the capture file, in order. They are kept in runs
// of at most RUN_LENGTH; a run is stored as a blob of variable-length numbers: for each extent the distance from the
// end of the one before (the first: from the beginning of the file), then its length.
// Knows nothing of tables or files.

/** How many extents a run holds at most. */
export const RUN_LENGTH = 256;

/** The latest run of a Direction: it grows until it is full, and is then stored for good. */
export class GrowingRun {
  /** Position in the Direction's stream of the first byte of the run. */
  start = 0;
  /** One past the last byte: how many bytes the Direction has had so far. */
  end = 0;
  /** Position and length of each extent, alternating. */
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

  /** The run as it is stored. */
  encode(): Uint8Array {
    return encodeRun(this.#extents);
  }

  /** Begins the next run, after this one is stored. */
  next(): void {
    this.start = this.end;
    this.#extents = [];
  }
}

// Nine bytes hold 63 bits, more than the 53 that a position has.
const scratch = new Uint8Array(RUN_LENGTH * 2 * 9);

function encodeRun(extents: readonly number[]): Uint8Array {
  let used = 0;
  let end = 0;
  for (let at = 0; at < extents.length; at += 2) {
    used = putNumber(extents[at] - end, used);
    used = putNumber(extents[at + 1], used);
    end = extents[at] + extents[at + 1];
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
    let gap = true;
    for (const byte of blob) {
      number += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte & 0x80) continue;
      position += number;
      if (gap) this.#positions.push(position);
      else this.#starts.push(this.end + number);
      gap = !gap;
      number = 0;
      scale = 1;
    }
  }

  /** One past the last byte, in the Direction's stream. */
  get end(): number {
    return this.#starts[this.#starts.length - 1];
  }

  /** Where byte `offset` of the stream lies in the file, and how many lie there together from it on. Must be within the run. */
  find(offset: number): { readonly position: number; readonly length: number } {
    let low = 0;
    let high = this.#positions.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return {
      position: this.#positions[low] + offset - this.#starts[low],
      length: this.#starts[low + 1] - offset,
    };
  }
}
