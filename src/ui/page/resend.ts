// Sends Exchanges again as they were, one, or several in order, and opens Drafts of them (draft/send_draft.ts sends those).
// What comes of it is shown where the user still is, and what could not be sent is said in words.

import { signal } from "@preact/signals";
import type { Exchange } from "../types.ts";
import { splitAddress } from "./addresses.ts";
import { fetchExchange, type HowToResend, resend, type Resent } from "./draft/api.ts";
import { discardDraft, draftOn, isUnsent, openDraft } from "./draft/drafts.ts";
import { focusArea } from "./keys/areas.ts";
import { sought } from "./origins.ts";
import { counted } from "./pane/words.ts";
import { remember, remembered } from "./settings.ts";
import { chosenIds, isConnected, isReadOnly, type Opened, perhapsHidden, shownIn } from "./state/derived.ts";
import { dispatch, openedNow, state } from "./state/store.ts";
import { isOfTunnel } from "./tls/legs.ts";

/** So many are sent again at once, one after the other. */
export const MOST_RESENT = 1_000;
/** More, and what the filter may hide, are sent again only after a question. */
const UNASKED = 10;
/** The next one waits so long for the answer to the one before, ms, and asks for it so often. */
const PATIENCE_MS = 10_000;
const ASK_MS = 100;

/** Which way Exchanges are sent again. */
export type Way = "target" | "listener";

/** How far sending several has got. */
export interface Progress {
  readonly listener: string;
  readonly total: number;
  readonly done: number;
  /** What could not be sent: words, each with how often. */
  readonly failures: ReadonlyMap<string, number>;
  readonly isOver: boolean;
}

/** See Progress; null while there is nothing to say. */
export const progress = signal<Progress | null>(null);

/** The way that is chosen; through the listener unless the user said otherwise, as long as that listens and can be. */
export function wayNow(now: Opened, exchange: Exchange | null = shownIn(now.view)): Way {
  const { listener } = now;
  if (listener === null || (exchange !== null && isOfTunnel(exchange, listener))) return "target";
  if (listener.capture !== undefined) return "target";
  return remembered.value.through ?? (listener.state === "listening" ? "listener" : "target");
}

/** The way that is chosen, in words. */
export function wayWords(now: Opened, exchange: Exchange | null = shownIn(now.view)): string {
  const { listener } = now;
  if (listener === null) return "straight to the target";
  if (wayNow(now, exchange) === "listener") return `through port ${splitAddress(listener.listen).port}`;
  return listener.target === null ? "straight to the target" : `straight to ${listener.target}`;
}

/** Chooses and remembers the way. */
export function chooseWay(through: Way): void {
  remember({ through });
}

/** Whether there is something to send again. */
export function canResend(now: Opened): boolean {
  const { unresolved } = now.view.selection;
  const running = progress.value !== null && !progress.value.isOver;
  return isConnected(state.value) && !running && unresolved === null &&
    chosenIds(now.view).length > 0 && whyNotResent(now) === null;
}

/** Why what is selected cannot be sent again whatever else is so, in words; null where it can. */
export function whyNotResent({ view }: Opened): string | null {
  if (isReadOnly(state.value)) {
    return "Cannot send it again: captures are only read here. Open this one on the page of a tcpmon that records.";
  }
  const lead = shownIn(view);
  if (view.selection.ids.size > 1 || lead === null) return null;
  if (lead.protocol === "tls") {
    return "Cannot send it again: it is TLS that passed through, and no server accepts a recorded handshake.";
  }
  return lead.requestBytes === 0 ? "Cannot send it again: it has no request." : null;
}

/** Sends the selected Exchanges again, as they were. */
export function resendSelected(): void {
  const now = openedNow.value;
  const reason = now && whyNotResent(now);
  if (reason !== null) return dispatch({ type: "notice", text: reason });
  if (now === null || !canResend(now)) return;
  const ids = chosenIds(now.view);
  const listener = now.id;
  const hidden = perhapsHidden(now.view, ids);
  if (ids.length > MOST_RESENT) {
    dispatch({
      type: "notice",
      text: `Cannot send ${counted(ids.length, "exchange")} again: ${
        counted(MOST_RESENT, "exchange")
      } are the most at once. Select fewer.`,
    });
  } else if (ids.length > UNASKED || hidden > 0) {
    dispatch({ type: "ask", question: { about: "resend-selected", listener, ids, hidden } });
  } else resendRows(listener, ids);
}

/** Sends these again, each when the one before has its answer. */
export function resendRows(listener: string, ids: readonly string[]): void {
  dispatch({ type: "ask", question: null });
  const now = openedNow.value;
  if (now === null || now.id !== listener) return;
  // What was said of an earlier one is not of this.
  dispatch({ type: "notice", text: null });
  if (ids.length === 1) resendOne(now, ids[0]);
  else resendMany(now, ids);
}

async function resendOne(now: Opened, id: string): Promise<void> {
  const place = placeNow();
  try {
    const exchange = shownIn(now.view)?.id === id ? shownIn(now.view)! : await fetchExchange(id);
    const sent = await resend(id, { turns: null, ...asItWas(exchange, wayNow(now, exchange)) });
    showSent(sent, now.id, place);
  } catch (error) {
    dispatch({ type: "notice", text: wordsOf(error) });
  }
}

async function resendMany(now: Opened, ids: readonly string[]): Promise<void> {
  const failures = new Map<string, number>();
  const told = (changes: Partial<Progress>) => {
    if (progress.value !== null) progress.value = { ...progress.value, ...changes };
  };
  progress.value = { listener: now.id, total: ids.length, done: 0, failures, isOver: false };
  for (const [at, id] of ids.entries()) {
    if (progress.value === null || progress.value.isOver) return;
    try {
      const exchange = await fetchExchange(id);
      const sent = await resend(id, { turns: null, ...asItWas(exchange, wayNow(now, exchange)) });
      if ("id" in sent) await answered(sent);
    } catch (error) {
      const words = wordsOf(error);
      failures.set(words, (failures.get(words) ?? 0) + 1);
    }
    told({ done: at + 1, failures: new Map(failures) });
  }
  told({ isOver: true });
}

/** Ends sending several, or takes away what was said of it. */
export function endProgress(): void {
  const { value } = progress;
  progress.value = value === null || value.isOver ? null : { ...value, isOver: true };
}

/** A turn means something only after those before it. */
function asItWas({ protocol }: Exchange, through: Way): Omit<HowToResend, "turns"> {
  return { through, before: protocol === "http" ? false : true };
}

/** Waits until an Exchange is not open any more, but not for ever. */
async function answered(exchange: Exchange): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  let row = exchange;
  while (row.state === "open" && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    row = await fetchExchange(exchange.id);
  }
}

/** Whether there is a request to edit. The Sender has an editor of its own. */
export function canEdit({ view }: Opened): boolean {
  const lead = shownIn(view);
  return isConnected(state.value) && lead !== null && lead.requestBytes > 0;
}

/** Opens a Draft of what the panes show; asks before another that was changed is discarded. */
export function edit(): void {
  const now = openedNow.value;
  const exchange = now && shownIn(now.view);
  if (!now || !exchange || !canEdit(now)) return;
  // The Sender has a draft of its own.
  if (now.listener === null) return void loadInSender(exchange);
  const draft = draftOn(now.id);
  if (draft?.exchange.id === exchange.id) return void focusArea("request");
  if (draft !== null && isUnsent(draft)) {
    const question = { about: "discard-draft", listener: now.id, next: exchange } as const;
    return dispatch({ type: "ask", question });
  }
  openDraft(exchange);
}

async function loadInSender(exchange: Exchange): Promise<void> {
  try {
    const { load } = await import("./later_rest.ts");
    await load(exchange);
  } catch (error) {
    dispatch({ type: "notice", text: `Cannot edit it: ${wordsOf(error)}` });
  }
}

/** Discards the Draft that is shown; asks before it discards what was changed. */
export function discard(): void {
  const listener = openedNow.value?.id;
  const draft = listener === undefined ? null : draftOn(listener);
  if (listener === undefined || draft === null) return;
  if (isUnsent(draft)) {
    dispatch({ type: "ask", question: { about: "discard-draft", listener, next: null } });
  } else discardNow(listener, null);
}

/** Discards a Draft, whatever is in it, and opens the next where there is one. */
export function discardNow(listener: string, next: Exchange | null): void {
  dispatch({ type: "ask", question: null });
  if (next !== null) return void openDraft(next);
  discardDraft(listener);
  focusArea("grid");
}

/** What the user looks at. */
export function placeNow(): string {
  const now = openedNow.value;
  return JSON.stringify([now?.id, now && shownIn(now.view)?.id]);
}

/** Selects the new Exchange where the user has not gone elsewhere since. */
export function showSent(sent: Resent, listener: string, place: string): void {
  if (!("id" in sent)) {
    dispatch({
      type: "notice",
      text:
        "It is being sent, but nothing of it can be told apart as an exchange yet. Its row comes with more bytes.",
    });
  } else if (placeNow() === place) {
    dispatch({ type: "reveal", listener, exchange: sent });
    sought.value = { listener, id: sent.id };
  }
}

/** What an attempt failed with. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
