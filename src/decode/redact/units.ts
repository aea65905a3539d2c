// Bytes of a text as units that can be read by their structure and written back byte for byte: a character of ASCII is
// a unit of its own, whatever the charset, and a byte of another character is never taken for one. Not decoding: what
// is malformed passes, too.

import { latin1, NO_BYTES } from "../octets.ts";

/** Reads bytes as units and writes them back. */
export interface Units {
  /** The units that end in these bytes. */
  read(bytes: Uint8Array): string;
  /** What was left of a unit at the end, as a unit. */
  end(): string;
  write(units: string): Uint8Array;
  /** Units as characters: only for names and values that are compared. */
  characters(units: string): string;
}

/** For an encoding by the name that TextDecoder gives it. */
export function unitsOf(encoding: string): Units {
  if (encoding === "utf-16le" || encoding === "utf-16be") return new WideUnits(encoding === "utf-16le");
  const first = LEADS[encoding];
  return first === undefined ? new ByteUnits(encoding) : new PairUnits(encoding, first);
}

/** Encodings in which the second byte of a character may be one of ASCII, and which bytes are first ones. */
const LEADS: Readonly<Record<string, (byte: number) => boolean>> = {
  "shift_jis": (byte) => (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc),
  "gbk": (byte) => byte >= 0x81 && byte <= 0xfe,
  "gb18030": (byte) => byte >= 0x81 && byte <= 0xfe,
  "big5": (byte) => byte >= 0x81 && byte <= 0xfe,
  "euc-kr": (byte) => byte >= 0x81 && byte <= 0xfe,
};

/** A byte a unit: UTF-8, and all encodings with one byte a character. */
class ByteUnits implements Units {
  constructor(private readonly encoding: string) {}

  read(bytes: Uint8Array): string {
    return latin1(bytes, 0, bytes.length);
  }

  end(): string {
    return "";
  }

  write(units: string): Uint8Array {
    return octets(units);
  }

  characters(units: string): string {
    return decoded(this.encoding, octets(units), units);
  }
}

/** Two bytes a unit, for which UTF-16 is made. */
class WideUnits implements Units {
  #odd: number | null = null;
  #tail: number | null = null;

  constructor(private readonly little: boolean) {}

  read(bytes: Uint8Array): string {
    const parts: string[] = [];
    let text = "";
    for (const byte of bytes) {
      if (this.#odd === null) {
        this.#odd = byte;
        continue;
      }
      text += String.fromCharCode(this.little ? this.#odd | (byte << 8) : (this.#odd << 8) | byte);
      this.#odd = null;
      if (text.length >= 4096) {
        parts.push(text);
        text = "";
      }
    }
    parts.push(text);
    return parts.join("");
  }

  end(): string {
    this.#tail = this.#odd;
    this.#odd = null;
    return "";
  }

  write(units: string): Uint8Array {
    const tail = this.#tail === null ? 0 : 1;
    const bytes = new Uint8Array(2 * units.length + tail);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < units.length; i++) view.setUint16(2 * i, units.charCodeAt(i), this.little);
    if (this.#tail !== null) bytes[2 * units.length] = this.#tail;
    this.#tail = null;
    return bytes;
  }

  characters(units: string): string {
    return units;
  }
}

/** One or two bytes a unit; of more bytes is two units. */
class PairUnits implements Units {
  #first: number | null = null;

  constructor(private readonly encoding: string, private readonly leads: (byte: number) => boolean) {}

  read(bytes: Uint8Array): string {
    const parts: string[] = [];
    let text = "";
    for (const byte of bytes) {
      if (this.#first !== null && byte >= 0x30) {
        text += String.fromCharCode((this.#first << 8) | byte);
        this.#first = null;
      } else {
        if (this.#first !== null) text += String.fromCharCode(this.#first);
        this.#first = this.leads(byte) ? byte : null;
        if (this.#first === null) text += String.fromCharCode(byte);
      }
      if (text.length >= 4096) {
        parts.push(text);
        text = "";
      }
    }
    parts.push(text);
    return parts.join("");
  }

  end(): string {
    const rest = this.#first === null ? "" : String.fromCharCode(this.#first);
    this.#first = null;
    return rest;
  }

  write(units: string): Uint8Array {
    const bytes: number[] = [];
    for (let i = 0; i < units.length; i++) {
      const unit = units.charCodeAt(i);
      if (unit > 0xff) bytes.push(unit >> 8, unit & 0xff);
      else bytes.push(unit);
    }
    return Uint8Array.from(bytes);
  }

  characters(units: string): string {
    return decoded(this.encoding, this.write(units), units);
  }
}

/** Units of one byte each as those bytes. */
export function octets(units: string): Uint8Array {
  if (units === "") return NO_BYTES;
  const bytes = new Uint8Array(units.length);
  for (let i = 0; i < units.length; i++) bytes[i] = units.charCodeAt(i);
  return bytes;
}

const ASCII_ONLY = /^[\0-\x7f]*$/;

function decoded(encoding: string, bytes: Uint8Array, units: string): string {
  return ASCII_ONLY.test(units) && encoding !== "iso-2022-jp"
    ? units
    : new TextDecoder(encoding).decode(bytes);
}
