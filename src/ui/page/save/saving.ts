// What is being saved, for the line below everything; and how saving is begun from any menu. What could not be saved
// becomes a notice.

import { signal } from "@preact/signals";
import { remembered } from "../settings.ts";
import { dispatch } from "../state/store.ts";
import { type Saved, toFile } from "./to_file.ts";

/** An ending is shown for so long, ms. */
const SAID_MS = 6_000;

/** The latest that was begun. */
export interface Saving {
  /** "3 exchanges", "the response" */
  readonly what: string;
  readonly name: string;
  readonly bytes: number;
  readonly state: "going" | "saved" | "handed";
  readonly stop: () => void;
}

/** What is to be said of saving; null when nothing is. */
export const saving = signal<Saving | null>(null);

/** Saves, and says so. */
export function beginSaving(what: string, saved: Saved): void {
  const abort = new AbortController();
  let mine: Saving | null = null;
  const tell = (change: Partial<Saving>) => {
    const before: Saving = mine ??
      { what, name: saved.name, bytes: 0, state: "going", stop: () => abort.abort() };
    if (mine !== null && saving.value !== mine) return;
    saving.value = mine = { ...before, ...change };
  };
  const quiet = () => {
    if (saving.value === mine) saving.value = null;
  };
  toFile(saved, remembered.value.asks, (name, bytes) => tell({ name, bytes }), abort.signal).then(
    (ending) => {
      if (ending.how === "left") return quiet();
      tell({ name: ending.name, state: ending.how });
      setTimeout(quiet, SAID_MS);
    },
    (error: Error) => {
      quiet();
      dispatch({ type: "notice", text: error.message });
    },
  );
}
