// Reads the text of a BodySource from any position where a character begins. A piece never ends within a
// character, so that each can be decoded without regard to the one before. Which charset it is comes from
// outside.

import { wholeCharacters } from "../decode/charset.ts";
import type { BodySource } from "./body.ts";

/** Text is read in pieces of so many bytes. */
export const PIECE_BYTES = 64 * 1024;

/** Some text, and the position of the byte after it. */
export interface TextPiece {
  readonly text: string;
  readonly next: number;
}

/** Decodes bytes of one charset. */
export class TextReader {
  /** Passes over a byte order mark. */
  readonly #first: TextDecoder;
  readonly #later: TextDecoder;
  readonly #bytes = new Uint8Array(PIECE_BYTES);

  /** `encoding` is a name that TextDecoder knows. */
  constructor(private readonly source: BodySource, private readonly encoding: string) {
    this.#first = new TextDecoder(encoding);
    this.#later = new TextDecoder(encoding, { ignoreBOM: true });
  }

  /**
   * The text from `from` on, at most PIECE_BYTES of it, and at most as far as `to`, where a character must
   * end. Null where nothing can be read at present: there are no more bytes, or only the beginning of a
   * character.
   */
  read(from: number, to = Infinity): TextPiece | null {
    const read = this.source.read(from, this.#bytes.subarray(0, Math.min(PIECE_BYTES, to - from)));
    const bytes = this.#bytes.subarray(0, read);
    const length = this.#isEnd(from + read, to) ? read : wholeCharacters(this.encoding, bytes);
    if (length === 0) return null;
    const decoder = from === 0 ? this.#first : this.#later;
    return { text: decoder.decode(bytes.subarray(0, length)), next: from + length };
  }

  /** Whether a character ends at a position whatever the bytes say. */
  #isEnd(position: number, to: number): boolean {
    if (position === to) return true;
    const { length, complete } = this.source.extent();
    return complete && position >= length;
  }
}
