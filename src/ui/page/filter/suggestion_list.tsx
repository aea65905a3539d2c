// What opens under the filter box: what can be taken, and what is to be known of the language. It lies over the page, in
// the top layer. The focus stays in the box; arrows there go through the list.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { SYNTAX } from "../../../decode/query/mod.ts";
import type { Suggestion, Suggestions } from "./suggestions.ts";

/** Id of the list. */
export const SUGGESTIONS = "filter-suggestions";

/** Kept from the edges of the window, px. */
const MARGIN = 8;
const NARROWEST = 460;

/** Id of the n-th suggestion. */
export function suggestionId(n: number): string {
  return `${SUGGESTIONS}-${n}`;
}

/** At once: whoever leaves the box by Tab does not come into the list, whose options are gone through from the box. */
export function hideSuggestions(): void {
  document.getElementById(SUGGESTIONS)?.closest<HTMLElement>("[popover]")?.hidePopover();
}

interface SuggestionListProps {
  readonly suggestions: Suggestions;
  /** The one that Enter takes; -1: none. */
  readonly active: number;
  /** How the filter is understood, in words; "" where there is nothing to say. */
  readonly meaning: string;
  /** What is wrong with what is typed; null where nothing is said. It stands under the list too, which covers it elsewhere. */
  readonly wrong: JSX.Element | null;
  /** Whether nothing is typed: then the language is explained. */
  readonly isEmpty: boolean;
  /** The box that it stands under. */
  readonly box: () => HTMLElement | null;
  readonly onTake: (suggestion: Suggestion) => void;
}

/** See above. */
export function SuggestionList(props: SuggestionListProps): JSX.Element {
  const { suggestions: { groups, field }, active, meaning, wrong, isEmpty, box, onTake } = props;
  const popup = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const [shown, around] = [popup.current, box()];
    if (shown === null || around === null) return;
    shown.showPopover();
    const place = () => {
      const { left, bottom, width } = around.getBoundingClientRect();
      const wide = Math.min(Math.max(width, NARROWEST), innerWidth - 2 * MARGIN);
      shown.style.left = `${Math.min(left, innerWidth - wide - MARGIN)}px`;
      shown.style.top = `${bottom + 4}px`;
      shown.style.width = `${wide}px`;
    };
    place();
    addEventListener("resize", place);
    return () => removeEventListener("resize", place);
  }, []);
  useLayoutEffect(() => {
    document.getElementById(suggestionId(active))?.scrollIntoView({ block: "nearest" });
  }, [active]);
  let n = 0;
  return (
    <div
      class="popup filter-popup"
      popover="manual"
      ref={popup}
      // The focus stays in the box.
      onMouseDown={(event) => event.preventDefault()}
    >
      <div class="filter-list" role="listbox" id={SUGGESTIONS} aria-label="Suggestions" tabIndex={0}>
        {groups.map(({ name, list }) => (
          <div key={name} role="group" aria-label={name}>
            <div class="filter-group" aria-hidden="true">{name}</div>
            {list.map((one) => {
              const at = n++;
              return (
                <div
                  key={at}
                  role="option"
                  id={suggestionId(at)}
                  class="filter-option"
                  aria-selected={at === active}
                  onClick={() => onTake(one)}
                >
                  <span class="filter-insert">{one.insert}</span>
                  {one.help !== "" && <span class="filter-help">{one.help}</span>}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {isEmpty && (
        <dl class="filter-syntax">
          {SYNTAX.map(({ form, help }) => (
            <div key={form}>
              <dt>{form}</dt>
              <dd>{help}</dd>
            </div>
          ))}
        </dl>
      )}
      {wrong !== null && <p class="filter-about error" aria-hidden="true">{wrong}</p>}
      <p class="filter-about">
        {field !== null && (
          <>
            <strong>{field.name}:</strong> {field.help}
            {field.sided && " With request. or response. before it: of that side alone."}
          </>
        )}
        {field === null && meaning}
        <span class="filter-keys">
          <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Tab</kbd> takes <kbd>Esc</kbd> closes
        </span>
      </p>
    </div>
  );
}
