// Which two Messages are compared, and how that comes about: two selected rows, or one, and then the row that is clicked
// next, on whatever tab. What is compared stays with the tab where it was chosen, until another row is looked at.

import { signal } from "@preact/signals";
import type { Exchange } from "../../types.ts";
import { fetchExchange } from "../draft/api.ts";
import type { Side } from "../pane/api.ts";
import { remember, remembered } from "../pane/memory.ts";
import type { Opened } from "../state/derived.ts";
import { dispatch, openedNow } from "../state/store.ts";

/** One of two Messages. */
export interface Compared {
  readonly exchange: Exchange;
  readonly side: Side;
  /** Whether it is meant as it was passed on, rather than as it came. */
  readonly sent: boolean;
}

/** Two Messages. */
export interface Comparison {
  /** The tab, by what its Exchanges have as their listener. */
  readonly tab: string;
  readonly before: Compared;
  readonly after: Compared;
  /** The selection of that tab at that time. */
  readonly chosen: string;
}

/** What is compared; null for nothing. */
export const comparison = signal<Comparison | null>(null);

/** The Exchange that is compared with the one that is chosen next; null for none. */
export const picking = signal<Exchange | null>(null);

const SIDE = "compare.side";

/** The side that was compared last. */
function sideNow(): Side {
  return remembered(SIDE) === "request" ? "request" : "response";
}

/** A selection of one or two, as a text; others are all the same here. */
export function chosenIn({ view: { selection: { ids } } }: Opened): string {
  return ids.size <= 2 ? [...ids].sort().join(" ") : "many";
}

/** Why nothing can be compared; null where something can. */
export function whyNotCompared(now: Opened): string | null {
  if (picking.value !== null || comparison.value?.tab === now.id) return null;
  const { ids, lead } = now.view.selection;
  if (ids.size > 2) return `Two exchanges can be compared: ${ids.size} are selected`;
  return ids.size > 0 || lead !== null ? null : "Select one or two exchanges to compare";
}

/** Compares the two selected, or begins to look for the other one; where that goes on already, ends it. */
export function compareSelected(): void {
  const now = openedNow.value;
  if (now === null) return;
  if (picking.value !== null) {
    picking.value = null;
    return;
  }
  if (comparison.value?.tab === now.id) return closeComparison();
  if (whyNotCompared(now) !== null) return;
  const { ids, lead } = now.view.selection;
  if (ids.size === 2) {
    void compareRows(now.id, [...ids], chosenIn(now));
  } else if (lead !== null) {
    // What is followed would be another one a moment later.
    if (now.view.follow) dispatch({ type: "follow", listener: now.id, on: false });
    picking.value = lead;
  }
}

/** Compares the request of an Exchange with its response. */
export function compareSides(exchange: Exchange): void {
  picking.value = null;
  const now = openedNow.value;
  if (now === null) return;
  const of = (side: Side): Compared => ({ exchange, side, sent: false });
  comparison.value = { tab: now.id, before: of("request"), after: of("response"), chosen: chosenIn(now) };
}

/** What is selected, where it can be compared with the one that was chosen first; null where it cannot. */
export function selectedOther(now: Opened | null): Exchange | null {
  if (now === null || picking.value === null) return null;
  const { ids, lead } = now.view.selection;
  return lead !== null && ids.has(lead.id) && lead.id !== picking.value.id ? lead : null;
}

/** Compares what was chosen first with what is selected. */
export function compareWithSelected(): void {
  const now = openedNow.value;
  const [first, other] = [picking.value, selectedOther(now)];
  if (now === null || first === null || other === null) return;
  picking.value = null;
  put(now.id, first, other, chosenIn(now));
}

/** Nothing is compared any more. */
export function closeComparison(): void {
  comparison.value = null;
}

/** The tab and its selection when that was looked at last. */
let looked = { tab: "", selection: "" };

/** The selection of the open tab may have changed. */
export function lookAtSelection(now: Opened): void {
  const chosen = chosenIn(now);
  const before = looked;
  looked = { tab: now.id, selection: `${chosen}/${now.view.selection.lead?.id}` };
  if (picking.value !== null) {
    // What was selected already when a tab is opened was not chosen for this.
    if (before.tab === now.id && before.selection !== looked.selection) compareWithSelected();
    return;
  }
  const { ids } = now.view.selection;
  const shown = comparison.value;
  if (shown === null || shown.tab !== now.id || shown.chosen === chosen) return;
  if (ids.size === 2) void compareRows(now.id, [...ids], chosen);
  else if (ids.size === 1) closeComparison();
}

/** The one becomes the other. */
export function swapSides(): void {
  const now = comparison.value;
  if (now !== null) comparison.value = { ...now, before: now.after, after: now.before };
}

/** Another Message of the Exchange that was chosen. */
export function chooseMessage(which: "before" | "after", side: Side, sent: boolean): void {
  const now = comparison.value;
  if (now === null) return;
  comparison.value = { ...now, [which]: { exchange: now[which].exchange, side, sent } };
  const { before, after } = comparison.value;
  if (before.side === after.side) remember(SIDE, side);
}

/** Compares two rows, the older one being before. */
async function compareRows(tab: string, ids: readonly string[], chosen: string): Promise<void> {
  try {
    const [one, other] = await Promise.all(ids.map((id) => fetchExchange(id)));
    const isOlder = one.started === other.started
      ? numberOf(one) < numberOf(other)
      : one.started < other.started;
    if (isOlder) put(tab, one, other, chosen);
    else put(tab, other, one, chosen);
  } catch (error) {
    dispatch({ type: "notice", text: error instanceof Error ? error.message : String(error) });
  }
}

/** Exchanges are numbered as they come. */
function numberOf({ id }: Exchange): number {
  return Number(id.slice(1));
}

function put(tab: string, before: Exchange, after: Exchange, chosen: string): void {
  const side = sideNow();
  comparison.value = {
    tab,
    before: { exchange: before, side, sent: false },
    after: { exchange: after, side, sent: false },
    chosen,
  };
}
