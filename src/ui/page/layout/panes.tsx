// Request and response beside or above each other, with the divider between them. While the mouse holds something in
// them they show no other exchange. Who selects text in them while the newest is followed has chosen what he reads.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { draftNow } from "../draft/drafts.ts";
import { DraftPane, Pane } from "../later_parts.ts";
import { MouseHold } from "../mouse_hold.ts";
import { edit } from "../resend.ts";
import type { Exchange } from "../../types.ts";
import type { Layout } from "../settings.ts";
import { type Opened, shownIn } from "../state/derived.ts";
import { dispatch } from "../state/store.ts";
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
  const shown = useRef(exchange);
  const isHeld = useReader(element, () => {
    const { current: read } = shown;
    if (now.view.follow && read !== null) dispatch({ type: "reveal", listener: now.id, exchange: read });
  });
  const isWanted = shownIn(now.view)?.id === shown.current?.id;
  if (exchange?.id === shown.current?.id || !isHeld && !isWanted) shown.current = exchange;
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

/** Whether the mouse holds something in an element. `onSelected`: text is selected there, and the mouse holds it not. */
function useReader(element: { readonly current: HTMLElement | null }, onSelected: () => void): boolean {
  const [isHeld, setHeld] = useState(false);
  const selected = useRef(onSelected);
  selected.current = onSelected;
  useEffect(() => {
    const { current: panes } = element;
    if (!panes) return;
    const look = () => {
      if (!hold.isHeld && hasSelection(panes)) selected.current();
    };
    const hold = new MouseHold(panes, () => {
      setHeld(hold.isHeld);
      look();
    });
    document.addEventListener("selectionchange", look);
    return () => {
      hold.destroy();
      document.removeEventListener("selectionchange", look);
    };
  }, []);
  return isHeld;
}

/** Whether text that is only read is selected in an element. */
function hasSelection(element: HTMLElement): boolean {
  const { anchorNode, isCollapsed } = getSelection()!;
  if (isCollapsed || !element.contains(anchorNode)) return false;
  const within = anchorNode instanceof Element ? anchorNode : anchorNode!.parentElement!;
  return within.closest('.cm-content:not([aria-readonly="true"])') === null;
}
