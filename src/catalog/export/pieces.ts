// Puts together what a format writes, texts and bytes of any length, into pieces that are worth handing over.
// Knows nothing of what they are.

/** How long a piece is; only the last one is shorter. */
export const PIECE = 128 * 1024;
/** A character is at most so many bytes of UTF-8 for a UTF-16 unit. */
const WIDEST = 3;

/** What a format writes: text, which becomes UTF-8, and bytes. */
export type Written = AsyncGenerator<string | Uint8Array, void, void>;

/** The same bytes in pieces of PIECE bytes, each with a buffer of its own. Nothing is made before it is asked for. */
export async function* inPieces(written: Written): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const encoder = new TextEncoder();
  let piece = new Uint8Array(PIECE);
  let used = 0;
  for await (const part of written) {
    const bytes = typeof part === "string"
      ? part.length * WIDEST <= PIECE - used ? null : encoder.encode(part)
      : part;
    if (bytes === null) {
      used += encoder.encodeInto(part as string, piece.subarray(used)).written;
      continue;
    }
    for (let from = 0; from < bytes.length;) {
      const taken = bytes.subarray(from, from + PIECE - used);
      piece.set(taken, used);
      used += taken.length;
      from += taken.length;
      if (used < PIECE) break;
      yield piece;
      piece = new Uint8Array(PIECE);
      used = 0;
    }
  }
  if (used > 0) yield piece.slice(0, used);
}
