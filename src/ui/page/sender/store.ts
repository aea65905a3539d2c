// The Sender's editor as a signal, with what goes on around it: what is being sent, what could not be, which side of the
// pane is shown. It lasts as long as the page; what was sent is in the capture. Of what is typed, the browser remembers
// only where was sent to (endpoints.ts).

import { computed, signal } from "@preact/signals";
import { askBeforeLeaving } from "../leaving.ts";
import { type Composed, firstComposed, isEmpty, isSameTyped, withoutNotes } from "./composed.ts";

/** Why something could not be sent, read or copied, in words, and whether the endpoint is to be mended. */
export interface Trouble {
  readonly text: string;
  readonly isOfEndpoint: boolean;
}

const current = signal<Composed>(firstComposed());

/** What stands in the editor. */
export const composed = computed(() => current.value);

/** So many of what was sent or loaded are known at most. */
const MOST_KEPT = 20;

/** What was sent or loaded, the latest first: nothing of that is lost with the page. */
const kept: Composed[] = [];

/** This is in the capture. */
export function noteKept(composed: Composed): void {
  kept.unshift(withoutNotes(composed));
  kept.splice(MOST_KEPT);
}

const wouldBeLost = (typed: Composed | null) =>
  typed !== null && !isEmpty(typed) && !kept.some((one) => isSameTyped(one, typed));
askBeforeLeaving(() => wouldBeLost(current.value) || wouldBeLost(current.value.before));

/** See Trouble; null where there is none. */
export const trouble = signal<Trouble | null>(null);

/** Why the latest was not sent: then the answer to the one before is not shown as if it were its; otherwise null. */
export const unsent = signal<string | null>(null);

/** What was done, in words: "Copied …"; null where nothing was. */
export const said = signal<string | null>(null);

/** In the place of the request: the draft, or the request of the selected exchange as it was sent. */
export const shown = signal<"draft" | "sent">("draft");

/** How many requests are on their way to the program, which has not told their exchanges yet. */
export const onTheirWay = signal(0);

/** The exchange that is about to be selected because it was just sent; null where there is none. */
export const presented = signal<string | null>(null);

/** Connections of what was sent and cannot be told apart as an exchange so far. */
export const unnamed = signal<readonly string[]>([]);

/** Changes what stands in the editor. What was wrong is tried again when it is sent the next time. */
export function edit(change: (composed: Composed) => Composed): void {
  const next = change(current.value);
  if (next === current.value) return;
  current.value = next;
  trouble.value = null;
  said.value = null;
}
