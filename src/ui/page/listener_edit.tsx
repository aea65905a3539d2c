// The form that changes a listener, in the place of its table. All of it can change while the listener is stopped, its
// name and slow link always. Enter saves, Esc leaves; its exchanges stay, and keep the target that they had.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Listener, ListenerChange } from "../types.ts";
import { splitAddress } from "./addresses.ts";
import { changeListener } from "./api.ts";
import { toggleListener } from "./commands.ts";
import { closeEdit } from "./edits.ts";
import { type FormState, INPUTS } from "./form_state.ts";
import { newListener } from "./listener_draft.ts";
import { AddressFields } from "./listener_fields.tsx";
import { OptionFields } from "./listener_options.tsx";
import { Outlook } from "./listener_outlook.tsx";
import { isConnected } from "./state/derived.ts";
import { dispatch, state } from "./state/store.ts";

interface ListenerEditProps {
  readonly listener: Listener;
  readonly form: FormState;
}

/** See above. */
export function ListenerEdit({ listener, form }: ListenerEditProps): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  const isListening = listener.state === "listening";
  useEffect(() => {
    if (form.errors.value.length > 0) return;
    if (isListening) document.getElementById(INPUTS.name)?.focus();
    else first.current?.focus();
  }, []);
  const leave = () => closeEdit(listener.id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  };
  const isOff = form.isAsking.value || !isConnected(state.value);
  return (
    <div class="sheet" onKeyDown={onKeyDown}>
      <form
        noValidate
        aria-label={`Options of port ${splitAddress(listener.listen).port}`}
        onSubmit={(event) => {
          event.preventDefault();
          save(listener, form, false);
        }}
      >
        <h2>Listener {splitAddress(listener.listen).port}</h2>
        {isListening
          ? (
            <p class="quiet">
              Its name and slow link can change while it listens. To change the rest,{" "}
              <button type="button" class="link" onClick={() => toggleListener(listener)}>stop it</button>.
            </p>
          )
          : <p class="quiet">Its exchanges stay here, and keep the target that they had.</p>}
        <div class="fields">
          <AddressFields form={form} isLocked={isListening} inputRef={first} />
        </div>
        <div class="groups">
          <OptionFields form={form} isLocked={isListening} />
        </div>
        <div class="actions">
          <button type="submit" class="button main" disabled={isOff}>Save changes</button>
          {!isListening && (
            <button
              type="button"
              class="button"
              disabled={isOff}
              onClick={() => save(listener, form, true)}
            >
              Save and start
            </button>
          )}
          <button type="button" class="button" onClick={leave}>Cancel</button>
          <span class="hint quiet">
            {form.isAsking.value ? "saving …" : "Enter saves, Esc leaves it as it was."}
          </span>
        </div>
      </form>
      <aside>
        <Outlook draft={form.draft.value} />
      </aside>
    </div>
  );
}

async function save(listener: Listener, form: FormState, isStarting: boolean): Promise<void> {
  const isSaved = await form.submit(async () => {
    const { name, slow, ...rest } = newListener(form.draft.value);
    const change: ListenerChange = listener.state === "listening" ? { name, slow } : { name, slow, ...rest };
    const changed = await changeListener(
      listener.id,
      isStarting ? { ...change, state: "listening" } : change,
    );
    dispatch({ type: "changed", listener: changed });
  });
  if (isSaved) closeEdit(listener.id);
}
