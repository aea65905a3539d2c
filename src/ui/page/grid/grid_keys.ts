// The keys of the table. Arrows, Page Up and Down, Home and End move and select; with Shift they extend, with Ctrl they
// only move, and the space bar then adds. Enter goes to the Request.

import { focusArea } from "../keys/areas.ts";
import type { Opened } from "../state/derived.ts";
import { dispatch } from "../state/store.ts";
import { ROW, type Scroll } from "./scroll.ts";

/** What the table does with a key. `reveal` brings the row at an index (0 the newest) into view. */
export function gridKeys(
  now: Opened,
  scroll: Scroll,
  reveal: (index: number) => void,
): (event: KeyboardEvent) => void {
  const { view: { rows, selection }, id: listener } = now;
  const page = Math.max(1, Math.floor(scroll.view / ROW) - 1);
  const index = selection.current === null ? -1 : rows.total - 1 - selection.current;

  return (event) => {
    // The head has keys of its own.
    if (event.target !== event.currentTarget) return;
    const adds = event.ctrlKey || event.metaKey;
    if (event.altKey || rows.total === 0) return;
    const to = target(event.key, index, page, rows.total);
    if (to !== null) {
      const ordinal = rows.total - 1 - Math.max(0, Math.min(rows.total - 1, to));
      if (adds && !event.shiftKey) dispatch({ type: "point", listener, ordinal });
      else dispatch({ type: "choose", listener, ordinal, manner: event.shiftKey ? "range" : "only" });
      reveal(rows.total - 1 - ordinal);
    } else if (event.key === " " && selection.current !== null) {
      dispatch({ type: "choose", listener, ordinal: selection.current, manner: adds ? "toggle" : "only" });
    } else if (event.key === "a" && adds) {
      dispatch({ type: "choose-all", listener });
    } else if (event.key === "Enter") {
      focusArea("request");
    } else {
      return;
    }
    event.preventDefault();
  };
}

function target(key: string, index: number, page: number, total: number): number | null {
  switch (key) {
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "ArrowDown":
      return index + 1;
    case "PageUp":
      return index - page;
    case "PageDown":
      return index + page;
    case "Home":
      return 0;
    case "End":
      return total - 1;
    default:
      return null;
  }
}
