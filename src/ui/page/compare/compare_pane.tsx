// Two Messages and what differs between them, in place of the panes: which they are, how they are laid out, and the
// changes, which can be gone through. It asks for the difference by itself; it changes nothing.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MessageDiff, ViewKind } from "../../types.ts";
import { changesIn } from "../pane/diff_text.ts";
import { Empty } from "../pane/empty.tsx";
import { CopiedLine } from "../pane/foot.tsx";
import { type Format, FORMATS } from "../pane/format.ts";
import { type DiffAsked, fetchDiffText } from "../pane/api.ts";
import { toClipboard } from "../pane/copy.ts";
import { remember, remembered } from "../pane/memory.ts";
import { useCopied } from "../pane/use_copied.ts";
import { useLate } from "../pane/use_time.ts";
import { CompareBar } from "./compare_bar.tsx";
import type { Comparison } from "./comparison.ts";
import { goThrough, stepOf } from "./going_through.ts";
import { DiffSection } from "./diff_section.tsx";
import { StructureList } from "./structure_list.tsx";
import { unfolded } from "./unfolding.ts";
import { useComparison } from "./use_comparison.ts";
import { CompareWho } from "./compare_who.tsx";

/** Equal lines beside a change. */
const CONTEXT = 3;
/** Narrower, there is no room for two columns, px; lines of hex do not wrap. */
const LEAST_BESIDE = 860;
const LEAST_HEX_BESIDE = 1_200;

/** See above. */
export function ComparePane({ of }: { readonly of: Comparison }): JSX.Element {
  const [format, setFormat] = useChoice<Format>("compare.format", "auto", FORMATS);
  const [layout, setLayout] = useChoice("compare.layout", "beside", ["beside", "unified"]);
  const [manner, setManner] = useChoice("compare.by", "text", ["text", "structure"]);
  const [width, element] = useWidth();
  const { before, after } = of;
  const asked: DiffAsked = {
    id: after.exchange.id,
    side: after.side,
    sent: after.sent,
    with: before.exchange.id,
    withSide: before.side,
    withSent: before.sent,
    as: format,
    context: CONTEXT,
    structure: manner === "structure",
  };
  const [{ diff, error, isStopped, renewals }, stop, again] = useComparison(asked);
  const isWide = width >= (diff?.as === "hex" ? LEAST_HEX_BESIDE : LEAST_BESIDE);
  const about = JSON.stringify(asked);
  const isLate = useLate(diff === null && error === null && !isStopped, about);
  const [copied, copy, closeCopied] = useCopied(about);
  const [trouble, setTrouble] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const starts = diff === null ? null : startsOf(diff);
  const total = starts?.total ?? 0;
  const [current, setCurrent] = useState(-1);
  useEffect(() => {
    setCurrent(-1);
    setTrouble(null);
  }, [about]);
  const go = (step: 1 | -1) => {
    // A key that is held comes again before the page is drawn.
    if (total > 0) setCurrent((now) => stepOf(now, step, total));
  };
  useEffect(() => {
    list.current?.querySelector(`[data-change="${current}"]`)?.scrollIntoView({ block: "center" });
  }, [current]);
  useEffect(() => {
    goThrough.value = go;
    return () => {
      if (goThrough.value === go) goThrough.value = null;
    };
  });
  const section = (title: string, part: MessageDiff["body"], kind: ViewKind | "head", first: number) => (
    <DiffSection
      key={`${title} ${kind}`}
      title={title}
      of={part}
      kind={kind}
      changesBefore={first}
      current={current}
      isSide={isWide && layout === "beside"}
      unfold={(row) =>
        unfolded(row, { id: after.exchange.id, side: after.side, sent: after.sent, as: diff?.as ?? "text" })}
      onError={(error) => setTrouble(error.message)}
    />
  );
  return (
    <section class="pane compare" role="region" aria-label="Comparison" tabIndex={-1} ref={element}>
      <CompareBar
        format={format}
        as={diff?.as ?? null}
        onFormat={setFormat}
        layout={layout}
        canBeside={isWide}
        onLayout={setLayout}
        manner={manner}
        onManner={setManner}
        current={current}
        total={diff === null ? null : total}
        onGo={go}
        onCopy={() =>
          copy(async (signal) => {
            const text = await fetchDiffText(asked, signal);
            return await toClipboard(
              text,
              text === "" ? "nothing: they are equal" : "the difference, as patch reads it",
            );
          })}
      />
      <CompareWho of={of} isBeside={isWide && layout === "beside"} renewals={renewals} />
      {trouble !== null && <p class="pane-trouble" role="alert">{trouble}</p>}
      {error !== null && <Empty title="There is nothing to compare" text={error} onAgain={again} />}
      {isStopped && <Empty title="Comparing was stopped" onAgain={again} />}
      {isLate && (
        <div class="pane-empty">
          <p class="pane-empty-title" role="status">Comparing the messages</p>
          <button type="button" class="button bordered" onClick={stop}>Stop</button>
        </div>
      )}
      {diff !== null && starts !== null && (
        <div class="diff" ref={list} role="group" aria-label="Differences" tabIndex={0}>
          {!diff.complete && (
            <p class="diff-note">One of them is still arriving: this is what differs so far.</p>
          )}
          {diff.notes.map((note) => <p key={note} class="diff-note pane-warn">{sentence(note)}</p>)}
          {diff.head && section("Head", diff.head, "head", 0)}
          {diff.structure && <StructureList of={diff.structure} current={current} first={starts.structure} />}
          {section(diff.head ? "Body" : "Message", diff.body, diff.as, starts.body)}
          {diff.trailers && section("Trailers", diff.trailers, "head", starts.trailers)}
        </div>
      )}
      <CopiedLine copied={copied} onHex={() => {}} onClose={closeCopied} />
    </section>
  );
}

/** The number of the first change of each part, and how many there are. */
function startsOf({ head, structure, body, trailers }: MessageDiff) {
  const ofHead = changesIn(head?.rows ?? []);
  const ofStructure = structure?.changes.length ?? 0;
  const ofBody = changesIn(body.rows);
  const start = { structure: ofHead, body: ofHead + ofStructure, trailers: ofHead + ofStructure + ofBody };
  return { ...start, total: start.trailers + changesIn(trailers?.rows ?? []) };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A choice that is remembered. */
function useChoice<Known extends string>(
  key: string,
  first: Known,
  known: readonly Known[],
): [Known, (choice: Known) => void] {
  const [, redraw] = useState(0);
  const kept = remembered(key);
  const choose = (choice: Known) => {
    remember(key, choice === first ? null : choice);
    redraw((n) => n + 1);
  };
  return [known.find((one) => one === kept) ?? first, choose];
}

/** How much room there is, px. */
function useWidth() {
  const element = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(innerWidth);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [width, element] as const;
}
