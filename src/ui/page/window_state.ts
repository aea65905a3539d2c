// What this window remembers until it is closed, also when the page is loaded again: the filters, the chosen exchange of
// each table, and what was typed into the form that adds a listener. What is remembered for all windows of the browser
// is in settings.ts. Kept in sessionStorage; where that cannot be used, nothing is.

import { effect } from "@preact/signals";
import { fetchExchange } from "./api.ts";
import { EMPTY, type ListenerDraft } from "./listener_draft.ts";
import type { State } from "./state/state.ts";
import { dispatch, state } from "./state/store.ts";

interface WindowState {
  /** The capture that the chosen exchanges are of. */
  readonly recording: string;
  /** By listen address. */
  readonly filters: Readonly<Record<string, string>>;
  /** By listener; only where the user has chosen. */
  readonly chosen: Readonly<Record<string, string>>;
}

const TABLES = "tcpmon.tables";
const DRAFT = "tcpmon.new-listener";

/** Brings back what is remembered, once the program has said what there is, and remembers from then on. */
export function keepWindowState(): void {
  const kept = read<WindowState>(TABLES);
  let isBack = false;
  let written = "";
  effect(() => {
    const now = state.value;
    if (now.recording === null) return;
    if (!isBack) {
      isBack = true;
      if (kept) queueMicrotask(() => bringBack(kept, now));
      return;
    }
    const text = JSON.stringify(windowState(now, now.recording.file));
    if (text !== written) write(TABLES, text);
    written = text;
  });
}

/** What was typed into the form that adds a listener. */
export function keptDraft(): ListenerDraft {
  return { ...EMPTY, ...read<Partial<ListenerDraft>>(DRAFT) };
}

/** Remembers what is typed there, but no password. */
export function keepDraft(draft: ListenerDraft): void {
  write(DRAFT, JSON.stringify({ ...draft, proxyPassword: "" }));
}

function windowState({ listeners, views }: State, recording: string): WindowState {
  const tables = listeners.flatMap(({ id, listen }) => views[id] ? [{ id, listen, view: views[id] }] : []);
  return {
    recording,
    filters: Object.fromEntries(
      tables.filter(({ view }) => view.typed !== "").map(({ listen, view }) => [listen, view.typed]),
    ),
    chosen: Object.fromEntries(
      tables.flatMap(({ id, view }) =>
        view.follow || view.selection.lead === null ? [] : [[id, view.selection.lead.id]]
      ),
    ),
  };
}

function bringBack(kept: WindowState, { listeners, recording }: State): void {
  for (const { id, listen } of listeners) {
    const text = kept.filters?.[listen];
    if (typeof text === "string") dispatch({ type: "typed", listener: id, text });
    const chosen = kept.recording === recording?.file ? kept.chosen?.[id] : undefined;
    if (typeof chosen === "string") reveal(id, chosen);
  }
}

/** Chooses an exchange again, unless it was removed. */
async function reveal(listener: string, id: string): Promise<void> {
  const exchange = await fetchExchange(id).catch(() => null);
  if (exchange?.listener === listener) dispatch({ type: "reveal", listener, exchange });
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

function write(key: string, text: string): void {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // It is remembered until the page is loaded again.
  }
}
