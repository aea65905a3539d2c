// What could be typed next at a place of a filter: fields, and what stands after their colons. Pure.

import { type Field, fieldsOf } from "./fields.ts";
import type { FilteredTable } from "./types.ts";

/** A completion: `text` from `from` to `to` becomes `insert`. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** What it does, one sentence. */
  readonly help: string;
}

/** What stands after a colon in place of a list of choices: beginnings that are often wanted. */
const BEGINNINGS: Readonly<Record<string, readonly string[]>> = {
  status: ["2xx", "3xx", "4xx", "5xx", ">=400"],
  method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  time: [">100ms", ">1s", ">10s"],
  wait: [">100ms", ">1s"],
  size: [">10kB", ">1MB"],
  since: ["10min", "1h", "today"],
  before: ["10min", "1h", "today"],
  on: ["today", "yesterday"],
  header: ["content-type=", "authorization", "soapaction", "cookie", "set-cookie", "location"],
};

/** The completions at `caret`, the likeliest first; none within quotation marks and expressions. */
export function completionsAt(text: string, caret: number, table: FilteredTable = "exchange"): Completion[] {
  const before = text.slice(0, caret);
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return [];
  const word = before.slice(wordStart(before));
  const typed = word.replace(/^-/, "");
  if (typed.startsWith("/")) return [];
  const to = caret + /^[^\s()":]*/.exec(text.slice(caret))![0].length;
  const colon = typed.indexOf(":");
  const from = caret - typed.length;
  if (colon < 0) return fieldNames(typed, table).map((name) => ({ from, to, ...name }));
  const prefix = /^(?:(request|response)\.)?([a-z]+)$/.exec(typed.slice(0, colon).toLowerCase());
  const field = prefix &&
    fieldsOf(table).find(({ name, sided }) => name === prefix[2] && (sided || !prefix[1]));
  if (!field) return [];
  return values(field, typed.slice(colon + 1)).map((value) => ({ from: from + colon + 1, to, ...value }));
}

/** Where the word begins that a text ends with. Searched from its end: an expression would begin at each character. */
function wordStart(text: string): number {
  let at = text.length;
  while (at > 0 && !/[\s()"]/.test(text[at - 1])) at--;
  return at;
}

function fieldNames(
  typed: string,
  table: FilteredTable,
): { readonly insert: string; readonly help: string }[] {
  const wanted = typed.toLowerCase();
  return fieldsOf(table).flatMap(({ name, help, sided }) => {
    const sides = sided && wanted.startsWith("re") ? ["request.", "response."] : [];
    return ["", ...sides].map((side) => ({ insert: `${side}${name}:`, help }));
  }).filter(({ insert }) => insert.startsWith(wanted));
}

function values(field: Field, typed: string): { readonly insert: string; readonly help: string }[] {
  const wanted = typed.toLowerCase();
  const known = field.choices
    ? Object.entries(field.choices)
    : (BEGINNINGS[field.name] ?? []).map((value) => [value, field.help] as const);
  return known.filter(([value]) => value.toLowerCase().startsWith(wanted) && value !== typed)
    .map(([insert, help]) => ({ insert, help }));
}
