// The json view: lexical indentation, so that big numbers, escapes, duplicate keys and their order stay as they came.
// A line for each member and element, two spaces a level; empty objects and arrays stay on one line. Several values
// in a row (NDJSON, RFC 7464) follow each other. White space outside strings is dropped, so that nothing is held back
// but a number or literal, or an escape, that a piece cuts in two: it waits as `carry`.
//
// Checked: the grammar of RFC 8259. A fault that leaves the structure plain (a missing value, a bad escape) is noted
// and indenting goes on; after any other, the rest is shown as it came, on a line of its own.

import { indent, MAX_DEPTH, TOO_DEEP } from "./indent.ts";
import { elementEnd, memberEnd } from "./json_plain.ts";
import { isWhite, whiteEnd } from "./white.ts";
import { joined } from "./joined.ts";
import { advance, beginReading, placeAt, type Reading } from "./place.ts";
import type { Formatter, FormatterKind, ViewFault } from "./types.ts";

/** A number or literal that is longer is not checked. */
const MAX_WORD = 1000;

const NUMBER_OR_LITERAL = /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$/;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const ESCAPE_BEGUN = /\\(?:u[0-9a-fA-F]{0,3})?$/y;

/**
 * What must come next. After "[" and "{" there may be none of it; `another` is what may begin outside of all values.
 */
type Expected = "value" | "first value" | "name" | "first name" | "colon" | "comma" | "another";

/** What is being read: punctuation and white space, a string, a long number, or what follows a fault. */
type Mode = "between" | "string" | "word" | "shown";

const RECORD_SEPARATOR = 0x1e;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;

/** Plain data. */
interface JsonState {
  mode: Mode;
  /** What has come but could not be read without what follows. */
  carry: string;
  reading: Reading;
  fault: ViewFault | null;
  /** What is open, the outermost first. */
  open: ("{" | "[")[];
  expected: Expected;
  /** True once something was given out after which a line must break. */
  begun: boolean;
}

/** Indents JSON. */
export const json: FormatterKind = {
  kind: "json",
  create: () =>
    new JsonFormatter({
      mode: "between",
      carry: "",
      reading: beginReading(),
      fault: null,
      open: [],
      expected: "another",
      begun: false,
    }),
  restore: (snapshot) => new JsonFormatter(structuredClone(snapshot as JsonState)),
};

// The readers below take the piece and an index, add to `out`, and return the index up to which they have read. When
// they need more to go on, they return the complement of it (~index), and the rest waits as `carry`.
class JsonFormatter implements Formatter {
  readonly #state: JsonState;
  /** What can be given out: lines that have ended, and the one that goes on. */
  #parts: string[] = [];
  #line = "";
  /** Whether one of them holds a line end. */
  #holdsLineEnds = false;
  /** No more will come. */
  #final = false;

  constructor(state: JsonState) {
    this.#state = state;
  }

  get fault(): ViewFault | null {
    return this.#state.fault;
  }

  snapshot(): unknown {
    return structuredClone(this.#state);
  }

  receive(piece: string): string {
    return this.receiveParts(piece).join("\n");
  }

  receiveParts(piece: string): readonly string[] {
    const state = this.#state;
    const text = joined(state.carry, piece);
    let at = 0;
    while (at >= 0 && at < text.length) at = this.#read(text, at);
    const read = at < 0 ? ~at : at;
    state.carry = text.slice(read);
    advance(state.reading, text, read);
    this.#parts.push(this.#line);
    const parts = this.#holdsLineEnds ? [this.#parts.join("\n")] : this.#parts;
    this.#parts = [];
    this.#line = "";
    this.#holdsLineEnds = false;
    return parts;
  }

  end(): string {
    this.#final = true;
    const out = this.receive("");
    const { mode, open } = this.#state;
    if (mode === "string") this.#note("", 0, "the text ends inside a string");
    else if (open.length > 0) this.#note("", 0, `the text ends before "${closing(open[open.length - 1])}"`);
    return out;
  }

  #read(text: string, at: number): number {
    switch (this.#state.mode) {
      case "between":
        return this.#readBetween(text, at);
      case "string":
        return this.#readString(text, at);
      case "word":
        return this.#readWord(text, at);
      case "shown":
        this.#holdsLineEnds = true;
        this.#line += text.slice(at);
        return text.length;
    }
  }

  /** White space, and the token after it. */
  #readBetween(text: string, start: number): number {
    const state = this.#state;
    let at = start;
    // The mark is no white space: it stays, and is no part of the grammar (RFC 8259, 8.1).
    if (state.reading.offset + at === 0 && text.charCodeAt(at) === BYTE_ORDER_MARK) {
      this.#line += text[at];
      at = 1;
    }
    at = whiteEnd(text, at);
    if (at === text.length) return at;
    const plain = this.#readPlain(text, at);
    if (plain >= 0) return plain;
    switch (text.charCodeAt(at)) {
      case QUOTE:
        return this.#beginString(text, at);
      case OPEN_OBJECT:
        return this.#open(text, at, "{", "first name");
      case OPEN_ARRAY:
        return this.#open(text, at, "[", "first value");
      case CLOSE_OBJECT:
        return this.#close(text, at, "{");
      case CLOSE_ARRAY:
        return this.#close(text, at, "[");
      case COMMA:
        return this.#readComma(text, at);
      case COLON:
        if (state.expected !== "colon") return this.#showUnexpected(text, at);
        state.expected = "value";
        this.#line += ": ";
        return at + 1;
      case RECORD_SEPARATOR:
        if (state.expected !== "another") return this.#showUnexpected(text, at);
        this.#breakLine();
        state.begun = false;
        this.#line += text[at];
        return at + 1;
      default:
        return this.#beginWord(text, at);
    }
  }

  /** A member or element that is found at a glance, and its comma; -1 where there is none. */
  #readPlain(text: string, at: number): number {
    const state = this.#state;
    const { expected } = state;
    if (expected === "name" || expected === "first name") {
      const end = memberEnd(text, at);
      if (end < 0) return -1;
      const colon = text.indexOf('":', at + 1) + 1;
      const value = whiteEnd(text, colon + 1);
      this.#breakLine();
      this.#line += `${text.slice(at, colon)}: `;
      return this.#endPlain(text, value, end, "name");
    }
    if ((expected !== "value" && expected !== "first value") || state.open[state.open.length - 1] === "{") {
      return -1;
    }
    const end = elementEnd(text, at);
    if (end < 0) return -1;
    this.#breakLine();
    return this.#endPlain(text, at, end, "value");
  }

  #endPlain(text: string, from: number, end: number, next: Expected): number {
    const isMore = text.charCodeAt(end) === COMMA;
    const to = isMore ? end + 1 : end;
    this.#line += text.slice(from, to);
    this.#state.expected = isMore ? next : "comma";
    return to;
  }

  #open(text: string, at: number, bracket: "{" | "[", expected: Expected): number {
    const { open } = this.#state;
    if (open.length === MAX_DEPTH) return this.#show(text, at, TOO_DEEP);
    if (!this.#beginValue()) return this.#showUnexpected(text, at);
    this.#line += bracket;
    open.push(bracket);
    this.#state.expected = expected;
    return at + 1;
  }

  #close(text: string, at: number, bracket: "{" | "["): number {
    const { open, expected } = this.#state;
    if (open.length === 0) return this.#show(text, at, `"${text[at]}" closes nothing`);
    const top = open[open.length - 1];
    if (top !== bracket) return this.#show(text, at, `"${text[at]}" comes before "${closing(top)}"`);
    if (expected !== "comma" && expected !== FIRST[bracket]) this.#noteMissing(text, at);
    open.pop();
    if (expected !== FIRST[bracket]) this.#breakLine();
    this.#endValue();
    this.#line += text[at];
    return at + 1;
  }

  #readComma(text: string, at: number): number {
    const { open, expected } = this.#state;
    if (expected === "another" || expected === "colon") return this.#showUnexpected(text, at);
    const top = open[open.length - 1];
    if (expected !== "comma") {
      this.#noteMissing(text, at);
      if (expected !== "value" || top === "[") this.#breakLine();
    }
    this.#line += ",";
    this.#state.expected = top === "{" ? "name" : "value";
    return at + 1;
  }

  #beginString(text: string, at: number): number {
    const { expected } = this.#state;
    if (expected === "name" || expected === "first name") this.#breakLine();
    else if (!this.#beginValue()) return this.#showUnexpected(text, at);
    this.#line += '"';
    this.#state.mode = "string";
    return at + 1;
  }

  #readString(text: string, start: number): number {
    const state = this.#state;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#line += text.slice(start, at + 1);
        state.mode = "between";
        if (state.expected === "name" || state.expected === "first name") state.expected = "colon";
        else this.#endValue();
        return at + 1;
      }
      if (code < SPACE) {
        this.#note(text, at, "a control character in a string");
        this.#holdsLineEnds = true;
      }
      if (code !== BACKSLASH) continue;
      ESCAPE.lastIndex = ESCAPE_BEGUN.lastIndex = at;
      if (ESCAPE.test(text)) {
        at = ESCAPE.lastIndex - 1;
      } else if (!this.#final && ESCAPE_BEGUN.test(text)) {
        this.#line += text.slice(start, at);
        return ~at;
      } else {
        this.#note(text, at, '"\\" begins no escape');
      }
    }
    this.#line += text.slice(start);
    return text.length;
  }

  /** A number or a literal. One that the end of the text cuts short still counts as a value. */
  #beginWord(text: string, at: number): number {
    const end = wordEnd(text, at);
    const long = end - at > MAX_WORD;
    if (end === text.length && !long && !this.#final) return ~at;
    const { expected } = this.#state;
    if (expected !== "value" && expected !== "first value" && expected !== "another") {
      return this.#showUnexpected(text, at);
    }
    if (!long && !NUMBER_OR_LITERAL.test(text.slice(at, end))) {
      const words = `${text.slice(at, Math.min(end, at + 60))} is no JSON value`;
      if (end < text.length) return this.#show(text, at, words);
      this.#note(text, at, words);
    }
    this.#beginValue();
    this.#state.mode = "word";
    return this.#readWord(text, at);
  }

  #readWord(text: string, at: number): number {
    const end = wordEnd(text, at);
    this.#line += text.slice(at, end);
    if (end === text.length && !this.#final) return end;
    this.#state.mode = "between";
    this.#endValue();
    return end;
  }

  /** A value begins here: on a line of its own, or after its name. False where none may. */
  #beginValue(): boolean {
    const { expected, open } = this.#state;
    if (expected !== "value" && expected !== "first value" && expected !== "another") return false;
    if (open[open.length - 1] !== "{") this.#breakLine();
    return true;
  }

  #endValue(): void {
    this.#state.expected = this.#state.open.length === 0 ? "another" : "comma";
  }

  #breakLine(): void {
    this.#endLine(this.#state.open.length);
    this.#state.begun = true;
  }

  #endLine(level: number): void {
    if (!this.#state.begun) return;
    this.#parts.push(this.#line);
    this.#line = indent(level);
  }

  #noteMissing(text: string, at: number): void {
    const { expected, open } = this.#state;
    this.#note(text, at, `${missing(expected, open[open.length - 1])} is missing`);
  }

  #showUnexpected(text: string, at: number): number {
    const { expected, open } = this.#state;
    return this.#show(text, at, `${missing(expected, open[open.length - 1])} is missing`);
  }

  /** A fault after which the structure is unknown: the rest is shown as it came. */
  #show(text: string, at: number, words: string): number {
    this.#note(text, at, words);
    this.#endLine(0);
    this.#state.mode = "shown";
    return at;
  }

  #note(text: string, at: number, words: string): void {
    this.#state.fault ??= { ...placeAt(this.#state.reading, text, at), text: words };
  }
}

/** What is expected in an object or array that has just been opened. */
const FIRST = { "{": "first name", "[": "first value" } as const;

/** What should have come, in words. `top` is the innermost that is open. */
function missing(expected: Expected, top: "{" | "[" | undefined): string {
  switch (expected) {
    case "value":
    case "first value":
    case "another":
      return "a value";
    case "name":
    case "first name":
      return "a name in quotes";
    case "colon":
      return '":"';
    case "comma":
      return `"," or "${top === "{" ? "}" : "]"}"`;
  }
}

function closing(bracket: "{" | "["): string {
  return bracket === "{" ? "}" : "]";
}

/** The index after a number or literal: where white space, punctuation or a quote comes. */
function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !endsWord(text.charCodeAt(at))) at += 1;
  return at;
}

function endsWord(code: number): boolean {
  return isWhite(code) || code === QUOTE || code === COMMA || code === COLON || code === OPEN_ARRAY ||
    code === CLOSE_ARRAY || code === OPEN_OBJECT || code === CLOSE_OBJECT;
}
