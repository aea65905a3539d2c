// A pane where there is no Message to show.

import type { JSX } from "preact";
import type { Emptiness } from "./emptiness.ts";
import { Icon } from "./icons.tsx";

interface EmptyProps extends Partial<Emptiness> {
  readonly title: string;
  /** Offers to ask again. */
  readonly onAgain?: () => void;
}

/** See above. */
export function Empty({ title, text = "", isFailure = false, onAgain }: EmptyProps): JSX.Element {
  return (
    <div class="pane-empty">
      <p class={isFailure ? "pane-empty-title pane-bad" : "pane-empty-title"}>
        {isFailure && <Icon name="failed" />}
        {title}
      </p>
      {text !== "" && <p>{text}</p>}
      {onAgain && <button type="button" class="link" onClick={onAgain}>Ask again</button>}
    </div>
  );
}
