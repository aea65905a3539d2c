// A button that opens a menu of what can be saved.

import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Signal } from "@preact/signals";
import { type Deed, Menu } from "../menu.tsx";
import { usePopup } from "../popup.ts";
import { remember, remembered } from "../settings.ts";
import { whereWords } from "./said.ts";
import { canAsk } from "./to_file.ts";

interface SaveMenuProps {
  /** Of the button, and of the menu. */
  readonly name: string;
  readonly title: string;
  readonly off: boolean;
  readonly opened?: Signal<boolean>;
  /** Asked for when it is opened. */
  readonly deeds: () => readonly Deed[];
  readonly children: ComponentChildren;
}

/** See above. */
export function SaveMenu({ name, title, off, opened, deeds, children }: SaveMenuProps): JSX.Element {
  const { isOpen, close, around, button, popup, onKeyDown, onFocusOut } = usePopup(opened);
  const { asks } = remembered.value;
  // As it was opened: while the newest is followed, something else is shown a moment later.
  const held = useRef<readonly Deed[]>([]);
  if (!isOpen.value) held.current = [];
  else if (held.current.length === 0 || held.current.some(({ waits = false }) => waits)) {
    held.current = deeds();
  }
  return (
    <div ref={around} class="popup-around" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-label={name}
        title={title}
        disabled={off}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onClick={() => isOpen.value = !isOpen.value}
      >
        {children}
      </button>
      {isOpen.value && (
        <div ref={popup} popover="manual" class="popup">
          <Menu
            name={name}
            deeds={held.current}
            switches={canAsk()
              ? [{ name: "Ask where", on: asks, change: (on) => remember({ asks: on }) }]
              : []}
            said={whereWords(canAsk(), asks)}
            close={close}
          />
        </div>
      )}
    </div>
  );
}
