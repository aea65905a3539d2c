// The text of a head and back: in UTF-8 where that is what it is in, otherwise one character a byte (RFC 9110, 5.5, knows
// of nothing beyond ASCII but "opaque data"). Pure.

import { isUtf8 } from "../charset.ts";
import { latin1 } from "../octets.ts";
import { encodeText, type Encoding } from "./text_encoding.ts";

/** In which the text of a head stands. */
export type HeadCharset = "utf-8" | "iso-8859-1";

/** The charset that the bytes of a head are in. */
export function headCharsetOf(bytes: Uint8Array): HeadCharset {
  return isUtf8(bytes) && endsWhole(bytes) ? "utf-8" : "iso-8859-1";
}

/** The bytes as text. */
export function headText(bytes: Uint8Array, charset: HeadCharset): string {
  if (charset === "iso-8859-1") return latin1(bytes, 0, bytes.length);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** The text as bytes. Throws RangeError for a character that the charset has not. */
export function headBytes(text: string, charset: HeadCharset): Uint8Array {
  return encodeText(text, HEAD[charset]);
}

const HEAD: Readonly<Record<HeadCharset, Encoding>> = {
  "utf-8": { label: "utf-8", encoding: "utf-8", highest: null },
  "iso-8859-1": { label: "iso-8859-1", encoding: "iso-8859-1", highest: 0xff },
};

/** `isUtf8` lets the last character be cut. */
function endsWhole(bytes: Uint8Array): boolean {
  return bytes.length === 0 || bytes[bytes.length - 1] < 0x80;
}
