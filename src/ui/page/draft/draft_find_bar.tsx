// Find in a Draft, as its pane shows it: the button, the bar, and the keys that open and close it.

import type { JSX, RefObject } from "preact";
import { Button } from "../pane/bar.tsx";
import { FindBar } from "../pane/find_bar.tsx";
import type { DraftFind } from "./use_draft_find.ts";

/** Opens Find, or closes it. */
export function FindButton({ find, off }: { readonly find: DraftFind; readonly off: boolean }): JSX.Element {
  return (
    <Button
      icon="find"
      name="Find"
      title="Find in this draft (Ctrl+F)"
      off={off}
      pressed={find.isOpen}
      onClick={() => find.isOpen ? find.close() : find.open()}
    />
  );
}

interface DraftFindBarProps {
  readonly find: DraftFind;
  /** Takes the focus when the bar is closed: what is in it. */
  readonly pane: RefObject<HTMLElement | null>;
}

/** The bar, while it is open. */
export function DraftFindBar({ find, pane }: DraftFindBarProps): JSX.Element | null {
  if (!find.isOpen) return null;
  const close = () => {
    find.close();
    const editor = pane.current?.querySelector<HTMLElement>(".cm-content");
    (editor ?? pane.current)?.focus();
  };
  return <FindBar place="draft" find={find} hasHex={false} onClose={close} />;
}

/** Whether a key was for Find: Ctrl or ⌘ with F opens it, Esc closes it. */
export function findKeys(event: KeyboardEvent, find: DraftFind): boolean {
  const isFind = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "f";
  if (isFind) find.open();
  else if (event.key === "Escape" && find.isOpen && !event.defaultPrevented) find.close();
  else return false;
  return true;
}
