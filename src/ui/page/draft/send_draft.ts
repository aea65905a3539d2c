// Sends a Draft. Loaded with the first one.

import { placeNow, showSent, wayNow, wordsOf } from "../resend.ts";
import { isConnected } from "../state/derived.ts";
import { dispatch, openedNow, state } from "../state/store.ts";
import { type HowToResend, resend } from "./api.ts";
import { change, type OpenDraft } from "./drafts.ts";
import type { Edited } from "./edited.ts";
import { outcomeOf } from "./outcome.ts";
import { bytesToSend } from "./recode.ts";
import { turnsOutcomeOf } from "./turns.ts";

/** Sends a Draft. It stays as it is: to be changed and sent again, or discarded. */
export async function sendDraft({ exchange, edited, isBeforeSent, isSending }: OpenDraft): Promise<void> {
  const now = openedNow.value;
  const { listener } = exchange;
  if (now === null || edited === null || isSending || !isConnected(state.value)) return;
  const put = (changes: Partial<OpenDraft>) =>
    change(listener, exchange, (draft) => ({ ...draft, ...changes }));
  const place = placeNow();
  put({ isSending: true, trouble: null });
  dispatch({ type: "notice", text: null });
  try {
    const what = await whatToSend(edited);
    const sent = await resend(exchange.id, { ...what, through: wayNow(now, exchange), before: isBeforeSent });
    put({ isSending: false, sent: edited });
    showSent(sent, listener, place);
  } catch (error) {
    put({ isSending: false, trouble: wordsOf(error) });
  }
}

async function whatToSend(edited: Edited): Promise<HowToResend> {
  if (edited.kind === "request") {
    return { turns: [await bytesToSend(outcomeOf(edited.editing), edited.editing.length)] };
  }
  const { turns, quietMs, quietError, errors } = turnsOutcomeOf(edited.turns);
  if (turns === null) throw new Error(quietError ?? [...errors.values()][0].text);
  return { turns, quietMs, endAfterTurns: edited.turns.endAfterTurns };
}
