// What is typed, drawn under the box's own text, which is transparent: with colours, and with a line under the place that
// is wrong. It says nothing to assistive technology: the box does. It is scrolled along by whoever holds it.

import type { JSX, Ref } from "preact";
import { filterTokens } from "./filter_tokens.ts";

interface FilterTextProps {
  readonly text: string;
  /** What is wrong; null where nothing is. */
  readonly wrong: { readonly from: number; readonly to: number } | null;
  readonly scroller: Ref<HTMLDivElement>;
}

/** See above. */
export function FilterText({ text, wrong, scroller }: FilterTextProps): JSX.Element {
  let at = 0;
  const parts = filterTokens(text).flatMap(({ text, kind }) => {
    const from = at;
    at += text.length;
    return cut(text, from, wrong).map((part) => ({ ...part, kind }));
  });
  return (
    <div class="filter-text" ref={scroller} aria-hidden="true">
      {parts.map(({ text, kind, isWrong }, n) => (
        <span key={n} class={`${kind}${isWrong ? " filter-wrong" : ""}` || undefined}>{text}</span>
      ))}
    </div>
  );
}

/** A part that begins at `from`, divided where the wrong place begins and ends. */
function cut(
  text: string,
  from: number,
  wrong: FilterTextProps["wrong"],
): { text: string; isWrong: boolean }[] {
  if (wrong === null) return [{ text, isWrong: false }];
  const begin = Math.min(text.length, Math.max(0, wrong.from - from));
  const end = Math.min(text.length, Math.max(begin, wrong.to - from));
  return [
    { text: text.slice(0, begin), isWrong: false },
    { text: text.slice(begin, end), isWrong: true },
    { text: text.slice(end), isWrong: false },
  ].filter(({ text }) => text !== "");
}
