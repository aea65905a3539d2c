// Control and invisible characters in an editor: which they are, and how each is shown.

/** What would not be seen, or would change the order of the letters. A carriage return only where it ends no line. */
export const SPECIAL_CHARS =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffc]|\r(?!$)/g;

/** As what the program shows control characters in raw text: U+2400 to U+2421. Few fonts have them. */
export const CONTROL_PICTURES = /[\u2400-\u2421]/g;

const CHAR_NAMES: Readonly<Record<number, string>> = { 0: "NUL", 9: "TAB", 10: "LF", 13: "CR", 27: "ESC" };

/** A control or invisible character, as a sign that cannot be taken for text. */
export function specialChar(shown: number, description: string | null): HTMLElement {
  const code = shown >= 0x2400 && shown <= 0x2421 ? shown - 0x2400 : shown;
  const sign = document.createElement("span");
  sign.className = "special-char";
  sign.textContent = CHAR_NAMES[code] ?? "·";
  sign.title = `${description ?? "character"} U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return sign;
}
