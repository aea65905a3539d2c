// What differs between a Message and that of the Exchange which it was sent again from: heads by lines, bodies as they are
// laid out; lines that went and came, with the words that are other ones. Captured text only ever becomes text nodes.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Difference as Differing, Exchange, MessageDiff, ViewKind } from "../../types.ts";
import { OriginLink } from "../origin_link.tsx";
import type { Side } from "./api.ts";
import { Button } from "./bar.tsx";
import { changesIn, differenceWords, type DrawnRow, drawnRows } from "./diff_text.ts";
import { Empty } from "./empty.tsx";
import type { Format } from "./format.ts";
import { useDifference } from "./use_difference.ts";
import { useLate } from "./use_time.ts";
import { count, counted } from "./words.ts";

/** Equal lines beside a change: at first, and at most. */
const CONTEXT = 3;
const MOST_CONTEXT = 1_000;

interface DifferenceProps {
  readonly side: Side;
  readonly exchange: Exchange;
  readonly origin: string;
  readonly format: Format;
  /** Back to the Message. */
  readonly onMessage: () => void;
}

/** See above. */
export function Difference({ side, exchange, origin, format, onMessage }: DifferenceProps): JSX.Element {
  const [context, setContext] = useState(CONTEXT);
  const { diff, error } = useDifference(exchange, side, format, context);
  const isLate = useLate(diff === null && error === null, exchange.id + format);
  const [current, setCurrent] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const drawn = useMemo(() => diff && draw(diff), [diff]);
  const total = drawn?.changes ?? 0;
  useEffect(() => setCurrent(-1), [exchange.id, format]);
  const go = (step: 1 | -1) => {
    const next = (Math.max(current, step === 1 ? -1 : 0) + step + total) % total;
    setCurrent(next);
    list.current?.querySelector(`[data-change="${next}"]`)?.scrollIntoView({ block: "center" });
  };
  return (
    <>
      <DifferenceBar side={side} shown="difference" origin={origin} as={diff?.as ?? null} onShow={onMessage}>
        {total > 0 && (
          <>
            <span class="diff-count" aria-live="polite">
              {current < 0 ? counted(total, "change") : `${count(current + 1)} of ${count(total)}`}
            </span>
            <Button icon="up" name="Previous change" title="Previous change" onClick={() => go(-1)} />
            <Button icon="down" name="Next change" title="Next change" onClick={() => go(1)} />
          </>
        )}
      </DifferenceBar>
      {error !== null && <Empty title="There is nothing to compare" text={error} />}
      {isLate && <Empty title="Comparing the messages" />}
      {diff !== null && drawn !== null && (
        <div
          class="diff"
          ref={list}
          role="group"
          aria-label={`Difference of the ${side}`}
          tabIndex={0}
        >
          {!diff.complete && (
            <p class="diff-note">One of them is still arriving: this is what differs so far.</p>
          )}
          {diff.notes.map((note) => <p key={note} class="diff-note pane-warn">{sentence(note)}</p>)}
          {diff.head && (
            <Section
              title="Head"
              of={diff.head}
              rows={drawn.head}
              current={current}
              onMore={() => setContext(MOST_CONTEXT)}
              canMore={context < MOST_CONTEXT}
            />
          )}
          <Section
            title={diff.head ? "Body" : "Message"}
            of={diff.body}
            rows={drawn.body}
            current={current}
            onMore={() => setContext(MOST_CONTEXT)}
            canMore={context < MOST_CONTEXT}
          />
        </div>
      )}
    </>
  );
}

interface DifferenceBarProps {
  readonly side: Side;
  readonly shown: "message" | "difference";
  readonly origin: string;
  /** How the bodies are laid out; null while that is not known. */
  readonly as: ViewKind | null;
  /** The other one is wanted. */
  readonly onShow: () => void;
  readonly children?: JSX.Element | false;
}

/** Message or Difference, and from what. */
export function DifferenceBar(
  { side, shown, origin, as, onShow, children = false }: DifferenceBarProps,
): JSX.Element {
  const isDifference = shown === "difference";
  return (
    <div class="diff-bar">
      <div class="diff-tabs" role="group" aria-label={`What is shown of the ${side}`}>
        <button type="button" aria-pressed={!isDifference} onClick={() => isDifference && onShow()}>
          Message
        </button>
        <button type="button" aria-pressed={isDifference} onClick={() => isDifference || onShow()}>
          Difference
        </button>
      </div>
      <span class="diff-from">
        {isDifference ? `from the ${side} of ` : "resend of "}
        <OriginLink id={origin} />
        {as !== null && `, ${LAID_OUT[as]}`}
      </span>
      <div class="pane-tools">{children}</div>
    </div>
  );
}

const LAID_OUT: Readonly<Record<ViewKind, string>> = {
  xml: "formatted",
  json: "formatted",
  form: "formatted",
  tls: "as TLS",
  text: "as text",
  hex: "in hex",
  raw: "raw",
};

interface SectionProps {
  readonly title: string;
  readonly of: Differing;
  readonly rows: readonly DrawnRow[];
  readonly current: number;
  readonly onMore: () => void;
  readonly canMore: boolean;
}

function Section({ title, of, rows, current, onMore, canMore }: SectionProps): JSX.Element {
  return (
    <>
      <h3 class="diff-section">{title}: {differenceWords(of)}</h3>
      <div class="diff-rows">
        {rows.map((drawn, at) => (
          <Row key={at} {...drawn} isCurrent={drawn.change === current} onMore={canMore ? onMore : null} />
        ))}
      </div>
    </>
  );
}

interface RowProps extends DrawnRow {
  readonly isCurrent: boolean;
  /** Shows more equal lines; null where all that can be shown are. */
  readonly onMore: (() => void) | null;
}

const SIGNS = { equal: "", removed: "−", added: "+" } as const;

function Row({ row, pieces, change, isCurrent, onMore }: RowProps): JSX.Element {
  if (row.kind === "left-out") {
    const text = `${counted(row.lines, "line")} equal`;
    return (
      <div class="diff-row left-out">
        {onMore === null
          ? <span>{text}</span>
          : (
            <button type="button" class="diff-more" title="Show equal lines too" onClick={onMore}>
              {text}
            </button>
          )}
      </div>
    );
  }
  return (
    <div
      class={`diff-row ${row.kind}${isCurrent ? " current" : ""}`}
      data-change={change ?? undefined}
    >
      <span class="diff-number">{row.kind === "added" ? "" : row.before + 1}</span>
      <span class="diff-number">{row.kind === "removed" ? "" : row.after + 1}</span>
      <span class="diff-sign">
        <span aria-hidden="true">{SIGNS[row.kind]}</span>
        {row.kind !== "equal" && <span class="unseen">{row.kind}:</span>}
      </span>
      <span class="diff-text">
        {pieces.map(({ text, kind, isChanged }, at) => (
          <span
            key={at}
            class={`${kind === null ? "" : `tok-${kind}`}${isChanged ? " diff-part" : ""}` || undefined}
          >
            {text}
          </span>
        ))}
      </span>
    </div>
  );
}

function draw({ head, body, as }: MessageDiff) {
  const before = changesIn(head?.rows ?? []);
  return {
    head: drawnRows(head?.rows ?? [], "head", 0),
    body: drawnRows(body.rows, as, before),
    changes: before + changesIn(body.rows),
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
