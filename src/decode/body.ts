// Reads the body of one message: finds its end (RFC 9112, 6.3), counts it without its transfer coding, keeps its first
// bytes. Which framing a message has is decided in framing.ts; where its bytes lie in the stream, by the caller.

import type { BodyFraming, Message } from "./types.ts";
import { Chunked } from "./chunked.ts";
import { addBody, addGap, prefixIsFull } from "./messages.ts";

/** The body of `message`, framed as its head says; everything that comes, where it has no head. */
export class Body {
  /** True when the last byte has come. That of a body which ends with the connection is never known to have. */
  complete: boolean;
  readonly #message: Message;
  readonly #framing: BodyFraming;
  #left: number;
  readonly #chunked: Chunked | null;

  constructor(message: Message) {
    const { http } = message;
    this.#message = message;
    this.#framing = http === null ? "until-close" : http.framing;
    this.#left = http?.contentLength ?? 0;
    this.#chunked = http?.framing === "chunked" ? new Chunked(message.faults, http.trailers) : null;
    this.complete = this.#framing === "none" || (this.#framing === "length" && this.#left === 0);
  }

  /**
   * Reads bytes from `from` on to the end of the body or of the bytes, and gives the index where that was. `offset` is
   * that of the byte at `from` in its stream.
   */
  read(bytes: Uint8Array, from: number, offset: number): number {
    if (this.#chunked !== null) return this.#readChunked(this.#chunked, bytes, from, offset);
    const to = this.#framing === "length" ? Math.min(bytes.length, from + this.#left) : bytes.length;
    addBody(this.#message, bytes, from, to);
    this.#count(to - from);
    return to;
  }

  #readChunked(chunked: Chunked, bytes: Uint8Array, from: number, offset: number): number {
    let i = from;
    while (i < bytes.length && !chunked.ended) {
      const to = chunked.read(bytes, i, offset + i - from);
      if (chunked.data) addBody(this.#message, bytes, i, to);
      i = to;
    }
    this.#message.chunks = chunked.chunks;
    // After a broken chunk, the rest of the connection belongs to the message, but no longer to its body.
    if (chunked.broken) return bytes.length;
    this.complete = chunked.ended;
    return i;
  }

  /** How many of the bytes that come next need not be seen. */
  skippable(): number {
    if (!prefixIsFull(this.#message)) return 0;
    if (this.#chunked !== null) return this.#chunked.broken ? Infinity : this.#chunked.left;
    return this.#framing === "length" ? this.#left : Infinity;
  }

  /** How many bytes may be missing next without it being lost where the body ends. */
  get room(): number {
    if (this.#chunked !== null) return this.#chunked.broken ? Infinity : this.#chunked.left;
    return this.#framing === "length" ? this.#left : Infinity;
  }

  /** Passes over at most `skippable` bytes unseen. */
  skip(length: number): void {
    if (this.#chunked?.broken) return;
    this.#message.bodyBytes += length;
    this.#pass(length);
  }

  /** Passes over at most `room` bytes that are missing; `offset` is that of the first. */
  gap(length: number, offset: number): void {
    addGap(this.#message, length, offset);
    if (!this.#chunked?.broken) this.#pass(length);
  }

  #pass(length: number): void {
    this.#chunked?.skip(length);
    this.#count(length);
  }

  #count(length: number): void {
    if (this.#framing !== "length") return;
    this.#left -= length;
    this.complete = this.#left === 0;
  }

  /**
   * What is missing, in words, when the sender ended now; `ending` is how ("the client ended"), `orderly` that it
   * ended its stream in order. Null when nothing is missing: the end of the stream is the end of the body.
   */
  missing(ending: string, orderly: boolean): string | null {
    const { bodyBytes } = this.#message;
    if (this.#framing === "length") {
      return `Content-Length says ${bodyBytes + this.#left}, ${ending} after ${bodyBytes} B`;
    }
    if (this.#chunked === null) {
      return orderly ? null : `Only the end of the stream ends this body, but ${ending}`;
    }
    const { broken, inTrailers, size, left } = this.#chunked;
    if (broken) return `Where this body ends is not known; ${ending}`;
    if (inTrailers) return `The trailers have no end: ${ending}`;
    if (left > 0) return `A chunk says ${size} B, ${ending} after ${size - left} B of it`;
    return `The last chunk is missing: ${ending}`;
  }
}
