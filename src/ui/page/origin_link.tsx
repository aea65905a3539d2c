// The time of the Exchange that another was sent again from, as the way to it.

import type { JSX } from "preact";
import { goTo, originTime } from "./origins.ts";
import { clock } from "./pane/words.ts";

interface OriginLinkProps {
  /** Of the origin. */
  readonly id: string;
  /** Within a row of the table, which is one stop of the Tab key. */
  readonly isInRow?: boolean;
}

/** See above. */
export function OriginLink({ id, isInRow = false }: OriginLinkProps): JSX.Element {
  const time = originTime(id);
  if (time === null) return <>…</>;
  if (time === "gone") return <>one that was removed</>;
  return (
    <button
      type="button"
      class="link"
      tabIndex={isInRow ? -1 : undefined}
      title="Go to the exchange that it was sent again from"
      onMouseDown={(event) => event.stopPropagation()}
      onClick={() => void goTo(id)}
    >
      {clock(time)}
    </button>
  );
}
