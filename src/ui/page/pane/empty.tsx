// A pane where there is no Message to show.

import type { ComponentChildren, JSX } from "preact";
import type { Emptiness } from "./emptiness.ts";
import { Icon } from "./icons.tsx";

interface EmptyProps extends Partial<Emptiness> {
  readonly title: string;
  /** Offers to ask again. */
  readonly onAgain?: () => void;
  /** Shows how clients come to trust tcpmon's authority. */
  readonly onTrust?: () => void;
  /** What else there is to say. */
  readonly children?: ComponentChildren;
}

/** See above. */
export function Empty(
  { title, text = "", isFailure = false, onAgain, onTrust, children }: EmptyProps,
): JSX.Element {
  return (
    <div class="pane-empty">
      <p class={isFailure ? "pane-empty-title pane-bad" : "pane-empty-title"}>
        {isFailure && <Icon name="failed" />}
        {title}
      </p>
      {text !== "" && <p>{text}</p>}
      {onAgain && <button type="button" class="link" onClick={onAgain}>Ask again</button>}
      {onTrust && (
        <p>
          <button type="button" class="button bordered" aria-haspopup="dialog" onClick={onTrust}>
            How clients trust it
          </button>
        </p>
      )}
      {children}
    </div>
  );
}
