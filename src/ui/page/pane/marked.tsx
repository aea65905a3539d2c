// Text from the wire: control characters by their names, hits marked. It only ever becomes text nodes.

import type { JSX } from "preact";
import type { HeadHit } from "./head_texts.ts";

/** Something that is marked in a head. */
export interface HeadMark extends HeadHit {
  /** Whether the filter looks for it, rather than Find. */
  readonly isOfFilter?: boolean;
}

/** What is marked in a head, within each text in order, and which of it is to be seen. */
export interface HeadHits {
  readonly list: readonly HeadMark[];
  readonly current: HeadMark | null;
}

/** Both: what Find has found goes before what the filter looks for. */
export function together(found: HeadHits, filtered: HeadHits): HeadHits {
  if (found.list.length === 0) return filtered;
  if (filtered.list.length === 0) return found;
  const list = [...found.list, ...filtered.list].sort((a, b) => a.from - b.from);
  return { list, current: found.current ?? filtered.current };
}

interface MarkedProps {
  readonly text: string;
  readonly hits: HeadHits;
  /** The key that the hits know this text by. */
  readonly of: string;
  /** Where `text` begins in the text with that key. */
  readonly at?: number;
}

/** See above. */
export function Marked({ text, hits, of, at = 0 }: MarkedProps): JSX.Element {
  const parts: JSX.Element[] = [];
  let done = 0;
  for (const hit of hits.list) {
    const from = Math.max(done, hit.from - at);
    const to = Math.min(text.length, hit.to - at);
    if (hit.key !== of || to <= from) continue;
    parts.push(<Plain key={`before-${from}`} text={text.slice(done, from)} />);
    const isCurrent = hit === hits.current;
    const look = hit.isOfFilter ? "hit hit-filter" : "hit";
    parts.push(
      <mark key={from} class={isCurrent ? `${look} hit-current` : look} ref={isCurrent ? show : undefined}>
        <Plain text={text.slice(from, to)} />
      </mark>,
    );
    done = to;
  }
  return (
    <>
      {parts}
      <Plain text={text.slice(done)} />
    </>
  );
}

function show(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

const CONTROL = /([\0-\x08\x0a-\x1f\x7f-\x9f]+)/;

function Plain({ text }: { readonly text: string }): JSX.Element {
  return <>{text.split(CONTROL).map((part, n) => n % 2 === 1 ? <Control key={n} chars={part} /> : part)}</>;
}

/** Line ends by their names, other control characters as dots. */
function Control({ chars }: { readonly chars: string }): JSX.Element {
  const names = [...chars].map((char) => char === "\r" ? " CR " : char === "\n" ? " LF " : "·").join("");
  return <span class="control-chars">{names.replace(/ +/g, " ").trim()}</span>;
}
