// What the buttons and keys of a screen with a table do. Each reads the state, calls the API, and lets the state know;
// what cannot be done becomes a notice in words.

import type { Listener } from "../types.ts";
import { ApiFailure, changeListener, closeListener, removeAllExchanges, removeExchanges } from "./api.ts";
import { closeEdit, editOf, openEdit } from "./edits.ts";
import { layoutNow } from "./layout/layout_now.ts";
import { remember, remembered } from "./settings.ts";
import { type ColumnId, type Columns, withWidth } from "./grid/columns.ts";
import {
  isConnected,
  isSameTab,
  type Opened,
  type OpenedListener,
  perhapsHidden,
  tabsOf,
} from "./state/derived.ts";
import { pressed } from "./state/sort.ts";
import { dispatch, openedNow, state } from "./state/store.ts";

/** Follows the newest row, or no longer. */
export function toggleFollow(): void {
  const now = openedNow.value;
  if (now) dispatch({ type: "follow", listener: now.id, on: !now.view.follow });
}

/** Sorts by a column; the other way round where it is sorted by it already. */
export function sortBy(column: ColumnId): void {
  dispatch({ type: "sort", sort: pressed(state.value.sort, column) });
}

/** Remembers the columns of the table. */
export function setColumns(columns: Columns): void {
  remember({ columns });
}

/** Makes a column so wide, px; null: as at first. */
export function setWidth(column: ColumnId, width: number | null): void {
  setColumns(withWidth(remembered.value.columns, column, width));
}

/** Whether rows can be removed at all: those of an opened capture, which is only read, stay as they are. */
export function canRemove({ listener }: Opened): boolean {
  return listener?.capture === undefined;
}

/** Whether rows are selected that can be removed. */
export function canRemoveSelected(now: Opened): boolean {
  const { view } = now;
  const { ids, unresolved } = view.selection;
  return canRemove(now) && isConnected(state.value) && ids.size > 0 && unresolved === null;
}

/** Removes the selected row; more than one, and what the filter may hide, only after a question. */
export function askRemoveSelected(): void {
  const now = openedNow.value;
  if (!now || !canRemoveSelected(now)) return;
  const ids = [...now.view.selection.ids];
  const listener = now.id;
  const hidden = perhapsHidden(now.view, ids);
  if (ids.length === 1 && hidden === 0) return removeRows(listener, ids);
  dispatch({ type: "ask", question: { about: "remove-selected", listener, ids, hidden } });
}

/** Removes these rows of a listener. */
export function removeRows(listener: string, ids: readonly string[]): void {
  dispatch({ type: "ask", question: null });
  attempt(async () => {
    await removeExchanges(ids);
    dispatch({ type: "gone", listener, ids });
  });
}

/** Whether there are rows to remove. */
export function canRemoveAll(now: Opened): boolean {
  return canRemove(now) && isConnected(state.value) && (now.counts?.total ?? 0) > 0;
}

/** Asks whether all rows are to be removed. */
export function askRemoveAll(): void {
  const now = openedNow.value;
  if (now && canRemoveAll(now)) {
    dispatch({ type: "ask", question: { about: "remove-all", listener: now.id } });
  }
}

/** Removes all rows of a listener. */
export function removeAll(listener: string): void {
  dispatch({ type: "ask", question: null });
  attempt(() => removeAllExchanges(listener));
}

/** Stops a listener, or starts it again; what is wrong with it then is told in its form. */
export function toggleListener(listener: Listener): void {
  const wanted = listener.state === "listening" ? "stopped" : "listening";
  attempt(async () => {
    try {
      dispatch({ type: "changed", listener: await changeListener(listener.id, { state: wanted }) });
    } catch (failure) {
      if (!(failure instanceof ApiFailure) || failure.field === null) throw failure;
      openEdit(listener).refused(failure);
    }
  });
}

/** Listens at another address; what is wrong with that is told in the listener's form. */
export function listenThere(listener: Listener, listen: string): void {
  attempt(async () => {
    try {
      const changed = await changeListener(listener.id, { listen, state: "listening" });
      dispatch({ type: "changed", listener: changed });
    } catch (failure) {
      if (!(failure instanceof ApiFailure) || failure.field === null) throw failure;
      openEdit(listener).refused(failure);
    }
  });
}

/** Opens the form that changes a listener, or leaves it. */
export function toggleEdit(listener: Listener): void {
  if (editOf(listener.id)) closeEdit(listener.id);
  else openEdit(listener);
}

/** Closes a listener; where that ends connections or takes rows from the page, it asks first. */
export function askClose({ listener, counts }: OpenedListener): void {
  if ((counts?.total ?? 0) + (counts?.openConnections ?? 0) === 0) return close(listener.id);
  dispatch({ type: "ask", question: { about: "close", listener: listener.id } });
}

/** Closes a listener. */
export function close(listener: string): void {
  dispatch({ type: "ask", question: null });
  attempt(() => closeListener(listener));
}

/** Side by side or stacked, the other way round; nothing where there is only room for one column. */
export function switchLayout(): void {
  if (layoutNow.value === "column") return;
  remember({ layout: remembered.value.layout === "side" ? "stacked" : "side" });
}

/** Opens the next tab, or the one before. */
export function openNextTab(step: 1 | -1): void {
  const tabs = tabsOf(state.value);
  const chosen = state.value.tab;
  const at = chosen === null ? -1 : tabs.findIndex((tab) => isSameTab(tab, chosen));
  dispatch({ type: "open", tab: tabs[(at + step + tabs.length) % tabs.length] });
}

function attempt(deed: () => Promise<void>): void {
  deed().catch((error: Error) => dispatch({ type: "notice", text: error.message }));
}
