// Asks for the rows that are looked at: one request at a time, always for what the state says is wanted next.
// Besides that it looks after what the panes show: the newest while following (once traffic pauses, so that they stay
// calm), and whether the shown one is still there after rows were removed. Started once, by main.tsx.

import { effect } from "@preact/signals";
import type { Exchange } from "../../types.ts";
import { ApiFailure, fetchExchange, fetchExchanges, isThere } from "../api.ts";
import { nextWant, type Want } from "./derived.ts";
import { Following } from "./following.ts";
import { ordinalOf, rowAt } from "./rows.ts";
import { isNewestFirst, isSameSort } from "./sort.ts";
import type { View } from "./state.ts";
import { dispatch, filterNow, openedNow, state } from "./store.ts";

/** How long typing must pause before the filter is tried, ms. */
const TYPING_PAUSE = 120;

/** How far apart requests are that only look whether something changed, ms. */
const DOUBT_PAUSE = 500;

/** The same while contents are searched, ms: how soon hits are there. */
const SEARCH_PAUSE = 150;

/** A question that is not answered in so long is given up, ms. */
const LONGEST = 30_000;

/** How long to wait after a question that was not answered, ms. */
const FAILURE_PAUSE = 2_000;

/** Starts asking whenever something is wanted. */
export function startLoading(): void {
  /** What is to be asked next, and since when that is so. */
  let next = { key: "", since: 0 };
  let last = { key: "", at: 0, failed: false };
  let asking: { readonly want: Want; readonly abort: AbortController } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const pauseBefore = (want: Want): number => {
    if (last.failed && next.key === last.key) return last.at + FAILURE_PAUSE - Date.now();
    if (want.pace === "typed") return next.since + TYPING_PAUSE - Date.now();
    if (want.pace === "searching") return last.at + SEARCH_PAUSE - Date.now();
    return want.pace === "doubtful" || next.key === last.key ? last.at + DOUBT_PAUSE - Date.now() : 0;
  };
  const consider = (): void => {
    const want = nextWant(state.peek());
    if (asking && !isOfSameTable(asking.want, want)) asking.abort.abort();
    clearTimeout(timer);
    if (!want) return;
    const key = JSON.stringify(want);
    if (key !== next.key) next = { key, since: Date.now() };
    if (asking) return;
    const pause = pauseBefore(want);
    if (pause > 0) timer = setTimeout(consider, pause);
    else void ask(want);
  };
  const ask = async (want: Want): Promise<void> => {
    last = { key: next.key, at: Date.now(), failed: false };
    asking = { want, abort: new AbortController() };
    last.failed = !await answer(want, asking.abort.signal);
    asking = null;
    consider();
  };

  effect(() => {
    nextWant(state.value);
    consider();
  });
  startShowingNewest();
  startCatchingUp();
  startVerifying();
}

function isOfSameTable(a: Want, b: Want | null): boolean {
  return b !== null && a.listener === b.listener && a.filter === b.filter && isSameSort(a.sort, b.sort);
}

/** Asks, and lets the state know the answer. False where there was none. */
async function answer(want: Want, superseded: AbortSignal): Promise<boolean> {
  const { listener, filter, sort, epoch, offset, limit } = want;
  const signal = AbortSignal.any([superseded, AbortSignal.timeout(LONGEST)]);
  dispatch({ type: "asked", listener });
  try {
    const list = await fetchExchanges(listener, { filter, sort, offset, limit }, signal);
    dispatch({ type: "answered", listener, filter, sort, epoch, list });
    return true;
  } catch (error) {
    if (superseded.aborted) {
      dispatch({ type: "dropped", listener });
      return true;
    }
    const reason = error instanceof ApiFailure
      ? error.message
      : "Cannot filter in 30 s: tcpmon did not answer. Try a shorter filter.";
    dispatch({ type: "refused", listener, filter, error: reason });
    return false;
  }
}

function startShowingNewest(): void {
  let waiting = "";
  let of = "";
  let following = new Following();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    waiting = "";
    const now = openedNow.peek();
    const newest = now && newestOf(now.view);
    if (newest) dispatch({ type: "show", listener: now.id, exchange: newest });
  };
  effect(() => {
    const now = openedNow.value;
    const newest = now?.view.follow ? newestOf(now.view) : undefined;
    if (newest?.id === waiting) return;
    clearTimeout(timer);
    const table = `${now?.id} ${filterNow.peek()}`;
    if (table !== of) following = new Following();
    of = table;
    const isShown = newest?.id === now?.view.selection.lead?.id;
    if (isShown) following.shown();
    waiting = newest && !isShown ? newest.id : "";
    if (waiting !== "") {
      timer = setTimeout(show, following.wait(waiting, now!.view.rows.total, performance.now()));
    }
  });
}

function newestOf({ rows, sort }: View): Exchange | undefined {
  return isNewestFirst(sort) ? rowAt(rows, rows.total - 1) : undefined;
}

/** Asks for what the panes show where no row tells of it: that it has ended may have been told before it was shown. */
function startCatchingUp(): void {
  let last = "";
  effect(() => {
    const now = openedNow.value;
    const lead = now?.view.selection.lead ?? null;
    if (!now || lead?.id === last) return;
    last = lead?.id ?? "";
    if (lead?.state !== "open" || ordinalOf(now.view.rows, lead.id) !== null) return;
    const { id: listener } = now;
    fetchExchange(lead.id).then(
      (exchange) => dispatch({ type: "told", listener, exchange }),
      () => {},
    );
  });
}

function startVerifying(): void {
  const epochs = new Map<string, number>();
  effect(() => {
    const now = openedNow.value;
    if (!now) return;
    const { id: listener, view } = now;
    const before = epochs.get(listener);
    epochs.set(listener, view.rows.epoch);
    const lead = view.selection.lead?.id;
    if (before === undefined || before === view.rows.epoch || lead === undefined) return;
    isThere(lead).then((there) => {
      if (!there) dispatch({ type: "gone", listener, ids: [lead] });
    }, () => {});
  });
}
