// Table and panes in the room that is left, with the divider between them.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Grid } from "../grid/grid.tsx";
import { chosenIn, comparison, lookAtSelection } from "../compare/comparison.ts";
import { ComparePane } from "../later_parts.ts";
import { type Dividers, type Layout, remember, remembered } from "../settings.ts";
import { type Opened, shownIn } from "../state/derived.ts";
import { Divider } from "./divider.tsx";
import { layoutNow } from "./layout_now.ts";
import { Panes } from "./panes.tsx";
import { placesOf, type Room } from "./sizes.ts";
import { useRested } from "./use_rested.ts";

interface WorkProps {
  readonly now: Opened;
  /** What stands in the place of the request of a selected exchange. */
  readonly request?: JSX.Element;
  /** The same for its response. */
  readonly response?: JSX.Element;
}

/** See above. */
export function Work({ now, request, response }: WorkProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const room = useSignal<Room>({ width: innerWidth, height: Math.max(200, innerHeight - 92) });
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([{ contentRect: { width, height } }]) =>
      room.value = { width, height }
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => lookAtSelection(now), [now.id, chosenIn(now), now.view.selection.lead?.id]);
  const compared = comparison.value?.tab === now.id ? comparison.value : null;
  const layout = layoutNow.value;
  const { dividers } = remembered.value;
  const places = placesOf(
    layout,
    room.value,
    request ? forDraft(layout, dividers[layout]) : dividers[layout],
  );
  const put = (moved: Partial<Dividers>) =>
    remember({ dividers: { ...dividers, [layout]: { ...dividers[layout], ...moved } } });
  const exchange = useRested(shownIn(now.view), now.id);
  const isEmpty = now.view.rows.total === 0 && now.view.filter === "";
  if (isEmpty && !request) {
    return (
      <div class="work empty" ref={element}>
        <Grid now={now} />
      </div>
    );
  }
  return (
    <div
      class={`work ${layout}`}
      ref={element}
      style={{ "--grid": `${places.grid.at}px`, "--request": `${places.request.at}px` }}
    >
      <Grid now={now} />
      <Divider
        label={layout === "stacked" ? "Width of the table" : "Height of the table"}
        divides={layout === "stacked" ? "columns" : "rows"}
        place={places.grid}
        onPut={(grid) => put({ grid })}
      />
      {compared !== null
        ? (
          <div class="pane-place">
            <ComparePane of={compared} />
          </div>
        )
        : (
          <Panes
            now={now}
            exchange={exchange}
            layout={layout}
            place={places.request}
            onPut={(request) => put({ request })}
            request={request}
            response={response}
          />
        )}
    </div>
  );
}

/** A draft needs more room than a request to read; the table then has the least. */
function forDraft(layout: Layout, { grid, request }: Dividers): Dividers {
  return {
    grid: grid ?? (layout === "stacked" ? null : 0),
    request: request ?? (layout === "column" ? 0.6 : null),
  };
}
