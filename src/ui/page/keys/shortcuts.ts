// The keys of the whole page. Single letters only count outside text, and can be switched off.

import { askRemoveAll, askRemoveSelected, openNextTab, switchLayout, toggleFollow } from "../commands.ts";
import { compareSelected, picking } from "../compare/comparison.ts";
import { goThrough } from "../compare/going_through.ts";
import { edit, resendSelected } from "../resend.ts";
import { choices, openExport } from "../export/exporting.ts";
import { openSaveMenu } from "../save/save_button.tsx";
import { remembered } from "../settings.ts";
import { openedNow } from "../state/store.ts";
import { focusArea, focusNextArea, isInPane } from "./areas.ts";
import { isKeysOpen } from "./keys_open.ts";

/** Keys that are single letters or signs. */
const LETTERS: Readonly<Record<string, () => void>> = {
  "/": () => focusArea("toolbar"),
  f: toggleFollow,
  r: resendSelected,
  e: edit,
  s: openSaveMenu,
  c: compareSelected,
  n: () => goThrough.value?.(1),
  p: () => goThrough.value?.(-1),
  x: openExport,
  l: switchLayout,
  "[": () => openNextTab(-1),
  "]": () => openNextTab(1),
  "?": () => isKeysOpen.value = true,
};

/** Listens to keys until the page is closed. */
export function startShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isKeysOpen.value || choices.value !== null) return;
    if (event.key === "F6") {
      focusNextArea(event.shiftKey ? -1 : 1);
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || isText(event.target)) return;
    if (event.key === "Escape" && picking.value !== null) {
      picking.value = null;
      event.preventDefault();
      return;
    }
    if (event.key === "Escape" && isInPane(event.target) && focusArea("grid")) {
      event.preventDefault();
      return;
    }
    if (event.key === "Delete" && openedNow.value && !isInPane(event.target)) {
      if (event.shiftKey) askRemoveAll();
      else askRemoveSelected();
      event.preventDefault();
      return;
    }
    const act = remembered.value.letters && Object.hasOwn(LETTERS, event.key)
      ? LETTERS[event.key]
      : undefined;
    if (!act) return;
    act();
    event.preventDefault();
  });
}

/** Where letters are typed, or choose. The text of a pane is only read, but for a Draft's. */
function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches("input, textarea, select") ||
    target.closest(".draft-code") !== null);
}
