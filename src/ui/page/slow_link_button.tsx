// The button "Slow link" of the toolbar, and the form that it opens: slows a listener down while its connections are
// open. A link that is slowed says so on the button, in words and colour, for as long as it is.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { Listener, SlowLink } from "../types.ts";
import { ApiFailure, changeListener } from "./api.ts";
import { Icon } from "./icons.tsx";
import {
  draftOf,
  longWords,
  shortWords,
  type SlowError,
  slowErrors,
  slowFieldOf,
  slowLink,
  type SlowLinkDraft,
} from "./slow_link_draft.ts";
import { focusSlowField, SlowLinkLimits } from "./slow_link_fields.tsx";
import { dispatch, state } from "./state/store.ts";
import { isConnected } from "./state/derived.ts";

const FORM = "slow-link-form";

/** See above. */
export function SlowLinkButton({ listener }: { readonly listener: Listener }): JSX.Element {
  const isOpen = useSignal(false);
  const around = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { slow } = listener;
  useEffect(() => {
    isOpen.value = false;
  }, [listener.id]);
  useEffect(() => {
    if (!isOpen.value) return;
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !around.current?.contains(event.target)) isOpen.value = false;
    };
    document.addEventListener("pointerdown", onPointerDown);
    return () => document.removeEventListener("pointerdown", onPointerDown);
  }, [isOpen.value]);
  const close = () => {
    isOpen.value = false;
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen.value) return;
    close();
    event.preventDefault();
  };
  return (
    <div ref={around} class="slow-around" onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class={slow === null ? "button" : "button slowed"}
        aria-label={slow === null ? "Slow link" : `Slow link: ${shortWords(slow)}`}
        title={slow === null
          ? "Slow the link down, also while connections are open"
          : `Slow link. ${longWords(slow)}`}
        aria-expanded={isOpen.value}
        aria-controls={isOpen.value ? FORM : undefined}
        onClick={() => isOpen.value = !isOpen.value}
      >
        <Icon name="slow" />
        {slow !== null && (
          <>
            <span class="limits-now">{shortWords(slow)}</span>
            <span class="slow-now">slow</span>
          </>
        )}
      </button>
      {isOpen.value && <Form listener={listener} done={close} />}
    </div>
  );
}

interface FormProps {
  readonly listener: Listener;
  readonly done: () => void;
}

function Form({ listener, done }: FormProps): JSX.Element {
  const draft = useSignal<SlowLinkDraft>({ ...draftOf(listener.slow), isOn: true });
  const errors = useSignal<readonly SlowError[]>([]);
  const isSetting = useSignal(false);
  useEffect(() => focusSlowField(FORM, "upstream.rate"), []);

  const tell = (found: readonly SlowError[]) => {
    errors.value = found;
    if (found.length > 0) focusSlowField(FORM, found[0].field);
  };
  const set = async (slow: SlowLink | null) => {
    isSetting.value = true;
    try {
      dispatch({ type: "changed", listener: await changeListener(listener.id, { slow }) });
      done();
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) throw failure;
      const field = slowFieldOf(failure.field ?? "");
      if (field === null) dispatch({ type: "notice", text: failure.message });
      else tell([{ field, text: failure.message }]);
    } finally {
      isSetting.value = false;
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    tell(slowErrors(draft.value));
    if (errors.value.length === 0) set(slowLink(draft.value));
  };
  const isOff = isSetting.value || !isConnected(state.value);
  return (
    <form id={FORM} class="slow-form" aria-label="Slow link" noValidate onSubmit={submit}>
      <fieldset class="slowlink">
        <legend>Slow link</legend>
        <SlowLinkLimits
          id={FORM}
          draft={draft.value}
          errors={errors.value}
          onChange={(next) => {
            draft.value = next;
            if (errors.value.length > 0) errors.value = slowErrors(next);
          }}
        />
      </fieldset>
      <div class="actions">
        <button type="submit" class="button main" disabled={isOff}>
          Slow down
        </button>
        {listener.slow !== null && (
          <button
            type="button"
            class="button bordered"
            disabled={isOff}
            onClick={() => set(null)}
          >
            Full speed
          </button>
        )}
        <span class="hint quiet">Holds at once, for open connections.</span>
      </div>
    </form>
  );
}
