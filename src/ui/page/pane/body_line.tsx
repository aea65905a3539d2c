// The line between head and body.

import type { JSX } from "preact";
import { bodyFacts, type BodyKnown, bodyLabel } from "./body_facts.ts";

/** See above; its statements are those of `bodyFacts`. */
export function BodyLine(known: BodyKnown): JSX.Element {
  return (
    <p class="pane-body-line">
      <strong>{bodyLabel(known.message, known.shown)}</strong>
      <span class="pane-facts-window">
        <span class="pane-facts-flow">
          {bodyFacts(known).map(({ text, isWarning }) => (
            <span key={text} class={isWarning ? "pane-fact pane-warn" : "pane-fact"}>{text}</span>
          ))}
        </span>
      </span>
    </p>
  );
}
