// Find in a Draft: what is looked for in its texts, what was found, and which hit is the current one. The texts belong to
// the Draft; its editors are told what to mark.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Search } from "../pane/api.ts";
import type { Finding } from "../pane/find_bar.tsx";
import { useAsked } from "../pane/use_asked.ts";
import { type DraftText, findInDraft, type HitsIn, NONE } from "./find_in_draft.ts";

/** Texts of more characters are searched when typing pauses. */
const LARGE = 1_000_000;
const PAUSE_MS = 300;

const NOTHING: Search = { text: "", caseSensitive: false, regex: false, hex: false };

/** Find in a Draft. */
export interface DraftFind extends Finding {
  readonly isOpen: boolean;
  /** The text that holds the current hit; null where there is none. */
  readonly at: string | null;
  /** What the editor of a text is told. */
  in(key: string): HitsIn;
  /** Begins with what is selected on the page, where that is a part of a line. */
  open(): void;
  close(): void;
}

/** Find in these texts. `of` is another value for another Draft. */
export function useDraftFind(texts: readonly DraftText[], of: string): DraftFind {
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState(NOTHING);
  const [chosen, setChosen] = useState(0);
  const [asked, ask] = useAsked();
  /** Grows whenever the current hit is to be brought into view: not while the Draft is edited. */
  const [looks, setLooks] = useState(0);

  const key = isOpen ? JSON.stringify([of, search, texts.map(({ key, isHex }) => [key, isHex])]) : "";
  const [settled, isSettled] = useSettled(texts, key);
  const found = useMemo(() => isOpen ? findInDraft(settled, search) : NONE, [isOpen, settled, search]);
  const listed = found.list.length;
  const current = Math.min(chosen, listed - 1);
  const hit = found.list[current] ?? null;

  const hits = useMemo(() => {
    const byText = new Map<string, HitsIn>();
    for (const key of new Set(found.list.map(({ key }) => key))) {
      const list = found.list.filter((one) => one.key === key);
      const at = hit === null ? -1 : list.indexOf(hit);
      byText.set(key, { hits: { list, current: at }, seen: at < 0 ? "" : `${looks} ${current}` });
    }
    return byText;
  }, [found, hit, looks]);

  return {
    isOpen,
    search,
    error: found.error,
    total: found.total,
    listed,
    current,
    isComplete: true,
    isSearching: isOpen && !isSettled,
    asked,
    at: hit?.key ?? null,
    in: (key) => hits.get(key) ?? NOT_FOUND,
    open: () => {
      const selected = document.getSelection()?.toString() ?? "";
      const isPart = selected !== "" && selected.length <= 200 && !selected.includes("\n");
      setOpen(true);
      ask();
      setLooks((n) => n + 1);
      if (isPart) setSearch((latest) => ({ ...latest, text: selected }));
    },
    close: () => setOpen(false),
    change: (changes) => {
      setSearch((latest) => ({ ...latest, ...changes }));
      setChosen(0);
      setLooks((n) => n + 1);
    },
    step: (by) => {
      if (listed > 0) setChosen((current + by + listed) % listed);
      setLooks((n) => n + 1);
    },
  };
}

const NOT_FOUND: HitsIn = { hits: { list: [], current: -1 }, seen: "" };

/** The texts, or, where they are large, as they were when typing paused; and whether these are all that was typed. */
function useSettled(texts: readonly DraftText[], key: string): [texts: readonly DraftText[], all: boolean] {
  const [settled, setSettled] = useState({ key, texts });
  const isOfThis = settled.key === key;
  const isSame = isOfThis && isSameTexts(settled.texts, texts);
  const isLarge = texts.reduce((sum, { text }) => sum + text.length, 0) > LARGE;
  useEffect(() => {
    if (isSame || key === "") return;
    const timer = setTimeout(() => setSettled({ key, texts }), isLarge && isOfThis ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  });
  if (isSame) return [settled.texts, true];
  return isLarge && isOfThis ? [settled.texts, false] : [texts, true];
}

function isSameTexts(a: readonly DraftText[], b: readonly DraftText[]): boolean {
  return a.length === b.length &&
    a.every(({ key, text, isHex }, at) => key === b[at].key && text === b[at].text && isHex === b[at].isHex);
}
