// What is to become of the lengths and codings of a Draft, as choices that are seen.

import type { JSX } from "preact";
import { type Editing, withCodingChoice, withLengthChoice } from "./editing.ts";
import type { Outcome } from "./outcome.ts";
import { Radio } from "./radio.tsx";

interface ChoicesProps {
  /** Unique on the page. */
  readonly id: string;
  readonly editing: Editing;
  readonly outcome: Outcome;
  readonly onEdit: (edit: (editing: Editing) => Editing) => void;
}

/** See above. Nothing where there is nothing to choose. */
export function Choices({ id, editing, outcome, onEdit }: ChoicesProps): JSX.Element {
  const { coding } = editing;
  const { length } = outcome;
  return (
    <>
      {coding !== null && (
        <fieldset class="draft-choice">
          <legend>{coding.name}</legend>
          <Radio
            name={`${id}-coding`}
            on={coding.choice === "again"}
            off={!coding.isWritable}
            text={coding.isWritable ? "Code the body again" : `tcpmon cannot write ${coding.name}`}
            onChoose={() => onEdit((latest) => withCodingChoice(latest, "again"))}
          />
          <Radio
            name={`${id}-coding`}
            on={coding.choice === "off"}
            text="Send it without"
            onChoose={() => onEdit((latest) => withCodingChoice(latest, "off"))}
          />
        </fieldset>
      )}
      {length !== null && (
        <fieldset class="draft-choice">
          <legend>Content-Length</legend>
          <Radio
            name={`${id}-length`}
            on={editing.length === "set"}
            text={length.right === null
              ? "Set when the body is coded"
              : `Set to ${length.right}, the body in bytes`}
            onChoose={() => onEdit((latest) => withLengthChoice(latest, "set"))}
          />
          <Radio
            name={`${id}-length`}
            on={editing.length === "leave"}
            text={length.typed === null ? "Leave it out" : `Leave ${length.typed || "it empty"} as typed`}
            onChoose={() => onEdit((latest) => withLengthChoice(latest, "leave"))}
          />
        </fieldset>
      )}
    </>
  );
}
