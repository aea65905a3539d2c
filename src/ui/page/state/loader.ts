// Asks for the rows that are looked at: one request at a time, always for what the state says is wanted next.
// Besides that it looks after what the panes show: the newest while following (once traffic pauses, so that they stay
// calm), and whether the shown one is still there after rows were removed. Started once, by main.tsx.

import { effect } from "@preact/signals";
import { ApiFailure, fetchExchanges, isThere } from "../api.ts";
import { nextWant, type Want } from "./derived.ts";
import { rowAt } from "./rows.ts";
import { dispatch, openedNow, state } from "./store.ts";

/** How long typing must pause before the filter is tried, ms. */
const TYPING_PAUSE = 120;

/** How far apart requests are that only look whether something changed, ms. */
const DOUBT_PAUSE = 400;

/** How long the newest row must have been the newest before the panes show it, ms. */
const NEWEST_PAUSE = 250;

/** Starts asking whenever something is wanted. */
export function startLoading(): void {
  let busy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = { key: "", at: 0 };

  const consider = (): void => {
    const want = nextWant(state.peek());
    if (busy || !want) return;
    clearTimeout(timer);
    const pause = pauseBefore(want, last);
    if (pause > 0) timer = setTimeout(ask, pause, want);
    else void ask(want);
  };
  const ask = async (want: Want): Promise<void> => {
    busy = true;
    last = { key: JSON.stringify(want), at: Date.now() };
    await answer(want);
    busy = false;
    consider();
  };

  effect(() => {
    nextWant(state.value);
    consider();
  });
  startShowingNewest();
  startVerifying();
}

function pauseBefore(want: Want, last: { readonly key: string; readonly at: number }): number {
  if (want.pace === "typed") return TYPING_PAUSE;
  const again = want.pace === "doubtful" || JSON.stringify(want) === last.key;
  return again ? last.at + DOUBT_PAUSE - Date.now() : 0;
}

async function answer(want: Want): Promise<void> {
  const { listener, filter, epoch, offset, limit } = want;
  dispatch({ type: "asked", listener });
  try {
    const list = await fetchExchanges(listener, filter, offset, limit, AbortSignal.timeout(30_000));
    dispatch({ type: "answered", listener, filter, epoch, list });
  } catch (error) {
    const reason = error instanceof ApiFailure
      ? error.message
      : "Cannot filter in 30 s: tcpmon did not answer. Try a shorter filter.";
    dispatch({ type: "refused", listener, filter, error: reason });
  }
}

function startShowingNewest(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const now = openedNow.value;
    clearTimeout(timer);
    if (!now?.view.follow) return;
    const newest = rowAt(now.view.rows, now.view.rows.total - 1);
    if (!newest || newest.id === now.view.selection.lead?.id) return;
    const listener = now.listener.id;
    timer = setTimeout(() => dispatch({ type: "show", listener, exchange: newest }), NEWEST_PAUSE);
  });
}

function startVerifying(): void {
  const epochs = new Map<string, number>();
  effect(() => {
    const now = openedNow.value;
    if (!now) return;
    const { listener: { id: listener }, view } = now;
    const before = epochs.get(listener);
    epochs.set(listener, view.rows.epoch);
    const lead = view.selection.lead?.id;
    if (before === undefined || before === view.rows.epoch || lead === undefined) return;
    isThere(lead).then((there) => {
      if (!there) dispatch({ type: "gone", listener, ids: [lead] });
    }, () => {});
  });
}
