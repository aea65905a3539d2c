// The table of exchanges: only the rows on the screen are elements (scroll.ts says which and where). While it follows,
// it stays at the newest row; while not, rows that come are put above and nothing on the screen moves.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { parseQuery } from "../../../decode/query/mod.ts";
import { useNow } from "../clock.ts";
import { EmptyState } from "../empty_state.tsx";
import { errorSaid } from "../filter/filter_error.tsx";
import { GRID } from "../ids.ts";
import { sought } from "../origins.ts";
import { remembered } from "../settings.ts";
import type { Opened } from "../state/derived.ts";
import { rowAt } from "../state/rows.ts";
import { isNewestFirst } from "../state/sort.ts";
import { dispatch } from "../state/store.ts";
import { isFoundInside } from "./found_inside.ts";
import { elementsFor, NO_ELEMENTS } from "./elements.ts";
import { gridKeys } from "./grid_keys.ts";
import { ticks } from "./cells.ts";
import { shownColumns } from "./columns.ts";
import { reachOf, threadAt } from "./gutter.ts";
import { Head } from "./head.tsx";
import { Row, rowId } from "./row.tsx";
import { isOutOfSight, onScreen, physicalHeight, placeOf } from "./scroll.ts";
import { useScroll } from "./use_scroll.ts";
import { useWidth } from "./use_width.ts";

/** Rows that are made beyond the screen, above and below, so that scrolling does not outrun them. */
const SPARE = 16;

/** The same while it is moved far again and again, so that no more is drawn than is seen. */
const LEAST_SPARE = 2;

/** Rows beyond the screen that are asked for before they are seen. */
const AHEAD = 50;

/** The rows as they are drawn. */
interface Drawn {
  readonly rows: JSX.Element | null;
  /** Where the first of them stands, px, its ordinal, and how many there are. */
  readonly place: number;
  readonly newest: number;
  readonly count: number;
}

const NOTHING_DRAWN: Drawn = { rows: null, place: 0, newest: 0, count: 0 };

/** See above. */
export function Grid({ now }: { readonly now: Opened }): JSX.Element {
  const { view } = now;
  const { rows, selection } = view;
  const listener = now.id;
  const element = useRef<HTMLDivElement>(null);
  const { scroll, motion, reveal, ...scrolling } = useScroll(element, {
    name: JSON.stringify([listener, view.filter, view.sort]),
    rows: rows.total,
    below: view.below,
    follow: view.follow,
    growsAbove: isNewestFirst(view.sort),
    kept: selection.current === null ? null : rows.total - 1 - selection.current,
  }, (on) => dispatch({ type: "pointed", on }));
  const onKeyDown = gridKeys(now, scroll, reveal);
  const width = useWidth(element);
  const shown = shownColumns(width, remembered.value.columns);
  const { columns, isBehind, hasBars } = shown;
  const cells = useMemo(() => ({ columns, isBehind, hasBars }), [columns.join(), isBehind, hasBars]);

  const { first, last } = onScreen(scroll, motion === "none" ? SPARE : LEAST_SPARE);
  const [newest, oldest] = [rows.total - 1 - first, rows.total - 1 - last];
  useLayoutEffect(() => {
    if (rows.total === 0 || (oldest >= view.window.from && newest <= view.window.to)) return;
    const isPassing = motion === "jump";
    const ahead = isPassing ? 0 : AHEAD;
    const window = { from: Math.max(0, oldest - ahead), to: newest + ahead };
    dispatch({ type: "scrolled", listener, window, isPassing });
  }, [oldest, newest, listener]);
  useEffect(() => {
    if (view.follow && scroll.top > 0) dispatch({ type: "follow", listener, on: false });
  }, [scroll.top]);

  const { value: soughtRow } = sought;
  useLayoutEffect(() => {
    const isThere = soughtRow?.listener === now.id && selection.lead?.id === soughtRow.id;
    if (!isThere || selection.current === null) return;
    sought.value = null;
    reveal(rows.total - 1 - selection.current);
  }, [soughtRow, selection.current]);

  const ordinals = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => newest - i);
  const elements = useRef(NO_ELEMENTS);
  const drawn = useRef(NOTHING_DRAWN);
  const known = ordinals.map((ordinal) => rowAt(rows, ordinal));
  const ticking = useNow(known.some((row) => ticks(row, now.listener)));
  const query = useMemo(() => parseQuery(view.filter).query, [view.filter]);
  const reach = view.sort.by === "time" ? reachOf(rows, selection.lead?.connection ?? null) : null;
  const { current } = selection;

  const onMouseDown = (event: MouseEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-ordinal]") : null;
    if (!row || event.button !== 0) return;
    const manner = event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "only";
    dispatch({ type: "choose", listener, ordinal: Number(row.dataset.ordinal), manner });
  };

  const place = placeOf(scroll, first);
  // Where it jumps about there is nothing to be drawn until a row is known: until then what is out of sight stays.
  const isHeld = motion === "jump" && known.every((row) => row === undefined) &&
    isOutOfSight(scroll, drawn.current.place, drawn.current.count);
  if (!isHeld) {
    elements.current = elementsFor(elements.current, newest, ordinals.length);
    drawn.current = {
      place,
      newest,
      count: ordinals.length,
      // Where the rows stand in it does not change with those above them: they are painted again only if they change.
      rows: (
        <div role="presentation" style={{ paddingTop: `${place}px` }}>
          {ordinals.map((ordinal, i) => {
            const row = known[i];
            const isSelected = row !== undefined && selection.ids.has(row.id);
            return (
              <Row
                key={elements.current.keys[i]}
                exchange={row}
                ordinal={ordinal}
                index={rows.total - ordinal + 1}
                selected={isSelected}
                shown={!isSelected && view.follow && row !== undefined && row.id === selection.lead?.id}
                current={ordinal === current}
                thread={threadAt(reach, ordinal, row?.connection === selection.lead?.connection)}
                now={ticks(row, now.listener) ? ticking : 0}
                columns={cells}
                isInside={query !== null && row !== undefined && isFoundInside(query, row)}
              />
            );
          })}
        </div>
      ),
    };
  }

  // Only of rows that are there one is named: after a far jump the one that is chosen may not be drawn yet.
  const below = current === null ? -1 : drawn.current.newest - current;
  const isDrawn = below >= 0 && below < drawn.current.count;
  return (
    <div
      class={`table${view.filter !== "" || now.listener === null ? " small" : ""}${
        errorSaid.value === null ? "" : " as-before"
      }`}
    >
      <div
        ref={element}
        id={GRID}
        role="grid"
        class={`grid${rows.total === 0 ? " bare" : ""}${shown.least > width ? " wide" : ""}`}
        style={{ "--columns": shown.template, "--least": `${shown.least}px` }}
        aria-label="Exchanges"
        aria-rowcount={rows.total + 1}
        aria-multiselectable="true"
        aria-activedescendant={current !== null && isDrawn ? rowId(current) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onMouseDown={onMouseDown}
        {...scrolling}
      >
        <Head shown={shown} />
        {rows.total > 0 && (
          <div class="rows" role="rowgroup" style={{ height: `${physicalHeight(scroll)}px` }}>
            {drawn.current.rows}
          </div>
        )}
      </div>
      {rows.total === 0 && <EmptyState now={now} />}
    </div>
  );
}
