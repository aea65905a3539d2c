// Find in a pane: what is looked for, what was found in head and body together, and which hit is the current one.
// Answers about another Message or another text are never used.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { FindResult, Hit, MessageDetail } from "../../types.ts";
import { fetchFind, type Search, type Side } from "./api.ts";
import type { BodyEditor } from "./editor.ts";
import type { Format } from "./format.ts";
import { findInTexts, headTexts } from "./head_texts.ts";
import { firstHitFrom, noHits } from "./hits.ts";
import type { Finding } from "./find_bar.tsx";
import type { HeadHits } from "./marked.tsx";
import { useAnswer } from "./use_answer.ts";
import { useAsked } from "./use_asked.ts";

const NOTHING: Search = { text: "", caseSensitive: false, regex: false, hex: false };
/** Where the body is not shown as text. */
const NONE: Promise<FindResult> = Promise.resolve({ hits: [], total: 0, complete: true });
const NO_HEAD_HITS: HeadHits = { list: [], current: null };

/** Find in a pane. */
export interface Find extends Finding {
  readonly isOpen: boolean;
  readonly headHits: HeadHits;
  /** The Format that the Message is shown in: hex while bytes are looked for, otherwise the chosen one. */
  readonly format: Format;
  open(text?: string): void;
  close(): void;
}

/** What is searched. */
export interface FindIn {
  readonly side: Side;
  /** Of the Exchange; null where there is no Message. */
  readonly id: string | null;
  /** The chosen one. */
  readonly chosen: Format;
  readonly message: MessageDetail | null;
  /** Whether it is shown as it was passed on. */
  readonly sent: boolean;
  readonly isHeadShown: boolean;
  /** Null where the body is not shown as text. */
  readonly editor: BodyEditor | null;
}

/** See above. */
export function useFind({ side, id, chosen, message, sent, isHeadShown, editor }: FindIn): Find {
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState(NOTHING);
  const [current, setCurrent] = useState(-1);
  const [asked, ask] = useAsked();
  const bytes = message?.bytes ?? 0;
  const format = isOpen && search.hex ? "hex" : chosen;

  const source = JSON.stringify([id, side, format, sent, editor === null]);
  const question = isOpen && search.text !== "" && id !== null ? source + JSON.stringify(search) : null;
  const answer = useAnswer<FindResult>(
    question,
    bytes,
    (signal) => editor === null || id === null ? NONE : fetchFind(id, side, format, search, signal, sent),
  );

  const isOfThis = question !== null && answer !== null && answer.question.startsWith(source);
  const result = isOfThis ? answer.result : null;
  const headList = useMemo(
    () =>
      question === null || message === null || !isHeadShown ? [] : findInTexts(headTexts(message), search),
    [question, message, isHeadShown],
  );
  const bodyList: readonly Hit[] = result?.hits ?? noHits.list;
  const listed = headList.length + bodyList.length;

  // A new answer: the first hit from what is on the screen on, so that typing on does not run away.
  const settled = isOfThis ? answer.question : null;
  useEffect(() => {
    const top = editor?.firstShown ?? 0;
    const first = top === 0 ? 0 : headList.length + firstHitFrom(bodyList, top);
    setCurrent(listed === 0 ? -1 : first % listed);
  }, [settled]);

  const at = Math.min(current, listed - 1);
  const inBody = at - headList.length;
  useEffect(() => editor?.mark({ list: bodyList, current: inBody }), [editor, bodyList, inBody]);
  useEffect(() => {
    if (inBody >= 0) editor?.reveal(bodyList[inBody]);
  }, [editor, settled, inBody]);

  return {
    isOpen,
    search,
    total: headList.length + (result?.total ?? 0),
    listed,
    current: at,
    isComplete: result?.complete ?? true,
    isSearching: question !== null && answer?.question !== question,
    error: isOfThis && answer.question === question ? answer.error : null,
    format,
    headHits: headList.length === 0 ? NO_HEAD_HITS : { list: headList, current: headList[at] ?? null },
    asked,
    open: (text) => {
      setOpen(true);
      ask();
      if (text !== undefined && text !== "") setSearch({ ...search, text });
    },
    close: () => setOpen(false),
    change: (changes) => setSearch({ ...search, ...changes }),
    step: (by) => setCurrent(listed === 0 ? -1 : (at + by + listed) % listed),
  };
}
