// XML: elements and attributes by local name, in one pass over text of any size. Of a masked element the content goes,
// children and all, and the values of its attributes; tags stay. All else stays as it came. What cannot be read is
// masked from there to the end, for what it holds cannot be told.

import { type Found, MASK } from "./found.ts";
import type { TextMasker } from "./text_masker.ts";
import type { Verdict } from "./rule_set.ts";
import { entitiesDecoded, maskAttributes, namedBy, nameOf, type Tag } from "./xml_tag.ts";

/** Longer tags, and document type declarations, are not read. */
const LONGEST_TAG = 256 * 1024;
const REMEMBERED = 16 * 1024;
const MOST_DEPTH = 10_000;

const WHERE = "XML";

/** Markup that is passed over, and what ends it. */
const PASSED: readonly (readonly [begin: string, end: string])[] = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
];
const CDATA = "<![CDATA[";
const DOCTYPE = "<!DOCTYPE";

/** See above. `characters` decodes units for comparing. */
export class XmlMasker implements TextMasker {
  /** What has come but could not be read without what follows. */
  #carry = "";
  #out = "";
  /** Elements that are open, by their names as they came. */
  readonly #open: string[] = [];
  /** How many were open where what is masked or left out began; null while nothing is. */
  #hiddenFrom: number | null = null;
  #hiddenName = "";
  #verdict: Verdict = null;
  /** The text of what is masked. */
  #value = "";
  /** Within a comment, a CDATA section or an instruction: what ends it. */
  #until: string | null = null;
  #inCdata = false;
  #broken = false;

  constructor(private readonly found: Found, private readonly characters: (units: string) => string) {}

  receive(units: string): string {
    const text = this.#carry + units;
    let at = 0;
    for (let next = 0; at < text.length && !this.#broken; at = next) {
      next = this.#read(text, at);
      if (next < 0) break;
    }
    this.#carry = this.#broken ? "" : text.slice(at);
    if (this.#carry.length > LONGEST_TAG) this.#break();
    return this.#give();
  }

  end(): string {
    if (this.#hiddenFrom !== null) {
      if (!this.#broken && this.#verdict === "mask" && this.#value.trim() !== "") this.#out += MASK;
      this.#learn();
    }
    if (this.#carry !== "") {
      // Within what is passed over, the end of it may be cut; a tag that is cut cannot be read.
      if (this.#until !== null) this.#pass(this.#carry);
      else this.#break();
      this.#carry = "";
    }
    return this.#give();
  }

  #give(): string {
    const out = this.#out;
    this.#out = "";
    return out;
  }

  /** The place up to which it has read; -1 where more must come first. */
  #read(text: string, at: number): number {
    if (this.#until !== null) return this.#readUntil(text, at, this.#until);
    const less = text.indexOf("<", at);
    const textEnd = less < 0 ? text.length : less;
    if (textEnd > at) {
      this.#pass(text.slice(at, textEnd));
      return textEnd;
    }
    for (const [begin, end] of PASSED) {
      if (text.startsWith(begin, at)) {
        this.#emit(begin);
        this.#until = end;
        this.#inCdata = begin === CDATA;
        return at + begin.length;
      }
      if (begin.startsWith(text.slice(at, at + begin.length))) return -1;
    }
    const upper = text.slice(at, at + DOCTYPE.length).toUpperCase();
    if (upper === DOCTYPE) return this.#readDoctype(text, at);
    if (DOCTYPE.startsWith(upper)) return -1;
    return this.#readTag(text, at);
  }

  #readUntil(text: string, at: number, until: string): number {
    const found = text.indexOf(until, at);
    if (found < 0) {
      const safe = Math.max(at, text.length - until.length + 1);
      if (safe === at) return -1;
      this.#pass(text.slice(at, safe));
      return safe;
    }
    this.#pass(text.slice(at, found));
    this.#emit(until);
    this.#until = null;
    this.#inCdata = false;
    return found + until.length;
  }

  /** Text, or the inside of what is passed over. */
  #pass(text: string): void {
    if (this.#hiddenFrom === null) {
      this.#out += text;
      return;
    }
    if ((this.#until !== null && !this.#inCdata) || this.#value.length >= REMEMBERED) return;
    this.#value += this.#inCdata ? text.replaceAll("&", "&amp;") : text;
  }

  /** What entities and defaults a document declares may be what is to be masked: none of it stays. */
  #readDoctype(text: string, at: number): number {
    const end = doctypeEnd(text, at);
    if (end < 0) return -1;
    const declaration = text.slice(at, end);
    const inside = declaration.indexOf("[");
    if (inside < 0 || !/["']/.test(declaration.slice(inside))) this.#emit(declaration);
    else {
      const literals = declaration.slice(inside).replace(
        /"[^"]+"|'[^']+'/g,
        (literal) => `${literal[0]}${MASK}${literal[0]}`,
      );
      this.#emit(declaration.slice(0, inside) + literals);
      this.found.doubt("what a document type declares");
    }
    return end;
  }

  #readTag(text: string, at: number): number {
    const end = tagEnd(text, at);
    if (end < 0) return end === CUT_OFF ? this.#break() : -1;
    const source = text.slice(at, end);
    const isEnd = source[1] === "/";
    const name = nameOf(source, isEnd ? 2 : 1);
    if (name === "") return this.#break();
    if (isEnd) return this.#readEnd(source, name, end);
    const isEmpty = source.endsWith("/>");
    if (!isEmpty && this.#open.length >= MOST_DEPTH) return this.#break();
    if (this.#hiddenFrom === null) this.#start({ source, name }, isEmpty);
    else if (this.#value.length < REMEMBERED) this.#value += " ";
    if (!isEmpty) this.#open.push(name);
    return end;
  }

  #start(tag: Tag, isEmpty: boolean): void {
    const { found } = this;
    const compared = this.characters(tag.name);
    const byName = found.rules.xml(compared);
    const named = byName === null ? namedBy(tag, found.rules, this.characters) : null;
    const verdict = byName ?? named?.verdict ?? null;
    this.#hiddenName = named?.name ?? compared;
    if (verdict !== "omit") {
      const which = byName !== null ? "all" : named !== null ? "value" : "named";
      this.#out += maskAttributes(tag, found, this.characters, which, this.#hiddenName);
    }
    if (verdict === null || isEmpty) {
      if (verdict === "omit") found.field(WHERE, this.#hiddenName, verdict);
      return;
    }
    this.#verdict = verdict;
    this.#hiddenFrom = this.#open.length;
    this.#value = "";
  }

  #readEnd(source: string, name: string, end: number): number {
    if (this.#open.pop() !== name) return this.#break();
    if (this.#hiddenFrom === this.#open.length) {
      const isEmpty = this.#value.trim() === "";
      this.#learn();
      const omitted = this.#verdict === "omit";
      this.#hiddenFrom = null;
      if (!omitted) this.#emit(`${isEmpty ? "" : MASK}${source}`);
    } else this.#emit(source);
    return end;
  }

  /** Counts what was masked, and remembers it. */
  #learn(): void {
    const value = entitiesDecoded(this.characters(this.#value)).trim();
    if (value !== "" || this.#verdict === "omit") {
      this.found.field(WHERE, this.#hiddenName, this.#verdict, value, ...value.split(/\s+/));
    }
    this.#value = "";
  }

  #emit(text: string): void {
    if (this.#hiddenFrom === null) this.#out += text;
  }

  /** What follows cannot be told from what is to be masked. */
  #break(): number {
    this.#broken = true;
    this.#out += MASK;
    this.found.doubt("XML from its first fault on");
    return Infinity;
  }
}

/** A tag that another one cuts off. */
const CUT_OFF = -2;

/** After the ">" of a tag, which may stand in quotes too; -1 where it has not come. */
function tagEnd(text: string, start: number): number {
  let quote = 0;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 0x22 || code === 0x27) quote = code;
    else if (code === 0x3e) return at + 1;
    else if (code === 0x3c) return CUT_OFF;
  }
  return -1;
}

/** After the ">" of a document type declaration; -1 where it has not come. */
function doctypeEnd(text: string, start: number): number {
  let quote = "";
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quote !== "") {
      if (text.startsWith(quote, at)) {
        at += quote.length - 1;
        quote = "";
      }
    } else if (text.startsWith("<!--", at)) quote = "-->";
    else if (character === '"' || character === "'") quote = character;
    else if (character === "[") depth++;
    else if (character === "]") depth--;
    else if (character === ">" && depth <= 0) return at + 1;
  }
  return -1;
}
