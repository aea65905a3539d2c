// The Drafts that are open, one for each listener at most, and what can be done with them. A Draft stays open while other
// rows are looked at and after it was sent, until it is discarded. What it comes to is pure (editing.ts, outcome.ts). What
// reads a request is loaded with the first Draft.

import { computed, effect, signal } from "@preact/signals";
import type { Exchange } from "../../types.ts";
import { askBeforeLeaving } from "../leaving.ts";
import { listenersNow, openedNow } from "../state/store.ts";
import { type Edited, isSameEdit } from "./edited.ts";
import type { Editing } from "./editing.ts";
import type { TurnsEditing } from "./turns.ts";

/** A Draft that is open. */
export interface OpenDraft {
  /** What it was made from. */
  readonly exchange: Exchange;
  /** Null while its bytes are read, or where they could not be. */
  readonly edited: Edited | null;
  /** As it was opened. */
  readonly opened: Edited | null;
  /** As it was sent last; null where it was not. */
  readonly sent: Edited | null;
  readonly isSending: boolean;
  /** Whether what came before on its connection is sent before it. */
  readonly isBeforeSent: boolean;
  /** Why it could not be read or sent, in words. */
  readonly trouble: string | null;
}

const current = signal<Readonly<Record<string, OpenDraft>>>({});
const reading = new Map<string, AbortController>();
/** What reads and judges what is edited: there once something was read. */
let loaded: Pick<typeof import("./read_edited.ts"), "readEdited" | "isChanged"> | null = null;

/** The Draft of the table that is open; null where there is none. */
export const draftNow = computed(() => {
  const now = openedNow.value;
  return now === null ? null : current.value[now.id] ?? null;
});

askBeforeLeaving(() => Object.values(current.value).some(isUnsent));

/** Those of listeners that were closed are gone with their tabs. */
effect(() => {
  const ids = new Set(listenersNow.value.map(({ id }) => id));
  for (const listener of Object.keys(current.peek())) if (!ids.has(listener)) discardDraft(listener);
});

/** The Draft of a listener. */
export function draftOn(listener: string): OpenDraft | null {
  return current.value[listener] ?? null;
}

/** Whether a Draft has edits that were not sent. */
export function isUnsent({ edited, opened, sent }: OpenDraft): boolean {
  if (edited === null || edited === opened || edited === sent) return false;
  if (sent === null && edited.kind === "request") return loaded?.isChanged(edited.editing) ?? true;
  return !isSameEdit(edited, sent ?? opened);
}

/** Opens a Draft of the request of an Exchange, in the place of another. */
export async function openDraft(exchange: Exchange): Promise<void> {
  const { listener } = exchange;
  reading.get(listener)?.abort();
  const reader = new AbortController();
  reading.set(listener, reader);
  put(listener, {
    exchange,
    edited: null,
    opened: null,
    sent: null,
    isSending: false,
    isBeforeSent: false,
    trouble: null,
  });
  try {
    loaded = await import("../later_rest.ts");
    const edited = await loaded.readEdited(exchange, reader.signal);
    change(listener, exchange, (draft) => ({ ...draft, edited, opened: edited }));
  } catch (error) {
    if (reader.signal.aborted) return;
    const trouble = error instanceof Error ? error.message : String(error);
    change(listener, exchange, (draft) => ({ ...draft, trouble }));
  }
}

/** Closes the Draft of a listener, whatever is in it. */
export function discardDraft(listener: string): void {
  reading.get(listener)?.abort();
  reading.delete(listener);
  const { [listener]: _, ...rest } = current.value;
  current.value = rest;
}

/** Changes the Draft of a listener, if it is still that of this Exchange. */
export function change(
  listener: string,
  exchange: Exchange,
  next: (draft: OpenDraft) => OpenDraft,
): void {
  const draft = current.value[listener];
  if (draft?.exchange.id === exchange.id) put(listener, next(draft));
}

/** Edits the request of a Draft. */
export function editRequest({ exchange }: OpenDraft, edit: (editing: Editing) => Editing): void {
  change(
    exchange.listener,
    exchange,
    (draft) =>
      draft.edited?.kind === "request"
        ? { ...draft, edited: { kind: "request", editing: edit(draft.edited.editing) }, trouble: null }
        : draft,
  );
}

/** Edits the turns of a Draft. */
export function editTurns({ exchange }: OpenDraft, edit: (turns: TurnsEditing) => TurnsEditing): void {
  change(
    exchange.listener,
    exchange,
    (draft) =>
      draft.edited?.kind === "turns"
        ? { ...draft, edited: { kind: "turns", turns: edit(draft.edited.turns) }, trouble: null }
        : draft,
  );
}

function put(listener: string, draft: OpenDraft): void {
  current.value = { ...current.value, [listener]: draft };
}
