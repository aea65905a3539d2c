// Text rules and what is found by looks, over text of any size: in windows that are cut where no value is, so that
// what is found does not depend on how the text came.

import type { Found } from "./found.ts";
import { MASK } from "./found.ts";
import { type Before, maskLooseText } from "./loose.ts";
import type { TextMasker } from "./text_masker.ts";

/** So much text is looked through at once; more, up to the second number, where a value does not end in it. */
const WINDOW = 256 * 1024;
const LARGEST_WINDOW = 4 * 1024 * 1024;
/** A window ends at the last line end in its last part of this length; else after a comma, a tag or a word. */
const LOOKED_BACK = 64 * 1024;

/** See above. */
export class WindowMasker implements TextMasker {
  #text = "";
  #window = WINDOW;
  #lost = false;

  constructor(private readonly found: Found, private readonly before: Before) {}

  receive(units: string): string {
    if (this.#lost) return "";
    this.#text += units;
    let out = "";
    while (this.#text.length >= this.#window && !this.#lost) {
      const end = cutOf(this.#text, this.#window);
      const tried = this.found.rehearse();
      const masked = this.#mask(this.#text.slice(0, end), tried.found);
      if (tried.found.ranOut && this.#window < LARGEST_WINDOW) {
        this.#window *= 2;
        continue;
      }
      tried.keep();
      out += masked;
      this.#text = this.#text.slice(end);
      this.#window = WINDOW;
      if (tried.found.ranOut) this.#lose();
    }
    return out;
  }

  end(): string {
    const text = this.#text;
    this.#text = "";
    return this.#mask(text, this.found);
  }

  #mask(text: string, found: Found): string {
    return maskPatterns(maskLooseText(text, found, this.before), found);
  }

  /** A value goes on and its end is not known. */
  #lose(): void {
    this.#lost = true;
    this.#text = "";
    this.found.doubt("text after the beginning of a value that is too long");
  }
}

/** Where a window of text may end: the same whatever comes after it. */
function cutOf(text: string, window: number): number {
  for (const end of ["\n", ",", ">", " "]) {
    const at = text.lastIndexOf(end, window - 1);
    if (at >= window - LOOKED_BACK) return at + 1;
  }
  return window;
}

/** What text rules find, in the same length. */
export function maskPatterns(text: string, found: Found): string {
  let out = text;
  for (const [index, pattern] of found.rules.texts.entries()) {
    out = out.replace(pattern, (hit: string) => {
      // The pattern itself is not listed: it may say what is secret.
      if (hit !== MASK) found.field("text", `text rule ${index + 1}`, "mask", hit);
      return "*".repeat(hit.length);
    });
  }
  return out;
}
