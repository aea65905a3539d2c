// What is computed from the state: the table that is open, what is new in it, and what must be asked for next. Pure.

import { SENDER } from "../../../model.ts";
import type { Counts, Exchange, Listener, SearchProgress } from "../../types.ts";
import { eachRow, missing, PAGE, type Span } from "./rows.ts";
import { isNewestFirst, isSameSort, type Sort } from "./sort.ts";
import type { State, Tab, View } from "./state.ts";

/** The table of the tab that is open. `id` is what the Exchanges in it have as their `listener`. */
export type Opened = OpenedListener | OpenedSender;

/** A listener's tab. */
export interface OpenedListener extends Table {
  readonly listener: Listener;
}

/** The Sender's tab. */
export interface OpenedSender extends Table {
  readonly listener: null;
}

interface Table {
  readonly id: string;
  readonly view: View;
  readonly counts: Counts | undefined;
}

/** See Opened; null on a tab without a table. */
export function opened(state: State): Opened | null {
  const { tab } = state;
  if (tab === "sender") {
    const view = state.views[SENDER];
    return view ? { id: SENDER, listener: null, view, counts: state.counts[SENDER] } : null;
  }
  if (tab === null || typeof tab === "string") return null;
  const listener = state.listeners.find(({ id }) => id === tab.listener);
  const view = state.views[tab.listener];
  return listener && view ? { id: listener.id, listener, view, counts: state.counts[listener.id] } : null;
}

/** Whether the program can be asked: otherwise what is known of it was so the last time. */
export function isConnected(state: State): boolean {
  return state.link.state === "live";
}

/** What the panes show; also where the filter hides its row, which is said there. */
export function shownIn(view: View): Exchange | null {
  return view.selection.lead;
}

/** What is selected, or else what the panes show, as ids in the order in which they began. */
export function chosenIds(view: View): readonly string[] {
  const { ids } = view.selection;
  const lead = shownIn(view);
  if (ids.size === 0) return lead === null ? [] : [lead.id];
  const number = (id: string) => Number(id.slice(1));
  return [...ids].sort((a, b) => number(a) - number(b));
}

/**
 * How many of these the filter may hide: their rows are not known, or may have left the table since, being off the
 * screen. Reads all known rows, so that it is for the moment of a deed.
 */
export function perhapsHidden({ filter, rows, window }: View, ids: readonly string[]): number {
  if (filter === "" || ids.length === 0) return 0;
  const there = new Set<string>();
  eachRow(rows, ({ id }, at, stale) => {
    if (!stale || (at >= window.from && at <= window.to)) there.add(id);
  });
  return ids.filter((id) => !there.has(id)).length;
}

/** How many rows came since following ended; those that a sorted table does not have yet count too. */
export function newRows(view: View, counts?: Counts): number {
  if (view.follow) return 0;
  const total = view.filter === "" ? Math.max(view.rows.total, counts?.total ?? 0) : view.rows.total;
  return Math.max(0, total - view.totalSeen);
}

/** Whether what is typed has not been answered yet. */
export function isFiltering(view: View): boolean {
  const typed = view.typed.trim();
  return typed !== view.filter && view.refusal?.text !== typed;
}

/** Whether contents are still to be searched, so that the rows are the hits so far. */
export function isPartial(search: SearchProgress | null): search is SearchProgress {
  return search !== null && !search.complete;
}

/** Whether contents are being searched now. */
export function isSearching({ search, isSearchStopped }: View): boolean {
  return isPartial(search) && search.stopped === null && !isSearchStopped;
}

/** The error to show for what is typed; null where it is a filter. */
export function filterError(view: View): string | null {
  return view.typed.trim() === view.filter ? null : view.refusal?.error ?? null;
}

/** A range of rows to ask for. */
export interface Want {
  readonly listener: string;
  readonly filter: string;
  readonly sort: Sort;
  readonly epoch: number;
  /** Position of the first, 0 being the newest. */
  readonly offset: number;
  readonly limit: number;
  /** `typed` waits until typing pauses, `seen` is asked at once, `doubtful` now and then, `searching` soon again. */
  readonly pace: "typed" | "seen" | "doubtful" | "searching";
}

/** What is to be asked for next; null when all that is looked at is known. */
export function nextWant(state: State): Want | null {
  const now = opened(state);
  if (!now || state.link.state !== "live") return null;
  const { view } = now;
  const { rows, filter } = view;
  const base = { listener: now.id, filter, sort: state.sort, epoch: rows.epoch };
  if (isFiltering(view)) return { ...base, filter: view.typed.trim(), offset: 0, limit: PAGE, pace: "typed" };
  if (!isSameSort(view.sort, state.sort)) return { ...base, offset: 0, limit: PAGE, pace: "seen" };
  const { unresolved } = view.selection;
  if (unresolved) return { ...base, ...range(rows.total, unresolved), pace: "seen" };
  const unseen = unseenIn(view);
  if (isSearching(view)) {
    return { ...base, ...range(rows.total, unseen ?? view.window), pace: unseen ? "seen" : "searching" };
  }
  // To ask would be to search on.
  const isFrozen = isPartial(view.search) && view.isSearchStopped;
  if (!isNewestFirst(view.sort)) {
    if (!unseen && (!rows.doubtful || state.isPointed || isFrozen)) return null;
    return { ...base, ...range(rows.total, view.window), pace: unseen ? "seen" : "doubtful" };
  }
  if (unseen) return { ...base, ...range(rows.total, unseen), pace: "seen" };
  if (isFrozen) return null;
  const doubtful = missing(rows, view.window, true);
  if (doubtful) return { ...base, ...range(rows.total, doubtful), pace: "doubtful" };
  if (filter !== "" && rows.doubtful) return { ...base, offset: 0, limit: PAGE, pace: "doubtful" };
  return null;
}

/** The rows that are looked at and not known, in whole pages where what is around them will be looked at, too. */
function unseenIn({ rows, window, isPassing }: View): Span | null {
  const unseen = missing(rows, window, false);
  if (unseen === null || !isPassing) return unseen;
  return { from: Math.max(unseen.from, window.from), to: Math.min(unseen.to, window.to) };
}

/** With some to spare, for rows may come before the answer, and it counts from the newest. */
function range(total: number, span: Span): { offset: number; limit: number } {
  return {
    offset: Math.max(0, total - 1 - span.to),
    limit: Math.min(1000, span.to - span.from + 1 + PAGE / 2),
  };
}

/** All tabs, in their order. */
export function tabsOf(state: State): Tab[] {
  const of = state.listeners.map(({ id }) => ({ listener: id }));
  if (!isReadOnly(state)) return [...of, "add", "sender"];
  return (state.counts[SENDER]?.total ?? 0) > 0 ? [...of, "sender"] : of;
}

/** Whether captures are only read: nothing listens, and nothing can be sent. */
export function isReadOnly({ recording }: State): boolean {
  return recording?.isReadOnly ?? false;
}

/** Whether both are the same tab. */
export function isSameTab(a: Tab, b: Tab): boolean {
  return typeof a === "string" || typeof b === "string" ? a === b : a.listener === b.listener;
}
