// A TLS key log on the disk, which another program writes: it may not be there yet, grows, and may be begun anew. Gives
// the lines that have come since the last look. It knows the format only as far as whose secret a line is.

import { diskReason } from "./disk_reason.ts";

/** So much is read at once, bytes. */
const PIECE = 64 * 1024;
/** A line that is longer is none of a key log, and is not waited for. */
const LONGEST_LINE = 1024;

/** A line with a secret, as it stands there, without its end. */
export interface KeyLine {
  /** Which of its secrets it is: "CLIENT_RANDOM". */
  readonly label: string;
  /** Whose it is: the client random, hexadecimal in lower case. */
  readonly random: string;
  readonly line: Uint8Array;
}

/** The secrets that decrypt something: those for exporters and the like are nobody's business. */
const LINE =
  /^(CLIENT_RANDOM|CLIENT_EARLY_TRAFFIC_SECRET|(?:CLIENT|SERVER)_(?:HANDSHAKE_TRAFFIC_SECRET|TRAFFIC_SECRET_0)) ([0-9a-f]{64}) (?:[0-9a-f]{2})+$/i;
/** What else may stand in a key log. */
const OTHER = /^(?:#.*|\s*|[A-Z0-9_]+ [0-9a-f]+ (?:[0-9a-f]{2})+)$/i;

/** Follows one key log. Every call is synchronous. */
export class KeyLogFile {
  #file: Deno.FsFile | null = null;
  #inode: number | null = null;
  #position = 0;
  #rest: Uint8Array = new Uint8Array(0);
  #damaged = 0;
  readonly #decoder = new TextDecoder("latin1");

  constructor(readonly path: string) {}

  /** How many lines were none of a key log. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Whether it is there. Throws Error, in words for the user, where it is and cannot be read. */
  check(): boolean {
    try {
      const known = Deno.statSync(this.path);
      if (known.isDirectory) throw new Error("it is a folder");
      if (!known.isFile) throw new Error("it is no file that can be read again");
      Deno.openSync(this.path).close();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw new Error(
        `Cannot follow the key log ${this.path}: ${diskReason(error)}. Give another file with --keylog.`,
        { cause: error },
      );
    }
  }

  /** Looks whether it is still the same file, from time to time; `read` does not. */
  look(): void {
    try {
      const known = Deno.statSync(this.path);
      if (this.#file !== null && known.ino === this.#inode && known.size >= this.#position) return;
      this.close();
      if (!known.isFile) return;
      this.#file = Deno.openSync(this.path);
      this.#inode = known.ino;
    } catch {
      // It is not there, or may not be read now: perhaps at the next look.
      this.close();
    }
  }

  /** The lines that have come since the last call. */
  *read(): Generator<KeyLine, void> {
    if (this.#file === null) return;
    for (;;) {
      const piece = new Uint8Array(PIECE);
      let count: number | null;
      try {
        count = this.#file.readSync(piece);
      } catch {
        // Its disk has gone, say: recording goes on, and the next look tries again.
        this.close();
        return;
      }
      if (count === null || count === 0) return;
      this.#position += count;
      yield* this.#lines(piece.subarray(0, count));
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
    this.#position = 0;
    this.#rest = new Uint8Array(0);
  }

  *#lines(piece: Uint8Array): Generator<KeyLine, void> {
    const bytes = new Uint8Array(this.#rest.length + piece.length);
    bytes.set(this.#rest);
    bytes.set(piece, this.#rest.length);
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      const line = bytes.subarray(from, bytes[end - 1] === 0x0d && end > from ? end - 1 : end);
      from = end + 1;
      const text = this.#decoder.decode(line.subarray(0, LONGEST_LINE + 1));
      const parts = text.length > LONGEST_LINE ? null : LINE.exec(text);
      if (parts !== null) {
        yield { label: parts[1].toUpperCase(), random: parts[2].toLowerCase(), line: line.slice() };
      } else if (text.length > LONGEST_LINE || !OTHER.test(text)) this.#damaged++;
    }
    // Of a line that is too long its end will count as damaged.
    this.#rest = bytes.slice(bytes.length - from > LONGEST_LINE ? bytes.length - LONGEST_LINE : from);
  }
}
