// Removes one content coding (RFC 9110, 8.4.1) from bytes that come in pieces. What is damaged or ends early
// gives what could be decoded and says so. Knows nothing of messages, files and how far its reader wants to
// go: it works only as far as it is asked for the next piece.

import zlib from "node:zlib";
import type { Transform } from "node:stream";
import { ZstdFrames } from "./zstd_frames.ts";

/**
 * Pieces of bytes; null when there are none at present but more may come. Ends when nothing more will come.
 */
export type Pieces = AsyncGenerator<Uint8Array | null, void, void>;

/** Decoded bytes come in pieces of about so many. */
const OUTPUT_BYTES = 64 * 1024;
/**
 * So much is written at once: some decoders give at once all that comes of it, which may be a thousand times
 * more.
 */
const WRITE_BYTES = 4 * 1024;

/** Not in every node:zlib. */
const createZstdDecompress =
  (zlib as { readonly createZstdDecompress?: (options: { chunkSize: number }) => Transform })
    .createZstdDecompress;

/**
 * Where node:zlib has no zstd, its Brotli decoder is an older one too: it gives at most 4 MiB, and most at
 * its end.
 */
const OLDER_BROTLI_LIMIT = createZstdDecompress ? Infinity : 4 * 1024 * 1024;

const RUNTIME = `this version of the runtime (Deno ${Deno.version.deno})`;

const NAMES: Readonly<Record<string, string>> = {
  "gzip": "gzip",
  "x-gzip": "gzip",
  "deflate": "deflate",
  "br": "Brotli",
  "zstd": "zstd",
};

/** Why a coding cannot be removed here, in words; null where it can. */
export function cannotDecode(coding: string): string | null {
  if (coding === "zstd" && !createZstdDecompress) {
    return `zstd cannot be decoded by ${RUNTIME}`;
  }
  return coding in NAMES ? null : `the coding “${coding}” is not known here`;
}

/**
 * Decodes what `open` gives, called again where the data turns out to be damaged. What the reader must know
 * is put into `notes`. Gives nothing at all where the data is not in that coding.
 */
export async function* inflate(coding: string, open: () => Pieces, notes: string[]): Pieces {
  const frames = new ZstdFrames();
  const input = writes(coding, open(), frames);
  let decoder: Decoder | null = null;
  let taken = 0;
  let given = 0;
  try {
    for await (const piece of input) {
      if (piece === null) {
        yield null;
        continue;
      }
      decoder ??= new Decoder(create(coding, piece));
      for await (const bytes of decoder.decode(piece)) {
        given += bytes.length;
        yield bytes;
      }
      if (decoder.failure) break;
      taken += piece.length;
    }
    if (decoder === null) return;
    const rest = decoder.failure
      ? again(coding, writes(coding, open(), new ZstdFrames()), taken, given)
      : decoder.end(coding, frames);
    for await (const bytes of rest) {
      given += bytes.length;
      yield bytes;
    }
    if (decoder.failure) notes.push(describe(NAMES[coding], decoder.failure, given));
    if (coding === "br" && given >= OLDER_BROTLI_LIMIT) {
      notes.push(`only the first 4 MB of Brotli data can be decoded by ${RUNTIME}`);
    }
  } finally {
    decoder?.close();
    await input.return();
  }
}

/**
 * Decodes the first `taken` bytes again, and what follows byte by byte; gives what comes after `given` bytes.
 */
async function* again(
  coding: string,
  input: Pieces,
  taken: number,
  given: number,
): AsyncGenerator<Uint8Array, void, void> {
  let decoder: Decoder | null = null;
  let position = 0;
  let skip = given;
  try {
    for await (const piece of input) {
      if (piece === null) return;
      decoder ??= new Decoder(create(coding, piece));
      for (let from = 0; from < piece.length;) {
        const to = Math.max(from + 1, Math.min(piece.length, taken - position));
        for await (const bytes of decoder.decode(piece.subarray(from, to))) {
          const known = Math.min(skip, bytes.length);
          skip -= known;
          if (known < bytes.length) yield bytes.subarray(known);
        }
        if (decoder.failure) return;
        from = to;
      }
      position += piece.length;
    }
  } finally {
    decoder?.close();
    await input.return();
  }
}

/** The input as it is written to the decoder: little at once, and never over the end of a zstd frame. */
async function* writes(coding: string, input: Pieces, frames: ZstdFrames): Pieces {
  for await (const piece of input) {
    if (piece === null) yield null;
    else if (coding === "zstd") yield* frames.cut(piece).flatMap(cut);
    else yield* cut(piece);
  }
}

function cut(piece: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < piece.length; at += WRITE_BYTES) parts.push(piece.subarray(at, at + WRITE_BYTES));
  return parts;
}

function describe(name: string, failure: Failure, given: number): string {
  if (failure.code === "Z_BUF_ERROR") return `${name} data ends early`;
  const why = failure.code === "Z_DATA_ERROR" ? `: ${failure.message}` : "";
  if (given === 0) return `not ${name}${why}`;
  if (why === ": incorrect header check") {
    return `what follows the ${name} data is not ${name} and is not shown`;
  }
  return `${name} data is damaged after ${given.toLocaleString("en")} decoded bytes${why}`;
}

function create(coding: string, first: Uint8Array): Transform {
  switch (coding) {
    case "br":
      return zlib.createBrotliDecompress({ chunkSize: OUTPUT_BYTES });
    case "zstd":
      return createZstdDecompress!({ chunkSize: OUTPUT_BYTES });
    case "deflate":
      return isZlib(first)
        ? zlib.createInflate({ chunkSize: OUTPUT_BYTES })
        : zlib.createInflateRaw({ chunkSize: OUTPUT_BYTES });
    default:
      return zlib.createGunzip({ chunkSize: OUTPUT_BYTES });
  }
}

/** "deflate" means zlib (RFC 1950), but some send bare deflate data (RFC 9110, 8.4.1.2); the header tells. */
function isZlib(first: Uint8Array): boolean {
  return (first[0] & 0x0f) === 8 && (first.length < 2 || ((first[0] << 8) | first[1]) % 31 === 0);
}

interface Failure {
  readonly code?: string;
  readonly message: string;
}

/** As node:zlib reports it for those codings whose decoders notice. */
const ENDS_EARLY: Failure = { code: "Z_BUF_ERROR", message: "unexpected end of file" };

/** A decoder of node:zlib that is asked for its output, so that it works no further than that is wanted. */
class Decoder {
  failure: Failure | null = null;
  #wake: () => void = () => {};
  #ended = false;

  constructor(private readonly stream: Transform) {
    stream.on("error", (error: Failure) => {
      this.failure ??= error;
      this.#wake();
    });
    stream.on("readable", () => this.#wake());
    stream.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** What comes of some more bytes. Stops at a failure. */
  decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
    let taken = false;
    try {
      this.stream.write(bytes, () => {
        taken = true;
        this.#wake();
      });
    } catch (error) {
      this.failure ??= { message: String(error) };
    }
    return this.#output(() => taken);
  }

  /** What is left, when all has come. Data that ends early is a failure. */
  async *end(coding: string, frames: ZstdFrames): AsyncGenerator<Uint8Array, void, void> {
    if (coding === "br" && OLDER_BROTLI_LIMIT === Infinity) {
      if (await this.#takesMore()) this.failure = ENDS_EARLY;
      return;
    }
    this.stream.end();
    yield* this.#output(() => this.#ended);
    if (coding === "zstd" && !frames.between) this.failure ??= ENDS_EARLY;
  }

  close(): void {
    this.stream.destroy();
  }

  async *#output(done: () => boolean): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const bytes = this.stream.read() as Uint8Array | null;
      if (bytes) yield bytes;
      else if (done() || this.failure) return;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /**
   * Whether more bytes make a difference: a Brotli decoder that has seen the end ignores them. Zeros, because
   * no zero bit ends anything (RFC 7932, 9.2: ISLAST).
   */
  async #takesMore(): Promise<boolean> {
    let more = false;
    for await (const _ of this.decode(new Uint8Array(64))) more = true;
    return more || this.failure !== null;
  }
}
