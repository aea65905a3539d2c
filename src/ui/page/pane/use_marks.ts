// What the filter looks for, marked in a pane: where the hits are in head and body together, which is the current one, and
// in which other view there are some where this one has none. It is independent of the pane's Find.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Mark, marksOf, parseQuery } from "../../../decode/query/mod.ts";
import type { FindResult, Hit, MessageDetail, ViewKind } from "../../types.ts";
import { fetchFind, type Search, type Side } from "./api.ts";
import type { BodyEditor } from "./editor.ts";
import { elsewhere, headMarks, inOrder, searchesIn } from "./filter_marks.ts";
import type { Format } from "./format.ts";
import { shownAs } from "./format.ts";
import { FILTERED, noHits } from "./hits.ts";
import type { HitCount } from "./hits_text.ts";
import type { HeadHits } from "./marked.tsx";
import { useAnswer } from "./use_answer.ts";

/** See the top of this file. */
export interface FilterMarks extends HitCount {
  readonly headHits: HeadHits;
  /** Where there are hits, while the view that is shown has none. */
  readonly other: { readonly as: ViewKind; readonly total: number } | null;
  /** Goes to the next hit, or with -1 to the one before. */
  step(by: 1 | -1): void;
}

interface MarkedIn {
  readonly side: Side;
  /** Of the Exchange; null where there is no Message. */
  readonly id: string | null;
  readonly format: Format;
  readonly message: MessageDetail | null;
  readonly sent: boolean;
  readonly isHeadShown: boolean;
  /** Null where the body is not shown as text. */
  readonly editor: BodyEditor | null;
  /** The text of the filter. */
  readonly filter: string;
  /** While Find is used the pane stays where it is. */
  readonly isFinding: boolean;
}

interface Found extends FindResult {
  readonly other: FilterMarks["other"];
}

const NO_MARKS: readonly Mark[] = [];
const NO_HITS: readonly Hit[] = [];
const NO_HEAD_HITS: HeadHits = { list: [], current: null };
const NOTHING: Found = { hits: NO_HITS, total: 0, complete: true, other: null };

/** See above. */
export function useMarks(
  { side, id, format, message, sent, isHeadShown, editor, filter, isFinding }: MarkedIn,
): FilterMarks {
  const [current, setCurrent] = useState(-1);
  const [steps, setSteps] = useState(0);
  const marks = useMemo(() => {
    const { query } = parseQuery(filter);
    return query === null
      ? NO_MARKS
      : marksOf(query).filter((mark) => mark.side === null || mark.side === side);
  }, [filter, side]);
  const headList = useMemo(
    () => marks.length === 0 || message === null || !isHeadShown ? [] : headMarks(message, marks),
    [marks, message, isHeadShown],
  );
  const shown = message === null ? null : shownAs(format, message);
  const question = marks.length === 0 || id === null
    ? null
    : JSON.stringify([id, side, format, sent, editor === null, filter]);
  const ask = async (signal: AbortSignal): Promise<Found> => {
    if (id === null || shown === null) return NOTHING;
    const find = (as: Format, searches: readonly Search[]) =>
      Promise.all(searches.map((search) => fetchFind(id, side, as, search, signal, sent)));
    const here = editor === null ? [] : await find(format, searchesIn(marks, shown));
    const total = sum(here);
    const found = {
      hits: inOrder(here.map(({ hits }) => hits)),
      total,
      complete: here.every(({ complete }) => complete),
    };
    if (total > 0) return { ...found, other: null };
    for (const { as, searches } of elsewhere(marks, shown)) {
      const there = sum(await find(as, searches));
      if (there > 0) return { ...found, other: { as, total: there } };
    }
    return { ...found, other: null };
  };
  const answer = useAnswer<Found>(question, message?.bytes ?? 0, ask);
  const isOfThis = question !== null && answer?.question === question;
  const found = isOfThis ? answer.result ?? NOTHING : NOTHING;

  const listed = headList.length + found.hits.length;
  const at = Math.min(current, listed - 1);
  const inBody = at - headList.length;
  const settled = isOfThis ? question : null;
  const revealed = useRef(new Set<string>());
  useEffect(() => revealed.current.clear(), [id, filter]);
  useEffect(() => {
    setCurrent(listed === 0 ? -1 : 0);
    // What is on the screen need not move, nor a view that was left and is where it was again.
    const first = headList.length === 0 ? found.hits[0] : undefined;
    if (first === undefined || settled === null || editor === null) return;
    if (revealed.current.has(settled)) return;
    if (isFinding || editor.isShown(first.line) || editor.reveal(first)) revealed.current.add(settled);
    // Of a Message that still arrives, the first hit may come later.
  }, [settled, listed === 0]);
  useEffect(() => editor?.mark(listed === 0 ? noHits : { list: found.hits, current: inBody }, FILTERED), [
    editor,
    found,
    inBody,
  ]);
  useEffect(() => {
    if (steps > 0 && inBody >= 0) editor?.reveal(found.hits[inBody]);
  }, [steps]);

  const total = headList.length + found.total;
  return {
    total: settled === null ? 0 : total,
    listed,
    current: at,
    isComplete: found.complete,
    isSearching: settled === null,
    headHits: headList.length === 0 ? NO_HEAD_HITS : { list: headList, current: headList[at] ?? null },
    other: found.other,
    step: (by) => {
      if (listed > 0) setCurrent((at + by + listed) % listed);
      setSteps((n) => n + 1);
    },
  };
}

function sum(results: readonly FindResult[]): number {
  return results.reduce((sum, { total }) => sum + total, 0);
}
