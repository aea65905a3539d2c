// The field that takes the number of a line, or in hex an offset. Enter goes there, Escape closes it.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "./bar.tsx";
import type { Side } from "./api.ts";
import type { Unit } from "./go_to.ts";
import { Icon } from "./icons.tsx";
import { useFocusIfAsked } from "./use_asked.ts";
import type { GoTo } from "./use_go_to.ts";

const NAMES: Readonly<Record<Unit, string>> = { line: "Go to line", offset: "Go to offset" };
/** How offsets are read. */
const HINT = "decimal, or hex: 0x200, 1f40, 00000200";

interface GoToBarProps {
  readonly side: Side;
  readonly goTo: GoTo;
  readonly onClose: () => void;
  /** It goes by itself, with the focus. */
  readonly onGone: () => void;
}

/** See above. */
export function GoToBar({ side, goTo, onClose, onGone }: GoToBarProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const { unit, error, bar } = goTo;
  useLayoutEffect(() => () => {
    if (bar.current?.contains(document.activeElement)) onGone();
  }, []);
  useFocusIfAsked(input, goTo.asked);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && event.target === input.current) goTo.go(input.current!.value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const id = `go-to-${side}`;
  return (
    <div
      class="pane-find"
      role="group"
      aria-label={`Go to a place in the ${side}`}
      ref={bar}
      onKeyDown={onKeyDown}
    >
      <div class="pane-find-row">
        <label class="pane-go-to-label" for={id}>{NAMES[unit]}</label>
        <input
          ref={input}
          id={id}
          type="text"
          class={error === null ? "pane-find-text pane-go-to" : "pane-find-text pane-go-to pane-find-wrong"}
          aria-invalid={error !== null}
          aria-describedby={error !== null ? `${id}-error` : unit === "offset" ? `${id}-hint` : undefined}
          spellcheck={false}
          autocomplete="off"
          onInput={goTo.typing}
        />
        <button
          type="button"
          class="button"
          onClick={() => goTo.go(input.current!.value)}
        >
          Go
        </button>
        {unit === "offset" && <span class="pane-find-count" id={`${id}-hint`} title={HINT}>{HINT}</span>}
        <span class="pane-find-count" aria-live="polite">{goTo.isLate && "looking for it"}</span>
        <span class="pane-find-close">
          <Button icon="close" name={`Close “${NAMES[unit]}”`} title="Close (Esc)" onClick={onClose} />
        </span>
      </div>
      {error !== null && (
        <p class="pane-find-error" role="alert" id={`${id}-error`}>
          <Icon name="warn" />
          {error}
        </p>
      )}
    </div>
  );
}
