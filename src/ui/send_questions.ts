// What a call asks to be sent: JSON with options, or the bytes of the request themselves with options in the query.

import type { Context } from "hono";
import { parseDestination } from "../address.ts";
import type { Address } from "../model.ts";
import { members, readBytes, readJson } from "./questions.ts";
import { Refusal } from "./refusal.ts";
import type { NewSend, ResendSettings, SendSettings } from "./sends.ts";

/** A request that is given has so many bytes at most; in JSON, its base64 has room. A recorded one has no limit. */
export const MOST_REQUEST = 64 * 1024 * 1024;
/** So many turns are sent at most. */
export const MOST_TURNS = 1_000;
/** The bounds of `quietMs` and `limitMs`. */
export const QUIET_MS = { least: 10, most: 60_000 } as const;
export const LIMIT_MS = { least: 100, most: 3_600_000 } as const;

/** Content types of a body that is the request itself. */
const BYTES = /^(application\/octet-stream|message\/http)\b/i;

const SETTINGS = [
  ...["request", "turns", "target", "fixContentLength", "endAfterTurns", "quietMs", "limitMs", "targetFirst"],
  ...["tls", "insecure"],
];
const RESEND = [...SETTINGS, "through", "before"];

type Asked = Readonly<Record<string, unknown>>;

/** The body of a resend, which may be empty: as it was recorded. */
export async function readResend(c: Context): Promise<ResendSettings> {
  const asked = await readAsked(c, RESEND, {});
  const through = asked.through ?? "target";
  if (through !== "target" && through !== "listener") {
    throw new Refusal(
      400,
      'Cannot send through that: it is neither "target" nor "listener". Give one of them.',
      "through",
    );
  }
  return {
    ...settingsOf(asked),
    turns: turnsOf(asked),
    through,
    target: asked.target === undefined ? null : targetOf(asked.target),
    before: flag(asked, "before", false),
    targetFirst: asked.targetFirst === undefined ? undefined : flag(asked, "targetFirst", false),
  };
}

/** The body of a request of the Sender's own. */
export async function readSend(c: Context): Promise<NewSend> {
  const asked = await readAsked(c, SETTINGS);
  const turns = turnsOf(asked);
  if (turns === null) {
    throw new Refusal(
      400,
      "Cannot send nothing: request is missing. Give it as a text or as base64.",
      "request",
    );
  }
  const targetFirst = flag(asked, "targetFirst", false);
  return { ...settingsOf(asked), turns, target: targetOf(asked.target), targetFirst };
}

async function readAsked(c: Context, known: readonly string[], otherwise?: unknown): Promise<Asked> {
  if (!BYTES.test(c.req.header("content-type") ?? "")) {
    const json = await readJson(c, otherwise, (MOST_REQUEST >> 2) * 6);
    return members(json, known);
  }
  const query = Object.entries(c.req.query()).map(([name, text]) => [name, inQuery(name, text)] as const);
  return { ...members(Object.fromEntries(query), known), request: await readBytes(c, MOST_REQUEST) };
}

/** A value in the query as it would be in JSON. */
function inQuery(name: string, text: string): unknown {
  if (name.endsWith("Ms")) return Number(text);
  if (name === "target" || name === "through") return text;
  return text === "1" || text === "true" ? true : text === "0" || text === "false" ? false : text;
}

function settingsOf(asked: Asked): Omit<SendSettings, "turns"> {
  return {
    fixContentLength: flag(asked, "fixContentLength", true),
    endAfterTurns: flag(asked, "endAfterTurns", false),
    quietMs: milliseconds(asked, "quietMs", QUIET_MS),
    limitMs: milliseconds(asked, "limitMs", LIMIT_MS),
    tls: asked.tls === undefined ? undefined : flag(asked, "tls", false),
    insecure: flag(asked, "insecure", false),
  };
}

/** `request` or `turns`; null where neither is given. */
function turnsOf({ request, turns }: Asked): Uint8Array[] | null {
  if (request !== undefined && turns !== undefined) {
    throw new Refusal(400, "Cannot send that: it has both request and turns. Give one of them.", "turns");
  }
  if (turns === undefined) return request === undefined ? null : [bytesOf(request, "request")];
  if (!Array.isArray(turns) || turns.length === 0 || turns.length > MOST_TURNS) {
    throw new Refusal(
      400,
      `Cannot send those turns: they are no list of them. Give a list of 1 to ${MOST_TURNS}.`,
      "turns",
    );
  }
  return turns.map((turn) => bytesOf(turn, "turns"));
}

/** A text, sent as UTF-8, or `{"base64": "…"}`. */
function bytesOf(value: unknown, field: string): Uint8Array {
  const bytes = value instanceof Uint8Array
    ? value
    : typeof value === "string"
    ? utf8(value, field)
    : base64(value, field);
  if (bytes.length > 0) return bytes;
  throw new Refusal(400, `Cannot send nothing: ${field} is empty. Give at least one byte.`, field);
}

function utf8(text: string, field: string): Uint8Array {
  if (text.isWellFormed()) return new TextEncoder().encode(text);
  throw new Refusal(400, `Cannot send ${field}: it has half a character. Give bytes as base64.`, field);
}

function base64(value: unknown, field: string): Uint8Array {
  const text = typeof value === "object" && value !== null
    ? (value as { base64?: unknown }).base64
    : undefined;
  if (typeof text === "string") {
    try {
      return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    } catch {
      throw new Refusal(400, `Cannot read ${field}: it is not base64 (RFC 4648, 4). Encode it again.`, field);
    }
  }
  throw new Refusal(
    400,
    `Cannot read ${field}: it is neither text nor base64. Give a text, or bytes as {"base64": "…"}.`,
    field,
  );
}

function targetOf(value: unknown): Address {
  if (typeof value !== "string") {
    throw new Refusal(
      400,
      "Cannot send: target is missing or not a text. Give HOST:PORT, such as localhost:80.",
      "target",
    );
  }
  try {
    return parseDestination(value);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal(400, error.message, "target");
    throw error;
  }
}

function flag(asked: Asked, name: string, otherwise: boolean): boolean {
  const value = asked[name] ?? otherwise;
  if (typeof value === "boolean") return value;
  throw new Refusal(400, `Cannot use ${name}: it is neither true nor false. Give one of them.`, name);
}

function milliseconds(
  asked: Asked,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const value = asked[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new Refusal(
    400,
    `Cannot use ${name}: it is out of its range. Give a number of milliseconds from ${least} to ${most}.`,
    name,
  );
}
