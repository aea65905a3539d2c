// What is remembered for this browser: layout, dividers, the chosen tab, sort and columns of the tables, which way
// exchanges are sent again, whether saving asks where, whether single letters are keys, and the latest filters.
// Kept in localStorage; where that cannot be used (private windows, full), it lasts as long as the page.

import { signal } from "@preact/signals";
import { AT_FIRST, type Columns, columnsOf, isColumn } from "./grid/columns.ts";
import { NEWEST_FIRST, type Sort } from "./state/sort.ts";

/** How table and panes are arranged. `column` is taken by itself where the page is narrow. */
export type Layout = "side" | "stacked" | "column";

/** Where the dividers are, as parts of 1; null where the user has not moved them. */
export interface Dividers {
  readonly grid: number | null;
  readonly request: number | null;
}

/** See the top of this file. */
export interface Settings {
  readonly layout: "side" | "stacked";
  readonly dividers: Readonly<Record<Layout, Dividers>>;
  /** The listen address of the tab. */
  readonly tab: string | null;
  readonly letters: boolean;
  readonly sort: Sort;
  readonly columns: Columns;
  /** Which way an Exchange is sent again; null where the user has not chosen. */
  readonly through: "target" | "listener" | null;
  /** Whether the browser asks where to save, where it can. */
  readonly asks: boolean;
  /** Filters that were used, the latest first. */
  readonly filters: readonly string[];
}

/** So many filters are remembered. */
const MOST_FILTERS = 8;

const KEY = "tcpmon";
const UNMOVED: Dividers = { grid: null, request: null };
const FIRST: Settings = {
  layout: "side",
  dividers: { side: UNMOVED, stacked: UNMOVED, column: UNMOVED },
  tab: null,
  letters: true,
  sort: NEWEST_FIRST,
  columns: AT_FIRST,
  through: null,
  asks: true,
  filters: [],
};

/** What is remembered now. */
export const remembered = signal<Settings>(load());

/** Remembers `changes` besides the rest. */
export function remember(changes: Partial<Settings>): void {
  remembered.value = { ...remembered.value, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(remembered.value));
  } catch {
    // It is remembered until the page is closed.
  }
}

/** Remembers a filter that was used. */
export function rememberFilter(text: string): void {
  const { filters } = remembered.value;
  if (text === "" || filters[0] === text) return;
  remember({ filters: [text, ...filters.filter((one) => one !== text)].slice(0, MOST_FILTERS) });
}

function load(): Settings {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>;
    return {
      layout: kept.layout === "stacked" ? "stacked" : "side",
      dividers: {
        side: dividers(kept.dividers?.side),
        stacked: dividers(kept.dividers?.stacked),
        column: dividers(kept.dividers?.column),
      },
      tab: typeof kept.tab === "string" ? kept.tab : null,
      letters: kept.letters !== false,
      sort: sort(kept.sort),
      columns: columnsOf(kept.columns),
      through: kept.through === "target" || kept.through === "listener" ? kept.through : null,
      asks: kept.asks !== false,
      filters: Array.isArray(kept.filters)
        ? kept.filters.filter((one) => typeof one === "string").slice(0, MOST_FILTERS)
        : [],
    };
  } catch {
    return FIRST;
  }
}

function dividers(kept: Partial<Dividers> | undefined): Dividers {
  return { grid: part(kept?.grid), request: part(kept?.request) };
}

function sort(kept: Partial<Sort> | undefined): Sort {
  const order = kept?.order === "asc" ? "asc" : "desc";
  return isColumn(kept?.by) ? { by: kept.by, order } : NEWEST_FIRST;
}

function part(kept: unknown): number | null {
  return typeof kept === "number" && kept > 0 && kept < 1 ? kept : null;
}
