// What a pane says where there is no Message to show: what is so, then why; and where there are Messages, what they do
// not tell of a failure. Pure.

import type { Exchange, ExchangeDetail } from "../../types.ts";
import type { Side } from "./api.ts";
import { seconds } from "./words.ts";

/** Title and sentence; a failure is coloured as one. */
export interface Emptiness {
  readonly title: string;
  readonly text: string;
  readonly isFailure: boolean;
}

/** Why this side of an Exchange is not there. `now` is in ms since the epoch. */
export function emptiness(side: Side, exchange: Exchange, detail: ExchangeDetail, now: number): Emptiness {
  const waited = seconds(now - Date.parse(exchange.started));
  if (side === "request") {
    if (exchange.state === "failed" && detail.response === null) {
      return said("No request", "None had come from the client when the connection was closed.");
    }
    if (detail.response === null && exchange.state === "open") {
      return said(`Waiting for the client, ${waited}`, "");
    }
    return said("No request", "The server spoke first in this turn.");
  }
  if (exchange.state === "failed") {
    const { first, rest } = sentences(exchange.fault ?? "The connection failed");
    return { ...said(first, rest === "" ? "Nothing came back." : rest), isFailure: true };
  }
  if (exchange.state === "open") return said(`Waiting for the response, ${waited}`, "");
  return said("No response", "The connection ended without one.");
}

/** Why an Exchange failed, where neither a message nor its absence tells it already (body_facts.ts); otherwise null. */
export function untoldFailure(
  { fault }: Exchange,
  { request, response }: Pick<ExchangeDetail, "request" | "response">,
): string | null {
  if (fault === null || response === null) return null;
  const isTold = [request, response].some((message) =>
    message !== null &&
    (message.faults.some(({ text }) => text === fault) ||
      message.state === "cut" && message.faults.length === 0)
  );
  return isTold ? null : fault;
}

/** A failure in words: what is so, and what to do about it. */
function sentences(fault: string): { readonly first: string; readonly rest: string } {
  // A point within a number or an address is followed by no space, and one within quotes ends no sentence.
  const first = /^(?:[^".]|"[^"]*"|"|[.](?! [A-Z]))*/.exec(fault)?.[0] ?? fault;
  const rest = fault.slice(first.length + 2);
  return { first, rest: rest === "" || /[.]$/.test(rest) ? rest : `${rest}.` };
}

function said(title: string, text: string): Emptiness {
  return { title, text, isFailure: false };
}
