// What a request asks: its query and its JSON body, checked. What cannot be meant is refused with status 400
// and the name of the wrong input; parameters that nobody knows are passed over.

import type { Context } from "hono";
import { MOST_SOUGHT } from "../catalog/find.ts";
import { SORT_KEYS } from "../catalog/sorting.ts";
import type {
  DiffQuery,
  ExchangeQuery,
  FindQuery,
  ListQuery,
  SortOrder,
  ViewQuery,
} from "../catalog/types.ts";
import type { ViewKind } from "../decode/views/types.ts";
import { Refusal } from "./refusal.ts";

/** The ways to lay out a Message, as the API names them. */
export const VIEW_KINDS: readonly (ViewKind | "auto")[] = [
  "auto",
  "xml",
  "json",
  "form",
  "tls",
  "hex",
  "text",
  "raw",
];

/** The two orders of a sort, as the API names them. */
export const SORT_ORDERS: readonly SortOrder[] = ["asc", "desc"];

/** More rows than this are not given at once. */
export const MOST_ROWS = 1_000;
/** More lines than this are not given at once. */
export const MOST_LINES = 5_000;
/** Equal lines on each side of a change in a difference, unless more are wanted … */
export const CONTEXT = 3;
/** … up to this many. */
export const MOST_CONTEXT = 1_000;
/** A longer parameter is refused. */
export const MOST_TEXT = 10_000;
/** A body of more bytes is refused: the ids of 10,000 rows have room. */
export const MOST_BODY = 1_048_576;

/** Which Message a call is about. */
export type Side = "request" | "response";

/** `?listener=&q=&before=&offset=&limit=` */
export function readListQuery(c: Context): ListQuery {
  return {
    listener: word(c, "listener"),
    q: word(c, "q"),
    before: word(c, "before"),
    offset: whole(c, "offset", 0, Number.MAX_SAFE_INTEGER),
    limit: whole(c, "limit", 1, MOST_ROWS),
  };
}

/** `?connection=&sort=&order=` besides what readListQuery reads. */
export function readExchangeQuery(c: Context): ExchangeQuery {
  const sort = oneOf(c, "sort", SORT_KEYS);
  const order = oneOf(c, "order", SORT_ORDERS);
  const query = { ...readListQuery(c), connection: connectionOf(c), sort, order };
  const newestFirst = (sort ?? "time") === "time" && (order ?? "desc") === "desc";
  if (query.before === undefined || newestFirst) return query;
  throw new Refusal(
    400,
    "Cannot begin before an id in another order than the newest first. Give an offset.",
    "before",
  );
}

/** `?as=&from=&lines=`; `lines` is undefined where it is not given. */
export function readViewQuery(
  c: Context,
  exchange: string,
  side: Side,
): Omit<ViewQuery, "lines"> & { readonly lines?: number } {
  return {
    exchange,
    side,
    as: viewKind(c),
    ...(yes(c, "sent") ? { sent: true } : {}),
    from: whole(c, "from", 0, Number.MAX_SAFE_INTEGER) ?? 0,
    lines: whole(c, "lines", 1, MOST_LINES),
  };
}

/** `?as=&text=&case=&regex=` */
export function readFindQuery(c: Context, exchange: string, side: Side): FindQuery {
  const text = word(c, "text", MOST_SOUGHT);
  if (text === undefined) {
    throw new Refusal(400, "Cannot look for nothing: text is missing. Give it as ?text=WORDS.", "text");
  }
  const sent = yes(c, "sent") ? { sent: true } : {};
  const [caseSensitive, regex] = [yes(c, "case"), yes(c, "regex")];
  return { exchange, side, as: viewKind(c), ...sent, text, caseSensitive, regex };
}

/** `?with=&side=&withSide=&sent=&withSent=&as=&context=&structure=`; `with` is undefined where it is not given. */
export function readDiffQuery(
  c: Context,
  exchange: string,
): Omit<DiffQuery, "with"> & { readonly with?: string } {
  const withSide = sideOf(c, "withSide");
  return {
    exchange,
    with: word(c, "with"),
    side: sideOf(c, "side") ?? "request",
    ...(withSide === undefined ? {} : { withSide }),
    ...(yes(c, "sent") ? { sent: true } : {}),
    ...(yes(c, "withSent") ? { withSent: true } : {}),
    as: viewKind(c),
    context: whole(c, "context", 0, MOST_CONTEXT) ?? CONTEXT,
    ...(yes(c, "structure") ? { structure: true } : {}),
  };
}

function sideOf(c: Context, name: string): Side | undefined {
  const side = word(c, name);
  if (side === undefined || side === "request" || side === "response") return side;
  throw new Refusal(
    400,
    'Cannot compare that side: it is neither "request" nor "response". Give one of them.',
    name,
  );
}

/** Which Exchanges to save: these, whose listener then only counts for the file's name, or all that match. */
export interface Saved {
  readonly ids?: readonly string[];
  readonly listener?: string;
  readonly q?: string;
}

/** `?ids=e1,e2` or `?listener=&q=`, or the same as the JSON of a POST: `{ids}`, `{listener, q}`. */
export async function readSaved(c: Context): Promise<Saved> {
  const as = word(c, "as") ?? "text";
  if (as !== "text") {
    throw new Refusal(
      400,
      `Cannot save it as ${JSON.stringify(as)}: there is no such format. Give text.`,
      "as",
    );
  }
  if (c.req.method !== "POST") {
    const ids = c.req.query("ids");
    const saved = { listener: word(c, "listener"), q: word(c, "q") };
    return ids === undefined ? saved : { ids: checkIds(ids.split(",")) };
  }
  const { ids, listener, q } = members(await readJson(c, {}), ["ids", "listener", "q"]);
  if (ids !== undefined) return { ids: checkIds(ids), listener: textOf(listener, "listener") };
  return { listener: textOf(listener, "listener"), q: textOf(q, "q") };
}

/** A list of Exchanges' ids. */
export function checkIds(ids: unknown): string[] {
  if (
    Array.isArray(ids) && ids.length > 0 &&
    ids.every((id) => typeof id === "string" && /^e\d{1,15}$/.test(id))
  ) {
    return ids;
  }
  throw new Refusal(
    400,
    "Cannot save those: ids is not a list of exchanges' ids. Give them as e1,e2.",
    "ids",
  );
}

/** A member that is a text, or not there. */
export function textOf(value: unknown, field: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new Refusal(400, `Cannot use ${field}: it is not a text. Give one, or leave it out.`, field);
}

/** `{ids}`, or `{all: true, listener}`; without a body, all. */
export async function readRemoval(
  c: Context,
): Promise<{ readonly ids: readonly string[] } | { readonly all: true; readonly listener?: string }> {
  const json = await readJson(c, {
    all: true,
    ...(word(c, "listener") ? { listener: word(c, "listener") } : {}),
  });
  const { ids, all, listener } = members(json, ["ids", "all", "listener"]);
  if (ids !== undefined) {
    if (Array.isArray(ids) && ids.every((id) => typeof id === "string")) return { ids };
    throw new Refusal(400, 'Cannot remove those: ids is not a list of texts. Give {"ids": ["…"]}.', "ids");
  }
  if (all !== true) {
    throw new Refusal(
      400,
      'Cannot remove that: it says neither which nor all. Give {"ids": ["…"]} or {"all": true}.',
      "ids",
    );
  }
  if (listener === undefined) return { all };
  if (typeof listener === "string") return { all, listener };
  throw new Refusal(
    400,
    "Cannot remove those: listener is not an id. Give the listener's id as a text.",
    "listener",
  );
}

/** A query parameter; undefined where it is missing or empty. */
export function word(c: Context, name: string, most = MOST_TEXT): string | undefined {
  const value = c.req.query(name);
  if (value === undefined || value === "") return undefined;
  if (value.length <= most) return value;
  throw new Refusal(400, `Cannot use ${name}: it is longer than ${most} characters. Shorten it.`, name);
}

function whole(c: Context, name: string, least: number, most: number): number | undefined {
  const value = word(c, name);
  if (value === undefined) return undefined;
  const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  throw new Refusal(400, `Cannot use ${name} ${JSON.stringify(value)}: give a whole number ${range}.`, name);
}

function connectionOf(c: Context): string | undefined {
  const id = word(c, "connection");
  if (id === undefined || /^c\d{1,15}$/.test(id)) return id;
  throw new Refusal(
    400,
    `Cannot use connection ${
      JSON.stringify(id.slice(0, 80))
    }: it is no connection's id. Give one such as c5.`,
    "connection",
  );
}

/** Whether a query parameter says yes: 1 or true. */
export function yes(c: Context, name: string): boolean {
  const value = word(c, name);
  if (value === undefined || value === "0" || value === "false") return false;
  if (value === "1" || value === "true") return true;
  throw new Refusal(400, `Cannot use ${name} ${JSON.stringify(value)}: give 1 or 0.`, name);
}

/** One of `known`; undefined where it is missing or empty. */
function oneOf<Known extends string>(c: Context, name: string, known: readonly Known[]): Known | undefined {
  const value = word(c, name);
  const found = known.find((one) => one === value);
  if (value === undefined || found !== undefined) return found;
  throw new Refusal(
    400,
    `Cannot use ${name} ${JSON.stringify(value)}: give one of ${known.join(", ")}.`,
    name,
  );
}

function viewKind(c: Context): ViewKind | "auto" {
  const value = word(c, "as") ?? "auto";
  const kind = VIEW_KINDS.find((known) => known === value);
  if (kind !== undefined) return kind;
  throw new Refusal(
    400,
    `Cannot show it as ${JSON.stringify(value)}: give one of ${VIEW_KINDS.join(", ")}.`,
    "as",
  );
}

/** The members of a JSON object that has none but `known` ones. */
export function members(json: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Refusal(
      400,
      `Cannot read the body: it is not a JSON object. Give one with ${known.join(", ")}.`,
    );
  }
  const unknown = Object.keys(json).find((name) => !known.includes(name));
  if (unknown === undefined) return json as Record<string, unknown>;
  throw new Refusal(
    400,
    `Cannot use ${JSON.stringify(unknown)}: the body has no such member. Give ${known.join(", ")}.`,
    unknown,
  );
}

/** The JSON of the body, which has at most `limit` bytes; `otherwise` where there is no body. */
export async function readJson(c: Context, otherwise?: unknown, limit = MOST_BODY): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(c, limit));
  if (text.trim() === "" && otherwise !== undefined) return otherwise;
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(400, `Cannot read the body as JSON: ${reason}. Send a JSON object.`);
  }
}

/** The body, which has at most `limit` bytes. */
export async function readBytes(c: Context, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of c.req.raw.body ?? []) {
    length += piece.length;
    if (length > limit) {
      throw new Refusal(413, `Cannot read the body: it is over ${limit} bytes. Send less at a time.`);
    }
    pieces.push(piece);
  }
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
