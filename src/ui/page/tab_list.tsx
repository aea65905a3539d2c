// The list of all listeners, on a button beside the tabs where those have no room: none is out of sight, and those that
// cannot listen are counted on it.

import type { JSX } from "preact";
import { splitAddress, targetWords } from "./addresses.ts";
import { Icon, Sign } from "./icons.tsx";
import { type Deed, Menu } from "./menu.tsx";
import { count, counted } from "./pane/words.ts";
import { usePopup } from "./popup.ts";
import { dispatch, state } from "./state/store.ts";

/** See above. */
export function TabList(): JSX.Element {
  const { isOpen, close, around, button, popup, onKeyDown, onFocusOut } = usePopup();
  const { listeners, counts } = state.value;
  const failed = listeners.filter(({ state }) => state === "failed");
  const troubled = failed.length === 0 ? "" : `, ${count(failed.length)} cannot listen`;
  const deeds: Deed[] = listeners.map(({ id, listen, target, name, state, capture }) => ({
    name: capture
      ? `${capture.file} ${splitAddress(listen).port}`
      : `${splitAddress(listen).port} ${name ?? `→ ${targetWords(target)}`}`,
    detail: state === "listening" || state === "capture"
      ? counted(counts[id]?.total ?? 0, "exchange")
      : state === "failed"
      ? "cannot listen"
      : "stopped",
    act: () => dispatch({ type: "open", tab: { listener: id } }),
  }));
  return (
    <div
      ref={around}
      class="popup-around tab-list"
      role="presentation"
      onKeyDown={onKeyDown}
      onFocusOut={onFocusOut}
    >
      <button
        ref={button}
        type="button"
        class="button"
        title={`All ${counted(listeners.length, "listener")}${troubled}`}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onClick={() => isOpen.value = !isOpen.value}
      >
        <Icon name="list" />
        <span class="unseen">All listeners:</span> <span class="total">{count(listeners.length)}</span>
        {failed.length > 0 && (
          <span class="failed">
            <Sign name="triangle" tone="bad" /> {count(failed.length)}{" "}
            <span class="unseen">cannot listen</span>
          </span>
        )}
      </button>
      {isOpen.value && (
        <div ref={popup} popover="manual" class="popup">
          <Menu
            name="All listeners"
            deeds={deeds}
            said={failed.length === 0
              ? "Those that have no room as tabs are here too."
              : `Cannot listen: ${failed.map(({ listen }) => splitAddress(listen).port).join(", ")}.`}
            close={close}
          />
        </div>
      )}
    </div>
  );
}
