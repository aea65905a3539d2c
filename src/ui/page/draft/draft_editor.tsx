// The editor of a Draft: its head as text, its body as text or in hex, and what should be known of both. It holds nothing:
// every edit is told as the next Editing. Pane, Sender and whoever else has one bring their own buttons.
//
//   <DraftEditor id="draft" of={id} editing={editing} find={find} onEdit={setEditing} onSend={send} />

import type { JSX } from "preact";
import { Icon, Sign } from "../icons.tsx";
import { BODY_MODES, type BodyMode } from "./body_input.ts";
import { Code } from "./code.tsx";
import type { DraftText } from "./find_in_draft.ts";
import type { DraftFind } from "./use_draft_find.ts";
import { canLayOut, type Editing, laidOut, withBody, withHead, withMode } from "./editing.ts";
import type { Aside } from "./head_colours.ts";
import type { Outcome } from "./outcome.ts";

interface DraftEditorProps {
  /** Unique on the page; ids within begin with it. */
  readonly id: string;
  /** Another value is another Draft. */
  readonly of: string;
  readonly editing: Editing;
  /** What `editing` comes to: `outcomeOf(editing)`, which whoever holds it needs too. */
  readonly outcome: Outcome;
  /** Gives the next value from the latest one. */
  readonly onEdit: (edit: (editing: Editing) => Editing) => void;
  /** Ctrl or ⌘ with Enter in one of its fields. */
  readonly onSend: () => void;
  readonly find: DraftFind;
  /** Whether the body, or the head where there is no body, takes the focus when it appears. */
  readonly isFocused?: boolean;
}

/** See above. */
export function DraftEditor(props: DraftEditorProps): JSX.Element {
  const { id, of, editing, outcome, find, onEdit, onSend, isFocused = false } = props;
  const { origin, head, body, refusal } = editing;
  const isHttp = origin.protocol === "http";
  return (
    <div class="draft-editor">
      {isHttp && (
        <Code
          id={`${id}-head`}
          of={of}
          name="Head of the draft"
          class="draft-head"
          kind="head"
          text={head}
          error={outcome.headError}
          asides={lengthAsides(head, editing, outcome)}
          found={find.in("head")}
          isFocused={isFocused && (body.mode === "kept" || body.text === "")}
          onTyped={(text) => onEdit((latest) => withHead(latest, text))}
          onSend={onSend}
        />
      )}
      <p class="draft-body-line">
        <strong>Body</strong>
        {outcome.facts.map((fact) => <span key={fact} class="pane-fact">{fact}</span>)}
        {outcome.warnings.map((text) => <span key={text} class="pane-fact pane-warn">{text}</span>)}
      </p>
      {refusal !== null && (
        <p class="error draft-refusal" role="alert">
          <Sign name="triangle" />
          {refusal}
        </p>
      )}
      {body.mode === "kept" ? <p class="draft-kept">{body.reason}</p> : (
        <Code
          id={`${id}-body`}
          of={`${of} ${body.mode === "hex" ? "hex" : "text"}`}
          name={body.mode === "hex" ? "Body of the draft, in hex" : "Body of the draft"}
          class="draft-body"
          kind={body.mode}
          text={body.text}
          error={outcome.bodyError}
          found={find.in("body")}
          isFocused={isFocused && body.text !== ""}
          onTyped={(text) => onEdit((latest) => withBody(latest, text))}
          onSend={onSend}
        />
      )}
    </div>
  );
}

/** Its texts, in which `find` looks; a body that is kept as it is has none. */
export function textsOf({ origin, head, body }: Editing): DraftText[] {
  return [
    ...(origin.protocol === "http" ? [{ key: "head", text: head, isHex: false }] : []),
    ...(body.mode === "kept" ? [] : [{ key: "body", text: body.text, isHex: body.mode === "hex" }]),
  ];
}

const MODE_NAMES: Readonly<Record<BodyMode, string>> = { xml: "XML", json: "JSON", text: "Text", hex: "Hex" };

/** How the body is edited, and the button that lays it out. */
export function BodyTools(
  { editing, onEdit }: Pick<DraftEditorProps, "editing" | "onEdit">,
): JSX.Element {
  const { mode } = editing.body;
  return (
    <>
      <label class="pane-format">
        <span class="pane-format-label" aria-hidden="true">Edit as</span>
        <select
          aria-label="Edit as"
          disabled={mode === "kept"}
          value={mode}
          onChange={(event) => {
            const chosen = event.currentTarget.value as BodyMode;
            onEdit((latest) => withMode(latest, chosen));
            // Where it was refused, the list goes back.
            event.currentTarget.value = mode;
          }}
        >
          {mode === "kept" && <option value="kept">As it is</option>}
          {BODY_MODES.map((one) => <option key={one} value={one}>{MODE_NAMES[one]}</option>)}
        </select>
        <Icon name="down" />
      </label>
      <button
        type="button"
        class="button"
        disabled={!canLayOut(editing)}
        title={canLayOut(editing)
          ? "Lay the body out: white space between tokens changes, and is sent so"
          : "Only XML and JSON can be laid out"}
        onClick={() => onEdit(laidOut)}
      >
        Lay out
      </button>
    </>
  );
}

/** What stands beside the line of Content-Length, or below all lines where it will be added. */
function lengthAsides(head: string, { length: choice }: Editing, { length }: Outcome): Aside[] {
  if (length === null || choice === "leave" || !length.isWrong) return [];
  const lines = head.split("\n");
  const right = length.right === null ? "its length when it is coded" : String(length.right);
  const at = lines.findIndex((line) => /^content-length[ \t]*:/i.test(line));
  if (at >= 0) return [{ line: at + 1, text: `will be sent as ${right}` }];
  const last = lines.findLastIndex((line) => line !== "");
  return [{ line: last + 1, text: `Content-Length: ${right} will be added` }];
}
