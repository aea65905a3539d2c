// In the filter box, while contents are searched: how far that has got, and the button that stops it or lets it go on.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Icon } from "../icons.tsx";
import { isPartial, isSearching, type Opened } from "../state/derived.ts";
import { dispatch } from "../state/store.ts";
import { searchSentence, searchWords } from "./search_words.ts";

/** Work that takes longer gets words, ms. */
const WORDLESS = 300;

/** See above; nothing where nothing is searched, or where it takes no time. */
export function SearchStatus({ now: { id, view } }: { readonly now: Opened }): JSX.Element | null {
  const isGoing = isSearching(view);
  const isSlow = useSlow(isGoing);
  const { search } = view;
  if (!isPartial(search) || (isGoing && !isSlow)) return null;
  const sentence = searchSentence(search, view.rows.total);
  const part = search.total === 0 ? 0 : search.searched / search.total;
  return (
    <>
      <span class="searched" title={sentence}>{searchWords(search, view.rows.total)}</span>
      <span
        class="search-bar"
        role="progressbar"
        aria-label="Search"
        aria-valuenow={Math.floor(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={sentence}
        style={{ "--part": part }}
      />
      {search.stopped === null && (
        <button
          type="button"
          class="button"
          aria-label={isGoing ? "Cancel search" : "Search on"}
          title={isGoing ? "Cancel the search; the hits so far stay (Esc)" : `${sentence}. Search on`}
          onClick={() => dispatch({ type: "search", listener: id, on: !isGoing })}
        >
          <Icon name={isGoing ? "stop" : "start"} />
        </button>
      )}
    </>
  );
}

/** True once `busy` has been true for so long that it must be said. */
export function useSlow(busy: boolean): boolean {
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
