// The values that were masked, and where else they stand: in a body that repeats a header, in a message of an error,
// as base64 or percent-encoded. Found in bytes, since that is what they are in, whatever it is.

import { joined, NO_BYTES } from "../octets.ts";
import { FormIndex } from "./form_index.ts";
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
  readonly #forms = new FormIndex();
  /** True when there were more values than are remembered. */
  full = false;

  get size(): number {
    return this.#names.size;
  }

  /** Bytes that may be the beginning of a form are held back; never more than these. */
  get held(): number {
    return Math.max(0, this.#forms.longest - 1);
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
      if (slice.length < SHORTEST || this.#names.has(slice) || COMMON.test(slice)) continue;
      if (this.#names.size >= MOST_VALUES) {
        this.full = true;
        return;
      }
      this.#names.set(slice, name);
      for (const form of formsOf(slice)) this.#forms.add(form, name);
    }
  }

  /** The first place from `from` on, before `to`, where a form stands; the longest one there. */
  find(bytes: Uint8Array, from: number, to: number): ReturnType<FormIndex["find"]> {
    return this.#forms.find(bytes, from, to);
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
