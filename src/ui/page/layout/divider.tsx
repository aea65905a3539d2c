// A divider: drags, moves by 16 px with the arrow keys, and goes back where it was at first by a double click.

import type { JSX } from "preact";
import type { Place } from "./sizes.ts";

/** One press of an arrow key, px. */
const STEP = 16;

interface DividerProps {
  readonly label: string;
  /** What is divided: `rows` by a horizontal line, `columns` by a vertical one. */
  readonly divides: "rows" | "columns";
  readonly place: Place;
  /** Called with a part of 1; null to go back. */
  readonly onPut: (part: number | null) => void;
}

/** See above. */
export function Divider({ label, divides, place, onPut }: DividerProps): JSX.Element {
  const put = (at: number) => onPut(Math.min(place.most, Math.max(place.least, at)) / place.whole);
  const onKeyDown = (event: KeyboardEvent) => {
    const [back, forth] = divides === "rows" ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
    if (event.key === back) put(place.at - STEP);
    else if (event.key === forth) put(place.at + STEP);
    else if (event.key === "Home") put(place.least);
    else if (event.key === "End") put(place.most);
    else return;
    event.preventDefault();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const divider = event.currentTarget as HTMLElement;
    const position = (at: PointerEvent) => divides === "rows" ? at.clientY : at.clientX;
    const begin = place.at - position(event);
    const onMove = (move: PointerEvent) => put(begin + position(move));
    divider.setPointerCapture(event.pointerId);
    divider.addEventListener("pointermove", onMove);
    divider.addEventListener("lostpointercapture", () => divider.removeEventListener("pointermove", onMove), {
      once: true,
    });
  };
  return (
    <div
      class="divider"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={divides === "rows" ? "horizontal" : "vertical"}
      aria-valuenow={place.at}
      aria-valuemin={place.least}
      aria-valuemax={place.most}
      title="Drag, or press the arrow keys; a double click puts it back"
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onDblClick={() => onPut(null)}
    />
  );
}
