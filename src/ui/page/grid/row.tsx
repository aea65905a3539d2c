// A row of the table. What the cells say comes from cells.ts, and which there are from columns.ts.

import type { JSX } from "preact";
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
  insideOf,
  piecesOf,
  sizeOf,
  stateWords,
  summaryOf,
  timesOf,
  toneOf,
  UNKNOWN,
} from "./cells.ts";
import type { ColumnId, Shown } from "./columns.ts";
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
  /** The same value as long as the same columns are shown. */
  readonly columns: ShownCells;
}

/** What decides which cells there are. */
export type ShownCells = Pick<Shown, "columns" | "isBehind" | "hasBars">;

/** See above. */
export function Row(props: RowProps): JSX.Element {
  const { exchange, ordinal, index, selected, shown, current, thread, now, columns } = props;
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
      {thread && exchange && <Line thread={thread} />}
      {exchange ? <Cells exchange={exchange} now={now} columns={columns} /> : <span role="gridcell" />}
    </div>
  ), [exchange, ordinal, index, selected, shown, current, dot, above, below, now, columns]);
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
  if (isTaken(id, exchange, columns)) return null;
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
          title={protocol === "tls" ? "TLS that passes through, not decrypted" : undefined}
        >
          {protocol === "tls" && <Icon name="lock" />}
          {exchange.method ?? (failureOf(exchange) === null ? protocol : "")}
        </span>
      );
    case "url":
      return <What exchange={exchange} columns={columns} />;
    case "summary":
      return <Summary exchange={exchange} />;
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
const TAKEN: readonly ColumnId[] = ["summary", "status", "request", "response"];

/** How many columns the reason of a failure takes, beginning with the path; 0 where it is no such row. */
function takenBy(exchange: Exchange, { columns }: ShownCells): number {
  const at = columns.indexOf("url");
  if (failureOf(exchange) === null || at < 0) return 0;
  const end = columns.findIndex((id, place) => place > at && !TAKEN.includes(id));
  return (end < 0 ? columns.length : end) - at;
}

function isTaken(id: ColumnId, exchange: Exchange, columns: ShownCells): boolean {
  const place = columns.columns.indexOf(id) - columns.columns.indexOf("url");
  return place > 0 && place < takenBy(exchange, columns);
}

function What({ exchange, columns }: Omit<CellsProps, "now">): JSX.Element {
  const failure = failureOf(exchange);
  if (failure !== null) {
    const taken = takenBy(exchange, columns);
    return (
      <span
        role="gridcell"
        class="path failure"
        style={{ gridColumn: `span ${taken}` }}
        aria-colspan={taken > 1 ? taken : undefined}
        title={failure}
      >
        {failure}
      </span>
    );
  }
  if (!columns.isBehind) return <Path exchange={exchange} />;
  return (
    <span class="what" role="presentation">
      <Path exchange={exchange} />
      <Summary exchange={exchange} />
    </span>
  );
}

function Path({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const { url, protocol, responseBytes } = exchange;
  if (url === "" && protocol === "tls") {
    return <span role="gridcell" class="path waits">no server name</span>;
  }
  const inside = insideOf(exchange);
  if (url === null || (url === "" && responseBytes === 0)) {
    return <span role="gridcell" class="path waits">waiting for the client</span>;
  }
  return (
    <span role="gridcell" class="path" title={url}>
      {inside !== "" && (
        <span class="inside" title={inside}>
          <Icon name="lock" />
          <span class="unseen">TLS</span>
        </span>
      )}
      {protocol === "http" ? url : <Pieces text={url} />}
    </span>
  );
}

function Summary({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const summary = summaryOf(exchange);
  const away = awayOf(exchange);
  const said = [summary.text + summary.fault, away].filter((text) => text !== "").join(", ");
  const { resendOf } = exchange;
  return (
    <span role="gridcell" class="summary" title={said === "" ? undefined : said}>
      {resendOf !== null && <Icon name="resend" />}
      {summary.text}
      {resendOf !== null && (
        <>
          {summary.text === "" ? "" : summary.fault === "" ? ", " : ""}resend of{" "}
          <OriginLink id={resendOf} isInRow />
          {summary.fault === "" ? "" : ", "}
        </>
      )}
      {summary.fault !== "" && <span class="fault">{summary.fault}</span>}
      {away !== "" && (
        <span class={summary.text + summary.fault === "" ? "away" : "away away-after"}>
          <span aria-hidden="true">↗</span> {away}
        </span>
      )}
    </span>
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
