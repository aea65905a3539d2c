// A Draft in the place of the Request: what it is of, its editors, and in its foot what becomes of lengths, which way it
// goes, Discard and Send.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, Sign } from "../icons.tsx";
import { Empty } from "../pane/empty.tsx";
import { clock, counted } from "../pane/words.ts";
import { canEdit, discard, edit } from "../resend.ts";
import { isConnected, type Opened, shownIn } from "../state/derived.ts";
import { state } from "../state/store.ts";
import { Choices } from "./choices.tsx";
import { BodyTools, DraftEditor, textsOf } from "./draft_editor.tsx";
import { DraftFindBar, FindButton, findKeys } from "./draft_find_bar.tsx";
import { change, editRequest, editTurns, type OpenDraft } from "./drafts.ts";
import type { Editing } from "./editing.ts";
import { outcomeOf } from "./outcome.ts";
import { WayChoice } from "./resend_button.tsx";
import { sendDraft } from "./send_draft.ts";
import { turnsOutcomeOf } from "./turns.ts";
import { textsOfTurns, TurnsEditor } from "./turns_editor.tsx";
import { turnsBefore } from "./turns_read.ts";
import { type DraftFind, useDraftFind } from "./use_draft_find.ts";

/** How many requests before one are counted. */
const MOST_COUNTED = 100;

interface DraftPaneProps {
  readonly draft: OpenDraft;
  readonly now: Opened;
}

/** See above. */
export function DraftPane({ draft, now }: DraftPaneProps): JSX.Element {
  const { exchange, edited, trouble, isSending } = draft;
  const pane = useRef<HTMLElement>(null);
  const isRefused = edited === null && trouble !== null;
  // There is no editor to take the focus, and Esc is to close it.
  useEffect(() => {
    if (isRefused) pane.current?.focus();
  }, [isRefused, exchange.id]);
  const find = useDraftFind(
    edited === null ? [] : edited.kind === "turns" ? textsOfTurns(edited.turns) : textsOf(edited.editing),
    exchange.id,
  );
  const send = () => void sendDraft(draft);
  const onKeyDown = (event: KeyboardEvent) => {
    if (edited !== null && findKeys(event, find)) {
      // It was for Find.
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) send();
    else if (event.key === "Escape" && !event.defaultPrevented) discard();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section
      ref={pane}
      class="pane draft"
      role="region"
      aria-label="Request"
      aria-description="Draft"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div class="pane-bar">
        <h2 class="pane-title">Request</h2>
        <span class="draft-word">Draft</span>
        <p class="pane-facts" title={`Of ${clock(exchange.started)}, to ${exchange.target}`}>
          of {clock(exchange.started)}, to {exchange.target}
        </p>
        <div class="pane-tools">
          <FindButton find={find} off={edited === null} />
          {edited?.kind === "request" && (
            <BodyTools
              editing={edited.editing}
              onEdit={(edit) => editRequest(draft, edit)}
            />
          )}
          {canEdit(now) && shownIn(now.view)?.id !== exchange.id && (
            <button
              type="button"
              class="button"
              title="Edit the selected request in the place of this draft (e)"
              onClick={edit}
            >
              <Icon name="edit" />
              Edit selected
            </button>
          )}
        </div>
      </div>
      <DraftFindBar find={find} pane={pane} />
      {edited === null && (trouble === null
        ? <p class="draft-kept">Reading the request</p>
        : <Empty title="Cannot open a draft" text={trouble} isFailure />)}
      {edited?.kind === "request" && (
        <RequestDraft draft={draft} editing={edited.editing} find={find} onSend={send} />
      )}
      {edited?.kind === "turns" && (
        <TurnsEditor
          id="draft"
          of={exchange.id}
          turns={edited.turns}
          outcome={turnsOutcomeOf(edited.turns)}
          find={find}
          onEdit={(edit) => editTurns(draft, edit)}
          onSend={send}
          isFocused
        />
      )}
      {edited !== null && trouble !== null && (
        <p class="error draft-trouble" role="alert">
          <Sign name="triangle" />
          {trouble}
        </p>
      )}
      <div class="draft-foot">
        {edited?.kind === "request" && <RequestChoices draft={draft} editing={edited.editing} />}
        {now.listener !== null && (
          <fieldset class="draft-choice">
            <legend>Send</legend>
            <WayChoice name="draft-way" now={now} exchange={exchange} />
          </fieldset>
        )}
        <BeforeChoice draft={draft} />
        <div class="draft-deeds">
          <button type="button" class="button" title="Discard the draft (Esc)" onClick={discard}>
            Discard
          </button>
          <button
            type="button"
            class="button main"
            disabled={edited === null || isSending || !canSend(draft) || !isConnected(state.value)}
            onClick={send}
          >
            Send <kbd aria-hidden="true">Ctrl ⏎</kbd>
          </button>
        </div>
      </div>
    </section>
  );
}

interface RequestProps {
  readonly draft: OpenDraft;
  readonly editing: Editing;
}

interface RequestDraftProps extends RequestProps {
  readonly find: DraftFind;
  readonly onSend: () => void;
}

function RequestDraft({ draft, editing, find, onSend }: RequestDraftProps): JSX.Element {
  const outcome = outcomeOf(editing);
  return (
    <DraftEditor
      id="draft"
      of={draft.exchange.id}
      editing={editing}
      outcome={outcome}
      find={find}
      onEdit={(edit) => editRequest(draft, edit)}
      onSend={onSend}
      isFocused
    />
  );
}

function RequestChoices({ draft, editing }: RequestProps): JSX.Element {
  const outcome = outcomeOf(editing);
  return (
    <Choices
      id="draft"
      editing={editing}
      outcome={outcome}
      onEdit={(edit) => editRequest(draft, edit)}
    />
  );
}

/** What came before on the connection can be sent first, where there is any. */
function BeforeChoice({ draft }: { readonly draft: OpenDraft }): JSX.Element | null {
  const { exchange, isBeforeSent } = draft;
  const [before, setBefore] = useState(0);
  useEffect(() => {
    const asking = new AbortController();
    if (exchange.protocol !== "http") return;
    turnsBefore(exchange, MOST_COUNTED, asking.signal).then(
      (rows) => setBefore(rows.filter(({ requestBytes }) => requestBytes > 0).length),
      () => setBefore(0),
    );
    return () => asking.abort();
  }, [exchange.id]);
  if (before === 0) return null;
  const many = before > MOST_COUNTED
    ? `more than ${counted(MOST_COUNTED, "request")}`
    : counted(before, "request");
  return (
    <label class="draft-radio">
      <input
        type="checkbox"
        checked={isBeforeSent}
        onChange={({ currentTarget: { checked } }) =>
          change(exchange.listener, exchange, (latest) => ({ ...latest, isBeforeSent: checked }))}
      />
      Send what came before on its connection first ({many})
    </label>
  );
}

function canSend({ edited }: OpenDraft): boolean {
  if (edited === null) return false;
  return edited.kind === "request"
    ? outcomeOf(edited.editing).draft !== null
    : turnsOutcomeOf(edited.turns).turns !== null;
}
