// Request and response beside or above each other, with the divider between them. While the mouse holds something in
// them, such as text that is being selected, they show no other exchange.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { draftNow } from "../draft/drafts.ts";
import { DraftPane, Pane } from "../later_parts.ts";
import { MouseHold } from "../mouse_hold.ts";
import { edit } from "../resend.ts";
import type { Exchange } from "../../types.ts";
import type { Layout } from "../settings.ts";
import type { Opened } from "../state/derived.ts";
import { Divider } from "./divider.tsx";
import type { Place } from "./sizes.ts";

interface PanesProps {
  readonly now: Opened;
  /** What they show; null for nothing. */
  readonly exchange: Exchange | null;
  readonly layout: Layout;
  readonly place: Place;
  readonly onPut: (request: number | null) => void;
  /** What stands in the place of the request, and of its response. */
  readonly request?: JSX.Element;
  readonly response?: JSX.Element;
}

/** See above. */
export function Panes({ now, exchange, layout, place, onPut, request, response }: PanesProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const isHeld = useHeld(element);
  const shown = useRef(exchange);
  if (!isHeld || exchange?.id === shown.current?.id) shown.current = exchange;
  const { current } = shown;
  const draft = draftNow.value;
  const folded = layout === "column";
  // The same elements are given while they show the same, so that rows that come do not make them again.
  const panes = useMemo(() => ({
    request: <Pane side="request" exchange={current} folded={folded} onEdit={edit} />,
    response: <Pane side="response" exchange={current} folded={folded} />,
  }), [current, folded]);
  return (
    <div class="panes" ref={element}>
      <div class="pane-place">
        {request ??
          (draft === null ? panes.request : <DraftPane key={draft.exchange.id} draft={draft} now={now} />)}
      </div>
      <Divider
        label={layout === "side" ? "Width of the request" : "Height of the request"}
        divides={layout === "side" ? "columns" : "rows"}
        place={place}
        onPut={onPut}
      />
      <div class="pane-place">
        {response ?? panes.response}
      </div>
    </div>
  );
}

/** Whether the mouse holds something in an element. */
function useHeld(element: { readonly current: HTMLElement | null }): boolean {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const hold = new MouseHold(element.current, () => setHeld(hold.isHeld));
    return () => hold.destroy();
  }, []);
  return isHeld;
}
