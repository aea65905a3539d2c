// What differs between a Message and that of the Exchange which it was sent again from: heads by lines, bodies as they are
// laid out; lines that went and came, with the words that are other ones. Captured text only ever becomes text nodes.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Difference as Differing, Exchange, MessageDiff, ViewKind } from "../../types.ts";
import { stepOf } from "../compare/going_through.ts";
import { OriginLink } from "../origin_link.tsx";
import type { Side } from "./api.ts";
import { Button } from "./bar.tsx";
import { DiffSection } from "../compare/diff_section.tsx";
import { unfolded } from "../compare/unfolding.ts";
import { changesIn } from "./diff_text.ts";
import { Empty } from "./empty.tsx";
import type { Format } from "./format.ts";
import { useDifference } from "./use_difference.ts";
import { useLate } from "./use_time.ts";
import { count, counted } from "./words.ts";

/** Equal lines beside a change. */
const CONTEXT = 3;

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
  const { diff, error } = useDifference(exchange, side, format, CONTEXT);
  const [trouble, setTrouble] = useState<string | null>(null);
  const isLate = useLate(diff === null && error === null, exchange.id + format);
  const [current, setCurrent] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const changes = diff && changesOf(diff);
  const total = changes?.total ?? 0;
  useEffect(() => {
    setCurrent(-1);
    setTrouble(null);
  }, [exchange.id, format]);
  const go = (step: 1 | -1) => {
    const next = stepOf(current, step, total);
    setCurrent(next);
    list.current?.querySelector(`[data-change="${next}"]`)?.scrollIntoView({ block: "center" });
  };
  const section = (title: string, of: Differing, kind: ViewKind | "head", changesBefore: number) => (
    <DiffSection
      key={`${title} ${kind}`}
      title={title}
      of={of}
      kind={kind}
      changesBefore={changesBefore}
      current={current}
      isSide={false}
      unfold={(row) => unfolded(row, { id: exchange.id, side, sent: false, as: diff?.as ?? "text" })}
      onError={(error) => setTrouble(error.message)}
    />
  );
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
      {trouble !== null && <p class="pane-trouble" role="alert">{trouble}</p>}
      {diff !== null && changes !== null && (
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
          {diff.head && section("Head", diff.head, "head", 0)}
          {section(diff.head ? "Body" : "Message", diff.body, diff.as, changes.head)}
          {diff.trailers && section("Trailers", diff.trailers, "head", changes.head + changes.body)}
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

/** How many changes it has, in all and in the head. */
function changesOf({ head, body, trailers }: MessageDiff) {
  const ofHead = changesIn(head?.rows ?? []);
  const ofBody = changesIn(body.rows);
  return { head: ofHead, body: ofBody, total: ofHead + ofBody + changesIn(trailers?.rows ?? []) };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
