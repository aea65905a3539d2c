// Bytes on their way through an Editor: what came, less what is held back, with replacements. Offsets are those of the
// stream as it was received. It knows nothing of what the bytes mean; nothing is copied unless something is held or
// replaced.

import { joined, NO_BYTES } from "../octets.ts";

/** One Direction's bytes. */
export class Passage {
  /** The offset of the first byte that has neither been passed on nor removed. */
  #next = 0;
  /** What came before and was held back; it ends where `#input` begins. */
  #held = NO_BYTES;
  #input = NO_BYTES;
  #inputAt = 0;
  #pieces: Uint8Array[] = [];

  /** Takes the bytes that come next. They are used until `finish`. */
  begin(input: Uint8Array): void {
    this.#input = input;
  }

  /** True when nothing is held back. */
  get isClear(): boolean {
    return this.#held.length === 0;
  }

  /** Counts bytes that pass as they are, while nothing is held. */
  skip(length: number): void {
    this.#inputAt += length;
    this.#next = this.#inputAt;
  }

  /** Passes on `inserted` instead of the bytes from `from` to `to`, which must have come and not been passed on. */
  replace(from: number, to: number, inserted: Uint8Array): void {
    this.#pass(from);
    if (inserted.length > 0) this.#pieces.push(inserted);
    this.#next = to;
  }

  /** Gives what is passed on now: everything up to `hold`, or all there is. The rest is kept. */
  finish(hold: number | null): Uint8Array {
    const end = this.#inputAt + this.#input.length;
    this.#pass(hold ?? end);
    const out = joined(this.#pieces);
    this.#pieces = [];
    const rest = end - this.#next;
    if (rest === 0) this.#held = NO_BYTES;
    else {
      this.#pass(end);
      this.#held = joined(this.#pieces).slice();
      this.#pieces = [];
      this.#next = end - rest;
    }
    this.#input = NO_BYTES;
    this.#inputAt = end;
    return out;
  }

  #pass(to: number): void {
    const inputAt = this.#inputAt;
    if (this.#next < inputAt && this.#next < to) {
      const heldAt = inputAt - this.#held.length;
      const until = Math.min(to, inputAt);
      this.#pieces.push(this.#held.subarray(this.#next - heldAt, until - heldAt));
      this.#next = until;
    }
    if (this.#next < to) {
      this.#pieces.push(this.#input.subarray(this.#next - inputAt, to - inputAt));
      this.#next = to;
    }
  }
}
