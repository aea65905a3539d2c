// The filter box. It runs as typed; where what is typed is no filter, the rows stay as they are and it says why.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { describe, parseQuery } from "../../../decode/query/mod.ts";
import { Icon } from "../icons.tsx";
import { FILTER } from "../ids.ts";
import { focusArea } from "../keys/areas.ts";
import { counted } from "../pane/words.ts";
import { rememberFilter } from "../settings.ts";
import { filterError, isFiltering, isSearching, type Opened } from "../state/derived.ts";
import { dispatch } from "../state/store.ts";
import { ErrorSaid, errorSaid, FILTER_ERROR, startSaying } from "./filter_error.tsx";
import { FilterText } from "./filter_text.tsx";
import { SearchStatus, useSlow } from "./search_status.tsx";
import { hideSuggestions, suggestionId, SuggestionList, SUGGESTIONS } from "./suggestion_list.tsx";
import { type Suggesting, useSuggestions } from "./use_suggestions.ts";

/** What stood in the box when Enter was pressed: what is wrong with that is said as soon as it is known. */
let entered: string | null = null;

/** See above. */
export function Filter({ now }: { readonly now: Opened }): JSX.Element {
  const { id: listener, view } = now;
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const drawn = useRef<HTMLDivElement>(null);
  const error = errorSaid.value;
  useEffect(() => startSaying(filterError(view), view.typed === entered), [view.typed, filterError(view)]);
  const isSlow = useSlow(isFiltering(view));
  const type = (text: string) => dispatch({ type: "typed", listener, text });
  const suggesting = useSuggestions(now, input, type);
  const read = useMemo(() => parseQuery(view.typed), [view.typed]);
  const meaning = read.query === null || read.query.is === "everything"
    ? ""
    : `Shows where ${describe(read.query)}.`;

  const scroll = () => {
    if (drawn.current && input.current) drawn.current.scrollLeft = input.current.scrollLeft;
  };
  // Only then: to read where it is scrolled to has the browser lay out the page.
  useLayoutEffect(scroll, [view.typed]);
  const use = () => view.typed.trim() === view.filter && rememberFilter(view.filter);
  const clear = () => {
    use();
    suggesting.close();
    type("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (suggesting.onKey(event)) {
      // It was for the suggestions.
    } else if (event.key === "Escape" && isSearching(view)) {
      dispatch({ type: "search", listener, on: false });
    } else if (event.key === "Escape" && view.typed !== "") {
      clear();
    } else if (event.key === "Enter") {
      entered = view.typed;
      errorSaid.value = filterError(view);
      use();
      suggesting.close();
    } else if (event.key === "Escape" || event.key === "ArrowDown") focusArea("grid");
    else {
      if (event.key === "Tab") hideSuggestions();
      return;
    }
    event.preventDefault();
  };
  return (
    <div class={error === null ? "filter" : "filter wrong"} ref={box}>
      <Icon name="find" />
      <FilterText text={view.typed} wrong={error === null ? null : read.error} scroller={drawn} />
      <input
        ref={input}
        type="search"
        id={FILTER}
        aria-label="Filter"
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : FILTER_ERROR}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={suggesting.isOpen ? SUGGESTIONS : undefined}
        aria-activedescendant={suggesting.active < 0 ? undefined : suggestionId(suggesting.active)}
        placeholder="Filter: text, or status:>=500 path:/orders body:tracking"
        title={meaning}
        autocomplete="off"
        spellcheck={false}
        value={view.typed}
        onInput={(event) => {
          type(event.currentTarget.value);
          suggesting.look();
        }}
        onClick={suggesting.look}
        onKeyDown={onKeyDown}
        onKeyUp={({ key }) => /^(Arrow(Left|Right)|Home|End)$/.test(key) && suggesting.look()}
        onFocus={() => view.typed === "" && suggesting.look()}
        onBlur={() => {
          use();
          suggesting.close();
        }}
        onScroll={scroll}
      />
      <span class="hint" aria-hidden="true">
        <span class="long">
          Filter: text, or <code>status:&gt;=500 path:/orders body:tracking</code>
        </span>
        <span class="short">
          Filter, e.g. <code>status:&gt;=500</code>
        </span>
      </span>
      {isSlow && <span class="busy">filtering …</span>}
      {!isSlow && <SearchStatus now={now} />}
      {view.typed === ""
        ? <kbd title="Press / to type a filter" aria-hidden="true">/</kbd>
        : <Clear onClear={clear} />}
      <Offered suggesting={suggesting} />
      {suggesting.isOpen && (
        <SuggestionList
          suggestions={suggesting.suggestions}
          active={suggesting.active}
          meaning={meaning}
          wrong={error === null ? null : <ErrorSaid now={now} />}
          isEmpty={view.typed.trim() === ""}
          box={() => box.current}
          onTake={suggesting.take}
        />
      )}
    </div>
  );
}

function Clear({ onClear }: { readonly onClear: () => void }): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      aria-label="Clear filter"
      title="Clear filter (Esc)"
      onClick={onClear}
    >
      <Icon name="close" />
    </button>
  );
}

/** How many suggestions there are, for those who do not see them. */
function Offered({ suggesting: { suggestions, isOpen } }: { readonly suggesting: Suggesting }): JSX.Element {
  const many = suggestions.groups.reduce((sum, { list }) => sum + list.length, 0);
  return <span class="unseen" aria-live="polite">{isOpen ? counted(many, "suggestion") : ""}</span>;
}
