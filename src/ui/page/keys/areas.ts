// The areas of the page that F6 goes through, and how the focus gets into each.

import { FILTER, GRID } from "../ids.ts";

/** The areas, in the order of the page. */
const AREAS = {
  tabs: '[role="tab"][aria-selected="true"]',
  toolbar: `#${FILTER}, [role="alertdialog"] button:last-child`,
  grid: `#${GRID}`,
  form: ".sheet input",
  request: region("Request"),
  response: region("Response"),
} as const;

/** Name of an area. */
export type Area = keyof typeof AREAS;

/** Puts the focus into an area. False where it is not on the screen. */
export function focusArea(area: Area): boolean {
  const element = [...document.querySelectorAll<HTMLElement>(AREAS[area])].find((one) =>
    one.checkVisibility()
  );
  element?.focus();
  return element !== undefined && element === document.activeElement;
}

/** Puts the focus into the next area on the screen (`step` 1), or the one before (-1). */
export function focusNextArea(step: 1 | -1): void {
  const areas = Object.keys(AREAS) as Area[];
  const inside = areas.findIndex((area) => isInside(area));
  for (let i = 1; i <= areas.length; i++) {
    const at = (inside + step * i + 2 * areas.length + (inside < 0 && step < 0 ? 1 : 0)) % areas.length;
    if (focusArea(areas[at])) return;
  }
}

function isInside(area: Area): boolean {
  const element = document.querySelector(AREAS[area]);
  const around = element?.closest('[role="tablist"], .toolbar, .question, .grid, .sheet, [role="region"]');
  return around?.contains(document.activeElement) ?? false;
}

/** What takes the focus in a pane: its text, otherwise what comes first in it. */
function region(name: string): string {
  const pane = `[role="region"][aria-label="${name}"]`;
  return `${pane} .cm-content, ${pane} [data-text], ${pane} select`;
}
