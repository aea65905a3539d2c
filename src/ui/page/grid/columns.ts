// The columns of the table: which are shown at a width, in which order and how wide, from what the user chose. Pure.
// Columns that nobody chose drop where there is no room, by the table's own width: it is narrow in a wide window when
// it stands beside the panes.

import type { SortKey } from "../../types.ts";

/** A column; rows can be sorted by each. */
export type ColumnId = SortKey;

/** What the user chose. */
export interface Columns {
  /** All columns in their order. */
  readonly order: readonly ColumnId[];
  /** True where a column must be shown at any width, false where it is hidden; others drop where there is no room. */
  readonly chosen: Readonly<Partial<Record<ColumnId, boolean>>>;
  /** In px, where they were dragged. */
  readonly widths: Readonly<Partial<Record<ColumnId, number>>>;
}

/** Names of the columns: in the head, and where there is room for one word. */
export const NAMES: Readonly<Record<ColumnId, readonly [head: string, word: string]>> = {
  state: ["State", "State"],
  time: ["Time", "Time"],
  client: ["Client", "Client"],
  target: ["Target", "Target"],
  method: ["Method", "Method"],
  url: ["Path or first bytes", "Path"],
  summary: ["Summary", "Summary"],
  status: ["Status", "Status"],
  request: ["Request", "Request"],
  response: ["Response", "Response"],
  elapsed: ["Elapsed", "Elapsed"],
};

const ALL = Object.keys(NAMES) as readonly ColumnId[];

/** Nothing chosen. */
export const AT_FIRST: Columns = { order: ALL, chosen: { target: false }, widths: {} };

/** The narrowest and the widest that a column can be made, px. */
export const NARROWEST = 40;
export const WIDEST_COLUMN = 2_000;

/** Left of the first column, for the gutter, and right of the last, px. */
const MARGINS = 22 + 20;

/** The greatest width of the table at which a column drops, px. */
const DROPS: Readonly<Partial<Record<ColumnId, number>>> = {
  client: 1180,
  request: 860,
  response: 640,
  elapsed: 530,
  time: 400,
};

/** The greatest width of the table at which the summary stands behind the path, and at which bars drop, px. */
const BEHIND = 980;
const NO_BARS = 780;

/** What the table shows. */
export interface Shown {
  readonly columns: readonly ColumnId[];
  /** The summary has no column and stands behind the path. */
  readonly isBehind: boolean;
  readonly hasBars: boolean;
  /** As of CSS: grid-template-columns. */
  readonly template: string;
  /** What a row needs at least, px. */
  readonly least: number;
}

/** What a table of this width shows. */
export function shownColumns(width: number, { order, chosen, widths }: Columns): Shown {
  const isBehind = width <= BEHIND && chosen.summary === undefined && chosen.url !== false;
  const columns = order.filter((id) => {
    if (id === "summary" && isBehind) return false;
    return chosen[id] ?? width > (DROPS[id] ?? 0);
  });
  const hasBars = width > NO_BARS;
  const tracks = columns.map((id) => trackOf(id, width, isBehind, widths[id]));
  return {
    columns,
    isBehind,
    hasBars,
    template: tracks.map(({ css }) => css).join(" "),
    least: tracks.reduce((sum, track) => sum + track.least, MARGINS),
  };
}

/** Whether a column is on the screen, also behind another. */
export function isShown(id: ColumnId, { columns, isBehind }: Shown): boolean {
  return columns.includes(id) || (id === "summary" && isBehind);
}

/** With a column shown or hidden by the user. */
export function withChosen(columns: Columns, id: ColumnId, on: boolean): Columns {
  return { ...columns, chosen: { ...columns.chosen, [id]: on } };
}

/** With a column as wide as the user made it; null: as at first. */
export function withWidth(columns: Columns, id: ColumnId, width: number | null): Columns {
  const { [id]: _before, ...widths } = columns.widths;
  if (width === null) return { ...columns, widths };
  const within = Math.round(Math.max(NARROWEST, Math.min(WIDEST_COLUMN, width)));
  return { ...columns, widths: { ...widths, [id]: within } };
}

/** With a column one place further left (-1) or right (1). */
export function withMoved(columns: Columns, id: ColumnId, step: -1 | 1): Columns {
  const order = [...columns.order];
  const at = order.indexOf(id);
  const other = at + step;
  if (other < 0 || other >= order.length) return columns;
  [order[at], order[other]] = [order[other], order[at]];
  return { ...columns, order };
}

/** Whether it names a column. */
export function isColumn(value: unknown): value is ColumnId {
  return typeof value === "string" && Object.hasOwn(NAMES, value);
}

/** Columns as they were kept by any version: what is not understood is as at first. */
export function columnsOf(kept: unknown): Columns {
  if (typeof kept !== "object" || kept === null) return AT_FIRST;
  const { order, chosen, widths } = kept as Partial<Record<keyof Columns, unknown>>;
  const named = Array.isArray(order) ? [...new Set(order.filter(isColumn))] : [];
  const isWhole = named.length === ALL.length;
  const read = AT_FIRST.order.reduce<Columns>((columns, id) => {
    const [on, width] = [member(chosen, id), member(widths, id)];
    const next = typeof on === "boolean" ? withChosen(columns, id, on) : columns;
    return typeof width === "number" && width > 0 ? withWidth(next, id, width) : next;
  }, AT_FIRST);
  return { ...read, order: isWhole ? named : ALL };
}

function member(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null
    ? (object as Record<string, unknown>)[name]
    : undefined;
}

interface Track {
  readonly css: string;
  readonly least: number;
}

function trackOf(id: ColumnId, width: number, isBehind: boolean, dragged: number | undefined): Track {
  if (dragged !== undefined) return { css: `${dragged}px`, least: dragged };
  if (id === "url") {
    const least = width <= 500 ? 80 : 140;
    return { css: `minmax(${least}px, ${isBehind ? 1 : 1.1}fr)`, least };
  }
  if (id === "summary") return { css: "minmax(120px, 1fr)", least: 120 };
  const px = fixedWidth(id, width);
  return { css: `${px}px`, least: px };
}

function fixedWidth(id: Exclude<ColumnId, "url" | "summary">, width: number): number {
  const isNarrow = width <= 640;
  switch (id) {
    case "state":
      return isNarrow ? 64 : width <= 980 ? 66 : 70;
    case "time":
      return isNarrow ? 90 : width <= 980 ? 92 : 94;
    case "client":
      return 126;
    case "target":
      return 150;
    case "method":
      return 66;
    case "status":
      return isNarrow ? 44 : 52;
    case "request":
      return 74;
    case "response":
      return 80;
    case "elapsed":
      return width <= NO_BARS ? 78 : 130;
  }
}
