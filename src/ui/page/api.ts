// The calls of the HTTP API that the shell makes (the panes have their own). Every failure becomes an ApiFailure whose
// message can be shown as it is. Keeps nothing and knows nothing of the state.

import type {
  ApiError,
  Exchange,
  ExchangeList,
  Listener,
  ListenerChange,
  NewListener,
  SortKey,
  SortOrder,
} from "../types.ts";
import { EARLIER_RUN, isOfEarlierRun } from "./earlier_run.ts";

/** An answer that is not 2xx, or none. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";

  /** `status` is 0 where nothing answered; `field` names the input that is wrong, `suggestion` what to take instead. */
  constructor(
    message: string,
    readonly status: number,
    readonly field: string | null = null,
    readonly suggestion: string | null = null,
  ) {
    super(message);
  }
}

/** Which rows: `limit` of those that match `filter`, from position `offset` on, 0 being the first of the sort. */
export interface RowsWanted {
  readonly filter: string;
  readonly sort: { readonly by: SortKey; readonly order: SortOrder };
  readonly offset: number;
  readonly limit: number;
}

/** Rows of a listener. */
export function fetchExchanges(
  listener: string,
  { filter, sort: { by, order }, offset, limit }: RowsWanted,
  signal: AbortSignal,
): Promise<ExchangeList> {
  const query = new URLSearchParams({ listener, offset: String(offset), limit: String(limit) });
  if (by !== "time" || order !== "desc") query.set("sort", by);
  if (order !== "desc") query.set("order", order);
  if (filter !== "") query.set("q", filter);
  return call("GET", `/api/exchanges?${query}`, undefined, signal);
}

/** One Exchange. */
export function fetchExchange(id: string): Promise<Exchange> {
  return call("GET", `/api/exchanges/${encodeURIComponent(id)}`);
}

/** Whether there is still an Exchange with this id. */
export async function isThere(id: string): Promise<boolean> {
  try {
    await call<Exchange>("GET", `/api/exchanges/${encodeURIComponent(id)}`);
    return true;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return false;
    throw error;
  }
}

/** Removes these rows. */
export async function removeExchanges(ids: readonly string[]): Promise<void> {
  await call("DELETE", "/api/exchanges", { ids });
}

/** Removes all rows of a listener. */
export async function removeAllExchanges(listener: string): Promise<void> {
  await call("DELETE", "/api/exchanges", { all: true, listener });
}

/** Adds a listener and gives it. */
export function addListener(listener: NewListener): Promise<Listener> {
  return call("POST", "/api/listeners", listener);
}

/** Changes a listener, stops it or starts it again, and gives it as it is then. */
export function changeListener(id: string, change: ListenerChange): Promise<Listener> {
  return call("PATCH", `/api/listeners/${encodeURIComponent(id)}`, change);
}

/** Writes the listeners to the file that the program was started with, and gives its name. */
export async function saveConfiguration(overwrite: boolean): Promise<string> {
  const { file } = await call<{ readonly file: string }>("POST", "/api/config", { overwrite });
  return file;
}

/** Closes a listener. */
export async function closeListener(id: string): Promise<void> {
  await call("DELETE", `/api/listeners/${encodeURIComponent(id)}`);
}

/** How long `probe` waits, ms. */
const PATIENCE = 2_000;

/** The status that the program answers with; "silent" where it does not in time, "gone" where nobody listens. */
export async function probe(): Promise<number | "silent" | "gone"> {
  try {
    const answer = await fetch("/api/listeners", {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    return error instanceof DOMException && error.name === "TimeoutError" ? "silent" : "gone";
  }
}

/** One call. Bytes are sent as they are, everything else as JSON. Rejects with ApiFailure. */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const text = await callForText(method, path, body, signal);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** The same for an answer that is no JSON. */
export async function callForText(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<string> {
  const answer = await send(method, path, body, signal);
  const text = await answer.text();
  if (answer.ok) return text;
  const said = read(text);
  if (isOfEarlierRun(answer.status)) throw new ApiFailure(EARLIER_RUN, answer.status);
  throw new ApiFailure(
    said?.error ?? `tcpmon answered with status ${answer.status}.`,
    answer.status,
    said?.field,
    said?.suggestion,
  );
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const init: RequestInit = { method, signal, cache: "no-store" };
  if (body instanceof Uint8Array) {
    init.body = new Uint8Array(body);
    init.headers = { "content-type": "application/octet-stream" };
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiFailure("tcpmon does not answer. Look whether it still runs.", 0);
  }
}

function read(text: string): ApiError | null {
  try {
    return JSON.parse(text) as ApiError;
  } catch {
    return null;
  }
}
