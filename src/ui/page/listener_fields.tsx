// The inputs of a form for a listener: where it listens, what it acts as, its target, its name. What is wrong is told
// under the input it is about. The options are in listener_options.tsx.

import type { ComponentChildren, JSX } from "preact";
import type { FormState } from "./form_state.ts";
import { INPUTS } from "./form_state.ts";
import { Sign } from "./icons.tsx";
import type { Field, ListenerDraft } from "./listener_draft.ts";

/** The texts of a draft. */
type TextMember = { [name in keyof ListenerDraft]: ListenerDraft[name] extends string ? name : never }[
  keyof ListenerDraft
];

/** Props of everything that stands in a form. */
export interface InForm {
  readonly form: FormState;
  /** Whether what cannot change while a listener listens is locked. */
  readonly isLocked?: boolean;
}

/** Where it listens, and what it acts as. `inputRef` gets the first input. */
export function AddressFields(
  { form, isLocked, inputRef }: InForm & { readonly inputRef?: { current: HTMLInputElement | null } },
): JSX.Element {
  const { acts } = form.draft.value;
  return (
    <>
      <label for={INPUTS.port}>Listen port</label>
      <div>
        <div class="inputs">
          <TextInput form={form} field="port" class="port" inputRef={inputRef} off={isLocked} numeric />
          <span aria-hidden="true">on</span>
          <TextInput form={form} field="host" class="here" label="on address" off={isLocked} />
        </div>
        <Told form={form} field="port" />
        <Told form={form} field="host" />
      </div>
      <span class="label" id="acts">Act as</span>
      <div class="choices" role="radiogroup" aria-labelledby="acts">
        <Choice form={form} member="acts" value="listener" off={isLocked}>
          Listener <span class="quiet">for one target</span>
        </Choice>
        <Choice form={form} member="acts" value="proxy" off={isLocked}>
          Proxy <span class="quiet">for whatever requests name</span>
        </Choice>
      </div>
      {acts === "listener" && <TargetFields form={form} isLocked={isLocked} />}
      <label for={INPUTS.name}>Name</label>
      <div>
        <TextInput form={form} field="name" class="host" prose />
        <Told form={form} field="name" hint="Optional; its tab shows it." />
      </div>
    </>
  );
}

function TargetFields({ form, isLocked }: InForm): JSX.Element {
  return (
    <>
      <label for={INPUTS.targetHost}>Target host</label>
      <div>
        <TextInput form={form} field="targetHost" class="host" off={isLocked} hinted />
        <Told form={form} field="targetHost" hint={targetHint(form.draft.value)} />
      </div>
      <label for={INPUTS.targetPort}>Target port</label>
      <div>
        <TextInput form={form} field="targetPort" class="port" off={isLocked} numeric />
        <Told form={form} field="targetPort" />
      </div>
    </>
  );
}

function targetHint({ leftOut }: ListenerDraft): string {
  if (leftOut === "") return "A name, an IPv4 or an IPv6 address; a URL is taken apart.";
  return `“${leftOut}” was left out: clients ask for it.`;
}

interface TextInputProps extends InForm {
  readonly field: Extract<Field, TextMember>;
  readonly class: string;
  readonly label?: string;
  readonly numeric?: boolean;
  /** Whether it is words of people, not an address. */
  readonly prose?: boolean;
  /** Whether a hint stands under it while nothing is wrong. */
  readonly hinted?: boolean;
  readonly off?: boolean;
  readonly inputRef?: { current: HTMLInputElement | null };
}

/** An input for a text. */
export function TextInput(
  { form, field, class: kind, label, numeric, prose, hinted, off, inputRef }: TextInputProps,
): JSX.Element {
  const isWrong = form.errors.value.some((error) => error.field === field);
  return (
    <input
      ref={inputRef}
      type="text"
      id={INPUTS[field]}
      class={`input ${kind}${prose ? " prose" : ""}`}
      aria-label={label}
      aria-invalid={isWrong}
      aria-describedby={isWrong || hinted || field === "name" ? toldId(field) : undefined}
      inputMode={numeric ? "numeric" : undefined}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      disabled={off}
      value={form.draft.value[field]}
      onInput={(event) => {
        const isNew = field === "targetHost" ? { leftOut: "" } : {};
        form.change({ [field]: event.currentTarget.value, ...isNew }, field);
      }}
      onBlur={() => form.settle()}
    />
  );
}

interface ChoiceProps extends InForm {
  readonly member: "acts" | "hostHeader" | "through" | "targetScheme" | "trust" | "clientTls" | "shows";
  readonly value: string;
  /** Of the input, where an error leads to it. */
  readonly id?: string;
  readonly off?: boolean;
  readonly children: ComponentChildren;
}

/** One of several that exclude each other. */
export function Choice({ form, member, value, id, off, children }: ChoiceProps): JSX.Element {
  return (
    <label class="choice">
      <input
        type="radio"
        id={id}
        name={member}
        disabled={off}
        checked={form.draft.value[member] === value}
        onChange={() => form.change({ [member]: value }, ...clearedBy(member))}
      />
      <span>{children}</span>
    </label>
  );
}

/** The errors that another choice puts right. */
function clearedBy(member: ChoiceProps["member"]): Field[] {
  if (member === "targetScheme") return ["targetScheme", "targetCa", "targetCert"];
  if (member === "trust") return ["targetCa"];
  if (member === "clientTls") return ["listenTls", "cert", "key", "passthrough"];
  return member === "shows" ? ["cert", "key"] : [];
}

/** What is said under an input: what is wrong with it, otherwise a hint. */
export function Told(
  { form, field, hint }: InForm & { readonly field: Field; readonly hint?: string },
): ComponentChildren {
  const told = form.errors.value.find((error) => error.field === field);
  if (!told) return hint ? <p class="hint quiet" id={toldId(field)}>{hint}</p> : null;
  const { text, suggestion } = told;
  const take = () => {
    if (suggestion !== null) form.change({ port: suggestion }, "port");
    document.getElementById(INPUTS.port)?.focus();
  };
  return (
    <p class="error" id={toldId(field)} role="alert">
      <Sign name="triangle" />
      <span>
        {text} {suggestion !== null && (
          <button type="button" class="link" onClick={take}>
            Use {suggestion}
          </button>
        )}
      </span>
    </p>
  );
}

function toldId(field: Field): string {
  return `${field}-told`;
}
