// How table and panes share the room: pure arithmetic from the room, the layout and where the dividers were put.
// All in px, without the dividers' own pixel.

import type { Dividers, Layout } from "../settings.ts";

/** Below this width everything stands in one column. */
export const NARROW = 900;

/** The smallest sizes, px. */
export const LEAST = { gridHeight: 23 + 5 * 24, gridWidth: 360, paneHeight: 120, paneWidth: 300 } as const;

/** Room for table and panes. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** One divider: where it is, how far it can go, and the room it divides. */
export interface Place {
  readonly at: number;
  readonly least: number;
  readonly most: number;
  readonly whole: number;
}

/** Both dividers: below or beside the table, and between Request and Response. */
export interface Places {
  readonly grid: Place;
  readonly request: Place;
}

/** Which layout is shown: the wanted one, where there is room for it. */
export function layoutFor(width: number, wanted: "side" | "stacked"): Layout {
  return width < NARROW ? "column" : wanted;
}

/** Where the dividers stand. */
export function placesOf(layout: Layout, room: Room, put: Dividers): Places {
  if (layout === "stacked") {
    const grid = place(room.width - 1, put.grid, 600 / room.width, LEAST.gridWidth, LEAST.paneWidth);
    return { grid, request: place(room.height - 1, put.request, 0.5, LEAST.paneHeight, LEAST.paneHeight) };
  }
  const panes = layout === "side" ? LEAST.paneHeight : 2 * LEAST.paneHeight + 1;
  const byHeight = layout === "side" ? 0.385 : 0.325;
  const whole = room.height - 1;
  const grid = place(whole, put.grid, rowsIn(whole * byHeight) / whole, LEAST.gridHeight, panes);
  if (layout === "side") {
    return { grid, request: place(room.width - 1, put.request, 0.5, LEAST.paneWidth, LEAST.paneWidth) };
  }
  return { grid, request: place(whole - grid.at - 1, put.request, 0.5, LEAST.paneHeight, LEAST.paneHeight) };
}

/** The height nearest to `height` that shows whole rows. */
function rowsIn(height: number): number {
  return 23 + Math.max(5, Math.round((height - 23) / 24)) * 24;
}

function place(whole: number, put: number | null, otherwise: number, first: number, second: number): Place {
  const least = Math.min(first, Math.max(0, whole));
  const most = Math.max(least, whole - second);
  const at = Math.round(Math.min(most, Math.max(least, whole * (put ?? otherwise))));
  return { at, least, most, whole };
}
