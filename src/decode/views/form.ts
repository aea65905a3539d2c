// The form view (application/x-www-form-urlencoded): a line for each pair, `name = value`. Unlike the other views it
// changes more than white space: "&" becomes a line break, the first "=" of a pair " = ", "+" a space, and escapes are
// decoded as UTF-8 (URL Standard, 5.1). Escapes stay as they came where they are faulty, where they are not UTF-8
// (other charsets are not guessed) and where they stand for a control character, which would break the line.

import { advance, beginReading, placeAt, type Reading } from "./place.ts";
import type { Formatter, FormatterKind, ViewFault } from "./types.ts";

/** Plain data. */
interface FormState {
  /** An escape sequence that has begun. */
  carry: string;
  reading: Reading;
  fault: ViewFault | null;
  /** True after the first "=" of a pair. */
  inValue: boolean;
}

/** Lays out a form's fields. */
export const form: FormatterKind = {
  kind: "form",
  create: () => new FormFormatter({ carry: "", reading: beginReading(), fault: null, inValue: false }),
  restore: (snapshot) => new FormFormatter(structuredClone(snapshot as FormState)),
};

const SPECIAL = /[&=+%]/g;

/** Line breaks of all kinds, other control characters, and the marks that change the direction of writing. */
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

class FormFormatter implements Formatter {
  readonly #state: FormState;

  constructor(state: FormState) {
    this.#state = state;
  }

  get fault(): ViewFault | null {
    return this.#state.fault;
  }

  snapshot(): unknown {
    return structuredClone(this.#state);
  }

  receive(piece: string): string {
    return this.#read(piece, false);
  }

  end(): string {
    return this.#read("", true);
  }

  #read(piece: string, final: boolean): string {
    const state = this.#state;
    const text = state.carry + piece;
    let out = "";
    let at = 0;
    let end = text.length;
    SPECIAL.lastIndex = 0;
    for (let match = SPECIAL.exec(text); match; match = SPECIAL.exec(text)) {
      out += text.slice(at, match.index);
      at = match.index;
      if (match[0] === "%") {
        const escape = readEscape(text, at, final);
        if (!escape) {
          end = at;
          break;
        }
        if (escape.fault) state.fault ??= { ...placeAt(state.reading, text, at), text: escape.fault };
        out += escape.shown;
        at += escape.length;
      } else {
        out += this.#show(match[0]);
        at += 1;
      }
      SPECIAL.lastIndex = at;
    }
    out += text.slice(at, end);
    state.carry = text.slice(end);
    advance(state.reading, text, end);
    return out;
  }

  #show(character: string): string {
    const { inValue } = this.#state;
    if (character === "+") return " ";
    this.#state.inValue = character === "=";
    if (character === "&") return "\n";
    return inValue ? "=" : " = ";
  }
}

/** How many characters of the text it takes up, what is shown for them, and what is wrong with it, in words. */
interface Escape {
  readonly length: number;
  readonly shown: string;
  readonly fault?: string;
}

/** The escapes of one character, from `at`. Undefined when they are cut, and more may come. */
function readEscape(text: string, at: number, final: boolean): Escape | undefined {
  const lead = byteAt(text, at, final);
  if (lead === CUT) return undefined;
  if (lead === NO_ESCAPE) return { length: 1, shown: "%", fault: '"%" begins no escape' };
  const count = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let length = 3;
  while (length < count * 3) {
    const byte = byteAt(text, at + length, final);
    if (byte === CUT) return undefined;
    if (byte === NO_ESCAPE) break;
    length += 3;
  }
  const escapes = text.slice(at, at + length);
  const character = lead < 0x80 ? String.fromCharCode(lead) : decode(escapes);
  if (character === null) {
    return { length: 3, shown: escapes.slice(0, 3), fault: `${escapes.slice(0, 3)} is not UTF-8` };
  }
  return { length, shown: UNSHOWN.test(character) ? escapes : character };
}

const CUT = -1;
const NO_ESCAPE = -2;

/** The byte that the escape at `at` stands for. CUT when the text ends before that can be known. */
function byteAt(text: string, at: number, final: boolean): number {
  if (at < text.length && text.charCodeAt(at) !== PERCENT) return NO_ESCAPE;
  const high = digit(text.charCodeAt(at + 1));
  if (high < 0) return at + 1 < text.length || final ? NO_ESCAPE : CUT;
  const low = digit(text.charCodeAt(at + 2));
  if (low < 0) return at + 2 < text.length || final ? NO_ESCAPE : CUT;
  return high * 16 + low;
}

const PERCENT = 0x25;

/** The value of a hexadecimal digit; -1 for any other character, and for none (NaN). */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Throws nothing: null where the escapes are not UTF-8. */
function decode(escapes: string): string | null {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return null;
  }
}
