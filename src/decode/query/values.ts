// What stands after a field's colon → a test. Every reader throws RangeError, in words for the user.

import type { Field } from "./fields.ts";
import type { Moment, Operator, Quality, Side, Sought, Test } from "./types.ts";

/** A longer text or expression is not looked for, in UTF-16 units. */
export const MOST_SOUGHT = 1_000;

/** What was typed of a term. */
export interface Typed {
  /** All of it, with a "-" before it: for errors. */
  readonly text: string;
  /** What stands after the colon, without quotation marks. */
  readonly value: string;
  /** What stood there as an expression between slashes; null where it was none. */
  readonly regex: Sought | null;
  readonly side: Side | null;
}

const TIMES = [["ms", 1], ["s", 1000], ["min", 60_000]] as const;
const SIZES = [["B", 1], ["kB", 1e3], ["MB", 1e6], ["GB", 1e9]] as const;
const AGES: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** The test that a field and what stands after it make. Throws RangeError. */
export function testOf(field: Field, typed: Typed): Test {
  const { value, text, side } = typed;
  if (value === "" && !typed.regex) throw new RangeError(`${field.needs} is missing after ${text}.`);
  const sought = () => typed.regex ?? textOf(value);
  switch (field.takes) {
    case "status":
      return status(value, text);
    case "method":
      return { by: "equals", column: "method", value };
    case "time":
      return {
        by: "number",
        column: field.name === "wait" ? "firstByte" : "elapsed",
        ...comparing(value, TIMES, text),
      };
    case "size":
      return {
        by: "number",
        column: side === "request" ? "requestBytes" : "responseBytes",
        ...comparing(value, SIZES, text),
      };
    case "moment":
      return { by: "began", when: field.name === "before" ? "before" : "since", moment: moment(value, text) };
    case "day":
      return { by: "began", when: "on", moment: day(value, text) };
    case "choice":
      return choice(field, typed);
    case "header":
      return header(typed);
    case "bytes":
      return { by: "bytes", sought: typed.regex ?? hexadecimal(value, text), side };
    case "id":
      if (/^e\d{1,15}$/i.test(value)) return { by: "equals", column: "id", value: value.toLowerCase() };
      throw new RangeError(`${text} has no id such as e12 after its colon.`);
    case "text":
      switch (field.name) {
        case "body":
          return { by: "body", sought: sought(), side };
        case "host":
          return { by: "host", sought: sought() };
        case "client":
          return { by: "column", column: "client", sought: sought() };
        case "target":
          return { by: "column", column: "target", sought: sought() };
        default:
          return { by: "column", column: "url", sought: sought() };
      }
  }
}

/** A text as something to look for. Throws RangeError where it is too long. */
export function textOf(text: string): Sought {
  if (text.length <= MOST_SOUGHT) return { is: "text", text };
  throw new RangeError(
    `Cannot search for ${text.length} characters: at most ${MOST_SOUGHT} are looked for. Shorten the text.`,
  );
}

/** An expression as something to look for: with Unicode's rules, or, where it does not keep to them, without. */
export function regexOf(source: string, flags: string): Sought {
  if (source.length > MOST_SOUGHT) textOf(source);
  try {
    return { is: "regex", source, flags: new RegExp(source, `${flags}u`).flags };
  } catch {
    try {
      return { is: "regex", source, flags: new RegExp(source, flags).flags };
    } catch (error) {
      const why = error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /s, "") : String(error);
      throw new RangeError(`/${source}/ is no regular expression: ${why}.`);
    }
  }
}

/** `404`, `4xx`, `>=500` (RFC 9110, 15: the first digit is the class). */
function status(value: string, term: string): Test {
  const family = /^([1-9])xx$/i.exec(value);
  if (family) return { by: "statusClass", first: +family[1] * 100 };
  const { operator, rest } = comparison(value);
  if (rest === "") throw new RangeError(`A number is missing after ${term}.`);
  if (!/^\d{1,9}$/.test(rest)) {
    throw new RangeError(`${term} has no number such as 404 or 4xx after its colon.`);
  }
  return { by: "number", column: "status", operator, value: Number(rest) };
}

/** `>1s`, `<=250ms`: a number with a unit. The first unit is meant where there is none, and is what it is given in. */
function comparing(
  text: string,
  units: readonly (readonly [string, number])[],
  term: string,
): { readonly operator: Operator; readonly value: number } {
  const names = units.map(([name]) => name).join(", ");
  const { operator, rest } = comparison(text);
  if (rest === "") throw new RangeError(`A number is missing after ${term}.`);
  const read = /^(\d+(?:\.\d*)?|\.\d+)([a-z]*)$/i.exec(rest);
  if (!read) throw new RangeError(`${term} has no number with a unit (${names}) after its colon.`);
  const unit = read[2].toLowerCase() || units[0][0].toLowerCase();
  const scale = units.find(([name]) => name.toLowerCase() === unit)?.[1];
  if (scale === undefined) throw new RangeError(`The unit in ${term} is none of ${names}.`);
  return { operator, value: Number(read[1]) * scale };
}

function comparison(value: string): { readonly operator: Operator; readonly rest: string } {
  const operator = /^(?:>=|<=|>|<|=)/.exec(value)?.[0] ?? "";
  return { operator: (operator || "=") as Operator, rest: value.slice(operator.length) };
}

function choice(field: Field, { value, text, side }: Typed): Test {
  const chosen = value.toLowerCase();
  const known = Object.keys(field.choices ?? {});
  if (!known.includes(chosen)) {
    throw new RangeError(`${text} is none of ${known.map((one) => `${field.name}:${one}`).join(", ")}.`);
  }
  switch (field.name) {
    case "has":
      if (side && chosen !== "body") {
        throw new RangeError(`${text} has no meaning for one side: write has:${chosen}.`);
      }
      return { by: "has", possession: chosen as "fault" | "body" | "request" | "response", side };
    case "is":
      if (side && chosen !== "cut" && chosen !== "rewritten") {
        throw new RangeError(`${text} has no meaning for one side: write is:${chosen}.`);
      }
      if (["open", "done", "failed"].includes(chosen)) {
        return { by: "equals", column: "state", value: chosen };
      }
      return { by: "is", quality: chosen as Quality, side };
    case "protocol":
      return { by: "equals", column: "protocol", value: chosen };
    default:
      return { by: "equals", column: "state", value: chosen };
  }
}

/** `name`, `name=value`, `"name: value"`, `name=/expression/`; names are tokens (RFC 9110, 5.6.2). */
function header({ value, text, side, regex }: Typed): Test {
  const divided = /^([^=:]*)(?:([=:])\s*([^]*))?$/.exec(value);
  const name = divided?.[1].trim() ?? "";
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    throw new RangeError(`${text} has no name of a header field after its colon.`);
  }
  const given = divided?.[3] ?? "";
  if (divided?.[2] !== undefined && given === "" && !regex) {
    throw new RangeError(`A text is missing after ${text}.`);
  }
  return {
    by: "header",
    name: name.toLowerCase(),
    value: regex ?? (given === "" ? null : textOf(given)),
    side,
  };
}

/** `de ad be ef`, `deadbeef`, `0xdeadbeef`, `de:ad:be:ef`. */
function hexadecimal(value: string, term: string): Sought {
  const digits = value.replace(/^0x/i, "").replaceAll(/[\s:_-]/g, "");
  if (digits === "" || /[^0-9a-f]/i.test(digits)) {
    throw new RangeError(`${term} has no bytes in hexadecimal, such as "de ad be ef", after its colon.`);
  }
  if (digits.length % 2 !== 0) throw new RangeError(`${term} has half a byte: every byte has two digits.`);
  if (digits.length > 2 * MOST_SOUGHT) textOf(digits);
  return { is: "bytes", bytes: Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16)) };
}

const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2}))?`;
const DATE = String.raw`(\d{4})-(\d{2})-(\d{2})`;

/** `10min`, `14:03`, `14:03:22`, `2026-11-27`, `2026-11-27T14:03`, and what `day` knows. */
function moment(value: string, term: string): Moment {
  const age = /^(\d+(?:\.\d+)?)(s|min|h|d)$/i.exec(value);
  if (age) return { ago: Number(age[1]) * AGES[age[2].toLowerCase()] };
  const clock = new RegExp(`^${CLOCK}$`).exec(value);
  if (clock) return { ...time(clock.slice(1), term) };
  const both = new RegExp(`^${DATE}[T ]${CLOCK}$`).exec(value);
  if (both) return { ...date(both.slice(1), term), ...time(both.slice(4), term) };
  const read = dayOf(value, term);
  if (read) return read;
  throw new RangeError(
    `${term} has no time such as 10min, 14:03, today or 2026-11-27T14:03 after its colon.`,
  );
}

function day(value: string, term: string): Moment {
  const read = dayOf(value, term);
  if (read) return read;
  throw new RangeError(`${term} has no day such as today, yesterday or 2026-11-27 after its colon.`);
}

type Day = { readonly year: number; readonly month: number; readonly day: number };

const MIDNIGHT = { hour: 0, minute: 0, second: 0 };

function dayOf(value: string, term: string): Moment | null {
  if (/^today$/i.test(value)) return MIDNIGHT;
  if (/^yesterday$/i.test(value)) return { ...MIDNIGHT, hour: -24 };
  const read = new RegExp(`^${DATE}$`).exec(value);
  return read && { ...date(read.slice(1), term), ...MIDNIGHT };
}

function date(parts: readonly string[], term: string): { readonly date: Day } {
  const [year, month, day] = parts.slice(0, 3).map(Number);
  const then = new Date(Date.UTC(year, month - 1, day));
  if (then.getUTCMonth() !== month - 1 || then.getUTCDate() !== day) {
    throw new RangeError(`${term} has a date that is not in the calendar.`);
  }
  return { date: { year, month, day } };
}

function time(parts: readonly (string | undefined)[], term: string): typeof MIDNIGHT {
  const [hour, minute, second] = parts.slice(0, 3).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) {
    throw new RangeError(`${term} has a time that is not on the clock.`);
  }
  return { hour, minute, second };
}

/** When a moment is, in ms since the epoch, where it is now `now`. Times of the clock are local. */
export function instantOf(moment: Moment, now: number): number {
  if ("ago" in moment) return now - moment.ago;
  const today = new Date(now);
  const { year, month, day } = moment.date ??
    { year: today.getFullYear(), month: today.getMonth() + 1, day: today.getDate() };
  // A day before is counted in days, not in hours: days on which the clocks change have 23 or 25.
  const back = moment.hour < 0 ? 1 : 0;
  return new Date(year, month - 1, day - back, Math.max(0, moment.hour), moment.minute, moment.second)
    .getTime();
}

/** The first and one past the last ms of the day that a moment is in. */
export function dayAround(moment: Moment, now: number): readonly [from: number, to: number] {
  const at = new Date(instantOf(moment, now));
  const start = (days: number) => new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime();
  return [start(0), start(1)];
}
