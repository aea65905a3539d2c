// The fields of a slow link, for the form of a listener and for the toolbar: bandwidth, latency and jitter, of both
// Directions or of each. Keeps nothing: who shows it keeps the draft and the errors.

import type { ComponentChildren, JSX } from "preact";
import { Sign } from "./icons.tsx";
import {
  directionsOf,
  draftOf,
  type LimitsDraft,
  PRESETS,
  type SlowError,
  type SlowField,
  type SlowLinkDraft,
  withAlike,
  withTyped,
} from "./slow_link_draft.ts";

export interface SlowLinkFieldsProps {
  readonly draft: SlowLinkDraft;
  readonly errors: readonly SlowError[];
  /** Begins the ids of the inputs; unique in the page. */
  readonly id: string;
  readonly onChange: (draft: SlowLinkDraft) => void;
}

const DIRECTIONS = { upstream: "To the target", downstream: "To the client" } as const;

/** See above. */
export function SlowLinkFields(props: SlowLinkFieldsProps): JSX.Element {
  const { draft, id, onChange } = props;
  return (
    <fieldset class="slowlink">
      <legend class="unseen">Slow link</legend>
      <label class="check">
        <input
          type="checkbox"
          id={`${id}-on`}
          checked={draft.isOn}
          onChange={(event) => onChange({ ...draft, isOn: event.currentTarget.checked })}
        />
        Slow the link down
      </label>
      {draft.isOn && <SlowLinkLimits {...props} />}
    </fieldset>
  );
}

/** Those of a link that is slow; `isOn` is for who shows them. */
export function SlowLinkLimits(props: SlowLinkFieldsProps): JSX.Element {
  const { draft, onChange } = props;
  return (
    <>
      <div class="presets">
        <span class="quiet">like</span>
        {PRESETS.map(({ name, slow }) => (
          <button
            key={name}
            type="button"
            class="button bordered"
            onClick={() => onChange(draftOf(slow))}
          >
            {name}
          </button>
        ))}
        <label class="check alike">
          <input
            type="checkbox"
            checked={draft.isAlike}
            onChange={(event) => onChange(withAlike(draft, event.currentTarget.checked))}
          />
          Both directions alike
        </label>
      </div>
      <div class="limits">
        <span class="head side"></span>
        <span class="head" aria-hidden="true">Bandwidth</span>
        <span class="head" aria-hidden="true">Latency, ms</span>
        <span class="head" aria-hidden="true">Jitter, ms</span>
        {directionsOf(draft).map((direction) => (
          <Row
            key={direction}
            {...props}
            direction={direction}
            name={draft.isAlike ? "Each direction" : DIRECTIONS[direction]}
          />
        ))}
      </div>
      <Pauses {...props} />
      <p class="hint quiet">
        All connections of the listener share the bandwidth. Every byte is late by the latency, give or take
        the jitter; connecting is not.
      </p>
    </>
  );
}

interface RowProps extends SlowLinkFieldsProps {
  readonly direction: "upstream" | "downstream";
  readonly name: string;
}

function Row(props: RowProps): JSX.Element {
  const { draft, direction, name } = props;
  const of = draft.isAlike ? "" : ` ${name.toLowerCase()}`;
  const input = (member: keyof LimitsDraft, label: string, placeholder: string) => (
    <Input
      {...props}
      field={`${direction}.${member}`}
      label={label + of}
      value={draft[direction][member]}
      placeholder={placeholder}
    />
  );
  return (
    <>
      <span class="side">{name}</span>
      {input("rate", "Bandwidth", "64 kB/s")}
      {input("latency", "Latency in milliseconds", "0")}
      {input("jitter", "Jitter in milliseconds", "0")}
      <Told
        {...props}
        fields={[`${direction}.rate`, `${direction}.latency`, `${direction}.jitter`]}
      />
    </>
  );
}

/** Apache TCPMon's way to say a bandwidth. */
function Pauses(props: SlowLinkFieldsProps): JSX.Element {
  const { draft, id } = props;
  return (
    <div class="pauses">
      <span class="quiet">or</span>
      <Input
        {...props}
        field="bytesPerPause"
        label="Bytes per Pause"
        value={draft.bytesPerPause}
        placeholder="100"
      />
      <label for={`${id}-bytesPerPause`}>bytes per pause,</label>
      <Input
        {...props}
        field="pauseMs"
        label="Delay in Milliseconds"
        value={draft.pauseMs}
        placeholder="50"
      />
      <label for={`${id}-pauseMs`}>ms delay, as in TCPMon</label>
      <Told {...props} fields={["bytesPerPause", "pauseMs"]} />
    </div>
  );
}

interface InputProps extends SlowLinkFieldsProps {
  readonly field: SlowField;
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
}

function Input({ draft, errors, id, onChange, field, label, value, placeholder }: InputProps): JSX.Element {
  const isWrong = errors.some((error) => error.field === field);
  return (
    <input
      type="text"
      class="input"
      id={idOf(id, field)}
      aria-label={label}
      aria-invalid={isWrong}
      aria-describedby={isWrong ? `${idOf(id, field)}-told` : undefined}
      inputMode={field.endsWith(".rate") ? undefined : "numeric"}
      placeholder={placeholder}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      value={value}
      onInput={(event) => onChange(withTyped(draft, field, event.currentTarget.value))}
    />
  );
}

function Told(
  { errors, id, fields }: SlowLinkFieldsProps & { readonly fields: readonly SlowField[] },
): ComponentChildren {
  return errors.filter(({ field }) => fields.includes(field)).map(({ field, text }) => (
    <p key={field} class="error" role="alert" id={`${idOf(id, field)}-told`}>
      <Sign name="triangle" />
      <span>{text}</span>
    </p>
  ));
}

function idOf(id: string, field: SlowField): string {
  return `${id}-${field.replace(".", "-")}`;
}

/** Gives the focus to the field of an error. */
export function focusSlowField(id: string, field: SlowField): void {
  document.getElementById(idOf(id, field))?.focus();
}
