// The forms of listeners that are being changed, by listener. They stay while other tabs are looked at.

import { signal } from "@preact/signals";
import type { Listener } from "../types.ts";
import { FormState } from "./form_state.ts";
import { draftOf } from "./listener_draft.ts";

const open = signal<ReadonlyMap<string, FormState>>(new Map());

/** The form of a listener; null where it is not being changed. */
export function editOf(listener: string): FormState | null {
  return open.value.get(listener) ?? null;
}

/** Opens the form of a listener, where it is not open, and gives it. */
export function openEdit(listener: Listener): FormState {
  const known = open.value.get(listener.id);
  if (known) return known;
  const form = new FormState(draftOf(listener));
  open.value = new Map([...open.value, [listener.id, form]]);
  return form;
}

/** Leaves the form of a listener. */
export function closeEdit(listener: string): void {
  open.value = new Map([...open.value].filter(([id]) => id !== listener));
}
