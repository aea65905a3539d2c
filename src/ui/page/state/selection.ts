// What is selected in a table: ids (they survive that rows come and go), the Exchange that the panes show, and where
// the keyboard is. Pure. A range may reach over rows that the page does not know; their ids are asked for.

import type { Exchange } from "../../types.ts";
import { ordinalOf, rowAt, type Rows, type Span } from "./rows.ts";

/** A range selects at most so many rows. */
export const MOST_SELECTED = 10_000;

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** What the panes show: the row selected last; while following and nothing is selected, the newest. */
  readonly lead: Exchange | null;
  /** Ordinal of the row where the keyboard is. */
  readonly current: number | null;
  /** Ordinal where a range began. */
  readonly anchor: number | null;
  /** `current`, when its row is to be selected and is not known yet. */
  readonly awaited: number | null;
  /** The part of the last range whose ids are still to be asked for. */
  readonly unresolved: Span | null;
}

/** How a row is chosen: alone, as the end of a range, or in addition (taken back, when it was selected). */
export type Manner = "only" | "range" | "toggle";

const NONE: ReadonlySet<string> = new Set();

/** Nothing. */
export const NOTHING: Selection = {
  ids: NONE,
  lead: null,
  current: null,
  anchor: null,
  awaited: null,
  unresolved: null,
};

/** The row with this ordinal is chosen. */
export function choose(selection: Selection, rows: Rows, ordinal: number, manner: Manner): Selection {
  const at = Math.max(0, Math.min(rows.total - 1, ordinal));
  if (manner === "range" && selection.anchor !== null) return range(selection, rows, selection.anchor, at);
  const row = rowAt(rows, at);
  const moved = { ...selection, current: at, anchor: at, unresolved: null };
  if (!row) return { ...moved, ...(manner === "toggle" ? {} : { ids: NONE }), awaited: at };
  if (manner !== "toggle") {
    return { ...moved, ids: new Set([row.id]), lead: row, awaited: null };
  }
  const ids = new Set(selection.ids);
  if (!ids.delete(row.id)) return { ...moved, ids: ids.add(row.id), lead: row, awaited: null };
  return { ...moved, ids, lead: row.id === selection.lead?.id ? null : selection.lead, awaited: null };
}

/** This Exchange alone, also where its row is not known, or not there. */
export function revealed(
  selection: Selection,
  rows: Rows,
  exchange: Exchange,
  ordinal: number | null,
): Selection {
  const at = ordinal ?? ordinalOf(rows, exchange.id);
  return {
    ...selection,
    ids: new Set([exchange.id]),
    lead: exchange,
    current: at,
    anchor: at,
    awaited: null,
    unresolved: null,
  };
}

/** The keyboard goes to the row that is shown, where it was nowhere. */
export function found(selection: Selection, rows: Rows): Selection {
  const { lead, current, ids } = selection;
  if (current !== null || lead === null || !ids.has(lead.id)) return selection;
  const at = ordinalOf(rows, lead.id);
  return at === null ? selection : { ...selection, current: at, anchor: at };
}

/** All rows, as far as a range goes, the newest first; what the panes show remains. */
export function chooseAll(selection: Selection, rows: Rows): Selection {
  if (rows.total === 0) return selection;
  const { lead, current } = selection;
  const all = range(selection, rows, rows.total - 1, Math.max(0, rows.total - MOST_SELECTED));
  return {
    ...all,
    lead: lead ?? all.lead,
    current: current ?? rows.total - 1,
    anchor: current,
    awaited: null,
  };
}

/** Where the keyboard is without anything being selected there. */
export function moved(selection: Selection, rows: Rows, ordinal: number): Selection {
  return { ...selection, current: Math.max(0, Math.min(rows.total - 1, ordinal)) };
}

/** What the panes show, without anything being selected: the newest, while following. */
export function shown(selection: Selection, lead: Exchange | null): Selection {
  return { ...selection, lead };
}

/** What is shown becomes what is selected: when following ends. */
export function settled(selection: Selection, rows: Rows): Selection {
  const { lead } = selection;
  if (!lead || selection.ids.size > 0) return selection;
  const current = ordinalOf(rows, lead.id);
  return { ...selection, ids: new Set([lead.id]), current, anchor: current };
}

/** Another table stands there: what is selected remains, and where is open. */
export function unplaced(selection: Selection): Selection {
  return { ...selection, current: null, anchor: null, awaited: null, unresolved: null };
}

/** Rows were answered, `first` being the ordinal of the first and newest: what was waited for is taken up. */
export function resolved(
  selection: Selection,
  rows: Rows,
  first: number,
  told: readonly Exchange[],
): Selection {
  let next = selection;
  const { unresolved } = selection;
  if (unresolved) {
    const last = first - told.length + 1;
    const within = told.filter((_, i) => first - i >= unresolved.from && first - i <= unresolved.to);
    const rest = first >= unresolved.to
      ? { from: unresolved.from, to: Math.min(unresolved.to, last - 1) }
      : unresolved;
    next = {
      ...next,
      ids: new Set([...next.ids, ...within.map((row) => row.id)]),
      unresolved: told.length === 0 || rest.to < rest.from ? null : rest,
    };
  }
  const row = next.awaited === null ? undefined : rowAt(rows, next.awaited);
  return row ? { ...next, ids: new Set([...next.ids, row.id]), lead: row, awaited: null } : next;
}

/** Rows were removed: ordinals are void, but the keyboard stays about where it was. Ids stay until others know better. */
export function voided(selection: Selection, total: number): Selection {
  const current = selection.current === null || total === 0 ? null : Math.min(selection.current, total - 1);
  return { ...selection, current, anchor: null, awaited: null, unresolved: null };
}

/** Every row may stand elsewhere, and `more` have come: the keyboard goes along with the row that is shown. */
export function rearranged(selection: Selection, rows: Rows, more: number): Selection {
  const { lead, current, awaited, unresolved } = selection;
  const known = lead && current !== null ? ordinalOf(rows, lead.id) : null;
  const at = known ?? (current === null || rows.total === 0 ? null : clamp(current + more, rows));
  return {
    ...selection,
    current: at,
    anchor: at,
    awaited: awaited === null || rows.total === 0 ? null : clamp(awaited + more, rows),
    unresolved: unresolved &&
      { from: Math.max(0, unresolved.from + more), to: clamp(unresolved.to + more, rows) },
  };
}

function clamp(ordinal: number, rows: Rows): number {
  return Math.max(0, Math.min(rows.total - 1, ordinal));
}

/** Without these rows. */
export function without(selection: Selection, gone: ReadonlySet<string>): Selection {
  const ids = new Set([...selection.ids].filter((id) => !gone.has(id)));
  const lead = selection.lead && gone.has(selection.lead.id) ? null : selection.lead;
  return { ...selection, ids, lead };
}

function range(selection: Selection, rows: Rows, anchor: number, to: number): Selection {
  const far = anchor < to
    ? Math.min(to, anchor + MOST_SELECTED - 1)
    : Math.max(to, anchor - MOST_SELECTED + 1);
  const span = { from: Math.min(anchor, far), to: Math.max(anchor, far) };
  const ids = new Set<string>();
  const unknown = { from: Infinity, to: -Infinity };
  for (let ordinal = span.from; ordinal <= span.to; ordinal++) {
    const row = rowAt(rows, ordinal);
    if (row) {
      ids.add(row.id);
    } else {
      unknown.from = Math.min(unknown.from, ordinal);
      unknown.to = ordinal;
    }
  }
  const row = rowAt(rows, far);
  return {
    ids,
    lead: row ?? selection.lead,
    current: far,
    anchor,
    awaited: row ? null : far,
    unresolved: unknown.to < 0 ? null : unknown,
  };
}
