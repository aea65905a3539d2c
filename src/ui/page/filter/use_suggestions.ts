// The suggestions while one types: when they are open, which one is chosen, and what becomes of the text when one is taken.

import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Opened } from "../state/derived.ts";
import { remembered } from "../settings.ts";
import { knownValues } from "./known_values.ts";
import { NONE, type Suggestion, type Suggestions, suggestionsFor } from "./suggestions.ts";

/** See the top of this file. */
export interface Suggesting {
  readonly isOpen: boolean;
  readonly suggestions: Suggestions;
  /** -1: none. */
  readonly active: number;
  /** The caret may have moved, or the text is another. */
  look(): void;
  /** Opens them also where nothing has been typed of a term. */
  ask(): void;
  close(): void;
  take(suggestion: Suggestion): void;
  /** Whether the key was for them. */
  onKey(event: KeyboardEvent): boolean;
}

/** See above. `type` takes the text as it is to be. */
export function useSuggestions(
  now: Opened,
  input: RefObject<HTMLInputElement | null>,
  type: (text: string) => void,
): Suggesting {
  /** null: closed. */
  const [caret, setCaret] = useState<number | null>(null);
  const [isAsked, setAsked] = useState(false);
  const [active, setActive] = useState(-1);
  const putAt = useRef<number | null>(null);
  const text = now.view.typed;
  const isClosed = caret === null;
  const known = useMemo(() => isClosed ? {} : knownValues(now.view.rows), [isClosed, now.id]);
  const earlier = remembered.value.filters;
  const suggestions = useMemo(
    () =>
      caret === null ? NONE : suggestionsFor(text, Math.min(caret, text.length), { earlier, known, isAsked }),
    [caret, text, isAsked, earlier, known],
  );
  const all = suggestions.groups.flatMap(({ list }) => list);
  const chosen = Math.min(active, all.length - 1);

  useLayoutEffect(() => {
    if (putAt.current === null) return;
    input.current?.setSelectionRange(putAt.current, putAt.current);
    putAt.current = null;
  }, [text]);

  const open = (asked: boolean) => {
    setCaret(input.current?.selectionStart ?? 0);
    setAsked(asked);
    setActive(-1);
  };
  const close = () => {
    setCaret(null);
    setActive(-1);
  };
  const take = ({ from, to, insert, goesOn }: Suggestion) => {
    const next = text.slice(0, from) + insert + text.slice(to);
    putAt.current = from + insert.length;
    type(next);
    setActive(-1);
    setCaret(goesOn ? putAt.current : null);
  };
  return {
    isOpen: all.length > 0,
    suggestions,
    active: chosen,
    look: () => open(false),
    ask: () => open(true),
    close,
    take,
    onKey: (event) => {
      if ((event.key === "ArrowDown" && event.altKey) || (event.key === " " && event.ctrlKey)) {
        open(true);
        return true;
      }
      if (all.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return false;
      switch (event.key) {
        case "ArrowDown":
          setActive(chosen + 1 < all.length ? chosen + 1 : -1);
          return true;
        case "ArrowUp":
          setActive(chosen < 0 ? all.length - 1 : chosen - 1);
          return true;
        case "Tab":
          if (event.shiftKey || (chosen < 0 && text.trim() === "")) return false;
          take(all[Math.max(0, chosen)]);
          return true;
        case "Enter":
          if (chosen < 0) return false;
          take(all[chosen]);
          return true;
        case "Escape":
          close();
          return true;
        default:
          return false;
      }
    },
  };
}
