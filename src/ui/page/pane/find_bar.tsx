// The bar for Find, in a pane or in a Draft: what to look for, how many there are, next and previous. Enter and
// Shift+Enter go through the hits, Escape closes it.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "./bar.tsx";
import type { Search } from "./api.ts";
import { type HitCount, hitsText } from "./hits_text.ts";
import { Icon } from "./icons.tsx";
import { type Asked, useFocusIfAsked } from "./use_asked.ts";

/** What the bar shows and changes. */
export interface Finding extends HitCount {
  readonly search: Search;
  readonly error: string | null;
  /** Whenever the bar is asked for it takes the focus. */
  readonly asked: Asked;
  change(search: Partial<Search>): void;
  /** Goes to the next hit, or with -1 to the one before. */
  step(by: 1 | -1): void;
}

interface FindBarProps {
  /** What is searched: "request", "response", "draft". */
  readonly place: string;
  readonly find: Finding;
  /** Whether bytes can be looked for in a hex view. */
  readonly hasHex?: boolean;
  readonly onClose: () => void;
}

/** See above. */
export function FindBar({ place, find, hasHex = true, onClose }: FindBarProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const { search, error } = find;
  useFocusIfAsked(input, find.asked);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && event.target === input.current) find.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const id = `find-error-${place}`;
  return (
    <div class="pane-find" role="search" aria-label={`Find in the ${place}`} onKeyDown={onKeyDown}>
      <div class="pane-find-row">
        <input
          ref={input}
          type="text"
          class={error === null ? "pane-find-text" : "pane-find-text pane-find-wrong"}
          aria-label="Find"
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : id}
          placeholder={search.hex ? "00 00 00 30" : ""}
          spellcheck={false}
          autocomplete="off"
          value={search.text}
          onInput={(event) => find.change({ text: event.currentTarget.value })}
        />
        <span class="pane-find-count" aria-live="polite">
          {error === null && hitsText(search.text, find)}
        </span>
        <Button
          icon="up"
          name="Previous"
          title="Previous hit (Shift+Enter)"
          off={find.listed === 0}
          onClick={() => find.step(-1)}
        />
        <Button
          icon="down"
          name="Next"
          title="Next hit (Enter)"
          off={find.listed === 0}
          onClick={() => find.step(1)}
        />
        <span class="pane-divider" />
        <Toggle
          text="Aa"
          name="Match case"
          on={search.caseSensitive}
          onChange={(on) => find.change({ caseSensitive: on })}
        />
        <Toggle
          text=".*"
          name="Regular expression"
          on={search.regex}
          onChange={(on) => find.change({ regex: on })}
        />
        {hasHex && (
          <Toggle
            text="Hex"
            name="Find in hex"
            on={search.hex}
            onChange={(on) => find.change({ hex: on })}
          />
        )}
        <span class="pane-find-close">
          <Button icon="close" name="Close find" title="Close (Esc)" onClick={onClose} />
        </span>
      </div>
      {error !== null && (
        <p class="pane-find-error" role="alert" id={id}>
          <Icon name="warn" />
          {error}
        </p>
      )}
    </div>
  );
}

interface ToggleProps {
  readonly text: string;
  readonly name: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Toggle({ text, name, on, onChange }: ToggleProps): JSX.Element {
  return (
    <button
      type="button"
      class="button pane-toggle"
      aria-label={name}
      aria-pressed={on}
      title={name}
      onClick={() => onChange(!on)}
    >
      {text}
    </button>
  );
}
