// Where the frames of zstd data end (RFC 8878, 3.1), read from their lengths without decoding anything.
// Needed because the runtime's decoder forgets what follows a frame in the same write, and does not tell when
// data ends early.

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

type Part = "magic" | "skippable" | "descriptor" | "block" | "foreign";

/** Follows zstd data that comes in pieces. */
export class ZstdFrames {
  #part: Part = "magic";
  /** Bytes to pass over before the next header is collected. */
  #skip = 0;
  #header: number[] = [];
  #checksum = false;

  /** True between two frames: the data may end here. */
  get between(): boolean {
    return this.#part === "magic" && this.#header.length === 0 && this.#skip === 0;
  }

  /** Cuts a piece so that each part ends with a frame or with the piece. */
  cut(piece: Uint8Array): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < piece.length && this.#part !== "foreign";) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, piece.length - at);
        this.#skip -= skipped;
        at += skipped;
      } else {
        this.#header.push(piece[at++]);
        this.#read();
      }
      if (this.between) {
        parts.push(piece.subarray(from, at));
        from = at;
      }
    }
    if (from < piece.length) parts.push(piece.subarray(from));
    return parts;
  }

  /** Acts upon a header as soon as it is whole. */
  #read(): void {
    const header = this.#header;
    switch (this.#part) {
      case "magic":
        if (header.length === 4) this.#begin(header);
        break;
      case "skippable":
        if (header.length === 4) this.#next("magic", uint(header));
        break;
      case "descriptor":
        this.#descriptor(header[0]);
        break;
      case "block":
        if (header.length === 3) this.#block(uint(header));
        break;
    }
  }

  #begin(magic: readonly number[]): void {
    if (magic.every((byte, at) => byte === MAGIC[at])) this.#next("descriptor", 0);
    else if (uint(magic) >>> 4 === 0x184d2a5) this.#next("skippable", 0);
    else this.#next("foreign", 0);
  }

  /** The Frame_Header_Descriptor says how long the rest of the frame header is (RFC 8878, 3.1.1.1.1). */
  #descriptor(descriptor: number): void {
    const singleSegment = (descriptor & 0x20) !== 0;
    const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
    const dictionary = [0, 1, 2, 4][descriptor & 3];
    this.#checksum = (descriptor & 4) !== 0;
    this.#next("block", (singleSegment ? 0 : 1) + dictionary + contentSize);
  }

  /** A Block_Header: last, type, size; a block of type RLE holds one byte (RFC 8878, 3.1.1.2). */
  #block(header: number): void {
    const size = ((header >> 1) & 3) === 1 ? 1 : header >> 3;
    if ((header & 1) === 0) this.#next("block", size);
    else this.#next("magic", size + (this.#checksum ? 4 : 0));
  }

  #next(part: Part, skip: number): void {
    this.#part = part;
    this.#skip = skip;
    this.#header = [];
  }
}

/** Little-endian. */
function uint(bytes: readonly number[]): number {
  return bytes.reduce((value, byte, at) => value + byte * 2 ** (8 * at), 0);
}
