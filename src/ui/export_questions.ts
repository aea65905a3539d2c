// What a call of /api/export asks: which Exchanges, as what, with what masked. Checked as questions.ts does.

import type { Context } from "hono";
import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import type { ExportFormat, ExportQuery } from "../catalog/types.ts";
import { checkIds, members, readJson, textOf, word, yes } from "./questions.ts";
import { Refusal } from "./refusal.ts";

/** An export, but for who makes it. */
export type AskedExport = Omit<ExportQuery, "application">;

const FORMATS = Object.keys(EXPORT_FORMATS) as ExportFormat[];
const MEMBERS = ["format", "ids", "listener", "q", "bodies", "wholeConnections", "redact"];

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
      ...(redact === undefined ? {} : { redact }),
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
    ...(asked.redact === undefined ? {} : { redact: textsOf(asked.redact, "redact") }),
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

function textsOf(value: unknown, field: string): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new Refusal(400, `Cannot use ${field}: it is not a list of texts. Give one, or leave it out.`, field);
}
