// The Exchanges that others were sent again from: when each came, asked for once when a row or a pane shows it, and the way
// to it, and to the TLS in which an Exchange passed.

import { effect, signal } from "@preact/signals";
import { SENDER } from "../../model.ts";
import type { Exchange, ExchangeList } from "../types.ts";
import { ApiFailure, call } from "./api.ts";
import { fetchExchange } from "./draft/api.ts";
import { focusArea } from "./keys/areas.ts";
import { isNewestFirst } from "./state/sort.ts";
import { dispatch, state } from "./state/store.ts";

/** More are not kept. */
const MOST_KEPT = 5_000;

/** What is known of an origin; "gone" where it was removed. */
type Origin = Exchange | "gone";

const known = signal<ReadonlyMap<string, Origin>>(new Map());
const wanted = new Set<string>();

/** The row that is to be brought into view; null for none. */
export const sought = signal<{ readonly listener: string; readonly id: string } | null>(null);

/** When an origin came, ISO 8601; "gone" where it was removed, null while it is asked for. */
export function originTime(id: string): string | "gone" | null {
  const origin = known.value.get(id);
  if (origin === undefined) ask(id);
  if (origin === undefined) return null;
  return origin === "gone" ? "gone" : origin.started;
}

/** Selects an Exchange, on its tab. */
export async function goTo(id: string): Promise<void> {
  let exchange: Exchange;
  try {
    exchange = await fetchExchange(id);
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) put(id, "gone");
    return dispatch({ type: "notice", text: error instanceof Error ? error.message : String(error) });
  }
  const { listener } = exchange;
  if (!state.value.views[listener]) {
    return dispatch({ type: "notice", text: "Cannot show it: its listener was closed. The capture has it." });
  }
  dispatch({ type: "open", tab: listener === SENDER ? "sender" : { listener } });
  dispatch({ type: "reveal", listener, exchange, ordinal: await ordinalOf(exchange) });
  sought.value = { listener, id };
}

/** Takes the filter away that hides an Exchange, and selects its row; the keyboard goes to the table. */
export async function goToUnfiltered({ id, listener }: Exchange): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = effect(() => {
    if ((state.value.views[listener]?.filter ?? "") === "") resolve();
  });
  dispatch({ type: "typed", listener, text: "" });
  focusArea("grid");
  await promise;
  stop();
  await goTo(id);
}

/** Selects the row of the TLS in which an Exchange passed. */
export async function goToEncrypted({ connection }: Exchange): Promise<void> {
  const query = new URLSearchParams({ connection, q: "protocol:tls", limit: "1" });
  try {
    const { exchanges } = await call<ExchangeList>("GET", `/api/exchanges?${query}`);
    if (exchanges.length > 0) return await goTo(exchanges[0].id);
    dispatch({ type: "notice", text: "Cannot show it: the row of its TLS was removed. The capture has it." });
  } catch (error) {
    dispatch({ type: "notice", text: error instanceof Error ? error.message : String(error) });
  }
}

/** Where its row is in the table; null where the table has it not, or is sorted otherwise. */
async function ordinalOf({ id, listener }: Exchange): Promise<number | null> {
  const view = state.value.views[listener];
  if (!view || !isNewestFirst(view.sort)) return null;
  const query = new URLSearchParams({ listener, before: `e${Number(id.slice(1)) + 1}`, limit: "1" });
  if (view.filter !== "") query.set("q", view.filter);
  try {
    const { exchanges, total, offset } = await call<ExchangeList>("GET", `/api/exchanges?${query}`);
    return exchanges[0]?.id === id ? total - 1 - offset : null;
  } catch {
    return null; // it is selected all the same, only not brought into view
  }
}

function ask(id: string): void {
  if (wanted.has(id)) return;
  wanted.add(id);
  // Not while somebody draws.
  queueMicrotask(() => {
    fetchExchange(id).then((exchange) => put(id, exchange), (error) => {
      if (error instanceof ApiFailure && error.status === 404) put(id, "gone");
      else wanted.delete(id);
    });
  });
}

function put(id: string, origin: Origin): void {
  const kept = known.value.size < MOST_KEPT ? known.value : new Map<string, Origin>();
  if (kept !== known.value) wanted.clear();
  known.value = new Map(kept).set(id, origin);
}
