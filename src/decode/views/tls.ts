// The TLS view: what can be read of TLS without its keys, line by line with offsets (tls/reading.ts). It replaces the
// bytes by words about them, and says so by its name. A formatter is given text, so these are bytes as characters:
// windows-1252, in which every byte is one (WHATWG Encoding, 9), turned back into bytes here.

import { TlsReading, type TlsReadingState } from "../tls/reading.ts";
import type { Formatter, FormatterKind } from "./types.ts";

/** Reads TLS. Its text must have been decoded as windows-1252. */
export const tls: FormatterKind = {
  kind: "tls",
  create: () => new TlsView(new TlsReading()),
  restore: (snapshot) => new TlsView(new TlsReading(snapshot as TlsReadingState)),
};

/** The byte of each character above U+00FF that a byte becomes. */
const BYTES = new Map<number, number>();
const all = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
for (let byte = 0; byte < 256; byte++) BYTES.set(all.charCodeAt(byte), byte);

class TlsView implements Formatter {
  readonly fault = null;

  constructor(private readonly reading: TlsReading) {}

  receive(text: string): string {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[i] = code < 0x80 ? code : BYTES.get(code) ?? 0;
    }
    return this.reading.receive(bytes);
  }

  end(): string {
    return this.reading.end();
  }

  snapshot(): unknown {
    return this.reading.snapshot();
  }
}
