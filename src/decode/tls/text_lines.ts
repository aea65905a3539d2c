// The lines of a reading: each begins with the offset that it is about, in hex as in the hex view, and is indented by
// what it belongs to. Text that a peer sent cannot leave its line.

/** What cannot be seen, or would change the direction of writing. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A peer's text, on one line and not longer than `most` characters. */
export function shown(text: string, most = 300): string {
  const seen = text.replace(INVISIBLE, "·");
  return seen.length > most ? `${seen.slice(0, most)}…` : seen;
}

/** A number for people: "1,234". */
export function counted(value: number): string {
  return value.toLocaleString("en");
}

/** "1 suite", "12 suites". */
export function plural(count: number, word: string): string {
  return `${counted(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** Collects lines. */
export class TextLines {
  #text = "";

  /** A line about `offset`; null where it is about no bytes of its own. */
  add(offset: number | null, depth: number, text: string): void {
    const place = offset === null ? " ".repeat(8) : offset.toString(16).padStart(8, "0");
    this.#text += `${place}  ${"  ".repeat(depth)}${text}\n`;
  }

  /** All lines since the last time, each with its end. */
  take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}
