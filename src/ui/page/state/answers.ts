// What an answer with rows makes of a table. Pure. Whether the rows that came stand above, below or in between those that
// were there depends on the sort, and on whether contents are being searched.

import type { Counts, ExchangeList } from "../../types.ts";
import { isPartial } from "./derived.ts";
import { answered, replaced, rowAt, trimmed, turned, unanswered } from "./rows.ts";
import { rearranged, resolved, shown, unplaced } from "./selection.ts";
import { isNewestFirst, isSameSort, type Sort } from "./sort.ts";
import type { Action, View } from "./state.ts";

/** The state of a table after an answer to what was asked of it. An answer that came too late changes nothing. */
export function onAnswer(
  view: View,
  action: Extract<Action, { type: "answered" }>,
  counts: Counts,
  wanted: Sort,
): View {
  const { list, filter, sort } = action;
  const first = list.total - 1 - list.offset;
  if (filter !== view.filter || !isSameSort(sort, view.sort)) {
    if (filter !== view.typed.trim() || !isSameSort(sort, wanted)) {
      return { ...view, rows: unanswered(view.rows) };
    }
    if (action.epoch !== view.rows.epoch) return { ...view, rows: unanswered(view.rows) };
    // Of all rows, the newest first, deltas tell how many there are, and may have overtaken the answer.
    const isTold = filter === "" && isNewestFirst(sort);
    const rows = turned(view.rows, list, isTold ? Math.max(list.total, counts.total) : list.total);
    const window = { from: Math.max(0, rows.total - 60), to: Math.max(0, rows.total - 1) };
    return following({
      ...view,
      filter,
      sort,
      refusal: null,
      search: list.search ?? null,
      isSearchStopped: filter === view.filter && view.isSearchStopped,
      below: 0,
      rows,
      window,
      isPassing: false,
      selection: unplaced(view.selection),
      totalSeen: rows.total,
    });
  }
  if (action.epoch !== view.rows.epoch) return { ...view, rows: unanswered(view.rows) };
  if (!isNewestFirst(sort)) return onSortedAnswer(view, list);
  if (isPartial(view.search)) return following(onPartialAnswer(view, list));
  const rows = trimmed(answered(view.rows, list, filter !== ""), view.window);
  const selection = resolved(view.selection, rows, first, list.exchanges);
  return following({
    ...view,
    search: list.search ?? null,
    rows,
    selection,
    totalSeen: Math.min(view.totalSeen, rows.total),
  });
}

/** What is on the screen stays at its distance from the top, whatever has come between. */
function onSortedAnswer(view: View, list: ExchangeList): View {
  const more = list.total - view.rows.total;
  const isAnew = more !== 0 || view.rows.doubtful;
  const { from, to } = view.window;
  const window = { from: Math.max(0, from + more), to: Math.max(0, to + more) };
  const rows = trimmed(isAnew ? replaced(view.rows, list) : answered(view.rows, list, true), window);
  const selection = isAnew ? rearranged(view.selection, rows, more) : view.selection;
  return {
    ...view,
    search: list.search ?? null,
    rows,
    window,
    selection: resolved(selection, rows, list.total - 1 - list.offset, list.exchanges),
    totalSeen: view.filter === "" ? view.totalSeen : Math.min(view.totalSeen, rows.total),
  };
}

/** While contents are searched: most hits that were found since are older ones, so that what is known has grown ordinals. */
function onPartialAnswer(view: View, list: ExchangeList): View {
  const more = list.total - view.rows.total;
  const newest = rowAt(view.rows, view.rows.total - 1);
  const place = list.offset === 0 ? list.exchanges.findIndex(({ id }) => id === newest?.id) : 0;
  const below = more - Math.max(0, Math.min(place, more));
  const { from, to } = view.window;
  const window = { from: Math.max(0, from + below), to: Math.max(0, to + below) };
  const rows = trimmed(replaced(view.rows, list), window);
  const selection = rearranged(view.selection, rows, below);
  return {
    ...view,
    search: list.search ?? null,
    below: view.below + below,
    rows,
    window,
    selection: resolved(selection, rows, list.total - 1 - list.offset, list.exchanges),
    totalSeen: Math.max(0, Math.min(view.totalSeen + below, list.total)),
  };
}

/** While following, the panes never stand empty where there is something to show. */
export function following(view: View): View {
  if (!view.follow || view.selection.lead !== null || !isNewestFirst(view.sort)) return view;
  const newest = rowAt(view.rows, view.rows.total - 1);
  return newest ? { ...view, selection: shown(view.selection, newest) } : view;
}
