// What the Sender's buttons and keys do: send, cancel, load what was sent, read and write curl commands. Each reads the
// store, calls the API, and says in words what could not be done. Several may be on their way at once.

import { toCurl } from "../../../decode/curl/to_curl.ts";
import { formatAddress } from "../../../address.ts";
import { SENDER } from "../../../model.ts";
import type { BeingSent, Exchange } from "../../types.ts";
import { ApiFailure, call } from "../api.ts";
import { base64 } from "../draft/api.ts";
import { outcomeOf } from "../draft/outcome.ts";
import { readEdited } from "../draft/read_edited.ts";
import { bytesToSend } from "../draft/recode.ts";
import { turnsOutcomeOf } from "../draft/turns.ts";
import { dispatch, openedNow, state } from "../state/store.ts";
import { speaksTls } from "../tls/legs.ts";
import { type Composed, divided, isCurl, withCurl, withSent, withSentTurns } from "./composed.ts";
import { type Destination, destinationOf } from "./destination.ts";
import { rememberEndpoint } from "./endpoints.ts";
import {
  composed,
  edit,
  noteKept,
  onTheirWay,
  presented,
  said,
  shown,
  trouble,
  unnamed,
  unsent,
} from "./store.ts";

/** Id of the field of the endpoint. */
export const ENDPOINT = "sender-endpoint";

/** Sends what stands in the editor. It stays there, and can be changed and sent again at once. */
export async function send(): Promise<void> {
  leaveEndpoint();
  if (trouble.value?.isOfEndpoint) {
    unsent.value = trouble.value.text;
    return focusEndpoint();
  }
  const now = composed.value;
  const to = destinationOf(now.endpoint);
  if ("error" in to) {
    trouble.value = { text: to.error, isOfEndpoint: true };
    unsent.value = to.error;
    return focusEndpoint();
  }
  trouble.value = null;
  unsent.value = null;
  onTheirWay.value++;
  try {
    const sent = await post(now, to);
    noteKept(now);
    rememberEndpoint(now.endpoint);
    present(sent);
  } catch (error) {
    trouble.value = troubleOf(error);
    unsent.value = trouble.value.text;
  } finally {
    onTheirWay.value--;
  }
}

/** What was typed into the endpoint is read as a whole: a curl command, credentials. */
export function leaveEndpoint(): void {
  const { endpoint } = composed.value;
  if (isCurl(endpoint)) readCommand(endpoint);
  else edit(divided);
}

/** Reads a curl command into the editor. */
export function readCommand(command: string): void {
  try {
    edit((now) => withCurl(now, command));
    shown.value = "draft";
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    trouble.value = { text: error.message, isOfEndpoint: true };
  }
}

/** Ends what is being sent over a connection. */
export async function cancel(connection: string): Promise<void> {
  try {
    await call("DELETE", `/api/connections/${encodeURIComponent(connection)}`);
    unnamed.value = unnamed.value.filter((one) => one !== connection);
  } catch (error) {
    // It may have ended by itself.
    if (!(error instanceof ApiFailure && error.status === 409)) trouble.value = troubleOf(error);
  }
}

/** Puts the request of an Exchange into the editor, in the place of what is there. */
export async function load(exchange: Exchange): Promise<void> {
  try {
    const { id, target } = exchange;
    const tls = speaksTls(exchange);
    const edited = await readEdited(exchange, new AbortController().signal);
    edit((now) =>
      edited.kind === "turns"
        ? withSentTurns(now, { id, target, tls, turns: edited.turns })
        : withSent(now, { id, target, tls, request: edited.editing })
    );
    noteKept(composed.value);
    shown.value = "draft";
  } catch (error) {
    trouble.value = troubleOf(error);
    shown.value = "draft";
  }
}

/** Copies what stands in the editor as a curl command. */
export async function copyCommand(): Promise<void> {
  const now = composed.value;
  const to = destinationOf(now.endpoint);
  if ("error" in to) {
    trouble.value = { text: to.error, isOfEndpoint: true };
    return focusEndpoint();
  }
  try {
    const bytes = await bytesToSend(outcomeOf(now.request), now.request.length);
    const { command, notes } = toCurl(bytes, { target: formatAddress(to.target), tls: to.tls });
    await navigator.clipboard.writeText(command);
    said.value = `Copied a curl command${notes.length === 0 ? "" : `. Not the same: ${notes.join("; ")}`}`;
  } catch (error) {
    trouble.value = error instanceof DOMException
      ? {
        text: "The browser does not let the page write to the clipboard. Allow it for this address.",
        isOfEndpoint: false,
      }
      : troubleOf(error);
  }
}

async function post(now: Composed, to: Destination): Promise<Exchange | BeingSent> {
  const target = formatAddress(to.target);
  if (to.kind === "tcp") {
    const { turns, quietMs, quietError, errors } = turnsOutcomeOf(now.turns);
    if (turns === null) throw new RangeError(quietError ?? [...errors.values()][0].text);
    return await linked(now, (path) =>
      call("POST", path, {
        target,
        tls: to.tls,
        insecure: to.tls && now.insecure,
        turns: turns.map(base64),
        targetFirst: now.targetFirst,
        quietMs,
        endAfterTurns: now.turns.endAfterTurns,
        fixContentLength: false,
      }));
  }
  const bytes = await bytesToSend(outcomeOf(now.request), now.request.length);
  const query = new URLSearchParams({ target, tls: to.tls ? "1" : "0", fixContentLength: "0" });
  if (to.tls && now.insecure) query.set("insecure", "1");
  return await linked(now, (path) => call("POST", `${path}?${query}`, bytes));
}

/** Sends, linked to what it was loaded from as long as that is there. */
async function linked<T>({ from, kind }: Composed, sendTo: (path: string) => Promise<T>): Promise<T> {
  if (from === null || from.kind !== kind) return await sendTo("/api/send");
  try {
    return await sendTo(`/api/exchanges/${encodeURIComponent(from.id)}/resend`);
  } catch (error) {
    // What it was loaded from was removed since.
    if (!(error instanceof ApiFailure && error.status === 404)) throw error;
    return await sendTo("/api/send");
  }
}

/** The new Exchange is shown where the user still looks at the Sender. */
function present(sent: Exchange | BeingSent): void {
  if (!("id" in sent)) {
    unnamed.value = [...unnamed.value, sent.connection];
    return;
  }
  shown.value = "draft";
  const isFollowing = state.value.views[SENDER]?.follow ?? false;
  if (openedNow.value?.id !== SENDER && !isFollowing) return;
  presented.value = isFollowing ? null : sent.id;
  dispatch({ type: isFollowing ? "show" : "reveal", listener: SENDER, exchange: sent });
}

function troubleOf(error: unknown): { readonly text: string; readonly isOfEndpoint: boolean } {
  const isOfEndpoint = error instanceof ApiFailure && error.field === "target";
  return { text: error instanceof Error ? error.message : String(error), isOfEndpoint };
}

function focusEndpoint(): void {
  document.getElementById(ENDPOINT)?.focus();
}
