// Going to a line of a pane's text, or in hex to a byte: whether the field for it is open, and what came of what was
// typed. What was asked of another Message or view is never gone to, and the field is for one Message.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { fetchView, type Side } from "./api.ts";
import type { BodyEditor } from "./editor.ts";
import type { Format } from "./format.ts";
import { seek, type Unit } from "./go_to.ts";
import { type Asked, useAsked } from "./use_asked.ts";
import { useLate } from "./use_time.ts";

/** See above. */
export interface GoTo {
  readonly isOpen: boolean;
  readonly unit: Unit;
  /** Whether it takes so long that words are due. */
  readonly isLate: boolean;
  /** What is wrong with what was typed; null where nothing is. */
  readonly error: string | null;
  /** Whenever the field is asked for it takes the focus. */
  readonly asked: Asked;
  /** What holds the field, while it is open. */
  readonly bar: RefObject<HTMLDivElement | null>;
  open(): void;
  close(): void;
  /** Goes there, which closes the field; the text has the focus then, unless something else does. */
  go(typed: string): void;
  /** Something else is being typed. */
  typing(): void;
}

interface GoneIn {
  readonly side: Side;
  /** Of the Exchange; null where there is no Message. */
  readonly id: string | null;
  readonly format: Format;
  readonly isHex: boolean;
  /** Whether it is shown as it was passed on. */
  readonly sent: boolean;
  /** Null where the body is not shown as text. */
  readonly editor: BodyEditor | null;
}

interface State {
  readonly isSeeking: boolean;
  readonly error: string | null;
}

const AT_REST: State = { isSeeking: false, error: null };

/** See above. */
export function useGoTo({ side, id, format, isHex, sent, editor }: GoneIn): GoTo {
  const [isOpen, setOpen] = useState(false);
  const [state, setState] = useState(AT_REST);
  const [asked, ask] = useAsked();
  const [sought, setSought] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const seeking = useRef<AbortController | null>(null);
  const unit = isHex ? "offset" : "line";

  const stop = () => {
    seeking.current?.abort();
    seeking.current = null;
    setState(AT_REST);
  };
  const close = () => {
    stop();
    setOpen(false);
  };
  const go = async (typed: string) => {
    stop();
    if (id === null || editor === null) return;
    const { signal } = seeking.current = new AbortController();
    setState({ isSeeking: true, error: null });
    setSought((n) => n + 1);
    const found = await seek(typed, unit, (row) => fetchView(id, side, format, row, 1, signal, sent))
      .catch((error: Error) => ({ wrong: error.message }));
    if (signal.aborted) return;
    if ("wrong" in found) return setState({ isSeeking: false, error: found.wrong });
    if (bar.current?.contains(document.activeElement)) editor.focus();
    close();
    editor.goTo(found.place);
  };
  useEffect(() => close, [side, id]);
  useEffect(() => stop, [format, sent, editor]);

  return {
    isOpen: isOpen && editor !== null,
    unit,
    isLate: useLate(state.isSeeking, String(sought)),
    error: state.error,
    asked,
    bar,
    open: () => {
      setOpen(true);
      ask();
    },
    close,
    go: (typed) => void go(typed),
    typing: stop,
  };
}
