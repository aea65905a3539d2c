// A Wire in memory that grows when a test says so, and random pieces of bytes that are the same in every run.

import type { BodyFraming } from "../../src/decode/types.ts";
import type { Wire } from "../../src/catalog/wire.ts";

let wires = 0;

/** A Message on the wire, with or without a head, that bytes are appended to until it is complete. */
export class GrowingWire implements Wire {
  readonly key: string = `e${++wires}/response`;
  readonly headBytes: number;
  #bytes = new Uint8Array(1024);
  #length = 0;
  #complete = false;
  /** How many bytes were read, for tests that count. */
  readBytes = 0;

  constructor(readonly framing: BodyFraming, head = "") {
    this.headBytes = head.length;
    this.append(head);
  }

  append(bytes: Uint8Array | string): this {
    const more = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    if (this.#length + more.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length + more.length, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(more, this.#length);
    this.#length += more.length;
    return this;
  }

  complete(): this {
    this.#complete = true;
    return this;
  }

  extent(): { readonly length: number; readonly complete: boolean } {
    return { length: this.#length, complete: this.#complete };
  }

  read(from: number, into: Uint8Array): number {
    const part = this.#bytes.subarray(
      Math.min(from, this.#length),
      Math.min(from + into.length, this.#length),
    );
    into.set(part);
    this.readBytes += part.length;
    return part.length;
  }
}

/** Numbers that look random: from 0 up to, but not including, `below`. */
export type Random = (below: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Cuts bytes into pieces of 1 to `most` bytes. */
export function* piecesOf(bytes: Uint8Array, most: number, random: Random): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const to = Math.min(bytes.length, at + 1 + random(most));
    yield bytes.subarray(at, to);
    at = to;
  }
}

/** Bytes that repeat themselves enough to be compressed, and not more. */
export function someBytes(length: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    bytes[at] = at > 64 && random(3) > 0 ? bytes[at - 1 - random(64)] : random(256);
  }
  return bytes;
}

/** All of these bytes, one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
