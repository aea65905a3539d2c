// JSON: members by name or path, in one pass over text of any size. Only the values that are named change; all else,
// white space too, stays as it came. Several values in a row (NDJSON) are read like one. What cannot be read is masked
// from there to the end, for what it holds cannot be told.

import { type Found, MASK } from "./found.ts";
import type { TextMasker } from "./text_masker.ts";
import type { Verdict } from "./rule_set.ts";

/** A longer name is not compared: what it names is masked. */
const LONGEST_NAME = 4_096;
/** So much of a masked value is remembered, to be found elsewhere. */
const REMEMBERED = 16 * 1024;
/** A longer number or literal is a fault. */
const LONGEST_WORD = 1_000;
const MOST_DEPTH = 10_000;

const WORD = /^(?:-?[0-9][0-9.eE+-]*|true|false|null|NaN|-?Infinity)$/;
/** Units in a string that mean more than themselves. */
const STRING_END = /["\\]/g;
const WORD_END = /[ \t\r\n,:\[\]{}"]/g;

/** What stands for a masked object or array. */
const STUBS = { "{": `{"${MASK}":"${MASK}"}`, "[": `["${MASK}"]` } as const;

type Expected = "value" | "name" | "colon" | "comma" | "any";

interface Open {
  readonly bracket: "{" | "[";
  /** The name that it stands under; null in an array and outside. */
  readonly name: string | null;
}

/** See above. `characters` decodes units for comparing. */
export class JsonMasker implements TextMasker {
  #out = "";
  #mode: "between" | "string" | "word" | "broken" = "between";
  #expected: Expected = "any";
  readonly #open: Open[] = [];
  /** The name of the member whose value comes. */
  #name: string | null = null;
  #verdict: Verdict = null;
  /** How many were open where the value that is being passed over began; null while none is. */
  #hiddenFrom: number | null = null;
  /** What it stands under. */
  #hiddenName = "";
  /** A comma in an object and the white space after it: whether they stay is told by the next member. */
  #held = "";
  /** True while the first member of an object is being left out, and after it: the comma after it goes, too. */
  #isFirst = false;
  #dropComma = false;
  /** The string or word that is being read, as far as it is needed. */
  #token = "";
  #escaped = false;
  #isName = false;
  #stringBegun = false;

  constructor(private readonly found: Found, private readonly characters: (units: string) => string) {}

  receive(text: string): string {
    let at = 0;
    while (at < text.length) at = this.#read(text, at);
    return this.#give();
  }

  end(): string {
    if (this.#mode === "word") this.#endWord();
    if (this.#mode !== "broken") this.#emit(this.#takeHeld());
    // A name that the end cuts off has told nothing yet.
    if (this.#mode === "string" && this.#isName) this.#emit(`"${this.#token}`);
    if (this.#mode === "string" && !this.#isName) this.#learnToken();
    return this.#give();
  }

  #give(): string {
    const out = this.#out;
    this.#out = "";
    return out;
  }

  #read(text: string, at: number): number {
    switch (this.#mode) {
      case "between":
        return this.#between(text, at);
      case "string":
        return this.#string(text, at);
      case "word":
        return this.#word(text, at);
      case "broken":
        return text.length;
    }
  }

  #between(text: string, start: number): number {
    let at = start;
    while (at < text.length && isWhite(text.charCodeAt(at))) at++;
    if (at > start) {
      const white = text.slice(start, at);
      if (this.#held !== "") this.#held += white;
      else if (!this.#dropComma || this.#expected !== "name") this.#emit(white);
      if (at === text.length) return at;
    }
    const character = text[at];
    switch (character) {
      case '"':
        return this.#beginString(at);
      case "{":
      case "[":
        return this.#begin(character, at);
      case "}":
      case "]":
        return this.#close(character, at);
      case ",":
        return this.#comma(at);
      case ":":
        if (this.#expected !== "colon") return this.#break();
        this.#expected = "value";
        this.#emit(":");
        return at + 1;
      case "\x1e": // RFC 7464
        if (this.#expected !== "any") return this.#break();
        this.#emit(character);
        return at + 1;
      default:
        if (!this.#beginsValue()) return this.#break();
        this.#mode = "word";
        this.#token = "";
        return at;
    }
  }

  #comma(at: number): number {
    const top = this.#open[this.#open.length - 1];
    if (top === undefined) {
      // Values in a row may be separated by commas in what calls itself JSON.
      this.#emit(",");
      return at + 1;
    }
    if (top.bracket === "[") {
      this.#expected = "value";
      this.#emit(",");
      return at + 1;
    }
    // A name without its value: whose the next one is cannot be told.
    if (this.#expected === "colon" || this.#expected === "value") return this.#break();
    this.#expected = "name";
    if (!this.#dropComma && this.#hiddenFrom === null) this.#held = ",";
    return at + 1;
  }

  #begin(bracket: "{" | "[", at: number): number {
    if (!this.#beginsValue() || this.#open.length >= MOST_DEPTH) return this.#break();
    if (this.#verdict !== null) {
      this.found.field("JSON", this.#name ?? "", this.#verdict);
      this.#emit(STUBS[bracket]);
      this.#hiddenName = this.#name ?? "";
      this.#hiddenFrom ??= this.#open.length;
    }
    this.#emit(bracket);
    this.#open.push({ bracket, name: this.#name });
    this.#name = null;
    this.#verdict = null;
    this.#expected = bracket === "{" ? "name" : "value";
    return at + 1;
  }

  #close(character: "}" | "]", at: number): number {
    const top = this.#open[this.#open.length - 1];
    if (top === undefined || (top.bracket === "{") !== (character === "}") || this.#expected === "colon") {
      return this.#break();
    }
    this.#emit(this.#takeHeld());
    this.#dropComma = false;
    this.#open.pop();
    this.#emit(character);
    this.#endValue();
    return at + 1;
  }

  /** True where a value may begin. A missing comma in an array or between values is let pass. */
  #beginsValue(): boolean {
    if (this.#expected === "value" || this.#expected === "any") return true;
    return this.#expected === "comma" && this.#open[this.#open.length - 1]?.bracket === "[";
  }

  #beginString(at: number): number {
    this.#isName = this.#expected === "name";
    if (!this.#isName && !this.#beginsValue()) return this.#break();
    this.#mode = "string";
    this.#token = "";
    this.#escaped = false;
    this.#stringBegun = false;
    if (!this.#isName) this.#emit('"');
    return at + 1;
  }

  #string(text: string, start: number): number {
    let at = start;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    STRING_END.lastIndex = at;
    let end = text.length;
    for (let match = STRING_END.exec(text); match !== null; match = STRING_END.exec(text)) {
      if (match[0] === '"') {
        end = match.index;
        break;
      }
      STRING_END.lastIndex = match.index + 2;
      if (match.index + 1 === text.length) this.#escaped = true;
    }
    this.#inString(text.slice(start, end));
    if (end === text.length) return end;
    if (this.#isName) this.#endName();
    else {
      this.#learnToken();
      this.#emit('"');
      this.#endValue();
    }
    this.#mode = "between";
    return end + 1;
  }

  #inString(units: string): void {
    if (units === "") return;
    if (this.#isName) {
      if (this.#token.length <= LONGEST_NAME) this.#token += units;
      else this.#emitLongName(units);
      return;
    }
    const masked = this.#verdict !== null || this.#hiddenFrom !== null;
    if (masked && this.#token.length < REMEMBERED) {
      this.#token += units.slice(0, REMEMBERED - this.#token.length);
    }
    if (this.#verdict === "mask" && !this.#stringBegun) this.#emit(MASK);
    else if (this.#verdict === null) this.#emit(units);
    this.#stringBegun = true;
  }

  /** The name is given as it comes; what it names is masked. */
  #emitLongName(units: string): void {
    if (!this.#stringBegun) this.#emit(`${this.#takeHeld()}"${this.#token}`);
    this.#stringBegun = true;
    this.#emit(units);
  }

  #endName(): void {
    this.#expected = "colon";
    if (this.#hiddenFrom !== null) {
      this.#verdict = null;
      return;
    }
    if (this.#token.length > LONGEST_NAME) {
      this.#emitLongName("");
      this.#emit('"');
      this.#setName("a name too long to be compared", "mask");
      return;
    }
    const name = unescapedJson(this.characters(this.#token));
    this.#setName(name, this.found.rules.json(name, () => this.#path()));
    if (this.#verdict === "omit") {
      this.#isFirst = this.#held === "";
      this.#held = "";
      this.#hiddenFrom = this.#open.length;
    } else {
      this.#dropComma = false;
      this.#emit(`${this.#takeHeld()}"${this.#token}"`);
    }
  }

  #path(): string[] {
    return this.#open.map(({ name }) => name).filter((name) => name !== null);
  }

  #setName(name: string, verdict: Verdict): void {
    this.#name = name;
    this.#verdict = verdict;
  }

  #word(text: string, start: number): number {
    WORD_END.lastIndex = start;
    const end = WORD_END.exec(text)?.index ?? text.length;
    this.#token += text.slice(start, end);
    if (this.#token.length > LONGEST_WORD) return this.#break();
    if (end === text.length) return end;
    if (!this.#endWord()) return this.#break();
    return end;
  }

  /** False where it is none. */
  #endWord(): boolean {
    const word = this.#token;
    const whole = WORD.test(word);
    if (!whole && !"true false null".split(" ").some((literal) => literal.startsWith(word)) && word !== "-") {
      return false;
    }
    if (this.#hiddenFrom !== null && this.#verdict === null) this.found.learn(word, this.#hiddenName);
    if (this.#verdict === null || (word === "null" && this.#verdict === "mask")) this.#emit(word);
    else {
      this.found.field("JSON", this.#name ?? "", this.#verdict, ...(/[0-9]/.test(word) ? [word] : []));
      this.#emit(/^[tf]/.test(word) ? "false" : "0");
    }
    this.#mode = "between";
    this.#endValue();
    return true;
  }

  #endValue(): void {
    this.#verdict = null;
    this.#name = null;
    this.#token = "";
    if (this.#hiddenFrom === this.#open.length) {
      this.#hiddenFrom = null;
      this.#dropComma = this.#isFirst;
      this.#isFirst = false;
    }
    this.#expected = this.#open.length === 0 ? "any" : "comma";
  }

  /** What was in a masked string is remembered. */
  #learnToken(): void {
    if (this.#token === "") return;
    const value = unescapedJson(this.characters(this.#token));
    if (this.#verdict !== null) this.found.field("JSON", this.#name ?? "", this.#verdict, value);
    else this.found.learn(value, this.#hiddenName);
    this.#token = "";
  }

  #takeHeld(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #emit(text: string): void {
    if (this.#hiddenFrom === null) this.#out += text;
  }

  /** What follows cannot be told from what is to be masked. */
  #break(): number {
    this.#mode = "broken";
    this.#out += MASK;
    this.found.doubt("JSON from its first fault on");
    return Infinity;
  }
}

function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** A string of JSON without its escapes; malformed ones stay. */
export function unescapedJson(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|([^u]))/g,
    (_, hex: string | undefined, one: string) =>
      hex !== undefined ? String.fromCharCode(parseInt(hex, 16)) : ESCAPES[one] ?? one,
  );
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
