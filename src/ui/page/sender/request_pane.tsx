// In the place of the request, on the Sender's tab: the draft with its endpoint, choices and Send; or, when a row of the
// history is chosen, its request as it was sent, which can be taken into the draft.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Choices } from "../draft/choices.tsx";
import { BodyTools, DraftEditor, textsOf } from "../draft/draft_editor.tsx";
import { DraftFindBar, FindButton, findKeys } from "../draft/draft_find_bar.tsx";
import { outcomeOf } from "../draft/outcome.ts";
import { Radio } from "../draft/radio.tsx";
import { type TurnsOutcome, turnsOutcomeOf } from "../draft/turns.ts";
import { textsOfTurns, TurnsEditor } from "../draft/turns_editor.tsx";
import { useDraftFind } from "../draft/use_draft_find.ts";
import { Icon, Sign } from "../icons.tsx";
import { focusArea } from "../keys/areas.ts";
import { layoutNow } from "../layout/layout_now.ts";
import { Pane } from "../pane/pane.tsx";
import { clock, counted } from "../pane/words.ts";
import type { Exchange } from "../../types.ts";
import { isConnected, type OpenedSender, shownIn } from "../state/derived.ts";
import { state } from "../state/store.ts";
import { cleared, type Composed, isEmpty, withRequest, withTurns } from "./composed.ts";
import { EndpointRow } from "./endpoint_row.tsx";
import { hostOf, withRightHost } from "./head_choices.ts";
import { OptionsRow } from "./options_row.tsx";
import { cancel, copyCommand, load, send } from "./send.ts";
import { composed, edit, onTheirWay, said, shown, trouble, unnamed } from "./store.ts";

/** See above. */
export function RequestPane({ now }: { readonly now: OpenedSender }): JSX.Element {
  const lead = shownIn(now.view);
  if (shown.value === "sent" && lead !== null) return <AsSent exchange={lead} />;
  return <DraftPane now={now} lead={lead} />;
}

function AsSent({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const take = () => void load(exchange);
  return (
    <div class="sender-sent">
      <div class="sender-strip">
        <button type="button" class="button" onClick={() => shown.value = "draft"}>
          <Icon name="before" />
          Draft
        </button>
        <p class="pane-facts">
          As sent at {clock(exchange.started)} to <span class="sender-target">{exchange.target}</span>
        </p>
        <button
          type="button"
          class="button"
          disabled={exchange.requestBytes === 0}
          title="Put it into the draft, to change it or to send it again"
          onClick={take}
        >
          Load into the draft
        </button>
      </div>
      <Pane side="request" exchange={exchange} folded={layoutNow.value === "column"} onEdit={take} />
    </div>
  );
}

interface DraftProps {
  readonly now: OpenedSender;
  readonly lead: Exchange | null;
}

function DraftPane({ now, lead }: DraftProps): JSX.Element {
  const draft = composed.value;
  const pane = useRef<HTMLElement>(null);
  const find = useDraftFind(
    draft.kind === "http" ? textsOf(draft.request) : textsOfTurns(draft.turns),
    `${draft.number} ${draft.kind}`,
  );
  const onSend = () => void send();
  const onKeyDown = (event: KeyboardEvent) => {
    if (findKeys(event, find)) {
      // It was for Find.
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      // The editors have told it already.
      if (!event.defaultPrevented) onSend();
    } else if (event.key === "Escape" && !event.defaultPrevented && focusArea("grid")) {
      // Back, as from every pane.
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section
      ref={pane}
      class="pane draft sender-draft"
      role="region"
      aria-label="Request"
      aria-description="Draft"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div class="pane-bar">
        <h2 class="pane-title">Request</h2>
        <span class="draft-word">Draft</span>
        <div class="pane-tools">
          <FindButton find={find} off={false} />
          {draft.kind === "http" && (
            <>
              <BodyTools
                editing={draft.request}
                onEdit={(change) => edit((latest) => withRequest(latest, change))}
              />
              <button
                type="button"
                class="button"
                title="Copy a curl command that sends this request"
                onClick={() => void copyCommand()}
              >
                <Icon name="copy" />
                Copy as cURL
              </button>
            </>
          )}
          <button
            type="button"
            class="button"
            disabled={isEmpty(draft)}
            title="Begin anew; what is here can be put back"
            onClick={() => edit(cleared)}
          >
            Clear
          </button>
          {lead !== null && (
            <button
              type="button"
              class="button"
              title="The request of the exchange whose answer is shown"
              onClick={() => shown.value = "sent"}
            >
              As sent
              <Icon name="after" />
            </button>
          )}
        </div>
      </div>
      <DraftFindBar find={find} pane={pane} />
      <div class="sender-form">
        <EndpointRow now={draft} />
        <OptionsRow now={draft} />
        {draft.kind === "http"
          ? (
            <DraftEditor
              id="sender"
              of={String(draft.number)}
              editing={draft.request}
              outcome={outcomeOf(draft.request)}
              find={find}
              onEdit={(change) => edit((latest) => withRequest(latest, change))}
              onSend={onSend}
            />
          )
          : (
            <TurnsEditor
              id="sender"
              of={String(draft.number)}
              turns={draft.turns}
              outcome={untried(turnsOutcomeOf(draft.turns))}
              find={find}
              onEdit={(change) => edit((latest) => withTurns(latest, change))}
              onSend={onSend}
            />
          )}
      </div>
      {trouble.value !== null && !trouble.value.isOfEndpoint && (
        <p class="error draft-trouble" role="alert">
          <Sign name="triangle" />
          <span>{trouble.value.text}</span>
        </p>
      )}
      <div class="draft-foot">
        {draft.kind === "http" && <HeadChoices now={draft} />}
        <Running now={now} lead={lead} />
        <div class="draft-deeds">
          <CancelButton lead={lead} />
          <button
            type="button"
            class="button main"
            disabled={!isConnected(state.value)}
            title="Send it (Ctrl+Enter)"
            onClick={onSend}
          >
            Send <kbd aria-hidden="true">Ctrl ⏎</kbd>
          </button>
        </div>
      </div>
    </section>
  );
}

/** What is still empty is wrong only when it is to be sent. */
function untried(outcome: TurnsOutcome): TurnsOutcome {
  if (trouble.value !== null) return outcome;
  const errors = [...outcome.errors].filter(([id]) => outcome.sizes.get(id) !== 0);
  return { ...outcome, errors: new Map(errors) };
}

function HeadChoices({ now }: { readonly now: Composed }): JSX.Element {
  const { right, typed, isSet } = hostOf(now);
  return (
    <>
      <Choices
        id="sender"
        editing={now.request}
        outcome={outcomeOf(now.request)}
        onEdit={(change) => edit((latest) => withRequest(latest, change))}
      />
      {right !== null && (
        <fieldset class="draft-choice">
          <legend>Host</legend>
          <Radio
            name="sender-host"
            on={isSet}
            text={`Set to ${right}`}
            onChoose={() => edit(withRightHost)}
          />
          <Radio
            name="sender-host"
            on={!isSet}
            off={isSet}
            text={isSet
              ? "As typed in the head"
              : typed === null
              ? "Leave it out"
              : `Leave ${typed || "it empty"} as typed`}
            onChoose={() => {}}
          />
        </fieldset>
      )}
    </>
  );
}

/** What goes on, in words. */
function Running({ now, lead }: DraftProps): JSX.Element {
  const open = now.counts?.open ?? 0;
  const waiting = lead?.state === "open" ? "waiting for the answer" : "";
  const others = open > 1 ? `${counted(open, "exchange")} open` : "";
  const words = onTheirWay.value > 0
    ? "sending"
    : said.value ?? (unnamed.value.length > 0
      ? "being sent; nothing of it can be told apart as an exchange yet"
      : [waiting, others].filter((one) => one !== "").join(", "));
  return <p class="sender-said" aria-live="polite">{words}</p>;
}

/** Ends what the panes show while it is open; otherwise what is being sent and has no row yet. */
function CancelButton({ lead }: { readonly lead: Exchange | null }): JSX.Element {
  const connection = lead?.state === "open" ? lead.connection : unnamed.value.at(-1) ?? null;
  return (
    <button
      type="button"
      class="button"
      disabled={connection === null}
      title="End the connection of the exchange that is shown"
      onClick={() => connection !== null && void cancel(connection)}
    >
      Cancel
    </button>
  );
}
