// Text from the wire: control characters by their names, hits marked. It only ever becomes text nodes.

import type { JSX } from "preact";
import { piecesOf } from "../grid/cells.ts";
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

function Plain({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {piecesOf(text).map((piece, n) =>
        piece.control ? <span key={n} class="control-chars">{piece.text}</span> : piece.text
      )}
    </>
  );
}
