// The raw view: text in which what cannot be seen is seen. Control characters become their pictures (U+2400 to
// U+2421), C1 controls and the marks that change the direction of writing become "·". Tabs stay, and "\n" still
// divides lines; a carriage return is shown as "␍" wherever it stands, so that lines that end with CR LF can be told
// from those that end with LF. A character is replaced by one other, so that positions stay.

import type { Formatter, FormatterKind } from "./types.ts";

/** Shows control characters. */
export const raw: FormatterKind = {
  kind: "raw",
  create: () => formatter,
  restore: () => formatter,
};

const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const formatter: Formatter = {
  receive: (piece) => piece.replace(INVISIBLE, picture),
  end: () => "",
  fault: null,
  snapshot: () => null,
};

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "·";
}
