// The form that adds a listener, and beside it what will happen and the same as a command line. What is typed stays
// while other tabs are looked at.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { commandLine, isPublic } from "./addresses.ts";
import { addListener, ApiFailure } from "./api.ts";
import { CopyLine } from "./copy_line.tsx";
import { Sign } from "./icons.tsx";
import {
  bare,
  divided,
  EMPTY,
  errorsOf,
  type Field,
  type FieldError,
  isTlsLikely,
  type ListenerDraft,
  newListener,
  toldError,
} from "./listener_draft.ts";
import { dispatch, state } from "./state/store.ts";

const draft = signal<ListenerDraft>(EMPTY);
const errors = signal<readonly FieldError[]>([]);
const isAdding = signal(false);

/** See above. */
export function ListenerForm(): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) first.current?.focus();
  }, []);
  const isFirst = state.value.listeners.length === 0;
  return (
    <div class="sheet">
      <form noValidate onSubmit={submit}>
        <h2>Add listener</h2>
        <p class="quiet">
          {isFirst
            ? "There is no listener yet. Give a port to listen on, and the server behind it."
            : "Listens on a port, forwards to the target and back, and shows what passes."}
        </p>
        <div class="fields">
          <label for="listen-port">Listen port</label>
          <div>
            <div class="inputs">
              <Input field="port" id="listen-port" class="port" inputRef={first} numeric />
              <span aria-hidden="true">on</span>
              <Input field="host" id="listen-host" class="here" label="on address" />
            </div>
            <Told field="port" />
            <Told field="host" />
          </div>
          <label for="target-host">Target host</label>
          <div>
            <Input field="targetHost" id="target-host" class="host" />
            <Told field="targetHost" hint="A name, an IPv4 or an IPv6 address." />
          </div>
          <label for="target-port">Target port</label>
          <div>
            <Input field="targetPort" id="target-port" class="port" numeric />
            <Told field="targetPort" />
          </div>
        </div>
        <div class="actions">
          <button type="submit" class="button main" disabled={isAdding.value}>Add</button>
          <button type="button" class="button" onClick={clear}>Clear</button>
          <span class="hint quiet">{isAdding.value ? "adding …" : "Enter adds, and opens the new tab."}</span>
        </div>
      </form>
      <aside>
        <h3>What will happen</h3>
        <Outlook draft={draft.value} />
      </aside>
    </div>
  );
}

function Outlook({ draft: typed }: { readonly draft: ListenerDraft }): JSX.Element {
  const draft = divided(typed);
  const host = bare(draft.host) || EMPTY.host;
  const targetHost = bare(draft.targetHost);
  const isWhole = errorsOf(draft).length === 0;
  const { listen, target } = isWhole ? newListener(draft) : {
    listen: `${host}:${draft.port || "…"}`,
    target: targetHost === "" ? "…" : `${targetHost}:${draft.targetPort || "…"}`,
  };
  return (
    <>
      <p class="way">
        client<span class="arrow">→</span>
        {draft.port === "0" ? `${host}: any free port` : listen}
        <span class="arrow">→</span>
        {target}
      </p>
      <p>
        Every byte goes through as it came, in both directions, and is recorded. Each client connection dials
        the target once.
        {isPublic(host) && " Other machines can connect too: the port is not only on this machine."}
      </p>
      {isTlsLikely(draft) && (
        <p class="before">
          TLS to the target is not decoded yet: its bytes pass as they are, and show as turns.
        </p>
      )}
      <h3>The same from the command line</h3>
      {isWhole
        ? <CopyLine text={commandLine(host, draft.port, targetHost, draft.targetPort)} />
        : <p>It stands here once the form is filled in.</p>}
    </>
  );
}

interface InputProps {
  readonly field: Field;
  readonly id: string;
  readonly class: string;
  readonly label?: string;
  readonly numeric?: boolean;
  readonly inputRef?: { current: HTMLInputElement | null };
}

function Input({ field, id, class: kind, label, numeric = false, inputRef }: InputProps): JSX.Element {
  const isWrong = errors.value.some((error) => error.field === field);
  return (
    <input
      ref={inputRef}
      type="text"
      id={id}
      class={`input ${kind}`}
      aria-label={label}
      aria-invalid={isWrong}
      aria-describedby={isWrong || field === "targetHost" ? `${field}-told` : undefined}
      inputMode={numeric ? "numeric" : undefined}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      value={draft.value[field]}
      onInput={(event) => {
        const isTls = field !== "targetHost" && draft.value.isTls;
        draft.value = { ...draft.value, [field]: event.currentTarget.value, isTls };
        if (isWrong) errors.value = errors.value.filter((error) => error.field !== field);
      }}
      onBlur={() => draft.value = divided(draft.value)}
    />
  );
}

/** What is said under an input: what is wrong with it, otherwise a hint. */
function Told({ field, hint }: { readonly field: Field; readonly hint?: string }): ComponentChildren {
  const told = errors.value.find((error) => error.field === field);
  if (!told) return hint ? <p class="hint quiet" id={`${field}-told`}>{hint}</p> : null;
  const { text, suggestion } = told;
  const take = () => {
    if (suggestion !== null) draft.value = { ...draft.value, port: suggestion };
    errors.value = [];
    document.getElementById("listen-port")?.focus();
  };
  return (
    <p class="error" id={`${field}-told`} role="alert">
      <Sign name="triangle" />
      <span>
        {text}{" "}
        {suggestion !== null && <button type="button" class="link" onClick={take}>Use {suggestion}</button>}
      </span>
    </p>
  );
}

async function submit(event: Event): Promise<void> {
  event.preventDefault();
  draft.value = divided(draft.value);
  errors.value = errorsOf(draft.value);
  if (errors.value.length > 0) return focusWrong(errors.value[0].field);
  isAdding.value = true;
  try {
    dispatch({ type: "added", listener: await addListener(newListener(draft.value)) });
    clear();
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    if (failure.field === null) {
      dispatch({ type: "notice", text: failure.message });
    } else {
      const told = toldError(failure.field, failure.message, failure.suggestion);
      errors.value = [told];
      focusWrong(told.field);
    }
  } finally {
    isAdding.value = false;
  }
}

function focusWrong(field: Field): void {
  const ids = {
    port: "listen-port",
    host: "listen-host",
    targetHost: "target-host",
    targetPort: "target-port",
  };
  document.getElementById(ids[field])?.focus();
}

function clear(): void {
  draft.value = EMPTY;
  errors.value = [];
}
