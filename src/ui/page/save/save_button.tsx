// "Save" in the toolbar: the selected exchanges, or all that the table has, as one text; or what the export dialog makes.

import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { savedFileName } from "../../../catalog/file_names.ts";
import { openExport } from "../export/exporting.ts";
import { Icon } from "../icons.tsx";
import type { Deed } from "../menu.tsx";
import { counted } from "../pane/words.ts";
import { chosenIds, isConnected, type Opened, shownIn } from "../state/derived.ts";
import { openedNow, state } from "../state/store.ts";
import { SaveMenu } from "./save_menu.tsx";
import { beginSaving } from "./saving.ts";

const isOpen = signal(false);

/** Opens the menu, where there is something to save. */
export function openSaveMenu(): void {
  const now = openedNow.value;
  if (now && canSave(now)) isOpen.value = true;
}

/** Whether there is something to save. */
function canSave({ view }: Opened): boolean {
  return isConnected(state.value) && view.rows.total > 0;
}

/** See above. */
export function SaveButton({ now }: { readonly now: Opened }): JSX.Element {
  return (
    <SaveMenu
      name="Save"
      title="Save exchanges as one text, byte for byte (s)"
      off={!canSave(now)}
      opened={isOpen}
      deeds={() => [selected(now), all(now), EXPORT]}
    >
      <Icon name="save" />
      <span class="label">Save</span>
    </SaveMenu>
  );
}

const EXPORT: Deed = {
  name: "Export…",
  detail: "HAR, pcapng, report, secrets masked",
  // The menu gives the focus back as it closes; the dialog takes it after that.
  act: () => setTimeout(openExport),
};

function selected({ id, listener, view }: Opened): Deed {
  const { ids, unresolved } = view.selection;
  const lead = shownIn(view);
  const chosen = chosenIds(view);
  const name = ids.size === 0 && chosen.length === 1 ? "The one shown, as text" : "Selected, as text";
  if (chosen.length === 0) return { name, detail: "none", off: true, act: () => {} };
  if (unresolved) return { name, detail: "being read", off: true, waits: true, act: () => {} };
  const what = counted(chosen.length, "exchange");
  const exchange = chosen.length === 1 && lead?.id === chosen[0] ? lead : null;
  return {
    name,
    detail: what,
    act: () =>
      beginSaving(what, {
        url: "/api/exchanges/save",
        json: { ids: chosen, listener: id },
        name: savedFileName({ listen: listener?.listen ?? null, exchange, at: new Date() }),
      }),
  };
}

function all({ id, listener, view }: Opened): Deed {
  const what = counted(view.rows.total, "exchange");
  const query = new URLSearchParams({ listener: id });
  if (view.filter !== "") query.set("q", view.filter);
  return {
    name: view.filter === "" ? "All, as text" : "All that match the filter, as text",
    detail: what,
    off: view.rows.total === 0,
    act: () =>
      beginSaving(what, {
        url: `/api/exchanges/save?${query}`,
        name: savedFileName({ listen: listener?.listen ?? null, exchange: null, at: new Date() }),
      }),
  };
}
