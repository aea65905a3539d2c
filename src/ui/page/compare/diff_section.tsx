// A part of a difference, such as the head: its heading, and its rows, in one column or in two. Equal lines that are left
// out can be shown. Captured text only ever becomes text nodes.

import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Difference, ViewKind } from "../../types.ts";
import { differenceWords, type DrawnRow, drawnRows, type Piece } from "../pane/diff_text.ts";
import { count, counted } from "../pane/words.ts";
import { type SideRow, sideRows } from "./side_rows.ts";
import { type LeftOut, type Unfolded, type UnfoldedIn, withUnfolded } from "./unfolding.ts";

interface SectionProps {
  readonly title: string;
  readonly of: Difference;
  readonly kind: ViewKind | "head";
  /** How many changes the parts above have. */
  readonly changesBefore: number;
  /** Number of the change that is looked at; -1 for none. */
  readonly current: number;
  readonly isSide: boolean;
  /** What stands in place of what is left out, when that is wanted. */
  readonly unfold: (row: LeftOut) => Promise<Unfolded>;
  readonly onError: (error: Error) => void;
}

/** So many rows are drawn as one block, which costs little while it is not on the screen. */
const ROWS_A_BLOCK = 100;

/** See above. Its `key` is to be another one where its `kind` is: what was unfolded has other lines then. */
export function DiffSection(props: SectionProps): JSX.Element {
  const { title, of, kind, changesBefore, current, isSide, unfold, onError } = props;
  const [parts, open] = useState<readonly UnfoldedIn[]>([]);
  const element = useRef<HTMLDivElement>(null);
  const blocks = useMemo(() => {
    const drawn = drawnRows(withUnfolded(of, parts), kind, changesBefore);
    return blocksOf<DrawnRow | SideRow>(isSide ? sideRows(drawn) : drawn);
  }, [of, parts, kind, changesBefore, isSide]);
  const onMore = (row: LeftOut) => {
    const put = (more: Unfolded) => {
      open((parts) => [...parts, { ...more, of }]);
      // The button that had the focus has gone; what goes through the changes has it then.
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        element.current?.closest<HTMLElement>('[role="group"]')?.focus({ preventScroll: true });
      });
    };
    unfold(row).then(put, onError);
  };
  return (
    <>
      <h3 class="diff-section">{title}: {differenceWords(of)}</h3>
      <div ref={element} class={`diff-rows${isSide ? " beside" : ""}${of.unit === "byte" ? " bytes" : ""}`}>
        {blocks.map((block, n) => (
          <Block key={n} rows={block} current={current} unit={of.unit} onMore={onMore} />
        ))}
      </div>
    </>
  );
}

function blocksOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  return Array.from(
    { length: Math.ceil(rows.length / ROWS_A_BLOCK) },
    (_, at) => rows.slice(at * ROWS_A_BLOCK, (at + 1) * ROWS_A_BLOCK),
  );
}

interface BlockProps {
  readonly rows: readonly (DrawnRow | SideRow)[];
  readonly current: number;
  readonly unit: Difference["unit"];
  readonly onMore: (row: LeftOut) => void;
}

/** It is drawn anew only where it has the change that is looked at, or had it. */
function Block({ rows, current, unit, onMore }: BlockProps): JSX.Element {
  const within = rows.some(({ change }) => change === current) ? current : -1;
  return useMemo(() => (
    <div class="diff-block">
      {rows.map((row, at) => {
        const isCurrent = row.change !== null && row.change === within;
        return "pieces" in row
          ? <Row key={at} drawn={row} isCurrent={isCurrent} unit={unit} onMore={onMore} />
          : <Beside key={at} row={row} isCurrent={isCurrent} unit={unit} onMore={onMore} />;
      })}
    </div>
  ), [rows, within, unit]);
}

interface RowProps {
  readonly drawn: DrawnRow;
  readonly isCurrent: boolean;
  readonly unit: Difference["unit"];
  readonly onMore: (row: LeftOut) => void;
}

const SIGNS = { equal: "", removed: "−", added: "+" } as const;

/** A row in one column. */
function Row({ drawn, isCurrent, unit, onMore }: RowProps): JSX.Element {
  const { row, pieces, change } = drawn;
  if (row.kind === "left-out") return <Fold row={row} unit={unit} onMore={onMore} />;
  return (
    <div class={`diff-row ${row.kind}${isCurrent ? " current" : ""}`} data-change={change ?? undefined}>
      <span class="diff-number">{row.kind === "added" ? "" : row.before + 1}</span>
      <span class="diff-number">{row.kind === "removed" ? "" : row.after + 1}</span>
      <Sign kind={row.kind} />
      <span class="diff-text">
        <Pieces of={pieces} />
        <Said drawn={drawn} />
      </span>
    </div>
  );
}

interface BesideProps extends Omit<RowProps, "drawn"> {
  readonly row: SideRow;
}

/** A row in two columns. */
function Beside({ row: { left, right, change }, isCurrent, unit, onMore }: BesideProps): JSX.Element {
  if (left?.row.kind === "left-out") return <Fold row={left.row} unit={unit} onMore={onMore} />;
  return (
    <div class={`diff-pair${isCurrent ? " current" : ""}`} data-change={change ?? undefined}>
      <Half drawn={left} which="before" />
      <Half drawn={right} which="after" />
    </div>
  );
}

function Half(
  { drawn, which }: { readonly drawn: DrawnRow | null; readonly which: "before" | "after" },
): JSX.Element {
  if (drawn === null || drawn.row.kind === "left-out") return <div class="diff-half none" />;
  const { row, pieces, other } = drawn;
  const number = row.kind === "removed" || (row.kind === "equal" && which === "before")
    ? row.before
    : row.after;
  return (
    <div class={`diff-half diff-row ${row.kind}`}>
      <span class="diff-number">{number + 1}</span>
      <Sign kind={row.kind} />
      <span class="diff-text">
        <Pieces of={which === "after" ? other ?? pieces : pieces} />
        {which === "after" && <Said drawn={drawn} />}
      </span>
    </div>
  );
}

function Sign({ kind }: { readonly kind: "equal" | "removed" | "added" }): JSX.Element {
  return (
    <span class="diff-sign">
      <span aria-hidden="true">{SIGNS[kind]}</span>
      {kind !== "equal" && <span class="unseen">{kind}:</span>}
    </span>
  );
}

/** What tcpmon says of a line, behind it. */
function Said({ drawn: { row } }: { readonly drawn: DrawnRow }): JSX.Element | null {
  const note = row.kind === "equal" || row.kind === "added" ? row.note : undefined;
  return note === undefined ? null : <span class="diff-said">{note}</span>;
}

function Pieces({ of }: { readonly of: readonly Piece[] }): JSX.Element {
  return (
    <>
      {of.map(({ text, kind, isChanged }, at) => (
        <span
          key={at}
          class={`${kind === null ? "" : `tok-${kind}`}${isChanged ? " diff-part" : ""}` || undefined}
        >
          {text}
        </span>
      ))}
    </>
  );
}

function Fold(
  { row, unit, onMore }: {
    readonly row: LeftOut;
    readonly unit: Difference["unit"];
    readonly onMore: (row: LeftOut) => void;
  },
): JSX.Element {
  const text = unit === "byte" ? `${count(row.lines)} bytes equal` : `${counted(row.lines, "line")} equal`;
  return (
    <div class="diff-row left-out">
      <button type="button" class="diff-more" title="Show equal lines too" onClick={() => onMore(row)}>
        {text}
      </button>
    </div>
  );
}
