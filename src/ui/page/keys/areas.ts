// The areas of the page that F6 goes through, and how the focus gets into each.

import { FILTER, GRID } from "../ids.ts";

/** The areas in the order of the page, each with what takes the focus in it: the first that can. */
const AREAS = {
  tabs: ['[role="tab"][aria-selected="true"]'],
  toolbar: [`#${FILTER}`, '[role="alertdialog"] button:last-child'],
  grid: [`#${GRID}`],
  form: [".sheet input"],
  request: inRegion("Request"),
  response: inRegion("Response"),
  comparison: ['[role="region"][aria-label="Comparison"] .diff', '[role="region"][aria-label="Comparison"]'],
} as const;

/** Name of an area. */
export type Area = keyof typeof AREAS;

/** Puts the focus into an area. False where it is not on the screen. */
export function focusArea(area: Area): boolean {
  return AREAS[area].some((selector) => {
    const element = document.querySelector<HTMLElement>(selector);
    if (!element?.checkVisibility()) return false;
    element.focus();
    return element === document.activeElement;
  });
}

/** Whether this element is in the Request or the Response. */
export function isInPane(element: EventTarget | null): boolean {
  return element instanceof Element && element.closest('[role="region"]') !== null;
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
  return AREAS[area].some((selector) => {
    const around = document.querySelector(selector)?.closest(
      '[role="tablist"], .toolbar, .question, .grid, .sheet, [role="region"]',
    );
    return around?.contains(document.activeElement) ?? false;
  });
}

/** In a pane: its text, otherwise the pane itself; never what a key could change. */
function inRegion(name: string): readonly string[] {
  const pane = `[role="region"][aria-label="${name}"]`;
  return [`${pane} .cm-content`, pane];
}
