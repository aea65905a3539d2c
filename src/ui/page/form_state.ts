// A form for a listener while it is filled in: what is typed, what is wrong, whether the program has been asked. Kept
// while other tabs are looked at. One form is on the screen at a time, so that its inputs have fixed ids.

import { type Signal, signal } from "@preact/signals";
import { ApiFailure } from "./api.ts";
import {
  divided,
  errorsOf,
  type Field,
  type FieldError,
  type ListenerDraft,
  toldError,
} from "./listener_draft.ts";
import { type SlowError, slowErrors, slowFieldOf, type SlowLinkDraft } from "./slow_link_draft.ts";
import { focusSlowField } from "./slow_link_fields.tsx";
import { dispatch } from "./state/store.ts";

/** Ids of the inputs. */
export const INPUTS: Readonly<Record<Field, string>> = {
  port: "listen-port",
  host: "listen-host",
  targetHost: "target-host",
  targetPort: "target-port",
  name: "listener-name",
  hostHeader: "host-header",
  proxyHost: "proxy-host",
  proxyPort: "proxy-port",
  targetScheme: "target-scheme",
  targetCa: "target-ca",
  targetCert: "target-cert",
  targetKey: "target-key",
  listenTls: "listen-tls",
  cert: "listen-cert",
  key: "listen-key",
  passthrough: "passthrough",
};

/** Begins the ids of the slow link's inputs. */
export const SLOW = "slow-link";

/** See above. */
export class FormState {
  readonly draft: Signal<ListenerDraft>;
  readonly errors = signal<readonly FieldError[]>([]);
  readonly slowErrors = signal<readonly SlowError[]>([]);
  readonly isAsking = signal(false);
  /** Names of the groups of options that are open. */
  readonly opened = signal<readonly string[]>([]);

  /** `first` is what stands in the form at first, and when it is cleared. */
  constructor(readonly first: ListenerDraft) {
    this.draft = signal(first);
  }

  /** Something was typed into an input. */
  change(changes: Partial<ListenerDraft>, ...fields: readonly Field[]): void {
    this.draft.value = { ...this.draft.value, ...changes };
    if (this.errors.value.some(({ field }) => fields.includes(field))) {
      this.errors.value = this.errors.value.filter(({ field }) => !fields.includes(field));
    }
  }

  /** Something was typed into the fields of the slow link. */
  changeSlow(slow: SlowLinkDraft): void {
    this.draft.value = { ...this.draft.value, slow };
    if (this.slowErrors.value.length > 0) this.slowErrors.value = slowErrors(slow);
  }

  /** An input was left: a whole address in the target's host is divided. */
  settle(): void {
    if (this.draft.value.acts === "listener") this.draft.value = divided(this.draft.value);
  }

  /** A group of options was opened or closed. */
  toggle(group: string, isOpen: boolean): void {
    const others = this.opened.value.filter((name) => name !== group);
    this.opened.value = isOpen ? [...others, group] : others;
  }

  /** Everything as at first. */
  clear(): void {
    this.draft.value = this.first;
    this.errors.value = [];
    this.slowErrors.value = [];
  }

  /** Looks for mistakes, then does `deed`; what the program refuses stands at its input. True when it was done. */
  async submit(deed: () => Promise<void>): Promise<boolean> {
    if (this.isAsking.value) return false;
    this.settle();
    this.errors.value = errorsOf(this.draft.value);
    this.slowErrors.value = slowErrors(this.draft.value.slow);
    if (this.errors.value.length + this.slowErrors.value.length > 0) {
      this.#focusFirst();
      return false;
    }
    this.isAsking.value = true;
    try {
      await deed();
      return true;
    } catch (failure) {
      this.refused(failure);
      return false;
    } finally {
      this.isAsking.value = false;
    }
  }

  /** Shows why something could not be done, at the input it is about. */
  refused(failure: unknown): void {
    if (!(failure instanceof ApiFailure)) throw failure;
    if (failure.field === null) return dispatch({ type: "notice", text: failure.message });
    const slow = slowFieldOf(failure.field);
    if (slow !== null) this.slowErrors.value = [{ field: slow, text: failure.message }];
    else this.errors.value = [toldError(failure.field, failure.message, failure.suggestion)];
    this.#focusFirst();
  }

  /** Puts the focus into the first input that is wrong, once it can be seen: its group may only just have been opened. */
  #focusFirst(): void {
    const [first] = this.errors.value;
    const [slow] = this.slowErrors.value;
    requestAnimationFrame(() => {
      if (first) document.getElementById(INPUTS[first.field])?.focus();
      else if (slow) focusSlowField(SLOW, slow.field);
    });
  }
}
