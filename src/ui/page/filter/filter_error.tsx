// What is wrong with the filter, in words: when typing has paused, or at once when Enter asks. And why a search through
// contents did not come to its end, or what it had to pass over.

import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { notSearched } from "../../../catalog/search/not_searched.ts";
import { Sign } from "../icons.tsx";
import type { Opened } from "../state/derived.ts";
import { searchSentence } from "./search_words.ts";

/** Id of the element that says it. */
export const FILTER_ERROR = "filter-error";

/** Whoever types goes on within, ms; until then nothing is called wrong, unless Enter asks. */
const TYPING = 600;

/** What is said now; null for nothing. */
export const errorSaid = signal<string | null>(null);

/** The same, with what the rows are then; for the line and for what opens over it. */
export function ErrorSaid({ now: { view: { filter, rows } } }: { readonly now: Opened }): JSX.Element {
  return (
    <>
      <Sign name="triangle" />
      <span>
        {errorSaid.value}
        {rows.total > 0 && " The rows are as before"}
        {rows.total > 0 && filter !== "" && (
          <>
            , those of <code>{filter}</code>
          </>
        )}
        {rows.total > 0 && "."}
      </span>
    </>
  );
}

/** See above; a line of its own, so that it covers nothing. */
export function FilterError({ now }: { readonly now: Opened }): JSX.Element | null {
  const { search } = now.view;
  if (errorSaid.value === null) {
    const { stopped = null, tooLong } = search ?? {};
    if (search === null || (stopped === null && tooLong === undefined)) return null;
    return (
      <p class="filter-error" role="status">
        {stopped === null
          ? notSearched(tooLong ?? [])
          : `${searchSentence(search, now.view.rows.total)}. ${stopped}`}
      </p>
    );
  }
  return (
    <p class="filter-error error" id={FILTER_ERROR} role="alert">
      <ErrorSaid now={now} />
    </p>
  );
}

/** Says `error` when typing has paused, or at once; gives how to call that off. */
export function startSaying(error: string | null, isEntered: boolean): () => void {
  errorSaid.value = isEntered ? error : null;
  if (error === null || isEntered) return () => {};
  const timer = setTimeout(() => errorSaid.value = error, TYPING);
  return () => {
    clearTimeout(timer);
    errorSaid.value = null;
  };
}
