// What a Draft edits, and whether two edits are the same: all that is typed and chosen, however it is shown. Pure.

import type { Editing } from "./editing.ts";
import type { TurnsEditing } from "./turns.ts";

/** A request with its head and body, or the turns of a connection. */
export type Edited =
  | { readonly kind: "request"; readonly editing: Editing }
  | { readonly kind: "turns"; readonly turns: TurnsEditing };

/** Whether they are. */
export function isSameEdit(a: Edited, b: Edited | null): boolean {
  if (b === null || a.kind !== b.kind) return false;
  return JSON.stringify(essence(a)) === JSON.stringify(essence(b));
}

function essence(edited: Edited): unknown {
  if (edited.kind === "turns") {
    const { turns, quiet, endAfterTurns } = edited.turns;
    return [turns.map(({ text }) => text), quiet, endAfterTurns];
  }
  const { head, body, length, coding } = edited.editing;
  return [head, body.mode === "kept" ? null : body.text, length, coding?.choice];
}
