// Text from the wire: control characters by their names, hits marked. It only ever becomes text nodes.

import type { JSX } from "preact";
import type { HeadHit } from "./head_texts.ts";

/** What Find has found in a head, and which of it is the current hit. */
export interface HeadHits {
  readonly list: readonly HeadHit[];
  readonly current: HeadHit | null;
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
    parts.push(
      <mark key={from} class={isCurrent ? "hit hit-current" : "hit"} ref={isCurrent ? show : undefined}>
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
