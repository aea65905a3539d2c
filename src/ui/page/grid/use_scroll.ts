// Scrolling of the table's element, by the arithmetic of scroll.ts: reads scrollTop and the height, and writes scrollTop
// when nobody scrolls. Rows are not known here, only how many there are.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import {
  isStuck,
  jumpedTo,
  revealing,
  ROW,
  type Scroll,
  scrolledTo,
  settled,
  TOP,
  withRows,
  withView,
} from "./scroll.ts";

/** Height of the head, which covers the top of the element, px. */
const HEAD = 23;

/** Scrolling has ended when there was none for so long, ms. */
const PAUSE = 150;

/**
 * How far it has just been moved, and may be again at once: `page`, so that most rows on the screen are others; `jump`,
 * over rows that were never on the screen.
 */
export type Motion = "none" | "page" | "jump";

/** What the table needs: where it is scrolled to, how to bring a row into view, and what its element must tell. */
export interface Scrolling {
  readonly scroll: Scroll;
  readonly motion: Motion;
  /** Brings the row at this index (0 the newest) into view. */
  readonly reveal: (index: number) => void;
  readonly onScroll: () => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
}

/** What is scrolled. */
export interface Table {
  /** Another name is another table: it begins at the newest row, or around `kept`. */
  readonly name: string;
  readonly rows: number;
  /** How many of them have come below those that were there. */
  readonly below: number;
  readonly follow: boolean;
  /** Whether rows that come are put above, not in between: what is on the screen then stays where it is. */
  readonly growsAbove: boolean;
  /** Index (0 the newest) of the row to begin with, and to keep in view when the height changes; null for none. */
  readonly kept: number | null;
}

/** Scrolls `element` over the rows of `table`; `onOver` is told when the pointer comes and goes. */
export function useScroll(
  element: RefObject<HTMLDivElement | null>,
  table: Table,
  onOver: (isOver: boolean) => void,
): Scrolling {
  const kept = useRef<Scroll>(TOP);
  const changes = useSignal(0);
  const hand = useRef({
    name: "",
    below: 0,
    follows: false,
    isOver: false,
    isHolding: false,
    timer: 0,
    motion: "none" as Motion,
    rest: 0,
    mustWrite: false,
  });
  const now = hand.current;
  const keptIndex = useRef(table.kept);
  keptIndex.current = table.kept;

  void changes.value;
  if (table.follow && !now.follows) {
    clearTimeout(now.timer);
    now.timer = 0;
  }
  now.follows = table.follow;
  if (now.name === table.name) {
    const grown = withRows(kept.current, kept.current.rows + table.below - now.below, false);
    kept.current = grownTo(grown, table, now.isOver, now.timer !== 0);
  } else kept.current = begun(kept.current, table);
  now.name = table.name;
  now.below = table.below;
  if (now.timer === 0 && !now.isHolding) {
    const next = settled(kept.current);
    now.mustWrite ||= next !== kept.current;
    kept.current = next;
  }

  const change = (next: Scroll) => {
    const before = kept.current;
    if (next === before) return;
    kept.current = next;
    const moved = Math.abs(next.top - before.top) / next.view;
    if (moved >= 0.5) {
      now.motion = moved > 2 ? "jump" : "page";
      clearTimeout(now.rest);
      now.rest = setTimeout(() => {
        now.motion = "none";
        changes.value++;
      }, PAUSE);
    }
    changes.value++;
  };
  useLayoutEffect(() => {
    if (element.current && now.mustWrite) element.current.scrollTop = kept.current.physical;
    now.mustWrite = false;
  });
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      const before = kept.current;
      const next = withView(before, current.clientHeight - HEAD);
      const index = keptIndex.current;
      change(index !== null && isSeen(before, index) ? revealing(next, index) : next);
    });
    observer.observe(current);
    const release = () => {
      if (!now.isHolding) return;
      now.isHolding = false;
      changes.value++;
    };
    addEventListener("pointerup", release);
    return () => {
      observer.disconnect();
      removeEventListener("pointerup", release);
      clearTimeout(now.timer);
      clearTimeout(now.rest);
      onOver(false);
    };
  }, []);

  return {
    scroll: kept.current,
    motion: now.motion,
    reveal: (index) => change(revealing(kept.current, index)),
    onScroll: () => {
      if (!element.current) return;
      let next = scrolledTo(kept.current, element.current.scrollTop);
      if (next === kept.current) return;
      clearTimeout(now.timer);
      now.timer = setTimeout(() => {
        now.timer = 0;
        changes.value++;
      }, PAUSE);
      if (isStuck(next)) {
        next = settled(next);
        now.mustWrite = true;
      }
      change(next);
    },
    onPointerDown: (event) => now.isHolding = event.target === element.current,
    onPointerEnter: () => {
      now.isOver = true;
      onOver(true);
    },
    onPointerLeave: () => {
      now.isOver = false;
      onOver(false);
    },
  };
}

/**
 * A short table grows where the pointer is not: all of it stays to be seen. A longer one, or one under the pointer,
 * does not move.
 */
function grownTo(
  scroll: Scroll,
  { rows, follow, growsAbove }: Table,
  isOver: boolean,
  isScrolling: boolean,
): Scroll {
  if (follow) return isScrolling ? withRows(scroll, rows, false) : jumpedTo(withRows(scroll, rows, false), 0);
  if (!growsAbove) return withRows(scroll, rows, false);
  const fits = rows * ROW <= scroll.view && scroll.top === 0;
  return withRows(scroll, rows, scroll.rows > 0 && (isOver || !fits));
}

/** Whether any part of the row at this index is on the screen. */
function isSeen({ top, view }: Scroll, index: number): boolean {
  return (index + 1) * ROW > top && index * ROW < top + view;
}

/** `before` is the table that stood there: the element is still scrolled as it was. */
function begun(before: Scroll, { rows, follow, kept }: Table): Scroll {
  const scroll = { ...before, rows, top: 0 };
  return follow || kept === null || kept * ROW < before.view
    ? scroll
    : jumpedTo(scroll, kept * ROW - before.view / 2);
}
