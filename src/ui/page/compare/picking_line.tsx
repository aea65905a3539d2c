// The line under the toolbar while the other one of two Exchanges is looked for.

import type { JSX } from "preact";
import { clock } from "../pane/words.ts";
import { openedNow } from "../state/store.ts";
import { compareSides, compareWithSelected, picking, selectedOther } from "./comparison.ts";

/** See above; nothing while none is looked for. */
export function PickingLine(): JSX.Element | null {
  const first = picking.value;
  if (first === null) return null;
  const { method, url, started } = first;
  const other = selectedOther(openedNow.value);
  return (
    <div class="picking" role="status">
      <p class="text">
        Click the exchange to compare with <code>{[method, url].filter(Boolean).join(" ")}</code> of{" "}
        {clock(started)}, on any tab.
      </p>
      {other !== null && (
        <button type="button" class="button" onClick={compareWithSelected}>
          With the selected of {clock(other.started)}
        </button>
      )}
      <button type="button" class="button" onClick={() => compareSides(first)}>
        Its request with its response
      </button>
      <button type="button" class="button" onClick={() => picking.value = null}>
        Leave <kbd aria-hidden="true">Esc</kbd>
      </button>
    </div>
  );
}
