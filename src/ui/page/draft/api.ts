// The calls of the HTTP API that send. Failures are ApiFailures, in words.

import type { BeingSent, Exchange, Resend, SentBytes } from "../../types.ts";
import { call } from "../api.ts";

/** How an Exchange is sent again. */
export interface HowToResend extends Pick<Resend, "through" | "before" | "quietMs" | "endAfterTurns"> {
  /** The turns that are given to the target; null: what was recorded. One alone is a request. */
  readonly turns: readonly Uint8Array[] | null;
}

/** What comes of it: the new Exchange, or only its connection while it cannot be told apart as one. */
export type Resent = Exchange | BeingSent;

/** Sends an Exchange again. What is given goes out exactly as it is. */
export function resend(id: string, { turns, ...how }: HowToResend): Promise<Resent> {
  const path = `/api/exchanges/${encodeURIComponent(id)}/resend`;
  if (turns === null) return call("POST", path, how);
  if (turns.length === 1) {
    const query = new URLSearchParams({ fixContentLength: "0" });
    for (const [name, value] of Object.entries(how)) {
      if (value !== undefined) {
        query.set(name, typeof value === "boolean" ? (value ? "1" : "0") : String(value));
      }
    }
    return call("POST", `${path}?${query}`, new Uint8Array(turns[0]));
  }
  return call("POST", path, { ...how, turns: turns.map(base64), fixContentLength: false });
}

/** The Exchange in full, as it is now. */
export function fetchExchange(id: string, signal?: AbortSignal): Promise<Exchange> {
  return call("GET", `/api/exchanges/${encodeURIComponent(id)}`, undefined, signal);
}

/** Bytes as JSON. */
export function base64(bytes: Uint8Array): SentBytes {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 8_192) {
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 8_192)));
  }
  return { base64: btoa(parts.join("")) };
}
