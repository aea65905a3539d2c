// A question in place of the toolbar: Enter does, Esc keeps; where the filter may hide what it is about, Enter keeps,
// too. While it stands the rest of the page goes on.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { splitAddress } from "./addresses.ts";
import { close, removeAll, removeRows } from "./commands.ts";
import type { Exchange } from "../types.ts";
import { draftOn, isUnsent } from "./draft/drafts.ts";
import { ofTable } from "./empty_state.tsx";
import { focusArea } from "./keys/areas.ts";
import { clock, count, counted } from "./pane/words.ts";
import { discardNow, resendRows, wayWords } from "./resend.ts";
import type { Opened, OpenedListener } from "./state/derived.ts";
import type { Question, SelectedQuestion } from "./state/state.ts";
import { dispatch } from "./state/store.ts";

/** What becomes of exchanges that leave the page. */
const KEPT = "The capture file keeps what was recorded.";

interface Asked {
  readonly text: string;
  readonly deed: string;
  readonly act: () => void;
  /** Whether Enter keeps. */
  readonly isUnsure?: boolean;
}

/** See above. */
export function QuestionBar(
  { question, now }: { readonly question: Question; readonly now: Opened },
): JSX.Element {
  const { text, deed, act, isUnsure = false } = asked(question, now);
  const onEnter = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    onEnter.current?.focus();
    // Where the question was asked from is gone, when that was the toolbar. What has been given the focus since, such
    // as the next question, keeps it.
    return () =>
      setTimeout(() => {
        if (document.activeElement !== document.body) return;
        if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
        else focusArea("grid");
      });
  }, []);
  const keep = () => dispatch({ type: "ask", question: null });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    keep();
  };
  return (
    <div class="question" role="alertdialog" aria-labelledby="question" onKeyDown={onKeyDown}>
      <p class="text" id="question">{text}</p>
      <button ref={isUnsure ? onEnter : undefined} type="button" class="button" onClick={keep}>
        Keep <kbd aria-hidden="true">{isUnsure ? "⏎" : "Esc"}</kbd>
      </button>
      <button ref={isUnsure ? undefined : onEnter} type="button" class="button danger" onClick={act}>
        {deed} {!isUnsure && <kbd aria-hidden="true">⏎</kbd>}
      </button>
    </div>
  );
}

function asked(question: Question, now: Opened): Asked {
  switch (question.about) {
    case "remove-selected":
      return askedToRemove(question, now);
    case "remove-all":
      return askedToRemoveAll(now);
    case "close":
      return now.listener === null ? askedToRemoveAll(now) : askedToClose(now);
    case "resend-selected":
      return askedToResend(question, now);
    case "discard-draft":
      return askedToDiscard(question.next, now);
  }
}

function askedToResend({ ids, hidden }: SelectedQuestion, now: Opened): Asked {
  const inTurn = ids.length === 1 ? "" : " One after the other, each when the one before has its answer.";
  return {
    text: `Send ${selectedWords(ids)} again, ${wayWords(now)}?${hiddenWords(ids, hidden)}${inTurn}`,
    isUnsure: hidden > 0,
    deed: `Resend ${count(ids.length)}`,
    act: () => resendRows(now.id, ids),
  };
}

function askedToDiscard(next: Exchange | null, { id }: Opened): Asked {
  const draft = draftOn(id);
  const of = draft === null ? "" : ` of ${clock(draft.exchange.started)}`;
  const then = next === null ? "" : `, and edit the request of ${clock(next.started)}`;
  return {
    text: `Discard the changed draft${of}${then}? What was sent of it stays recorded.`,
    deed: "Discard",
    act: () => discardNow(id, next),
  };
}

function selectedWords({ length }: readonly string[]): string {
  return length === 1 ? "the selected exchange" : `the ${counted(length, "selected exchange")}`;
}

function hiddenWords({ length }: readonly string[], hidden: number): string {
  if (hidden === 0) return "";
  if (length === 1) return " Its row is not on the screen, and the filter may hide it.";
  if (hidden === length) return " Their rows are not on the screen, and the filter may hide them.";
  return hidden === 1
    ? " The row of 1 of them is not on the screen, and the filter may hide it."
    : ` The rows of ${count(hidden)} of them are not on the screen, and the filter may hide them.`;
}

function askedToRemove({ ids, hidden }: SelectedQuestion, now: Opened): Asked {
  return {
    text: `Remove ${selectedWords(ids)} ${ofTable(now)}?${hiddenWords(ids, hidden)} ${KEPT}`,
    isUnsure: hidden > 0,
    deed: `Remove ${count(ids.length)}`,
    act: () => removeRows(now.id, ids),
  };
}

function askedToRemoveAll(now: Opened): Asked {
  const { view, counts } = now;
  const total = counts?.total ?? 0;
  const besides = view.filter === "" ? "" : `, not only the ${count(view.rows.total)} that match the filter`;
  return {
    text: `Remove all ${counted(total, "exchange")} ${ofTable(now)}${besides}? ${KEPT}`,
    deed: `Remove ${count(total)}`,
    act: () => removeAll(now.id),
  };
}

function askedToClose({ listener, counts }: OpenedListener): Asked {
  const { total = 0, openConnections = 0 } = counts ?? {};
  const { port } = splitAddress(listener.listen);
  const draft = draftOn(listener.id);
  const consequences = [
    openConnections > 0 && `ends its ${counted(openConnections, "open connection")} with it`,
    total > 0 && `takes ${counted(total, "exchange")} from this page`,
    draft !== null && isUnsent(draft) && "discards the changed draft",
  ].filter((one) => one !== false);
  const listed = [consequences.slice(0, -1).join(", "), ...consequences.slice(-1)].filter((part) =>
    part !== ""
  );
  return {
    text: `Close port ${port}? That ${listed.join(", and ")}.${total === 0 ? "" : ` ${KEPT}`}`,
    deed: `Close ${port}`,
    act: () => close(listener.id),
  };
}
