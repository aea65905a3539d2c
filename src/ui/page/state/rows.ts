// The rows of one table as far as the page knows them, by ordinal: 0 is the oldest, so that a row keeps its ordinal
// while newer ones come. Pure and immutable; every function gives a new `Rows` or the same one when nothing changed.
// Kept in pages of 100; pages far from what is on the screen are dropped, so memory does not grow with the traffic.
// Knows nothing of requests, filters or the DOM.

import type { Exchange, ExchangeList } from "../../types.ts";

/** Rows in a page. */
export const PAGE = 100;

/** So many pages are kept at most. */
export const MOST_PAGES = 60;

/** Ordinals, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Page {
  /** `PAGE` places; undefined where the row is not known. */
  readonly rows: readonly (Exchange | undefined)[];
  /** True when rows of it may have changed without our being told. */
  readonly stale: boolean;
}

/** What is known of a table. */
export interface Rows {
  /** Of the counts that the ordinals belong to; another epoch voids them. */
  readonly epoch: number;
  readonly total: number;
  readonly pages: ReadonlyMap<number, Page>;
  /** True when it may have changed without our being told what: its total and its stale pages. */
  readonly doubtful: boolean;
  /** While a range is asked for: what came or changed meanwhile. Null while none is. */
  readonly late: ReadonlyMap<string, Exchange> | null;
}

/** Nothing known of a table of `total` rows. */
export function unknownRows(epoch: number, total: number): Rows {
  return { epoch, total, pages: new Map(), doubtful: false, late: null };
}

/** The row with this ordinal, where it is known. */
export function rowAt(rows: Rows, ordinal: number): Exchange | undefined {
  return rows.pages.get(Math.floor(ordinal / PAGE))?.rows[ordinal % PAGE];
}

/** The ordinal of the row with this id, where it is known. */
export function ordinalOf(rows: Rows, id: string): number | null {
  for (const [number, page] of rows.pages) {
    const at = page.rows.findIndex((row) => row?.id === id);
    if (at >= 0) return number * PAGE + at;
  }
  return null;
}

/** Calls `see` with every known row, in no order; `stale` where it may no longer be so. */
export function eachRow(rows: Rows, see: (row: Exchange, ordinal: number, stale: boolean) => void): void {
  for (const [number, page] of rows.pages) {
    page.rows.forEach((row, at) => {
      if (row) see(row, number * PAGE + at, page.stale);
    });
  }
}

/**
 * The later of two tellings of the same Exchange: it only ever ends and grows, and an answer may be overtaken by a
 * delta. Where they are level, `told`.
 */
export function later(known: Exchange | undefined, told: Exchange): Exchange {
  if (!known) return told;
  if (known.state !== "open" && told.state === "open") return known;
  if (known.state === "open" && told.state !== "open") return told;
  const growth = told.requestBytes + told.responseBytes - known.requestBytes - known.responseBytes;
  return growth < 0 || (growth === 0 && told.elapsedMs < known.elapsedMs) ? known : told;
}

/** A range is being asked for: what comes or changes is remembered until it is answered. */
export function asked(rows: Rows): Rows {
  return { ...rows, late: rows.late ?? new Map() };
}

/**
 * The answer to a range: its rows take their places. Of a `filtered` table nobody else tells the total, and where
 * that has become less, all ordinals are void; otherwise deltas tell it too, and may have overtaken the answer.
 */
export function answered(rows: Rows, list: ExchangeList, filtered: boolean): Rows {
  const known = filtered && list.total < rows.total ? unknownRows(rows.epoch, list.total) : rows;
  const first = list.total - 1 - list.offset;
  const total = Math.max(known.total, list.total);
  const pages = place(known.pages, list.exchanges.map((row, i) => [first - i, row]), rows.late, total, false);
  return { ...known, total, pages, doubtful: false, late: null };
}

/**
 * The answer to a range of a table that is sorted otherwise than by the newest first, where rows may have come or
 * changed: they may stand anywhere now, so nothing but the answer is known of their places.
 */
export function replaced(rows: Rows, list: ExchangeList): Rows {
  return turned(rows, list, list.total);
}

/**
 * The answer to another filter or sort than that of `rows`: a table of `total` rows. No row is older in it than it was
 * known to be; what came or changed meanwhile may stand anywhere, or not belong to it.
 */
export function turned(rows: Rows, list: ExchangeList, total: number): Rows {
  const late = new Map(rows.late ?? []);
  eachRow(rows, (row) => late.set(row.id, later(late.get(row.id), row)));
  const next = answered({ ...unknownRows(rows.epoch, total), late }, list, false);
  return { ...next, doubtful: (rows.late?.size ?? 0) > 0 };
}

/** A range could not be had. */
export function unanswered(rows: Rows): Rows {
  return rows.late === null ? rows : { ...rows, late: null };
}

/**
 * The table has grown to `total`, and `told` are new and changed rows of it; `more` when others changed too. New rows
 * take the newest ordinals in the order of their ids, known ones are replaced in place.
 */
export function grown(rows: Rows, total: number, told: readonly Exchange[], more: boolean): Rows {
  const news = Math.max(0, total - rows.total);
  if (news === 0) return changed(rows, told, more);
  const newest = [...told].sort((a, b) => byNumber.compare(b.id, a.id)).slice(0, news);
  const sure = newest.length === news || more;
  const coming = sure ? newest.map((row, i): [number, Exchange] => [total - 1 - i, row]) : [];
  const pages = place(rows.pages, coming, null, total, more);
  return changed({ ...rows, total, pages }, told, more);
}

/** Ids grow in the order in which rows come: e9, e10. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** Rows changed without any being new; `more` when others than `told` changed too. */
export function changed(rows: Rows, told: readonly Exchange[], more: boolean): Rows {
  if (told.length === 0 && !more) return rows;
  const byId = new Map(told.map((row) => [row.id, row]));
  const late = rows.late && new Map([...rows.late, ...byId]);
  const pages = new Map(rows.pages);
  for (const [number, page] of rows.pages) {
    let replaced: (Exchange | undefined)[] | null = null;
    page.rows.forEach((row, at) => {
      const now = row && byId.get(row.id);
      if (!now) return;
      const kept = later(row, now);
      if (kept !== row) (replaced ??= [...page.rows])[at] = kept;
    });
    const stale = page.stale || (more && page.rows.some((row) => row?.state === "open"));
    if (replaced || stale !== page.stale) pages.set(number, { rows: replaced ?? page.rows, stale });
  }
  return { ...rows, pages, late };
}

/** Every known row may have changed: they are asked for again where they are looked at. */
export function doubted(rows: Rows): Rows {
  const pages = new Map([...rows.pages].map(([number, page]) => [number, { ...page, stale: true }]));
  return { ...rows, pages, doubtful: true };
}

/** Without the pages that are farthest from `around`, so that at most `most` remain. */
export function trimmed(rows: Rows, around: Span, most = MOST_PAGES): Rows {
  if (rows.pages.size <= most) return rows;
  const middle = (around.from + around.to) / 2 / PAGE - 0.5;
  const near = [...rows.pages].sort(([a], [b]) => Math.abs(a - middle) - Math.abs(b - middle));
  return { ...rows, pages: new Map(near.slice(0, most)) };
}

/**
 * The first run of pages within `span` that must be asked for, as ordinals: those with unknown rows on it, and, where
 * `stale` is set, those that may have changed. Null where there is nothing to ask.
 */
export function missing(rows: Rows, span: Span, stale: boolean): Span | null {
  const first = Math.max(0, span.from);
  const last = Math.min(rows.total - 1, span.to);
  let begin = -1;
  let end = -1;
  for (let number = Math.floor(first / PAGE); number * PAGE <= last; number++) {
    const page = rows.pages.get(number);
    const from = Math.max(first, number * PAGE) % PAGE;
    const to = Math.min(last, number * PAGE + PAGE - 1) % PAGE;
    const known = page && !(stale && page.stale) &&
      page.rows.slice(from, to + 1).every((row) => row !== undefined);
    if (known && begin >= 0) break;
    if (known) continue;
    if (begin < 0) begin = number * PAGE;
    end = Math.min(rows.total - 1, number * PAGE + PAGE - 1);
  }
  return begin < 0 ? null : { from: begin, to: end };
}

/**
 * Puts rows at their ordinals. Pages of `doubtful` rows are stale then; otherwise one that was stale is so no longer
 * when all of its rows were told anew.
 */
function place(
  known: ReadonlyMap<number, Page>,
  placed: readonly (readonly [ordinal: number, row: Exchange])[],
  late: ReadonlyMap<string, Exchange> | null,
  total: number,
  doubtful: boolean,
): ReadonlyMap<number, Page> {
  const opened = new Map<number, { rows: (Exchange | undefined)[]; told: number }>();
  for (const [ordinal, told] of placed) {
    if (ordinal < 0) continue;
    const number = Math.floor(ordinal / PAGE);
    let page = opened.get(number);
    if (!page) {
      page = { rows: [...known.get(number)?.rows ?? new Array(PAGE).fill(undefined)], told: 0 };
      opened.set(number, page);
    }
    const before = page.rows[ordinal % PAGE];
    const now = later(late?.get(told.id), told);
    page.rows[ordinal % PAGE] = before?.id === now.id ? later(before, now) : now;
    page.told++;
  }
  if (opened.size === 0) return known;
  const pages = new Map(known);
  for (const [number, { rows, told }] of opened) {
    const all = told >= Math.min(PAGE, total - number * PAGE);
    pages.set(number, { rows, stale: doubtful || (!all && (known.get(number)?.stale ?? false)) });
  }
  return pages;
}
