// A row of the table. What the cells say comes from cells.ts, and which there are from columns.ts.

import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Exchange } from "../../types.ts";
import { Icon, Sign } from "../icons.tsx";
import { OriginLink } from "../origin_link.tsx";
import { clock } from "../pane/words.ts";
import { barOf, WIDEST } from "./bar.ts";
import {
  awayOf,
  elapsedOf,
  elapsedText,
  failureOf,
  isUnanswered,
  sizeOf,
  stateWords,
  summaryOf,
  timesOf,
  toneOf,
  UNKNOWN,
} from "./cells.ts";
import type { ColumnId, Shown } from "./columns.ts";
import type { Thread } from "./gutter.ts";
import { Path } from "./path.tsx";

const INSIDE = "The filter's text is in its head or body, not in what the table shows";

/** Id of a row's element. */
export function rowId(ordinal: number): string {
  return `row-${ordinal}`;
}

interface RowProps {
  /** Undefined while it is not known. */
  readonly exchange: Exchange | undefined;
  readonly ordinal: number;
  /** As of aria-rowindex: the head is 1. */
  readonly index: number;
  readonly selected: boolean;
  /** Shown in the panes without being selected: the newest, while following. */
  readonly shown: boolean;
  readonly current: boolean;
  readonly thread: Thread | null;
  /** Milliseconds since the epoch where the row is open, otherwise 0. */
  readonly now: number;
  /** The same value as long as the same columns are shown. */
  readonly columns: ShownCells;
  /** Whether the filter found it by what it does not show. */
  readonly isInside: boolean;
}

/** What decides which cells there are. */
export type ShownCells = Pick<Shown, "columns" | "isBehind" | "hasBars">;

/** See above. */
export function Row(props: RowProps): JSX.Element {
  const { exchange, ordinal, index, selected, shown, current, thread, now, columns, isInside } = props;
  const { dot = false, above = false, below = false } = thread ?? {};
  // The same elements are given for the same row, so that they are not compared again: its cells not even where rows
  // have come above it, which changes its index alone.
  const cells = useMemo(
    () => exchange ? <Cells exchange={exchange} now={now} columns={columns} /> : <span role="gridcell" />,
    [exchange, now, columns],
  );
  return useMemo(() => (
    <div
      role="row"
      id={rowId(ordinal)}
      class={`row${shown ? " shown" : ""}${current ? " current" : ""}`}
      aria-rowindex={index}
      aria-selected={selected}
      aria-description={isInside ? INSIDE : undefined}
      data-ordinal={ordinal}
    >
      {thread && exchange && <Line thread={thread} />}
      {cells}
      {isInside && (
        <span class="found-inside" title={INSIDE} aria-hidden="true">
          <Icon name="find" />
        </span>
      )}
    </div>
  ), [exchange, ordinal, index, selected, shown, current, dot, above, below, cells, isInside]);
}

interface CellsProps {
  readonly exchange: Exchange;
  readonly now: number;
  readonly columns: ShownCells;
}

function Cells({ exchange, now, columns }: CellsProps): JSX.Element {
  return (
    <>
      {columns.columns.map((id) => <Cell key={id} id={id} exchange={exchange} now={now} columns={columns} />)}
    </>
  );
}

function Cell({ id, exchange, now, columns }: CellsProps & { readonly id: ColumnId }): JSX.Element | null {
  const { state, protocol } = exchange;
  const span = spanOf(id, exchange, columns);
  if (span === 0) return null;
  switch (id) {
    case "state":
      return (
        <span role="gridcell" class={`state ${state}`} title={stateWords(exchange)}>
          <Sign name={state === "done" ? "tick" : state === "open" ? "half" : "cross"} />
          {state}
        </span>
      );
    case "time":
      return (
        <span role="gridcell" class="time" title={new Date(exchange.started).toLocaleString()}>
          {clock(exchange.started)}
        </span>
      );
    case "client":
    case "target":
      return <span role="gridcell" class={id} title={exchange[id]}>{exchange[id]}</span>;
    case "method":
      return (
        <span
          role="gridcell"
          class={exchange.method ? "method" : "method tcp"}
          title={protocol === "tls" ? "TLS that passes through, as it passed" : undefined}
        >
          {protocol === "tls" && <Icon name="lock" />}
          {exchange.method ?? (failureOf(exchange) === null ? protocol : "")}
        </span>
      );
    case "url":
      return <What exchange={exchange} isBehind={columns.isBehind} span={span} />;
    case "summary":
      return <Summary exchange={exchange} span={span} />;
    case "status":
      return (
        <span role="gridcell" class={`status ${toneOf(exchange.status)}`}>{exchange.status ?? UNKNOWN}</span>
      );
    case "request":
      return <Size side="request" bytes={exchange.requestBytes} />;
    case "response":
      return <Size side="response" bytes={exchange.responseBytes} />;
    case "elapsed":
      return (
        <span role="gridcell" class="elapsed" title={timesOf(exchange, now)}>
          <span>{elapsedText(exchange, now)}</span>
          {columns.hasBars && <Bar exchange={exchange} now={now} />}
        </span>
      );
  }
}

/** What a failed dial has nothing to say of: where these follow the path, its reason takes their place. */
const OF_DIAL: readonly ColumnId[] = ["summary", "status", "request", "response"];
/** The same of a request without an answer: where these follow what is said of it, that takes their place. */
const OF_ANSWER: readonly ColumnId[] = ["status", "response"];

/** How many columns a cell takes; 0 where another one takes its place. */
function spanOf(id: ColumnId, exchange: Exchange, { columns, isBehind }: ShownCells): number {
  const isDial = failureOf(exchange) !== null;
  if (!isDial && !isUnanswered(exchange)) return 1;
  const taken = isDial ? OF_DIAL : OF_ANSWER;
  const from = columns.indexOf(isDial || isBehind ? "url" : "summary");
  if (from < 0) return 1;
  const next = columns.findIndex((one, place) => place > from && !taken.includes(one));
  const end = next < 0 ? columns.length : next;
  const at = columns.indexOf(id);
  return at === from ? end - from : at > from && at < end ? 0 : 1;
}

interface WhatProps extends Spanning {
  readonly exchange: Exchange;
  readonly isBehind: boolean;
}

interface Spanning {
  /** How many columns it takes; 1 unless given. */
  readonly span?: number;
}

/** As of CSS and ARIA. */
function spanning(span: number) {
  return span > 1 ? { style: { gridColumn: `span ${span}` }, "aria-colspan": span } : {};
}

function What({ exchange, isBehind, span = 1 }: WhatProps): JSX.Element {
  const failure = failureOf(exchange);
  if (failure !== null) {
    return <span role="gridcell" class="path failure" title={failure} {...spanning(span)}>{failure}</span>;
  }
  if (!isBehind) return <Path exchange={exchange} />;
  const { style } = spanning(span);
  const kind = isUnanswered(exchange) ? " unanswered" : summaryOf(exchange).fault !== "" ? " faulty" : "";
  return (
    <span class={`what${kind}`} role="presentation" style={style}>
      <Path exchange={exchange} isBeside />
      <Summary exchange={exchange} />
    </span>
  );
}

function Summary({ exchange, span = 1 }: Spanning & { readonly exchange: Exchange }): JSX.Element {
  const summary = summaryOf(exchange);
  const away = awayOf(exchange);
  const cut = cutWords(exchange);
  const said = [summary.text + summary.fault, away, cut].filter((text) => text !== "").join(", ");
  const { resendOf } = exchange;
  return (
    <span role="gridcell" class="summary" title={said === "" ? undefined : said} {...spanning(span)}>
      {resendOf !== null && <Icon name="resend" />}
      {summary.text !== "" && <span class="said">{summary.text}</span>}
      {resendOf !== null && (
        <span class="of">
          {summary.text === "" ? "" : summary.fault === "" ? ", " : ""}resend of{" "}
          <OriginLink key={exchange.id} id={resendOf} isInRow />
          {summary.fault === "" ? "" : ", "}
        </span>
      )}
      {summary.fault !== "" && <span class="fault">{summary.fault}</span>}
      {away !== "" && (
        <Aside isAfter={summary.text + summary.fault !== ""}>
          <span aria-hidden="true">↗</span> {away}
        </Aside>
      )}
      {cut !== "" && <Aside isAfter={summary.text + summary.fault + away !== ""}>{cut}</Aside>}
    </span>
  );
}

/** What is to be known besides; `isAfter`: something stands before it, from which it is set off, also where it is read out. */
function Aside(
  { isAfter, children }: { readonly isAfter: boolean; readonly children: ComponentChildren },
): JSX.Element {
  return (
    <span class={isAfter ? "away away-after" : "away"}>
      {isAfter && <span class="unseen">,</span>}
      {children}
    </span>
  );
}

/** Which Messages were not recorded to their end. */
function cutWords({ cut }: Exchange): string {
  if (cut === undefined) return "";
  return `${cut === "both" ? "request and response" : cut} recorded in part`;
}

function Size(
  { side, bytes }: { readonly side: "request" | "response"; readonly bytes: number },
): JSX.Element {
  return <span role="gridcell" class={`number ${side}${bytes === 0 ? " none" : ""}`}>{sizeOf(bytes)}</span>;
}

function Line({ thread }: { readonly thread: Thread }): JSX.Element {
  return (
    <svg class="thread" viewBox="0 0 9 24" aria-hidden="true">
      {thread.above && <path d="M4.5 0V12" />}
      {thread.below && <path d="M4.5 12V24" />}
      {thread.dot && <circle cx="4.5" cy="12" r="2" stroke="none" />}
    </svg>
  );
}

function Bar({ exchange, now }: { readonly exchange: Exchange; readonly now: number }): JSX.Element {
  const { waiting, receiving } = barOf(elapsedOf(exchange, now), exchange.firstByteMs);
  if (exchange.state === "open") {
    return (
      <svg class="bar" viewBox={`0 0 ${WIDEST} 6`} aria-hidden="true">
        <path class="going" d={`M0 3H${waiting + (receiving ?? 0)}`} />
      </svg>
    );
  }
  return (
    <svg class="bar" viewBox={`0 0 ${WIDEST} 6`} aria-hidden="true">
      <rect class="waiting" width={waiting} height="6" />
      {receiving !== null && <rect class="receiving" x={waiting} width={receiving} height="6" />}
    </svg>
  );
}
