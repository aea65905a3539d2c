// A line that is there to be copied, with its button.

import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "./icons.tsx";

/** How long the button says that it was done, ms. */
const SAID = 1_500;

/** Shows `text` and copies it; where the browser does not allow that, the text is selected instead. */
export function CopyLine({ text }: { readonly text: string }): JSX.Element {
  const copied = useSignal(false);
  const code = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = true;
      setTimeout(() => copied.value = false, SAID);
    } catch {
      if (code.current) getSelection()?.selectAllChildren(code.current);
    }
  };
  return (
    <div class="copyline">
      <code ref={code}>{text}</code>
      <button type="button" class="button" onClick={copy}>
        <Icon name="copy" />
        <span aria-live="polite">{copied.value ? "Copied" : "Copy"}</span>
      </button>
    </div>
  );
}
