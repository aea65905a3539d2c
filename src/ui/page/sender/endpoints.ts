// Where was sent to, remembered for this browser so that it need not be typed again: the latest endpoints, without
// credentials and without the query, in which secrets may stand. Kept in localStorage; where that cannot be used, they
// last as long as the page.

import { signal } from "@preact/signals";
import { withoutCredentials } from "./destination.ts";

const KEY = "tcpmon.endpoints";

/** So many are remembered. */
export const MOST_ENDPOINTS = 20;
/** A longer one is not. */
const LONGEST = 500;

/** The latest first. */
export const endpoints = signal<readonly string[]>(load());

/** Remembers an endpoint as the latest. */
export function rememberEndpoint(typed: string): void {
  endpoints.value = withLatest(endpoints.value, typed);
  try {
    localStorage.setItem(KEY, JSON.stringify(endpoints.value));
  } catch {
    // They are remembered until the page is closed.
  }
}

/** The endpoints with another as the latest. */
export function withLatest(known: readonly string[], typed: string): readonly string[] {
  const endpoint = withoutCredentials(typed.trim()).replace(/[?#].*$/s, "");
  if (endpoint === "" || endpoint.length > LONGEST) return known;
  return [endpoint, ...known.filter((one) => one !== endpoint)].slice(0, MOST_ENDPOINTS);
}

function load(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter((one): one is string => typeof one === "string").slice(0, MOST_ENDPOINTS);
  } catch {
    return [];
  }
}
