// The calls of the HTTP API that the panes make. Every failure becomes an Error whose message can be shown as it is.
// It must not know how anything looks, and keeps nothing but the latest detail (both panes ask for the same one).

import type {
  ApiError,
  Connection,
  Exchange,
  ExchangeDetail,
  FindResult,
  MessageDiff,
  ViewKind,
  ViewPart,
} from "../../types.ts";
import { EARLIER_RUN, isOfEarlierRun } from "../earlier_run.ts";

/** Which Message of an Exchange. */
export type Side = "request" | "response";

/** What to look for in a view. */
export interface Search {
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly regex: boolean;
  /** Looks in the hex view, in which pairs of hex digits find bytes. */
  readonly hex: boolean;
}

/** Where a Message's bytes are: all as they came or as they were passed on, or the body without its codings. */
export function bytesUrl(id: string, side: Side, part: "wire" | "sent" | "body"): string {
  return `/api/exchanges/${encodeURIComponent(id)}/${side}${part === "wire" ? "" : `/${part}`}`;
}

let latest: { readonly key: string; readonly answer: Promise<ExchangeDetail> } | null = null;

/** The Exchange in full, as it was when `exchange` was told, or when `again` was; asked once for both panes. */
export function fetchDetail(exchange: Exchange, again: number): Promise<ExchangeDetail> {
  const key = `${detailKey(exchange)} ${again}`;
  if (latest?.key !== key) {
    const answer = json<ExchangeDetail>(`/api/exchanges/${encodeURIComponent(exchange.id)}`);
    latest = { key, answer };
    answer.catch(() => {
      if (latest?.answer === answer) latest = null;
    });
  }
  return latest.answer;
}

/** Changes whenever the detail of an Exchange may have changed. */
export function detailKey(exchange: Exchange): string {
  const { id, state, requestBytes, responseBytes, elapsedMs, fault } = exchange;
  return JSON.stringify([id, state, requestBytes, responseBytes, elapsedMs, fault]);
}

let connection: { readonly key: string; readonly answer: Promise<Connection> } | null = null;

/** A Connection; asked once for both panes, and again where `key` is another. */
export function fetchConnection(id: string, key: string): Promise<Connection> {
  if (connection?.key !== key) {
    const answer = json<Connection>(`/api/connections/${encodeURIComponent(id)}`);
    connection = { key, answer };
    answer.catch(() => {
      if (connection?.answer === answer) connection = null;
    });
  }
  return connection.answer;
}

/** Lines `from` to `from + lines` of a view; `lines` is 1 to 5,000. `sent`: of what was passed on. */
export function fetchView(
  id: string,
  side: Side,
  as: ViewKind | "auto",
  from: number,
  lines: number,
  signal: AbortSignal,
  sent = false,
): Promise<ViewPart> {
  const query = new URLSearchParams({ as, from: String(from), lines: String(lines) });
  if (sent) query.set("sent", "1");
  return json(`${bytesUrl(id, side, "wire")}/view?${query}`, signal);
}

/** Where `search` is found in the lines of a view. */
export function fetchFind(
  id: string,
  side: Side,
  as: ViewKind | "auto",
  search: Search,
  signal: AbortSignal,
  sent = false,
): Promise<FindResult> {
  const query = new URLSearchParams({ as, text: search.text });
  if (search.caseSensitive) query.set("case", "1");
  if (search.regex) query.set("regex", "1");
  if (sent) query.set("sent", "1");
  return json(`${bytesUrl(id, side, "wire")}/view/find?${query}`, signal);
}

/** Which Messages to compare: `with` is before, the one that it was sent again from unless given. */
export interface DiffAsked {
  readonly id: string;
  readonly side: Side;
  readonly sent?: boolean;
  readonly with?: string;
  readonly withSide?: Side;
  readonly withSent?: boolean;
  readonly as: ViewKind | "auto";
  readonly context: number;
  readonly structure?: boolean;
}

/** What differs between two Messages. */
export function fetchDiff(asked: DiffAsked, signal: AbortSignal): Promise<MessageDiff> {
  return json(diffUrl(asked), signal);
}

/** The same as a text that patch reads. */
export async function fetchDiffText(asked: DiffAsked, signal: AbortSignal): Promise<string> {
  return await (await ask(diffUrl(asked), signal, { accept: "text/plain" })).text();
}

function diffUrl({ id, ...asked }: DiffAsked): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value !== undefined && value !== false) query.set(name, value === true ? "1" : String(value));
  }
  return `/api/exchanges/${encodeURIComponent(id)}/diff?${query}`;
}

/** The bytes themselves; those of a range where that is given, `to` being one past the last. */
export async function fetchBytes(
  url: string,
  signal: AbortSignal,
  range?: { readonly from: number; readonly to: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await ask(
    url,
    signal,
    range === undefined ? {} : { range: `bytes=${range.from}-${range.to - 1}` },
  );
  return new Uint8Array(await answer.arrayBuffer());
}

async function json<T>(url: string, signal?: AbortSignal): Promise<T> {
  const answer = await ask(url, signal);
  return await answer.json() as T;
}

async function ask(
  url: string,
  signal?: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { signal, headers, cache: "no-store" });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Error("tcpmon does not answer. Look whether it still runs.", { cause });
  }
  if (answer.ok) return answer;
  if (isOfEarlierRun(answer.status)) throw new Error(EARLIER_RUN);
  const said = await answer.json().catch(() => null) as ApiError | null;
  throw new Error(said?.error ?? `tcpmon answered with status ${answer.status}.`);
}
