// The filter language: what is typed into the filter box → a Query. Pure.
//
//   either  = all { "or" all }
//   all     = one { ["and"] one }
//   one     = { "not" | "-" } ( "(" either ")" | term )
//   term    = /expression/flags | FIELD:VALUE | word          "quoted text" may stand in a value or a word
//
// A prefix that is no field is part of a word, so that localhost:8080 and http://… can be typed as they are; so are
// parentheses within a word that are closed in it, and slashes that are no expression: /orders/17 is a word.

import { nearest } from "../../nearest.ts";
import { type Field, fieldsOf } from "./fields.ts";
import type { FilteredTable, Query, QueryError, Side, Sought, Term } from "./types.ts";
import { regexOf, testOf, textOf } from "./values.ts";

/** A filter of more terms is refused: SQLite would refuse the condition that they make, in its own words. */
const MOST_TERMS = 50;
const DEEPEST = 50;

/** An expression between slashes, none unescaped within it outside brackets, and its flags. */
const REGEX = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([imsu]*)(?=[\s)]|$)/y;

/** The same with a bracket that is not closed: it is no expression, but nothing else is meant. */
const UNCLOSED = /\/((?:[^/\\\n]|\\.)+)\/([imsu]*)(?=[\s)]|$)/y;

/** The filter that matches everything. */
export const EVERYTHING: Query = { is: "everything" };

/** Reads a filter: the query, or what is wrong and where. */
export function parseQuery(
  text: string,
  table: FilteredTable = "exchange",
): { readonly query: Query; readonly error: null } | { readonly query: null; readonly error: QueryError } {
  try {
    return { query: new Parser(text, table).all(), error: null };
  } catch (error) {
    if (error instanceof Misread) {
      return { query: null, error: { message: error.message, from: error.from, to: error.to } };
    }
    throw error;
  }
}

/** Reads a filter. Throws RangeError, in words for the user, where it is not one. */
export function readQuery(text: string, table: FilteredTable = "exchange"): Query {
  return new Parser(text, table).all();
}

/**
 * In words, what in a filter was taken for text and may have been meant as a field, such as "stat:404"; null where
 * nothing was, and for what is no filter. An address or a URL is meant as it stands. Where something `isFound`, only
 * what is found without that text is in doubt.
 */
export function meantAsField(text: string, isFound = false): string | null {
  const parser = new Parser(text, "exchange");
  try {
    parser.all();
  } catch {
    return null;
  }
  const known = [...new Set(fieldsOf("exchange").map(({ name }) => name))];
  for (const { prefix, value, isNeeded, typed } of parser.words) {
    if (isFound && isNeeded) continue;
    const written = withColon(typed, known);
    if (written !== null) {
      return `“${typed}” is looked for as text: a field has a colon behind its name. Write ${written} for it.`;
    }
    if (prefix === null || !/^[a-z_.-]{2,}$/i.test(prefix) || value.startsWith("//")) continue;
    const name = prefix.toLowerCase();
    // Nearly every short word is near a field of two or three letters.
    const meant = nearest(name, known.filter((one) => one.length > 3));
    if (meant === null && (/^\d+(\/|$)/.test(value) || name.includes("."))) continue;
    return `“${prefix}:” is no field, so the text “${prefix}:${value}” is looked for. ` +
      (meant === null ? `Fields are ${known.join(", ")}.` : `Write ${meant}: for that field.`);
  }
  return null;
}

/** `status=500` and `status>=500` with the field's colon; null for what would be no term of a field then. */
function withColon(typed: string, known: readonly string[]): string | null {
  const [, name, operator, value] = /^([a-z]+)(==?|[<>]=?)([^="]+)$/i.exec(typed) ?? [];
  if (name === undefined || !known.includes(name.toLowerCase())) return null;
  const written = `${name}:${operator.startsWith("=") ? "" : operator}${value}`;
  return parseQuery(written).error === null ? written : null;
}

/** What is wrong, and where. */
class Misread extends RangeError {
  override readonly name = "RangeError";

  constructor(message: string, readonly from: number, readonly to: number) {
    super(message);
  }
}

class Parser {
  /** What was taken for words, with what stood before their first colon, and whether nothing is found without them. */
  readonly words: {
    readonly prefix: string | null;
    readonly value: string;
    /** As it stands there, with its quotation marks. */
    readonly typed: string;
    isNeeded: boolean;
  }[] = [];
  #at = 0;
  #terms = 0;
  /** How many parentheses are open. */
  #depth = 0;
  readonly #fields: readonly Field[];

  constructor(private readonly text: string, private readonly table: FilteredTable) {
    this.#fields = fieldsOf(table);
  }

  all(): Query {
    this.#space();
    if (this.#at >= this.text.length) return EVERYTHING;
    const query = this.#either();
    if (this.#at < this.text.length) this.#fail("There is no ( for this ).", this.#at, this.#at + 1);
    if (this.#terms > MOST_TERMS) {
      this.#fail(
        `The filter has ${this.#terms} terms: at most ${MOST_TERMS} can be used. Shorten it.`,
        0,
        this.text.length,
      );
    }
    return query;
  }

  #either(): Query {
    const before = this.words.length;
    const of = [this.#every()];
    while (this.#keyword("or")) of.push(this.#every());
    if (of.length > 1) this.#notNeeded(before);
    return of.length === 1 ? of[0] : { is: "or", of };
  }

  #every(): Query {
    const of: Query[] = [];
    do {
      of.push(this.#one());
      this.#space();
    } while (this.#keyword("and") || !this.#over());
    return of.length === 1 ? of[0] : { is: "and", of };
  }

  /** Whether no further term of an "and" stands here. */
  #over(): boolean {
    return this.#at >= this.text.length || this.text[this.#at] === ")" || this.#keywordEnd("or") !== null;
  }

  #one(): Query {
    let negated = false;
    /** Where the latest "-" or "not" stands. */
    let sign = this.#at;
    for (;;) {
      sign = this.#at;
      if (this.#keyword("not")) {
        negated = !negated;
        continue;
      }
      if (this.text[this.#at] === "-") {
        this.#at++;
        negated = !negated;
      }
      break;
    }
    const before = this.words.length;
    const query = this.text[this.#at] === "(" ? this.#group() : this.#term(sign);
    if (negated) this.#notNeeded(before);
    return negated ? { is: "not", of: query } : query;
  }

  /** What is found may be so without any of the words from this one on. */
  #notNeeded(from: number): void {
    for (const word of this.words.slice(from)) word.isNeeded = false;
  }

  #group(): Query {
    const open = this.#at++;
    if (++this.#depth > DEEPEST) {
      this.#fail(`Parentheses are more than ${DEEPEST} deep here.`, open, open + 1);
    }
    this.#space();
    if (this.text[this.#at] === ")") this.#fail("Nothing stands between ( and ).", open, this.#at + 1);
    if (this.#at >= this.text.length) this.#fail("A word is missing after (.", open, open + 1);
    const query = this.#either();
    if (this.text[this.#at] !== ")") this.#fail("A ) is missing for this (.", open, open + 1);
    this.#at++;
    this.#depth--;
    return query;
  }

  /** `sign` is where its "-" stands, or itself. */
  #term(sign: number): Term {
    const from = this.#at;
    const start = this.text[sign] === "-" ? sign : from;
    this.#terms++;
    const bare = this.#regex();
    if (bare) return { is: "term", test: { by: "anywhere", sought: bare }, from, to: this.#at };
    const { prefix, field, side, value, regex } = this.#typed(start);
    const to = this.#at;
    const text = this.text.slice(start, to);
    try {
      if (field) return { is: "term", test: testOf(field, { text, value, regex, side }), from, to };
      const word = prefix === null ? value : `${prefix}:${value}`;
      if (word === "") throw new RangeError(`A word is missing after ${text}.`);
      this.words.push({ prefix, value, typed: this.text.slice(from, to), isNeeded: true });
      return { is: "term", test: { by: "anywhere", sought: textOf(word) }, from, to };
    } catch (error) {
      if (error instanceof RangeError) this.#fail(error.message, start, to);
      throw error;
    }
  }

  /** Reads a term that is no bare expression. */
  #typed(start: number): {
    readonly prefix: string | null;
    readonly field: Field | null;
    readonly side: Side | null;
    readonly value: string;
    readonly regex: Sought | null;
  } {
    let value = "";
    let prefix: string | null = null;
    let known: { readonly field: Field; readonly side: Side | null } | null = null;
    let regex: Sought | null = null;
    let quoted = false;
    let open = 0;
    while (this.#at < this.text.length && !/\s/.test(this.text[this.#at])) {
      const char = this.text[this.#at];
      if (char === '"') {
        const close = this.text.indexOf('"', this.#at + 1);
        if (close < 0) {
          const rest = this.text.slice(start);
          this.#fail(`A quotation mark is missing after ${rest}.`, start, this.text.length);
        }
        value += this.text.slice(this.#at + 1, close);
        this.#at = close + 1;
        quoted = true;
        continue;
      }
      if (char === ")" && open === 0 && this.#depth > 0) break;
      if (char === "(") open++;
      if (char === ")") open--;
      this.#at++;
      if (char !== ":" || prefix !== null || quoted) {
        value += char;
        if (char === "=" && known?.field.takes === "header") regex = this.#regex();
        if (regex) break;
      } else {
        prefix = value;
        value = "";
        known = this.#field(prefix);
        if (known && takesRegex(known.field, this.text, this.#at)) regex = this.#regex();
        if (regex) break;
      }
    }
    return { prefix, field: known?.field ?? null, side: known?.side ?? null, value, regex };
  }

  #field(prefix: string): { readonly field: Field; readonly side: Side | null } | null {
    const read = /^(?:(request|response)\.)?([a-z]+)$/.exec(prefix.toLowerCase());
    const field = read && this.#fields.find(({ name }) => name === read[2]);
    if (!field || (read[1] !== undefined && !field.sided)) return null;
    return { field, side: (read[1] as Side | undefined) ?? null };
  }

  /** An expression that begins here; null where none does. Connections are not searched by any. */
  #regex(): Sought | null {
    if (this.table === "connection") return null;
    REGEX.lastIndex = UNCLOSED.lastIndex = this.#at;
    const found = REGEX.exec(this.text) ?? UNCLOSED.exec(this.text);
    if (!found) return null;
    const from = this.#at;
    this.#at += found[0].length;
    try {
      return regexOf(found[1], [...new Set(found[2])].join(""));
    } catch (error) {
      if (error instanceof RangeError) this.#fail(error.message, from, this.#at);
      throw error;
    }
  }

  /** Passes over `word` where it stands here as an operator. */
  #keyword(word: "and" | "or" | "not"): boolean {
    const end = this.#keywordEnd(word);
    if (end === null) return false;
    const from = this.#at;
    this.#at = end;
    this.#space();
    const nothing = this.#at >= this.text.length || this.text[this.#at] === ")";
    if (nothing) this.#missing(this.text.slice(from, end), from);
    return true;
  }

  #keywordEnd(word: string): number | null {
    const end = this.#at + word.length;
    const stands = this.text.slice(this.#at, end).toLowerCase() === word &&
      /^[\s()]?$/.test(this.text.charAt(end));
    return stands ? end : null;
  }

  #missing(word: string, from: number): never {
    this.#fail(`A word is missing after ${word}.`, from, from + word.length);
  }

  #space(): void {
    while (/\s/.test(this.text.charAt(this.#at))) this.#at++;
  }

  #fail(message: string, from: number, to: number): never {
    throw new Misread(message, from, to);
  }
}

/** Whether an expression may stand at `at`, after the field's colon. A path looks like one, so there it begins with ^. */
function takesRegex(field: Field, text: string, at: number): boolean {
  if (field.takes === "text") return field.name !== "path" || text.startsWith("/^", at);
  return field.takes === "bytes";
}
