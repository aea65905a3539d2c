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
const ESCAPE = /^%[0-9a-fA-F]{2}$/;
const ESCAPE_BEGUN = /^%?[0-9a-fA-F]?$/;

/** Line breaks of all kinds, other control characters, and the marks that change the direction of writing. */
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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
  const first = text.slice(at, at + 3);
  if (!ESCAPE.test(first)) {
    if (!final && ESCAPE_BEGUN.test(first)) return undefined;
    return { length: 1, shown: "%", fault: '"%" begins no escape' };
  }
  const lead = parseInt(first.slice(1), 16);
  const count = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const bytes = [lead];
  for (let from = at + 3; bytes.length < count; from += 3) {
    const escape = text.slice(from, from + 3);
    if (!final && escape.length < 3 && ESCAPE_BEGUN.test(escape)) return undefined;
    if (!ESCAPE.test(escape)) break;
    bytes.push(parseInt(escape.slice(1), 16));
  }
  const character = decode(Uint8Array.from(bytes));
  if (character === null) return { length: 3, shown: first, fault: `${first} is not UTF-8` };
  const length = count * 3;
  return { length, shown: UNSHOWN.test(character) ? text.slice(at, at + length) : character };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
