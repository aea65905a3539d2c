// The tab that adds a listener: the form, and beside it what will happen and what can be done with all listeners. What
// is typed stays while other tabs are looked at.

import type { JSX } from "preact";
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { addListener } from "./api.ts";
import { ConfigActions } from "./config_actions.tsx";
import { FormState } from "./form_state.ts";
import { EMPTY, newListener } from "./listener_draft.ts";
import { AddressFields } from "./listener_fields.tsx";
import { OptionFields } from "./listener_options.tsx";
import { Outlook } from "./listener_outlook.tsx";
import { dispatch, state } from "./state/store.ts";
import { keepDraft, keptDraft } from "./window_state.ts";

const form = new FormState(EMPTY);
form.draft.value = keptDraft();
effect(() => keepDraft(form.draft.value));

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
          <AddressFields form={form} inputRef={first} />
        </div>
        <div class="groups">
          <OptionFields form={form} />
        </div>
        <div class="actions">
          <button type="submit" class="button main" disabled={form.isAsking.value}>Add</button>
          <button type="button" class="button" onClick={() => form.clear()}>Clear</button>
          <span class="hint quiet">
            {form.isAsking.value ? "adding …" : "Enter adds, and opens the new tab."}
          </span>
        </div>
      </form>
      <aside>
        <Outlook draft={form.draft.value} />
        {!isFirst && <ConfigActions />}
      </aside>
    </div>
  );
}

async function submit(event: Event): Promise<void> {
  event.preventDefault();
  const isAdded = await form.submit(async () => {
    dispatch({ type: "added", listener: await addListener(newListener(form.draft.value)) });
  });
  if (isAdded) form.clear();
}
