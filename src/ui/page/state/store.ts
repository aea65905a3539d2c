// The state as a signal, and the one way to change it. Everything that is shown reads `state`; nothing else writes it.

import { computed, signal } from "@preact/signals";
import { opened } from "./derived.ts";
import { reduce } from "./reducer.ts";
import { type Action, firstState, type State } from "./state.ts";
import { remember, remembered } from "../settings.ts";

const current = signal<State>(firstState(remembered.value.tab, remembered.value.sort));

/** The state as it is. */
export const state = computed(() => current.value);

/** The table of the tab that is open; null on a tab without one. */
export const openedNow = computed(() => opened(current.value));

/** The filter of that table; empty where there is none. What reads it is not made again for every delta. */
export const filterNow = computed(() => openedNow.value?.view.filter ?? "");

/** The listeners; likewise. */
export const listenersNow = computed(() => current.value.listeners);

/** Lets `action` happen. */
export function dispatch(action: Action): void {
  current.value = reduce(current.value, action);
  const { wanted: tab, sort } = current.value;
  if (tab !== remembered.value.tab || sort !== remembered.value.sort) remember({ tab, sort });
}
