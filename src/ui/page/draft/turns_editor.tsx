// The editor of a client's turns: a list of them with what the target answered in between, the open one with its text, and
// how long the target's turns are waited for. It holds nothing: every edit is told as the next TurnsEditing.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, Sign } from "../icons.tsx";
import { size } from "../pane/words.ts";
import { Code } from "./code.tsx";
import type { DraftText } from "./find_in_draft.ts";
import type { DraftFind } from "./use_draft_find.ts";
import {
  type Answer,
  type ClientTurn,
  type TurnMode,
  type TurnsEditing,
  type TurnsOutcome,
  withChosen,
  withEnd,
  withoutTurn,
  withQuiet,
  withTurn,
  withTurnAdded,
  withTurnMode,
  withTurnMoved,
} from "./turns.ts";

interface TurnsEditorProps {
  /** Unique on the page; ids within begin with it. */
  readonly id: string;
  /** Another value is another Draft. */
  readonly of: string;
  readonly turns: TurnsEditing;
  /** `turnsOutcomeOf(turns)` */
  readonly outcome: TurnsOutcome;
  /** Gives the next value from the latest one. */
  readonly onEdit: (edit: (turns: TurnsEditing) => TurnsEditing) => void;
  readonly find: DraftFind;
  /** Ctrl or ⌘ with Enter in one of its fields. */
  readonly onSend: () => void;
  readonly isFocused?: boolean;
}

/** See above. */
export function TurnsEditor(props: TurnsEditorProps): JSX.Element {
  const { id, turns: editing, outcome, find, onEdit } = props;
  const { turns, greeting, quiet, endAfterTurns } = editing;
  const list = useRef<HTMLDivElement>(null);
  // The turn with the current hit is opened: it could not be seen otherwise.
  useEffect(() => {
    const turn = turns.find(({ id }) => keyOf(id) === find.at);
    if (turn !== undefined && turn.id !== editing.chosen) onEdit((latest) => withChosen(latest, turn.id));
  }, [find.at]);
  /** The focus does not stay in a button that went, or that is off now. */
  const onArranged = () =>
    setTimeout(() => {
      const { activeElement } = document;
      const isLost = activeElement === document.body || activeElement?.matches(":disabled") === true;
      if (isLost) list.current?.querySelector<HTMLElement>(".draft-turn.open button, .draft-add")?.focus();
    });
  return (
    <div class="draft-turns" ref={list}>
      <div class="draft-turns-list">
        {greeting !== null && <Heard answer={greeting} />}
        <ol>
          {turns.map((turn, at) => (
            <li key={turn.id}>
              <Turn {...props} turn={turn} at={at} onArranged={onArranged} />
              {at < turns.length - 1 || turn.answer !== null
                ? <Heard answer={turn.answer} isLast={at === turns.length - 1} />
                : null}
            </li>
          ))}
        </ol>
        <button type="button" class="button draft-add" onClick={() => onEdit(withTurnAdded)}>
          <Icon name="add" />
          Add a turn
        </button>
      </div>
      <div class="draft-quiet">
        <label for={`${id}-quiet`}>The target's turn is over after</label>
        <input
          id={`${id}-quiet`}
          class="input"
          inputMode="numeric"
          value={quiet}
          aria-invalid={outcome.quietError !== null}
          aria-describedby={outcome.quietError === null ? undefined : `${id}-quiet-error`}
          onInput={(event) => {
            const typed = event.currentTarget.value;
            onEdit((latest) => withQuiet(latest, typed));
          }}
        />
        <span>ms without a byte</span>
        <label class="draft-radio">
          <input
            type="checkbox"
            checked={endAfterTurns}
            onChange={({ currentTarget: { checked } }) => onEdit((latest) => withEnd(latest, checked))}
          />
          End the sending side after the last turn
        </label>
        {outcome.quietError !== null && (
          <p class="error" role="alert" id={`${id}-quiet-error`}>
            <Sign name="triangle" />
            {outcome.quietError}
          </p>
        )}
      </div>
    </div>
  );
}

/** Its texts, in which `find` looks. */
export function textsOfTurns({ turns }: TurnsEditing): DraftText[] {
  return turns.map(({ id, text, mode }) => ({ key: keyOf(id), text, isHex: mode === "hex" }));
}

/** What `find` knows the text of a turn by. */
function keyOf(turn: number): string {
  return `turn-${turn}`;
}

interface TurnProps extends TurnsEditorProps {
  readonly turn: ClientTurn;
  readonly at: number;
  /** Turns were moved or removed. */
  readonly onArranged: () => void;
}

function Turn(
  { id, of, turns: editing, turn, at, outcome, find, onEdit, onSend, isFocused, onArranged }: TurnProps,
): JSX.Element {
  const arrange = (next: (turns: TurnsEditing) => TurnsEditing) => {
    onEdit(next);
    onArranged();
  };
  const isOpen = editing.chosen === turn.id;
  const error = outcome.errors.get(turn.id) ?? null;
  const bytes = outcome.sizes.get(turn.id);
  const name = `turn ${at + 1}`;
  return (
    <div class={isOpen ? "draft-turn open" : "draft-turn"}>
      <div class="draft-turn-line">
        <button
          type="button"
          class="draft-turn-name"
          aria-expanded={isOpen}
          onClick={() => onEdit((latest) => withChosen(latest, isOpen ? null : turn.id))}
        >
          <span class="draft-turn-number">
            <span class="unseen">Turn</span> {at + 1}
          </span>
          <span aria-hidden="true">→</span>
          <span class="draft-turn-start">{turn.text.split("\n", 1)[0].slice(0, 120)}</span>
          <span class="draft-turn-size">{bytes === undefined ? "–" : size(bytes)}</span>
        </button>
        <Deed
          icon="upward"
          name={`Move ${name} up`}
          off={at === 0}
          onClick={() => arrange((latest) => withTurnMoved(latest, turn.id, -1))}
        />
        <Deed
          icon="downward"
          name={`Move ${name} down`}
          off={at === editing.turns.length - 1}
          onClick={() => arrange((latest) => withTurnMoved(latest, turn.id, 1))}
        />
        <Deed
          icon="close"
          name={`Remove ${name}`}
          off={editing.turns.length === 1}
          onClick={() => arrange((latest) => withoutTurn(latest, turn.id))}
        />
      </div>
      {isOpen && (
        <>
          <div class="draft-turn-tools">
            <label class="pane-format">
              <select
                aria-label={`Edit ${name} as`}
                value={turn.mode}
                disabled={error !== null && error.place !== null}
                onChange={(event) => {
                  const mode = event.currentTarget.value as TurnMode;
                  onEdit((latest) => withTurnMode(latest, turn.id, mode));
                }}
              >
                <option value="escapes">Text</option>
                <option value="hex">Hex</option>
              </select>
              <Icon name="down" />
            </label>
            <span class="pane-said">
              {turn.mode === "hex"
                ? "Two digits for each byte."
                : "Line ends are written \\r\\n; where a line breaks here means nothing."}
            </span>
          </div>
          <Code
            id={`${id}-turn-${turn.id}`}
            of={`${of} ${turn.id} ${turn.mode}`}
            name={turn.mode === "hex" ? `Turn ${at + 1}, in hex` : `Turn ${at + 1}`}
            class="draft-turn-code"
            kind={turn.mode}
            text={turn.text}
            error={error}
            found={find.in(keyOf(turn.id))}
            isFocused={isFocused && !find.isOpen}
            onTyped={(text) => onEdit((latest) => withTurn(latest, turn.id, text))}
            onSend={onSend}
          />
        </>
      )}
      {!isOpen && error !== null && (
        <p class="error" role="alert">
          <Sign name="triangle" />
          {error.text}
        </p>
      )}
    </div>
  );
}

/** The target's turn: what it was when it was recorded. */
function Heard(
  { answer, isLast = false }: { readonly answer: Answer | null; readonly isLast?: boolean },
): JSX.Element {
  return (
    <p class="draft-heard">
      <span aria-hidden="true">←</span>
      {isLast ? "answered with" : "waits for the target"}
      {answer !== null && (
        <>
          {isLast ? "" : ", which said"} <span class="draft-turn-start">{answer.start}</span>
          <span class="draft-turn-size">{size(answer.bytes)}</span>
        </>
      )}
    </p>
  );
}

interface DeedProps {
  readonly icon: "upward" | "downward" | "close";
  readonly name: string;
  readonly off: boolean;
  readonly onClick: () => void;
}

function Deed({ icon, name, off, onClick }: DeedProps): JSX.Element {
  return (
    <button type="button" class="button" aria-label={name} title={name} disabled={off} onClick={onClick}>
      <Icon name={icon === "upward" ? "up" : icon === "downward" ? "down" : "close"} />
    </button>
  );
}
