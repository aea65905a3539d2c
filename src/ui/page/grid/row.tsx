// A row of the table, and its head. What the cells say comes from cells.ts; columns that have no room are dropped by
// the style sheet, by the table's width.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Exchange } from "../../types.ts";
import { Sign } from "../icons.tsx";
import { clock } from "../pane/words.ts";
import { barOf, WIDEST } from "./bar.ts";
import {
  elapsedOf,
  elapsedText,
  failureOf,
  piecesOf,
  sizeOf,
  summaryOf,
  timesOf,
  toneOf,
  UNKNOWN,
} from "./cells.ts";
import type { Thread } from "./gutter.ts";

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
}

/** See above. */
export function Row(props: RowProps): JSX.Element {
  const { exchange, ordinal, index, selected, shown, current, thread, now } = props;
  const { dot = false, above = false, below = false } = thread ?? {};
  // The same element is given for the same row, so that its cells are not compared again.
  return useMemo(() => (
    <div
      role="row"
      id={rowId(ordinal)}
      class={`row${shown ? " shown" : ""}${current ? " current" : ""}`}
      aria-rowindex={index}
      aria-selected={selected}
      data-ordinal={ordinal}
    >
      {exchange
        ? <Cells exchange={exchange} thread={thread} now={now} />
        : <span role="gridcell" class="state" />}
    </div>
  ), [exchange, ordinal, index, selected, shown, current, dot, above, below, now]);
}

/** The head of the table. */
export function Head(): JSX.Element {
  return (
    <div role="row" class="row head" aria-rowindex={1}>
      <span role="columnheader" class="state">State</span>
      <span role="columnheader" class="time" aria-sort="descending">
        Time <span aria-hidden="true">↓</span>
      </span>
      <span role="columnheader" class="client">Client</span>
      <span role="columnheader" class="method">Method</span>
      <span class="what" role="presentation">
        <span role="columnheader" class="path">Path or first bytes</span>
        <span role="columnheader" class="summary">Summary</span>
      </span>
      <span role="columnheader" class="status">Status</span>
      <span role="columnheader" class="number request">Request</span>
      <span role="columnheader" class="number response">Response</span>
      <span role="columnheader" class="elapsed">
        <span>Elapsed</span>
      </span>
    </div>
  );
}

interface CellsProps {
  readonly exchange: Exchange;
  readonly thread: Thread | null;
  readonly now: number;
}

function Cells({ exchange, thread, now }: CellsProps): JSX.Element {
  const { state, protocol } = exchange;
  const failure = failureOf(exchange);
  return (
    <>
      <span role="gridcell" class={`state ${state}`}>
        {thread && <Line thread={thread} />}
        <Sign name={state === "done" ? "tick" : state === "open" ? "half" : "cross"} />
        {state}
      </span>
      <span role="gridcell" class="time" title={new Date(exchange.started).toLocaleString()}>
        {clock(exchange.started)}
      </span>
      <span role="gridcell" class="client">{exchange.client}</span>
      <span role="gridcell" class={exchange.method ? "method" : "method tcp"}>
        {exchange.method ?? (failure === null ? protocol : "")}
      </span>
      <span class="what" role="presentation">
        {failure === null
          ? <What exchange={exchange} />
          : <span role="gridcell" class="path failure" aria-colspan={2} title={failure}>{failure}</span>}
      </span>
      <span role="gridcell" class={`status ${toneOf(exchange.status)}`}>{exchange.status ?? UNKNOWN}</span>
      <Size side="request" bytes={exchange.requestBytes} />
      <Size side="response" bytes={exchange.responseBytes} />
      <span role="gridcell" class="elapsed" title={timesOf(exchange, now)}>
        <span>{elapsedText(exchange, now)}</span>
        <Bar exchange={exchange} now={now} />
      </span>
    </>
  );
}

function What({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const { url, protocol, responseBytes } = exchange;
  const summary = summaryOf(exchange);
  const said = summary.text + summary.fault;
  const waits = url === null || (url === "" && responseBytes === 0);
  return (
    <>
      {waits
        ? <span role="gridcell" class="path waits">waiting for the client</span>
        : (
          <span role="gridcell" class="path" title={url}>
            {protocol === "http" ? url : <Pieces text={url} />}
          </span>
        )}
      <span role="gridcell" class="summary" title={said === "" ? undefined : said}>
        {summary.text}
        {summary.fault !== "" && <span class="fault">{summary.fault}</span>}
      </span>
    </>
  );
}

function Pieces({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {piecesOf(text).map((piece, i) =>
        piece.isLineEnd ? <span key={i} class="line-end">{piece.text}</span> : piece.text
      )}
    </>
  );
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
