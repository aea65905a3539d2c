// The proxy of a Route as people write it: an HTTP proxy, or "environment" for the one that the environment names. Pure;
// for the command line, the API and the configuration alike. Who shows it leaves the password out.

import { formatAddress, formatProxy, parseProxy } from "./address.ts";
import type { UpstreamProxy } from "./model.ts";
import { nearest } from "./nearest.ts";

/** Reads "environment", or what `parseProxy` reads. Throws SyntaxError. */
export function parseVia(text: string): UpstreamProxy {
  const word = text.trim();
  if (word === "environment") return word;
  if (nearest(word, ["environment"]) !== null) {
    throw new SyntaxError(
      `Cannot go through ${JSON.stringify(word)}: it is no proxy. Write environment, or http://HOST:PORT.`,
    );
  }
  return parseProxy(text);
}

/** As `parseVia` reads it, without the password. */
export function formatVia(via: UpstreamProxy): string {
  return via === "environment" ? via : formatProxy(via);
}

/** As `parseVia` reads it, with the password. */
export function formatViaWithPassword(via: UpstreamProxy): string {
  if (via === "environment" || via.credentials === null) return formatVia(via);
  const { user, password } = via.credentials;
  return `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${formatAddress(via.address)}`;
}

/** Whether both are the same proxy, asked by the same user. */
export function isSameVia(a: UpstreamProxy | undefined, b: UpstreamProxy | undefined): boolean {
  return a !== undefined && b !== undefined && formatVia(a) === formatVia(b);
}

/** The password; "" for none. */
export function passwordOf(via: UpstreamProxy | undefined): string {
  return typeof via === "object" ? via.credentials?.password ?? "" : "";
}

/** The same proxy; where it wants a user but has no password, with this one. */
export function withPassword<Via extends UpstreamProxy | undefined>(via: Via, password: string): Via {
  if (typeof via !== "object" || via.credentials === null || via.credentials.password !== "") return via;
  return { ...via, credentials: { ...via.credentials, password } };
}
