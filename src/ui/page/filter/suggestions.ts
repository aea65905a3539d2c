// What is offered under the filter box while one types: earlier filters, fields, values and examples; and what is said of
// the field that is being typed. Pure. The language itself is in decode/query.

import { completionsAt, type Field, fieldsOf } from "../../../decode/query/mod.ts";

/** Something that can be taken: `insert` comes in the place of what stands from `from` to `to`. */
export interface Suggestion {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** What it is or does; "" where it says all itself. */
  readonly help: string;
  /** Whether more is to be typed after it. */
  readonly goesOn: boolean;
}

/** Suggestions of one kind. */
export interface SuggestionGroup {
  readonly name: "Earlier filters" | "Fields" | "In this table" | "Values" | "Examples";
  readonly list: readonly Suggestion[];
}

/** What is offered. */
export interface Suggestions {
  readonly groups: readonly SuggestionGroup[];
  /** The field whose value is being typed; null elsewhere. */
  readonly field: Field | null;
}

/** Values of the rows at hand, by field, the most frequent first. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

/** More of one kind are not offered. */
const MOST_VALUES = 8;

/** Nothing. */
export const NONE: Suggestions = { groups: [], field: null };

/** The suggestions at `caret`. `isAsked`: also where nothing has been typed of a term yet. */
export function suggestionsFor(
  text: string,
  caret: number,
  { earlier, known, isAsked }: {
    readonly earlier: readonly string[];
    readonly known: KnownValues;
    readonly isAsked: boolean;
  },
): Suggestions {
  const isEmpty = text.trim() === "";
  const word = wordAt(text, caret);
  if (word === null || (!isEmpty && !isAsked && word.typed === "")) return NONE;
  const completions = completionsAt(text, caret).map((one) => ({
    ...one,
    goesOn: /[:=]$/.test(one.insert),
  }));
  if (word.field === null) {
    const past = isEmpty
      ? earlier.map((insert) => ({ from: 0, to: text.length, insert, help: "", goesOn: false }))
      : [];
    return { groups: filled([["Earlier filters", past], ["Fields", completions]]), field: null };
  }
  const { field, value, from, to, start } = word;
  const offered = new Set(completions.map(({ insert }) => insert.toLowerCase()));
  const seen = (known[field.name] ?? [])
    .filter((one) => isMeant(one, value, field) && !offered.has(one.toLowerCase()))
    .slice(0, MOST_VALUES)
    .map((one) => ({ from, to, insert: quoted(one), help: "", goesOn: false }));
  const examples = (value === "" && field.choices === undefined ? field.examples : [])
    .filter((insert) => !offered.has(insert.slice(field.name.length + 1).toLowerCase()))
    .map((insert) => ({ from: start, to, insert, help: "", goesOn: false }));
  const usual = completions.filter(({ insert }) => insert.toLowerCase() !== value.toLowerCase())
    // What the field takes is said once.
    .map((one) => one.help === field.help ? { ...one, help: "" } : one);
  const groups = filled([["In this table", seen], ["Values", usual], ["Examples", examples]]);
  return { groups, field };
}

function filled(
  groups: readonly (readonly [SuggestionGroup["name"], readonly Suggestion[]])[],
): SuggestionGroup[] {
  return groups.filter(([, list]) => list.length > 0).map(([name, list]) => ({ name, list }));
}

/** Numbers are found from their beginning, texts wherever they hold what is typed. */
function isMeant(one: string, value: string, { takes }: Field): boolean {
  const [known, wanted] = [one.toLowerCase(), value.toLowerCase()];
  if (known === wanted) return false;
  return takes === "text" ? known.includes(wanted) : known.startsWith(wanted);
}

/** As it must be typed. */
function quoted(value: string): string {
  return /[\s()"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
}

type WordAt = {
  /** What has been typed of the term, without its "-". */
  readonly typed: string;
  /** Null where no field's value is being typed. */
  readonly field: null;
} | {
  readonly typed: string;
  readonly field: Field;
  readonly value: string;
  /** Where the term begins, and its value begins and ends. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
};

/** The term at `caret`; null within quotation marks and expressions. */
function wordAt(text: string, caret: number): WordAt | null {
  const before = text.slice(0, caret);
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return null;
  const typed = (/[^\s()"]*$/.exec(before)?.[0] ?? "").replace(/^-/, "");
  if (typed.startsWith("/")) return null;
  const [, side, name, value] = /^(?:(request|response)\.)?([a-z]+):(.*)$/is.exec(typed) ?? [];
  const field = name === undefined
    ? undefined
    : fieldsOf("exchange").find((one) =>
      one.name === name.toLowerCase() && (one.sided || side === undefined)
    );
  if (field === undefined) return { typed, field: null };
  const to = caret + (/^[^\s()"]*/.exec(text.slice(caret))?.[0].length ?? 0);
  return { typed, field, value, start: caret - typed.length, from: caret - value.length, to };
}
