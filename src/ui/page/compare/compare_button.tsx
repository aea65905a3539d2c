// The button "Compare" of the toolbar.

import type { JSX } from "preact";
import { Icon } from "../icons.tsx";
import type { Opened } from "../state/derived.ts";
import { compareSelected, comparison, picking, whyNotCompared } from "./comparison.ts";

/** See above. */
export function CompareButton({ now }: { readonly now: Opened }): JSX.Element {
  const why = whyNotCompared(now);
  const isOn = picking.value !== null || comparison.value?.tab === now.id;
  return (
    <button
      type="button"
      class="button"
      aria-pressed={isOn}
      title={why ?? (now.view.selection.ids.size === 2
        ? "Compare the two selected (c)"
        : "Compare with another exchange: click it next (c)")}
      disabled={why !== null}
      onClick={compareSelected}
    >
      <Icon name="compare" />
      <span class="label">Compare</span>
    </button>
  );
}
