// The line between head and body: what is known of the body, and the way to a place in it.

import type { JSX } from "preact";
import { Button } from "./bar.tsx";
import { bodyFacts, type BodyKnown, bodyLabel } from "./body_facts.ts";
import type { GoTo } from "./use_go_to.ts";

interface BodyLineProps extends BodyKnown {
  /** Null where no text is shown. */
  readonly goTo: GoTo | null;
  readonly onGoTo: () => void;
}

/** See above; its statements are those of `bodyFacts`. */
export function BodyLine({ goTo, onGoTo, ...known }: BodyLineProps): JSX.Element {
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
      {goTo !== null && (
        <Button
          icon="goTo"
          name="Go to"
          title={`Go to ${goTo.unit === "offset" ? "an offset" : "a line"} (Ctrl+G)`}
          pressed={goTo.isOpen}
          onClick={onGoTo}
        />
      )}
    </p>
  );
}
