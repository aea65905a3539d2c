// The values that were masked, and where else they stand: in a body that repeats a header, in a message of an error,
// as base64 or percent-encoded. Found in bytes, since that is what they are in, whatever it is.

import { joined, latin1, NO_BYTES } from "../octets.ts";
import { formsOf } from "./value_forms.ts";
import type { MaskedList } from "./masked_list.ts";

/** Shorter values would be found everywhere by chance. */
const SHORTEST = 6;
/** A longer value is remembered in slices of this length, so many characters of it in all. */
const SLICE = 512;
const LONGEST = 64 * 1024;
/** So many values are remembered. Each has about ten forms. */
const MOST_VALUES = 5_000;
/** Values that say nothing, and stand in many places for other reasons. */
const COMMON =
  /^(?:redacted|undefined|string|number|boolean|object|password|passwd|secret|bearer|basic|digest|cookie|session|default|example|disabled|enabled|required|optional|hidden|public|private|unknown|deleted|expired|0{6,}|\*+|x+)$/i;

/** Values, by the forms in which they may stand. Grows while messages are read. */
export class MaskedValues {
  readonly #names = new Map<string, string>();
  /** Names of forms by their first four bytes, then by length, the longest first: many may begin alike, as tokens do. */
  readonly #byStart = new Map<number, Map<number, Map<string, string>>>();
  /** Which first two bytes there are. */
  readonly #starts = new Uint8Array(65_536);
  #longest = 0;
  /** True when there were more values than are remembered. */
  full = false;

  get size(): number {
    return this.#names.size;
  }

  /** Bytes that may be the beginning of a form are held back; never more than these. */
  get held(): number {
    return Math.max(0, this.#longest - 1);
  }

  /** Remembers a value, decoded, that stood under `name`. */
  learn(value: string, name: string): void {
    const whole = value.trim().slice(0, LONGEST);
    for (let from = 0; from < whole.length; from += SLICE) {
      // The last slice begins earlier, so that it is not too short to be looked for.
      const slice = whole.slice(
        Math.max(0, Math.min(from, from > 0 ? whole.length - SHORTEST : 0)),
        from + SLICE,
      );
      if (slice.length < SHORTEST || COMMON.test(slice) || this.#names.has(slice)) continue;
      if (this.#names.size >= MOST_VALUES) {
        this.full = true;
        return;
      }
      this.#names.set(slice, name);
      for (const form of formsOf(slice)) this.#add(form, name);
    }
  }

  #add(form: Uint8Array, name: string): void {
    this.#starts[form[0] | (form[1] << 8)] = 1;
    const start = startOf(form, 0);
    const same = this.#byStart.get(start) ?? new Map<number, Map<string, string>>();
    const alike = same.get(form.length) ?? new Map<string, string>();
    const key = latin1(form, 0, form.length);
    if (!alike.has(key)) alike.set(key, name);
    if (!same.has(form.length)) {
      this.#byStart.set(start, new Map([...same, [form.length, alike] as const].sort(([a], [b]) => b - a)));
    }
    this.#longest = Math.max(this.#longest, form.length);
  }

  /** The first place from `from` on, before `to`, where a form stands; the longest one there. */
  find(
    bytes: Uint8Array,
    from: number,
    to: number,
  ): { readonly at: number; readonly length: number; readonly name: string } | null {
    const starts = this.#starts;
    const last = Math.min(to, bytes.length - 3);
    for (let at = from; at < last; at++) {
      if (starts[bytes[at] | (bytes[at + 1] << 8)] === 0) continue;
      for (const [length, alike] of this.#byStart.get(startOf(bytes, at)) ?? []) {
        if (at + length > bytes.length) continue;
        const name = alike.get(latin1(bytes, at, at + length));
        if (name !== undefined) return { at, length, name };
      }
    }
    return null;
  }
}

/** Replaces known values in bytes that come in pieces. */
export class ValueMasker {
  changed = false;
  #carry: Uint8Array = NO_BYTES;

  constructor(
    private readonly values: MaskedValues,
    private readonly mask: Uint8Array,
    private readonly list: MaskedList,
  ) {}

  receive(piece: Uint8Array): Uint8Array {
    if (this.values.size === 0 && this.#carry.length === 0) return piece;
    const bytes = joined(this.#carry.length === 0 ? [piece] : [this.#carry, piece]);
    return this.#replace(bytes, Math.max(0, bytes.length - this.values.held));
  }

  end(): Uint8Array {
    return this.#replace(this.#carry, this.#carry.length);
  }

  /** A form that begins before `to` is replaced; what lies after it waits. */
  #replace(bytes: Uint8Array, to: number): Uint8Array {
    const out: Uint8Array[] = [];
    let done = 0;
    for (let hit = this.values.find(bytes, 0, to); hit; hit = this.values.find(bytes, done, to)) {
      out.push(bytes.subarray(done, hit.at), this.mask);
      this.list.add("same value elsewhere", hit.name, false);
      this.changed = true;
      done = hit.at + hit.length;
    }
    const end = Math.max(done, to);
    if (end > done) out.push(bytes.subarray(done, end));
    this.#carry = bytes.slice(end);
    return joined(out);
  }
}

function startOf(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
