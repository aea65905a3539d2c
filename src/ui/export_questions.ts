// What a call of /api/export asks: which Exchanges, as what, with what masked. Checked as questions.ts does.

import type { Context } from "hono";
import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import type { ExportFormat, ExportQuery } from "../catalog/types.ts";
import { parseRules } from "../decode/redact/mod.ts";
import { checkIds, members, readJson, textOf, word, yes } from "./questions.ts";
import { Refusal } from "./refusal.ts";

/** An export, but for who makes it; `told` is the key under which its outcome is asked for, `name` what the file is called. */
export interface AskedExport extends Omit<ExportQuery, "application"> {
  readonly told?: string;
  readonly name?: string;
}

const FORMATS = Object.keys(EXPORT_FORMATS) as ExportFormat[];
const MEMBERS = ["format", "ids", "listener", "q", "bodies", "wholeConnections", "redact", "told", "name"];

/** `?format=&ids=e1,e2&listener=&q=&bodies=&wholeConnections=&redact=RULE&redact=RULE`, or the same as the JSON of a POST. */
export async function readExport(c: Context): Promise<AskedExport> {
  if (c.req.method !== "POST") {
    const ids = c.req.query("ids");
    const redact = c.req.queries("redact");
    return {
      format: formatOf(word(c, "format")),
      ...(ids === undefined
        ? { listener: word(c, "listener"), q: word(c, "q") }
        : { ids: checkIds(ids.split(",")) }),
      ...(c.req.query("bodies") === undefined ? {} : { bodies: yes(c, "bodies") }),
      ...(yes(c, "wholeConnections") ? { wholeConnections: true } : {}),
      ...(redact === undefined ? {} : { redact: rulesOf(redact) }),
      ...(c.req.query("told") === undefined ? {} : { told: word(c, "told") }),
      ...(c.req.query("name") === undefined ? {} : { name: word(c, "name") }),
    };
  }
  const asked = members(await readJson(c, {}), MEMBERS);
  const { ids, q } = asked;
  const [bodies, wholeConnections] = [
    flagOf(asked.bodies, "bodies"),
    flagOf(asked.wholeConnections, "wholeConnections"),
  ];
  return {
    format: formatOf(asked.format ?? word(c, "format")),
    listener: textOf(asked.listener, "listener"),
    ...(ids === undefined ? { q: textOf(q, "q") } : { ids: checkIds(ids) }),
    ...(bodies === undefined ? {} : { bodies }),
    ...(wholeConnections === undefined ? {} : { wholeConnections }),
    ...(asked.redact === undefined ? {} : { redact: rulesOf(textsOf(asked.redact, "redact")) }),
    ...(asked.told === undefined ? {} : { told: textOf(asked.told, "told") }),
    ...(asked.name === undefined ? {} : { name: textOf(asked.name, "name") }),
  };
}

function formatOf(value: unknown): ExportFormat {
  const format = FORMATS.find((known) => known === value);
  if (format !== undefined) return format;
  const given = value === undefined ? "it: no format is given" : `it as ${JSON.stringify(value)}`;
  throw new Refusal(400, `Cannot export ${given}. Give one of ${FORMATS.join(", ")}.`, "format");
}

function flagOf(value: unknown, field: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  throw new Refusal(400, `Cannot use ${field}: it is neither true nor false. Give one of them.`, field);
}

/** Rules that can be read; what is wrong with another one is said beside its field. */
function rulesOf(texts: readonly string[]): readonly string[] {
  try {
    parseRules(texts);
    return texts;
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(400, error.message, "redact");
    throw error;
  }
}

function textsOf(value: unknown, field: string): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new Refusal(400, `Cannot use ${field}: it is not a list of texts. Give one, or leave it out.`, field);
}

/** A preview looks through so many Exchanges unless asked for others, and at most so many. */
const FIRST = 100;
const MOST_FIRST = 10_000;

/** `?first=`: in how many Exchanges a preview looks. */
export function readFirst(c: Context): number {
  const given = c.req.query("first");
  if (given === undefined) return FIRST;
  const first = /^[0-9]{1,6}$/.test(given) ? Number(given) : 0;
  if (first >= 1 && first <= MOST_FIRST) return first;
  throw new Refusal(
    400,
    `Cannot look through ${JSON.stringify(given.slice(0, 20))} exchanges. Give 1 to 10000.`,
    "first",
  );
}
