// The chunked transfer coding (RFC 9112, 7.1), taken off byte by byte. Also what reads a stored body back: it gives
// where the data lies and keeps nothing of it.

import type { Fault, Header } from "./types.ts";
import { isEmptyLine, MAX_HEAD } from "./detect.ts";
import { addFault } from "./faults.ts";
import { readTrailers } from "./head.ts";
import { CLASS, CONTROL, CR, Gathered, hexByte, HIGH, HT, LF, SP } from "./octets.ts";

// chunked-body = *chunk last-chunk trailer-section CRLF, where
// chunk = chunk-size [chunk-ext] CRLF chunk-data CRLF
const SIZE_FIRST = 0, SIZE = 1, PAD = 2, EXTENSION = 3, SIZE_LF = 4, DATA = 5, DATA_CR = 6, DATA_LF = 7;
const TRAILERS = 8, DONE = 9, BROKEN = 10;

const SEMICOLON = 0x3b;

/** Larger sizes could not be counted exactly. */
const MAX_SIZE_DIGITS = 13;

/** A chunk's line, its size and its extensions, may be so long. */
const MAX_LINE = 64 * 1024;

/**
 * Reads one chunked body. Call `read` with what comes until `ended`; bytes that are not as they should be end it in
 * the state `broken`, with a fault, and what follows them is left to the caller.
 */
export class Chunked {
  /** True when what the last `read` has passed over was data of the body. */
  data = false;
  /** Chunks that have begun, without the last one, which is empty. */
  chunks = 0;
  /** Size of the chunk that is being read, and how much of its data is missing. */
  size = 0;
  left = 0;
  #state = SIZE_FIRST;
  #digits = 0;
  #line = 0;
  #bareLf = false;
  #padded = false;
  #trailers: Gathered | null = null;
  #trailerLine = 0;
  #trailersOffset = 0;

  /** Faults and trailers are added to the arrays given. */
  constructor(readonly faults: Fault[], readonly trailers: Header[]) {}

  /** True when the body is complete or broken. */
  get ended(): boolean {
    return this.#state >= DONE;
  }

  /** True when no more can be told from the bytes. */
  get broken(): boolean {
    return this.#state === BROKEN;
  }

  /** True within the trailer section, after the last chunk. */
  get inTrailers(): boolean {
    return this.#state === TRAILERS;
  }

  /**
   * Passes over bytes from `from` on, either data (`data` is then true) or not, and gives the index where that ended.
   * `offset` is that of the byte at `from` in its stream.
   */
  read(bytes: Uint8Array, from: number, offset: number): number {
    this.data = this.#state === DATA;
    if (this.data) {
      const to = Math.min(bytes.length, from + this.left);
      this.skip(to - from);
      return to;
    }
    let i = from;
    while (i < bytes.length && this.#state !== DATA && this.#state < DONE) {
      if (this.#state === TRAILERS) i = this.#trailer(bytes, i, offset + i - from);
      else if (this.#step(bytes[i], offset + i - from)) i++;
    }
    return i;
  }

  /** Passes over data without seeing it: at most `left` bytes. */
  skip(length: number): void {
    this.left -= length;
    if (this.left === 0) this.#state = DATA_CR;
  }

  /** One byte of what is not data. False when the byte does not belong to it any more. */
  #step(byte: number, offset: number): boolean {
    switch (this.#state) {
      case SIZE_FIRST:
      case SIZE:
        return this.#sizeByte(byte, offset);
      case PAD: // BWS is allowed before an extension only
        if (byte === SP || byte === HT) return this.#lineByte(offset);
        if (byte === SEMICOLON) this.#state = EXTENSION;
        else {
          this.#pad(offset);
          if (byte === CR) this.#state = SIZE_LF;
          else if (byte === LF) this.#sizeDone(offset, true);
          else return this.#break(offset, `The byte ${hexByte(byte)} stands after a chunk size`);
        }
        return true;
      case EXTENSION:
        if (byte === CR) this.#state = SIZE_LF;
        else if (byte === LF) this.#sizeDone(offset, true);
        else {
          if ((CLASS[byte] & (CONTROL | HIGH)) !== 0) {
            addFault(this.faults, offset, `The byte ${hexByte(byte)} stands in a chunk extension`);
          }
          return this.#lineByte(offset);
        }
        return true;
      case SIZE_LF:
        if (byte !== LF) return this.#break(offset, "A CR without LF stands in the line of a chunk size");
        this.#sizeDone(offset, false);
        return true;
      case DATA_CR:
        if (byte === CR) this.#state = DATA_LF;
        else if (byte === LF) this.#dataDone(offset, true);
        else {return this.#break(
            offset,
            `The data of a chunk goes on after the ${this.size} B that its size says`,
          );}
        return true;
      default: // DATA_LF
        if (byte !== LF) return this.#break(offset, "A CR without LF ends the data of a chunk");
        this.#dataDone(offset, false);
        return true;
    }
  }

  #sizeByte(byte: number, offset: number): boolean {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (this.#state === SIZE_FIRST) {
        this.#state = SIZE;
        this.size = 0;
        this.#digits = 0;
        this.#line = 0;
      }
      this.size = this.size * 16 + digit;
      if (this.size > 0 && ++this.#digits > MAX_SIZE_DIGITS) {
        return this.#break(offset, "A chunk size is too large");
      }
      return this.#lineByte(offset);
    }
    if (this.#state === SIZE_FIRST) {
      return this.#break(offset, `A chunk size begins with the byte ${hexByte(byte)}`);
    }
    if (byte === SEMICOLON) this.#state = EXTENSION;
    else if (byte === SP || byte === HT) this.#state = PAD;
    else if (byte === CR) this.#state = SIZE_LF;
    else if (byte === LF) this.#sizeDone(offset, true);
    else return this.#break(offset, `The byte ${hexByte(byte)} stands in a chunk size`);
    return true;
  }

  #lineByte(offset: number): boolean {
    return ++this.#line <= MAX_LINE || this.#break(offset, "The line of a chunk size is too long");
  }

  #sizeDone(offset: number, bareLf: boolean): void {
    if (bareLf) this.#noteBareLf(offset);
    this.left = this.size;
    if (this.size > 0) {
      this.chunks++;
      this.#state = DATA;
      return;
    }
    this.#state = TRAILERS;
    this.#trailersOffset = offset + 1;
  }

  #dataDone(offset: number, bareLf: boolean): void {
    if (bareLf) this.#noteBareLf(offset);
    this.#state = SIZE_FIRST;
  }

  #noteBareLf(offset: number): void {
    if (!this.#bareLf) {
      addFault(this.faults, offset, "A line of the chunked coding ends with LF alone, not with CR LF");
    }
    this.#bareLf = true;
  }

  #pad(offset: number): void {
    if (!this.#padded) addFault(this.faults, offset, "White space stands after a chunk size");
    this.#padded = true;
  }

  #break(offset: number, text: string): false {
    addFault(this.faults, offset, `${text}; what follows is not decoded`);
    this.#state = BROKEN;
    return false;
  }

  /** trailer-section = *( field-line CRLF ), ended by an empty line (7.1.2). Takes bytes up to the next LF. */
  #trailer(bytes: Uint8Array, from: number, offset: number): number {
    const gathered = this.#trailers ??= new Gathered();
    const lf = bytes.indexOf(LF, from);
    const to = Math.min(lf === -1 ? bytes.length : lf + 1, from + MAX_HEAD - gathered.length);
    gathered.append(bytes, from, to);
    if (lf !== -1 && to === lf + 1) {
      if (isEmptyLine(gathered.bytes, this.#trailerLine, gathered.length - 1)) {
        readTrailers(gathered.bytes, gathered.length, this.#trailersOffset, this.trailers, this.faults);
        this.#state = DONE;
        this.#trailers = null;
      } else this.#trailerLine = gathered.length;
    }
    if (this.#state === TRAILERS && gathered.length >= MAX_HEAD) {
      this.#break(offset + to - from, "The trailers are too long");
    }
    return to;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
