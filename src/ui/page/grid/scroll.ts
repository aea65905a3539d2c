// Where a table of any length is scrolled to. Pure. Two positions are kept: `top`, the one that is shown, in pixels of
// the whole table, and `physical`, the scrollTop of the element, which browsers bound to some 16 million pixels.
// Rows that come above move `top` alone, so that nothing on the screen moves; `settled` brings the two together again
// when nobody is scrolling. The wheel scrolls a table of any length evenly; the scroll bar of a very long one is even
// near both ends, so that they are reached exactly, and compressed in between.

/** Height of a row, px. */
export const ROW = 24;

/** The tallest element that every browser lays out rightly, px, with much to spare. */
export const TALLEST = 8_000_000;

export interface Scroll {
  readonly rows: number;
  /** Height of the part that shows rows, px. */
  readonly view: number;
  readonly top: number;
  readonly physical: number;
}

/** At the newest row. */
export const TOP: Scroll = { rows: 0, view: 0, top: 0, physical: 0 };

/** Height of the element that is scrolled: as tall as the table where that can be, and where `physical` is. */
export function physicalHeight(scroll: Scroll): number {
  return Math.max(Math.min(wholeHeight(scroll), TALLEST), scroll.physical + scroll.view);
}

/** The user has scrolled to `physical`. */
export function scrolledTo(scroll: Scroll, physical: number): Scroll {
  const step = physical - scroll.physical;
  if (step === 0) return scroll;
  const top = Math.abs(step) <= 2 * scroll.view ? scroll.top + step : topOf(scroll, physical);
  return { ...scroll, physical, top: clamp(top, Math.max(last(scroll), Math.min(scroll.top, top))) };
}

/** The table has `rows` rows now; while `held`, those that came are above, and what is shown stays where it is. */
export function withRows(scroll: Scroll, rows: number, held: boolean): Scroll {
  if (rows === scroll.rows) return scroll;
  const top = scroll.top + (held ? (rows - scroll.rows) * ROW : 0);
  const next = { ...scroll, rows };
  return { ...next, top: clamp(top, held && rows > scroll.rows ? Infinity : last(next)) };
}

/** The part that shows rows is `view` px high now. */
export function withView(scroll: Scroll, view: number): Scroll {
  if (view === scroll.view) return scroll;
  const next = { ...scroll, view };
  return {
    ...next,
    top: clamp(scroll.top, Math.max(last(next), scroll.top > last(scroll) ? scroll.top : 0)),
  };
}

/** At `top`, in pixels of the whole table. */
export function jumpedTo(scroll: Scroll, top: number): Scroll {
  return { ...scroll, top: clamp(top, last(scroll)) };
}

/** Moved no farther than needed for the row at `index` (0 the newest) to be seen in whole. */
export function revealing(scroll: Scroll, index: number): Scroll {
  const at = index * ROW;
  if (at < scroll.top) return { ...scroll, top: at };
  if (at + ROW > scroll.top + scroll.view) return { ...scroll, top: Math.max(0, at + ROW - scroll.view) };
  return scroll;
}

/** With `physical` where it belongs for `top`: what scrollTop is to be set to. */
export function settled(scroll: Scroll): Scroll {
  const physical = Math.round(physicalOf(scroll, scroll.top));
  return Math.abs(physical - scroll.physical) < 1 ? scroll : { ...scroll, physical };
}

/** Whether scrolling stops at an end of the element though the table goes on: it must be settled at once. */
export function isStuck(scroll: Scroll): boolean {
  const atTop = scroll.physical <= 0 && scroll.top > 0;
  const atEnd = scroll.physical >= physicalHeight(scroll) - scroll.view && scroll.top < last(scroll);
  return atTop || atEnd;
}

/** First and last index that are on the screen, with `spare` more on both sides. */
export function onScreen(scroll: Scroll, spare: number): { readonly first: number; readonly last: number } {
  return {
    first: Math.max(0, Math.floor(scroll.top / ROW) - spare),
    last: Math.min(scroll.rows - 1, Math.ceil((scroll.top + scroll.view) / ROW) - 1 + spare),
  };
}

/** Where the row at `index` stands in the element, px. */
export function placeOf(scroll: Scroll, index: number): number {
  return index * ROW - scroll.top + scroll.physical;
}

/** Whether nothing is to be seen of `count` rows, of which the first stands at `place`, px. */
export function isOutOfSight({ physical, view }: Scroll, place: number, count: number): boolean {
  return place + count * ROW <= physical || place >= physical + view;
}

function wholeHeight(scroll: Scroll): number {
  return Math.max(scroll.rows * ROW, scroll.top + scroll.view);
}

/** The last `top`, at which the oldest row is at the bottom. */
function last(scroll: Scroll): number {
  return Math.max(0, scroll.rows * ROW - scroll.view);
}

/** How far from both ends a table that is too tall is scrolled evenly, px. */
const EVEN = TALLEST / 4;

function physicalOf(scroll: Scroll, top: number): number {
  if (wholeHeight(scroll) <= TALLEST || top <= EVEN) return top;
  const [end, least] = [TALLEST - scroll.view, last(scroll)];
  if (top >= least - EVEN) return end - (least - top);
  return EVEN + (top - EVEN) * (end - 2 * EVEN) / (least - 2 * EVEN);
}

function topOf(scroll: Scroll, physical: number): number {
  if (wholeHeight(scroll) <= TALLEST || physical <= EVEN) return physical;
  const [end, least] = [TALLEST - scroll.view, last(scroll)];
  if (physical >= end - EVEN) return least - (end - physical);
  return EVEN + (physical - EVEN) * (least - 2 * EVEN) / (end - 2 * EVEN);
}

function clamp(top: number, most: number): number {
  return Math.max(0, Math.min(top, most));
}
