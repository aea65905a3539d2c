// The filter box. It runs as typed; where what is typed is no filter, the rows stay as they are and it says why.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signal, useSignal } from "@preact/signals";
import { Icon, Sign } from "./icons.tsx";
import { FILTER } from "./ids.ts";
import { focusArea } from "./keys/areas.ts";
import { filterError, isFiltering, type Opened } from "./state/derived.ts";
import { dispatch } from "./state/store.ts";

/** Work that takes longer gets words, ms. */
const WORDLESS = 300;

/** Whoever types goes on within, ms; until then nothing is called wrong, unless Enter asks. */
const TYPING = 600;

const errorSaid = signal<string | null>(null);

/** What stood in the box when Enter was pressed: what is wrong with that is said as soon as it is known. */
let entered: string | null = null;

/** See above. */
export function Filter({ now }: { readonly now: Opened }): JSX.Element {
  const { id: listener, view } = now;
  const error = errorSaid.value;
  useEffect(() => startSaying(filterError(view), view.typed === entered), [view.typed, filterError(view)]);
  const isSlow = useSlow(isFiltering(view));
  const type = (text: string) => dispatch({ type: "typed", listener, text });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && view.typed !== "") type("");
    else if (event.key === "Enter") {
      entered = view.typed;
      errorSaid.value = filterError(view);
    } else if (event.key === "Escape" || event.key === "ArrowDown") focusArea("grid");
    else return;
    event.preventDefault();
  };
  return (
    <div class={error === null ? "filter" : "filter wrong"}>
      <Icon name="find" />
      <input
        type="search"
        id={FILTER}
        aria-label="Filter"
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : "filter-error"}
        placeholder="Filter: text, or status:>=500 path:/orders time:>1s"
        autocomplete="off"
        spellcheck={false}
        value={view.typed}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="hint" aria-hidden="true">
        <span class="long">
          Filter: text, or <code>status:&gt;=500 path:/orders time:&gt;1s</code>
        </span>
        <span class="short">
          Filter, e.g. <code>status:&gt;=500</code>
        </span>
      </span>
      {isSlow && <span class="busy">filtering …</span>}
      {view.typed === "" ? <kbd title="Press / to type a filter" aria-hidden="true">/</kbd> : (
        <button
          type="button"
          class="button"
          aria-label="Clear filter"
          title="Clear filter (Esc)"
          onClick={() => type("")}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** What is wrong with the filter; a line of its own, so that it covers nothing. */
export function FilterError({ now }: { readonly now: Opened }): JSX.Element | null {
  if (errorSaid.value === null) return null;
  return (
    <p class="filter-error error" id="filter-error" role="alert">
      <Sign name="triangle" />
      <span>{errorSaid.value} {now.view.rows.total > 0 && "The rows are as before."}</span>
    </p>
  );
}

function startSaying(error: string | null, isEntered: boolean): () => void {
  errorSaid.value = isEntered ? error : null;
  if (error === null || isEntered) return () => {};
  const timer = setTimeout(() => errorSaid.value = error, TYPING);
  return () => {
    clearTimeout(timer);
    errorSaid.value = null;
  };
}

/** True once `busy` has been true for so long that it must be said. */
function useSlow(busy: boolean): boolean {
  const slow = useSignal(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => slow.value = true, WORDLESS);
    return () => {
      clearTimeout(timer);
      slow.value = false;
    };
  }, [busy]);
  return slow.value;
}
