// The head of the table: a press of a name sorts by its column, its right edge is dragged to make it wider. The head is
// one stop of the Tab key; arrow keys go from name to name, and with Shift they change the width.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { setWidth, sortBy } from "../commands.ts";
import { focusArea } from "../keys/areas.ts";
import { state } from "../state/store.ts";
import { type ColumnId, NAMES, type Shown } from "./columns.ts";

/** One press of an arrow key, px. */
const STEP = 16;

/** See above. */
export function Head({ shown }: { readonly shown: Shown }): JSX.Element {
  const { sort } = state.value;
  const row = useRef<HTMLDivElement>(null);
  const { columns } = shown;
  const stop = columns.includes(sort.by) ? sort.by : columns[0];
  const focus = (at: number) => row.current?.querySelectorAll("button")[at]?.focus();
  const onKeyDown = (event: KeyboardEvent, id: ColumnId, at: number) => {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (step !== 0 && event.shiftKey) setWidth(id, widthOf(event.currentTarget) + step * STEP);
    else if (step !== 0) focus(Math.max(0, Math.min(columns.length - 1, at + step)));
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(columns.length - 1);
    else if (event.key === "ArrowDown" || event.key === "Escape") focusArea("grid");
    else return;
    event.preventDefault();
  };
  return (
    <div ref={row} role="row" class="row head" aria-rowindex={1}>
      {columns.map((id, at) => (
        <span
          key={id}
          role="columnheader"
          class={CLASSES[id]}
          aria-sort={sort.by !== id ? undefined : sort.order === "asc" ? "ascending" : "descending"}
        >
          <button
            type="button"
            tabIndex={id === stop ? 0 : -1}
            title={`Sort by ${NAMES[id][1].toLowerCase()}; Shift+← and → change the width`}
            onClick={() => sortBy(id)}
            onKeyDown={(event) => onKeyDown(event, id, at)}
          >
            {NAMES[id][0]}
            {sort.by === id && <span aria-hidden="true">{sort.order === "asc" ? " ↑" : " ↓"}</span>}
          </button>
          <span
            class="grip"
            title="Drag to change the width; a double click puts it back"
            onPointerDown={(event) => drag(event, id)}
            onDblClick={() => setWidth(id, null)}
          />
        </span>
      ))}
    </div>
  );
}

const CLASSES: Readonly<Record<ColumnId, string>> = {
  state: "state",
  time: "time",
  client: "client",
  target: "target",
  method: "method",
  url: "path",
  summary: "summary",
  status: "status",
  request: "number request",
  response: "number response",
  elapsed: "elapsed",
};

/** Width of the column that something in its head belongs to, px. */
function widthOf(inHead: EventTarget | null): number {
  const head = inHead instanceof Element ? inHead.closest('[role="columnheader"]') : null;
  return head?.getBoundingClientRect().width ?? 0;
}

function drag(event: PointerEvent, id: ColumnId): void {
  if (event.button !== 0) return;
  const grip = event.currentTarget as HTMLElement;
  const begin = widthOf(grip) - event.clientX;
  const onMove = (move: PointerEvent) => {
    if (move.clientX !== event.clientX) setWidth(id, begin + move.clientX);
  };
  grip.setPointerCapture(event.pointerId);
  grip.addEventListener("pointermove", onMove);
  grip.addEventListener("lostpointercapture", () => grip.removeEventListener("pointermove", onMove), {
    once: true,
  });
}
