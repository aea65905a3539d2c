// Bodies as values of JSON, piece by piece: exact as text where they are UTF-8 (RFC 3629), otherwise as base64
// (RFC 4648, 4). Both give back the same bytes.

import { Buffer } from "node:buffer";
import type { BodySource } from "../body.ts";
import type { Slices } from "../slices.ts";
import type { Written } from "./pieces.ts";

/** A multiple of 3, so that base64 of the pieces is that of the whole. */
const READ = 192 * 1024;

/** The bytes of `body` in order, in pieces of READ bytes, valid until the next. */
export async function* bytesOf(body: BodySource, slices: Slices): AsyncGenerator<Uint8Array, void, void> {
  const { length } = body.extent();
  const piece = new Uint8Array(Math.min(READ, length));
  for (let from = 0; from < length;) {
    const wanted = piece.subarray(0, Math.min(READ, length - from));
    const count = body.read(from, wanted);
    if (count < wanted.length) throw new Error(`Cannot read byte ${from + count} of a body: it is gone.`);
    yield wanted;
    from += count;
    if (slices.due()) await slices.pause();
  }
}

/** Whether all of it is UTF-8. */
export async function isUtf8(body: BodySource, slices: Slices): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    for await (const piece of bytesOf(body, slices)) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Its text, which must be UTF-8, in pieces of whole characters. */
export async function* textOf(body: BodySource, slices: Slices): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for await (const piece of bytesOf(body, slices)) yield decoder.decode(piece, { stream: true });
}

/** Its text, which must be UTF-8, as a string of JSON. */
export async function* textAsJson(body: BodySource, slices: Slices): Written {
  yield '"';
  for await (const text of textOf(body, slices)) yield JSON.stringify(text).slice(1, -1);
  yield '"';
}

/** Its bytes as a string of JSON in base64. */
export async function* base64AsJson(body: BodySource, slices: Slices): Written {
  yield '"';
  for await (const piece of bytesOf(body, slices)) {
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("base64");
  }
  yield '"';
}
