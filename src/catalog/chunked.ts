// A body in chunked transfer coding (RFC 9112, 7.1), read in place: what lies between the chunks is stepped
// over. Of the chunks only every so many bytes a mark is kept, so that what is remembered stays small
// whatever the size of the chunks; from a mark on the chunk lines are read again. What cannot be taken apart
// is given as it came.

import type { BodyExtent, BodySource } from "./body.ts";
import type { Slices } from "./slices.ts";
import type { Wire } from "./wire.ts";

/** At least so many bytes of the wire lie between two marks. */
const MARK_BYTES = 64 * 1024;
/** A chunk's line (its size and extensions) longer than this is taken for something else. */
const LINE_LIMIT = 16 * 1024;
/**
 * So much is read at once where one chunk follows another closely, and so much after a leap over a large one.
 */
const WINDOW_BYTES = 64 * 1024;
const LEAP_BYTES = 512;
/** Between two looks at the clock. */
const CHUNKS_AT_ONCE = 256;

const LF = 0x0a;
const CR = 0x0d;
const SIZE_LINE = /^([0-9A-Fa-f]+)[ \t]*(?:;[^]*)?$/;

/** What stands at a place where a chunk should begin. */
type Chunk =
  /** `size` bytes of data from `data` on; the next chunk begins at `next`. */
  | { readonly is: "chunk"; readonly data: number; readonly size: number; readonly next: number }
  /**
   * The line, or the line end after the data, has not come yet. `data` and `size` where the line is there.
   */
  | { readonly is: "open"; readonly data: number; readonly size: number }
  | { readonly is: "last" }
  /** From `from` on it is not as it should be; before that there may be the data of a chunk. */
  | {
    readonly is: "malformed";
    readonly data: number;
    readonly size: number;
    readonly from: number;
    readonly why: string;
  };

/** A place where a chunk begins: its position on the wire, and how much of the body comes before it. */
interface Place {
  readonly wire: number;
  readonly body: number;
}

/** Every Message in chunked coding has one. */
export class ChunkedBody implements BodySource {
  readonly notes: string[] = [];
  readonly codedAs: readonly string[] = [];
  /** Pairs of wire position and body position, in order. */
  readonly #marks: number[];
  /** Chunks before this place are known. */
  #known: Place;
  /** Where what is given as it came begins; null while there is nothing like that. */
  #rest: Place | null = null;
  #complete = false;
  /** Where the latest `read` left off, so that reading on does not begin at a mark again. */
  #latest: Place;
  readonly #window: Window;

  constructor(private readonly wire: Wire, private readonly slices: Slices) {
    this.#known = this.#latest = { wire: wire.headBytes, body: 0 };
    this.#marks = [wire.headBytes, 0];
    this.#window = new Window(wire);
  }

  /** How many marks are kept. */
  get marks(): number {
    return this.#marks.length / 2;
  }

  extent(): BodyExtent {
    const { length, complete } = this.wire.extent();
    if (this.#rest) return { length: this.#rest.body + Math.max(0, length - this.#rest.wire), complete };
    if (this.#complete) return { length: this.#known.body, complete: true };
    const chunk = this.#chunkAt(this.#known.wire);
    const size = chunk.is === "open" ? Math.min(chunk.size, Math.max(0, length - chunk.data)) : 0;
    return { length: this.#known.body + size, complete: false };
  }

  async advance(until: number): Promise<void> {
    while (this.extent().length < until && this.#index()) {
      if (this.slices.due()) await this.slices.pause();
    }
  }

  read(from: number, into: Uint8Array): number {
    let place = this.#placeBefore(from);
    let done = 0;
    while (done < into.length) {
      const at = from + done;
      if (this.#rest && at >= this.#rest.body) {
        return done + this.wire.read(this.#rest.wire + at - this.#rest.body, into.subarray(done));
      }
      const chunk = this.#chunkAt(place.wire);
      if (chunk.is === "last" || (chunk.is !== "chunk" && chunk.size === 0)) break;
      const skipped = at - place.body;
      if (skipped < chunk.size) {
        const part = into.subarray(done, done + Math.min(into.length - done, chunk.size - skipped));
        const read = this.#window.read(chunk.data + skipped, part);
        done += read;
        if (read < part.length || done === into.length) break;
      }
      if (chunk.is === "chunk") place = { wire: chunk.next, body: place.body + chunk.size };
      else if (!this.#rest) break;
    }
    this.#latest = place;
    return done;
  }

  close(): void {}

  /** Finds some more chunks; false when there are none at present. */
  #index(): boolean {
    if (this.#complete || this.#rest) return false;
    for (let count = 0; count < CHUNKS_AT_ONCE; count++) {
      const chunk = this.#chunkAt(this.#known.wire);
      switch (chunk.is) {
        case "chunk":
          this.#known = { wire: chunk.next, body: this.#known.body + chunk.size };
          this.#mark();
          break;
        case "last":
          this.#complete = true;
          return false;
        case "malformed":
          this.#rest = { wire: chunk.from, body: this.#known.body + chunk.size };
          this.notes.push(
            `the chunks cannot be told apart from byte ${chunk.from} of the message on: ${chunk.why}; ` +
              "the rest is shown as it came",
          );
          return false;
        case "open":
          if (this.wire.extent().complete) this.#end(chunk);
          return false;
      }
    }
    return true;
  }

  #mark(): void {
    const latest = this.#marks[this.#marks.length - 2];
    if (this.#known.wire - latest >= MARK_BYTES) this.#marks.push(this.#known.wire, this.#known.body);
  }

  /** The Message is complete in the middle of a chunk. */
  #end(chunk: Chunk & { is: "open" }): void {
    const { length } = this.wire.extent();
    this.#known = {
      wire: this.#known.wire,
      body: this.#known.body + Math.min(chunk.size, Math.max(0, length - chunk.data)),
    };
    this.#complete = true;
    this.notes.push("the chunked body ends early: its last chunk is missing");
  }

  /** The latest known place at or before a position of the body. */
  #placeBefore(body: number): Place {
    let low = 0;
    let high = this.marks - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#marks[2 * middle + 1] <= body) low = middle;
      else high = middle - 1;
    }
    const mark = { wire: this.#marks[2 * low], body: this.#marks[2 * low + 1] };
    return this.#latest.body <= body && this.#latest.body > mark.body ? this.#latest : mark;
  }

  #chunkAt(position: number): Chunk {
    const line = this.#window.line(position);
    if (line === "too long") {
      return malformed(position, `there is no line end within ${LINE_LIMIT.toLocaleString("en")} bytes`);
    }
    if (line === null) return { is: "open", data: position, size: 0 };
    const found = SIZE_LINE.exec(line.text);
    const size = found ? parseInt(found[1], 16) : NaN;
    if (!Number.isSafeInteger(size)) {
      return malformed(position, `“${shorten(line.text)}” is not a chunk size`);
    }
    if (size === 0) return { is: "last" };
    const data = line.next;
    const next = this.#window.lineEnd(data + size);
    if (next === "none") {
      return { is: "malformed", data, size, from: data + size, why: "no line end follows a chunk" };
    }
    return next === null ? { is: "open", data, size } : { is: "chunk", data, size, next };
  }
}

function malformed(from: number, why: string): Chunk {
  return { is: "malformed", data: from, size: 0, from, why };
}

/** Some characters of a line, so that it fits into a sentence. */
function shorten(line: string): string {
  const text = line.replace(/[^ -~]/g, "·");
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}

/** The part of the wire that was looked at last, because chunks may be small. */
class Window {
  readonly #bytes = new Uint8Array(WINDOW_BYTES);
  #start = 0;
  #length = 0;

  constructor(private readonly wire: Wire) {}

  /**
   * The line at a position without its end, and where the next one begins; null where its end has not come.
   */
  line(position: number): { readonly text: string; readonly next: number } | null | "too long" {
    let from = this.#hold(position, 64);
    let end = this.#bytes.subarray(0, this.#length).indexOf(LF, from);
    if (end < 0) {
      from = this.#hold(position, LINE_LIMIT);
      end = this.#bytes.subarray(0, this.#length).indexOf(LF, from);
      if (end < 0) return this.#length - from >= LINE_LIMIT ? "too long" : null;
    }
    if (end - from > LINE_LIMIT) return "too long";
    const next = this.#start + end + 1;
    if (end > from && this.#bytes[end - 1] === CR) end--;
    let text = "";
    for (let at = from; at < end; at++) text += String.fromCharCode(this.#bytes[at]);
    return { text, next };
  }

  /** Where the line end (CR LF, or LF) at a position ends; null where it has not come. */
  lineEnd(position: number): number | null | "none" {
    const at = this.#hold(position, 2);
    const [first, second] = this.#bytes.subarray(at, this.#length);
    if (first === LF) return position + 1;
    if (first === undefined || (first === CR && second === undefined)) return null;
    return first === CR && second === LF ? position + 2 : "none";
  }

  /** Reads bytes that may lie in the window. */
  read(position: number, into: Uint8Array): number {
    const at = position - this.#start;
    if (at < 0 || at + into.length > this.#length) return this.wire.read(position, into);
    into.set(this.#bytes.subarray(at, at + into.length));
    return into.length;
  }

  /**
   * Holds `length` bytes from a position on, as far as they are there; returns where they begin in `#bytes`.
   */
  #hold(position: number, length: number): number {
    const at = position - this.#start;
    if (at >= 0 && at + length <= this.#length) return at;
    const leap = at < 0 || at > this.#length + LEAP_BYTES;
    this.#start = position;
    this.#length = this.wire.read(
      position,
      leap ? this.#bytes.subarray(0, Math.max(LEAP_BYTES, length)) : this.#bytes,
    );
    return 0;
  }
}
