// A form (application/x-www-form-urlencoded): pairs in text of any size. A pair is read when it is whole.

import { type Embedded, maskPairs, unescaped } from "./address.ts";
import { type Found, MASK } from "./found.ts";
import type { TextMasker } from "./text_masker.ts";

/** A longer pair is given, or masked, as it comes. */
const LONGEST_PAIR = 1024 * 1024;

export class FormMasker implements TextMasker {
  #carry = "";
  /** The rest of a pair that is too long: "given" or "masked". */
  #rest: "given" | "masked" | null = null;
  #begun = false;

  constructor(private readonly found: Found, private readonly embedded: Embedded) {}

  receive(units: string): string {
    let out = "";
    let text = this.#carry + units;
    this.#carry = "";
    if (this.#rest !== null) {
      const end = text.indexOf("&");
      const rest = end < 0 ? text : text.slice(0, end);
      if (this.#rest === "given") out += rest;
      if (end < 0) return out;
      this.#rest = null;
      text = text.slice(end);
    }
    const last = text.lastIndexOf("&");
    const whole = last > 0 ? text.slice(0, last) : "";
    this.#carry = text.slice(whole.length);
    out += this.#pairs(whole);
    return this.#carry.length > LONGEST_PAIR ? out + this.#long() : out;
  }

  end(): string {
    const text = this.#carry;
    this.#carry = "";
    return this.#pairs(text);
  }

  #pairs(text: string): string {
    if (text === "") return "";
    const masked = maskPairs(text, this.found, this.embedded);
    // Where all before this was left out, no "&" is due.
    const out = this.#begun ? masked : masked.replace(/^&/, "");
    this.#begun ||= out !== "";
    return out;
  }

  #long(): string {
    const text = this.#carry;
    this.#carry = "";
    const name = /^&?([^=]{0,500})=/.exec(text);
    const field = name === null ? "" : unescaped(name[1]);
    const verdict = this.found.rules.query(field);
    if (name !== null && verdict === null) {
      this.#rest = "given";
      this.#begun = true;
      return text;
    }
    this.#rest = "masked";
    this.found.field("query or form field", field, verdict ?? "mask");
    if (verdict === "omit") return "";
    this.#begun = true;
    return `${name?.[0] ?? ""}${MASK}`;
  }
}
