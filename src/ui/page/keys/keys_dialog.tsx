// The list of keys, on "?", and the switch for single letters.

import { Fragment, type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { remember, remembered } from "../settings.ts";
import { isKeysOpen } from "./keys_open.ts";

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
const CTRL = isMac ? "⌘" : "Ctrl";

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["↑", "↓", "PgUp", "PgDn", "Home", "End"], "another row; with Shift several"],
  [[CTRL, "A"], "all rows"],
  [["Enter"], "from the table to the request; Esc goes back"],
  [["Tab"], "to the head of the table: Enter sorts, ← → go on, with Shift they change the width"],
  [["F6"], "next area; with Shift the one before"],
  [["/"], "filter"],
  [["f"], "follow newest"],
  [["r"], "resend the selected"],
  [["e"], "edit the request, as a draft"],
  [[`${CTRL}+Enter`], "send the draft; Esc discards it"],
  [["c"], "compare the two selected, or the selected with the row that is clicked next; again closes it"],
  [["n", "p"], "next change of a comparison, previous change"],
  [["s"], "save: Enter the selected, as text"],
  [["x"], "export, in other formats and with secrets masked"],
  [["Delete"], "remove selected; with Shift all"],
  [["l"], "switch layout"],
  [["[", "]"], "previous tab, next tab"],
  [[CTRL, "F"], "find in the pane that has the focus"],
  [[CTRL, "G"], "go to a line of the pane that has the focus, in hex to an offset"],
  [["F3"], "next hit of the filter in the pane; with Shift the one before"],
  [["Esc"], "back"],
  [["?"], "this list"],
];

/** See above. */
export function KeysDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isKeysOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="keys-title"
      onClose={() => isKeysOpen.value = false}
    >
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        {KEYS.map(([keys, does]) => (
          <Fragment key={does}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
      <div class="row-end">
        <label class="check">
          <input
            type="checkbox"
            checked={remembered.value.letters}
            onChange={(event) => remember({ letters: event.currentTarget.checked })}
          />
          Use single-letter keys
        </label>
        <button type="button" class="button main" autofocus onClick={() => isKeysOpen.value = false}>
          Done
        </button>
      </div>
    </dialog>
  );
}
