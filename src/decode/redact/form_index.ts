// An index of byte strings, by which all places are found where one of them stands, in one pass over any bytes. It grows
// while it is used. A place costs a look at one bit, unless what stands there begins like one of the strings; then its
// bytes are hashed as far as they go on like one. Knows nothing of what the strings mean.

/** No string is shorter: so many bytes tell whether one may begin at a place. */
export const SHORTEST_FORM = 6;
/** The bits of the first look, 2²²: with 5,000 values in all their forms 2 % are set. */
const BITS = 22;
/** At lengths that are this, or doubled from it, it is asked whether any string goes on so. */
const FIRST_STEP = 12;

/** A string, and the name that it was given. */
interface Form {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Strings that begin with the same SHORTEST_FORM bytes. */
interface Alike {
  /** By the hash of all their bytes; strings with one hash in a row. */
  readonly forms: Map<number, Form[]>;
  /** The lengths that there are. */
  readonly lengths: Set<number>;
  /** Hashes of what they begin with, at the steps. */
  readonly steps: Set<number>;
  longest: number;
}

/** See above. */
export class FormIndex {
  #bits: Uint8Array | null = null;
  readonly #alike = new Map<number, Alike>();
  /** The length of the longest string. */
  longest = 0;

  /** Adds a string of at least SHORTEST_FORM bytes; the first name of the same bytes stays. */
  add(bytes: Uint8Array, name: string): void {
    const bits = this.#bits ??= new Uint8Array(1 << (BITS - 3));
    const begin = beginOf(bytes, 0);
    const bit = begin >>> (32 - BITS);
    bits[bit >> 3] |= 1 << (bit & 7);
    let alike = this.#alike.get(begin);
    if (alike === undefined) {
      alike = { forms: new Map(), lengths: new Set(), steps: new Set(), longest: 0 };
      this.#alike.set(begin, alike);
    }
    let hash = begin;
    for (let at = SHORTEST_FORM, step = FIRST_STEP; at < bytes.length; at++) {
      if (at === step) {
        alike.steps.add(hash);
        step *= 2;
      }
      hash = hashed(hash, bytes[at]);
    }
    const same = alike.forms.get(hash);
    if (same === undefined) alike.forms.set(hash, [{ bytes, name }]);
    else if (same.some((form) => stands(form.bytes, bytes, 0))) return;
    else same.push({ bytes, name });
    alike.lengths.add(bytes.length);
    alike.longest = Math.max(alike.longest, bytes.length);
    this.longest = Math.max(this.longest, bytes.length);
  }

  /** The first place from `from` on, before `to`, where a string stands; the longest one there. */
  find(
    bytes: Uint8Array,
    from: number,
    to: number,
  ): { readonly at: number; readonly length: number; readonly name: string } | null {
    const bits = this.#bits;
    if (bits === null) return null;
    const last = Math.min(to, bytes.length - SHORTEST_FORM + 1);
    for (let at = from; at < last; at++) {
      const begin = beginOf(bytes, at);
      const bit = begin >>> (32 - BITS);
      if ((bits[bit >> 3] & (1 << (bit & 7))) === 0) continue;
      const alike = this.#alike.get(begin);
      if (alike === undefined) continue;
      const form = longestAt(alike, begin, bytes, at);
      if (form !== null) return { at, length: form.bytes.length, name: form.name };
    }
    return null;
  }
}

function longestAt(alike: Alike, begin: number, bytes: Uint8Array, at: number): Form | null {
  const most = Math.min(alike.longest, bytes.length - at);
  let found: Form | null = null;
  let hash = begin;
  for (let length = SHORTEST_FORM, step = FIRST_STEP;; length++) {
    if (alike.lengths.has(length)) {
      for (const form of alike.forms.get(hash) ?? []) {
        if (form.bytes.length === length && stands(form.bytes, bytes, at)) found = form;
      }
    }
    if (length >= most) return found;
    if (length === step) {
      if (!alike.steps.has(hash)) return found;
      step *= 2;
    }
    hash = hashed(hash, bytes[at + length]);
  }
}

/** Whether all of `form` stands at a place. */
function stands(form: Uint8Array, bytes: Uint8Array, at: number): boolean {
  if (at + form.length > bytes.length) return false;
  for (let n = 0; n < form.length; n++) {
    if (form[n] !== bytes[at + n]) return false;
  }
  return true;
}

/** A hash of the SHORTEST_FORM bytes at a place, whose first bits are the best. */
function beginOf(bytes: Uint8Array, at: number): number {
  const four = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  const two = bytes[at + 4] | (bytes[at + 5] << 8);
  return Math.imul(Math.imul(four, 0x9e3779b1) ^ (two + (four >>> 15)), 0x85ebca6b) >>> 0;
}

function hashed(hash: number, byte: number): number {
  return (Math.imul(hash, 0x01000193) ^ byte ^ (hash >>> 15)) >>> 0;
}
