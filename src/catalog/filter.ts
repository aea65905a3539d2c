// The filter language: what is typed into the page's filter box → a condition of SQL with its parameters. Pure.
// Terms are divided by white space and all of them must hold; "-" before a term turns it round. A term is a word or
// "quoted text", looked for in what the table shows, or FIELD:VALUE. A prefix that is no field is part of a word, so
// that localhost:8080 and http://… can be typed as they are. Letters A to Z match in either case.

import { nearest } from "../nearest.ts";

/** A condition for a WHERE clause: every "?" stands for the parameter of the same position. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** A filter of more terms is refused: SQLite would refuse the condition that they make, in its own words. */
const MOST_TERMS = 50;

/** What is filtered. */
export type FilteredTable = "exchange" | "connection";

/** The condition that every row fulfils. */
export const EVERYTHING: Condition = { sql: "1", parameters: [] };

interface Field {
  /** For errors: "A number is missing after status:." */
  readonly needs: string;
  /** The condition for what stands after the colon; `term` is the whole term, for errors. Throws RangeError. */
  condition(value: string, term: string): Condition;
}

/** What words are looked for in, by table. */
const SHOWN: Readonly<Record<FilteredTable, readonly string[]>> = {
  exchange: ["client", "target", "method", "url", "status", "summary", "fault", "state"],
  connection: ["client", "target", "target_address", "via", "state", "how", "error"],
};

const TIMES = [["ms", 1], ["s", 1000], ["min", 60_000]] as const;
const SIZES = [["B", 1], ["kB", 1e3], ["MB", 1e6], ["GB", 1e9]] as const;

const COMMON = {
  client: { needs: "An address", condition: (value: string) => contains(["client"], value) },
  target: { needs: "An address", condition: (value: string) => contains(["target"], value) },
};

const FIELDS: Readonly<Record<FilteredTable, Readonly<Record<string, Field>>>> = {
  exchange: {
    ...COMMON,
    status: { needs: "A number", condition: status },
    method: {
      needs: "A method",
      condition: (value) => ({ sql: "method = ? COLLATE NOCASE", parameters: [value] }),
    },
    protocol: { needs: "A protocol", condition: oneOf("protocol", ["http", "tcp", "tls"]) },
    path: { needs: "A path", condition: (value) => contains(["url"], value) },
    state: { needs: "A state", condition: oneOf("state", ["open", "done", "failed"]) },
    time: { needs: "A time", condition: comparing("elapsed_ms", TIMES) },
    size: { needs: "A size", condition: comparing("response_bytes", SIZES) },
  },
  connection: {
    ...COMMON,
    state: { needs: "A state", condition: oneOf("state", ["open", "closed", "failed"]) },
  },
};

/** Reads a filter. Throws RangeError, in words for the user, where it is not one. */
export function parseFilter(text: string, table: FilteredTable = "exchange"): Condition {
  const terms = divide(text);
  if (terms.length > MOST_TERMS) {
    throw new RangeError(
      `The filter has ${terms.length} terms: at most ${MOST_TERMS} can be used. Shorten it.`,
    );
  }
  const conditions = terms.map((term) => conditionOf(term, table));
  if (conditions.length === 0) return EVERYTHING;
  return {
    sql: conditions.map(({ sql }) => sql).join(" AND "),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/**
 * In words, what in a filter was taken for text and may have been meant as a field, such as "stat:404"; null where
 * nothing was, and for what is no filter. An address or a URL is meant as it stands.
 */
export function meantAsField(text: string): string | null {
  let terms: Term[];
  try {
    terms = divide(text);
  } catch {
    return null;
  }
  const known = Object.keys(FIELDS.exchange);
  for (const { prefix, value } of terms) {
    if (prefix === null || !/^[a-z_-]{2,}$/i.test(prefix) || value.startsWith("//")) continue;
    const name = prefix.toLowerCase();
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    if (meant === null && /^\d+(\/|$)/.test(value)) continue;
    return `“${prefix}:” is no field, so the text “${prefix}:${value}” was looked for. ` +
      (meant === null ? `Fields are ${known.join(", ")}.` : `Write ${meant}: for that field.`);
  }
  return null;
}

interface Term {
  /** As it was typed. */
  readonly text: string;
  readonly negated: boolean;
  /** What stands before the colon; null where there is no colon outside quotation marks. */
  readonly prefix: string | null;
  /** The rest, without quotation marks. */
  readonly value: string;
}

function divide(text: string): Term[] {
  const terms: Term[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    if (at >= text.length) return terms;
    const start = at;
    const negated = text[at] === "-";
    if (negated) at++;
    let value = "";
    let prefix: string | null = null;
    while (at < text.length && !/\s/.test(text[at])) {
      if (text[at] === '"') {
        const close = text.indexOf('"', at + 1);
        if (close < 0) throw new RangeError(`A quotation mark is missing after ${text.slice(start)}.`);
        value += text.slice(at + 1, close);
        at = close + 1;
      } else {
        if (text[at] === ":" && prefix === null && !text.slice(start, at).includes('"')) {
          prefix = value;
          value = "";
        } else {
          value += text[at];
        }
        at++;
      }
    }
    terms.push({ text: text.slice(start, at), negated, prefix, value });
  }
}

function conditionOf(term: Term, table: FilteredTable): Condition {
  const name = term.prefix?.toLowerCase() ?? "";
  const field = Object.hasOwn(FIELDS[table], name) ? FIELDS[table][name] : null;
  const value = field || term.prefix === null ? term.value : `${term.prefix}:${term.value}`;
  if (value === "") {
    throw new RangeError(`${field ? field.needs : "A word"} is missing after ${term.text}.`);
  }
  const { sql, parameters } = field ? field.condition(value, term.text) : contains(SHOWN[table], value);
  // What is null is not so: of a row without a status, status:404 is false and -status:404 true.
  return { sql: term.negated ? `NOT coalesce(${sql}, 0)` : `(${sql})`, parameters };
}

function contains(columns: readonly string[], text: string): Condition {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const any = columns.map((column) => `coalesce(${column}, '') LIKE ? ESCAPE '\\'`).join(" OR ");
  return { sql: `(${any})`, parameters: columns.map(() => pattern) };
}

/** `404`, `4xx`, `>=500` (RFC 9110, 15: the first digit is the class). */
function status(value: string, term: string): Condition {
  const family = /^([1-9])xx$/i.exec(value);
  if (family) return { sql: "status BETWEEN ? AND ?", parameters: [+family[1] * 100, +family[1] * 100 + 99] };
  const { operator, rest } = comparison(value);
  if (rest === "") throw new RangeError(`A number is missing after ${term}.`);
  if (!/^\d{1,9}$/.test(rest)) {
    throw new RangeError(`${term} has no number such as 404 or 4xx after its colon.`);
  }
  return { sql: `status ${operator} ?`, parameters: [Number(rest)] };
}

/** One of the values that a column has. */
function oneOf(column: "state" | "protocol", values: readonly string[]): Field["condition"] {
  return (value, term) => {
    const wanted = value.toLowerCase();
    if (values.includes(wanted)) return { sql: `${column} = ?`, parameters: [wanted] };
    throw new RangeError(`${term} is none of ${values.map((known) => `${column}:${known}`).join(", ")}.`);
  };
}

/** `>1s`, `<=250ms`: a number with a unit, compared with a column. The first unit is the column's own. */
function comparing(column: string, units: readonly (readonly [string, number])[]): Field["condition"] {
  const names = units.map(([name]) => name).join(", ");
  return (value, term) => {
    const { operator, rest } = comparison(value);
    if (rest === "") throw new RangeError(`A number is missing after ${term}.`);
    const read = /^(\d+(?:\.\d*)?|\.\d+)([a-z]*)$/i.exec(rest);
    if (!read) throw new RangeError(`${term} has no number with a unit (${names}) after its colon.`);
    const unit = read[2].toLowerCase() || units[0][0].toLowerCase();
    const scale = units.find(([name]) => name.toLowerCase() === unit)?.[1];
    if (scale === undefined) throw new RangeError(`The unit in ${term} is none of ${names}.`);
    return { sql: `${column} ${operator} ?`, parameters: [Number(read[1]) * scale] };
  };
}

function comparison(value: string): { readonly operator: string; readonly rest: string } {
  const operator = /^(?:>=|<=|>|<|=)/.exec(value)?.[0] ?? "";
  return { operator: operator || "=", rest: value.slice(operator.length) };
}
