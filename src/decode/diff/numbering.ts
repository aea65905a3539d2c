// Numbers for things that are too many to be kept: two have the same number where two independent hashes of 32 bits,
// begun with secret seeds, are the same. That others collide, by chance or by design, is not to be feared.
// Twelve bytes for each, in typed arrays, rather than the hundreds that a Map of texts takes. Pure.

const FIRST_SLOTS = 1 << 12;
/** Of the slots, at most so many are taken. */
const LOAD = 0.6;

/** Two seeds, of 32 bits each. */
export type Seeds = readonly [number, number];

/** Gives out numbers from 0 on. */
export class Numbering {
  #high = new Int32Array(FIRST_SLOTS);
  #low = new Int32Array(FIRST_SLOTS);
  /** The number, plus one; 0 in an empty slot. */
  #numbers = new Int32Array(FIRST_SLOTS);
  #count = 0;

  constructor(private readonly seeds: Seeds) {}

  /** How many numbers were given. */
  get count(): number {
    return this.#count;
  }

  /** The number of a text. */
  ofText(text: string): number {
    let [one, other] = this.seeds;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      one = Math.imul(one ^ unit, 0x01000193);
      other = Math.imul(other + unit, 0x85ebca6b) ^ (other >>> 15);
    }
    return this.#of(mixed(one ^ text.length), mixed(other));
  }

  /** The number of some bytes. */
  ofBytes(bytes: Uint8Array, from: number, to: number): number {
    let [one, other] = this.seeds;
    for (let at = from; at < to; at++) {
      one = Math.imul(one ^ bytes[at], 0x01000193);
      other = Math.imul(other + bytes[at], 0x85ebca6b) ^ (other >>> 15);
    }
    return this.#of(mixed(one ^ (to - from)), mixed(other));
  }

  #of(high: number, low: number): number {
    if (this.#count >= this.#numbers.length * LOAD) this.#grow();
    const at = this.#slot(high, low);
    if (this.#numbers[at] === 0) {
      this.#high[at] = high;
      this.#low[at] = low;
      this.#numbers[at] = ++this.#count;
    }
    return this.#numbers[at] - 1;
  }

  /** Where these hashes are, or would be. */
  #slot(high: number, low: number): number {
    const mask = this.#numbers.length - 1;
    let at = (high ^ low) & mask;
    while (this.#numbers[at] !== 0 && (this.#high[at] !== high || this.#low[at] !== low)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  #grow(): void {
    const [high, low, numbers] = [this.#high, this.#low, this.#numbers];
    const size = numbers.length * 2;
    [this.#high, this.#low, this.#numbers] = [
      new Int32Array(size),
      new Int32Array(size),
      new Int32Array(size),
    ];
    for (let at = 0; at < size / 2; at++) {
      if (numbers[at] === 0) continue;
      const to = this.#slot(high[at], low[at]);
      this.#high[to] = high[at];
      this.#low[to] = low[at];
      this.#numbers[to] = numbers[at];
    }
  }
}

/** Every bit of a hash counts for every bit of what becomes of it (the end of MurmurHash3). */
function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}

/** Numbers in a row, as many as come. */
export class NumberList {
  #numbers = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Int32Array(this.#length * 2);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#length++] = number;
  }

  /** All of them. */
  array(): Int32Array {
    return this.#numbers.subarray(0, this.#length);
  }
}
