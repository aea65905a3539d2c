// What of a response leads a browser past the monitor, or cannot be kept by it there. Read from the heads as they were
// received and by the same rules by which they are edited (host_rules.ts), so that it can be told of any capture.

import type { Address } from "../../model.ts";
import type { Header, HttpHead } from "../types.ts";
import { isAddress, isSame, readAuthority, readUrl } from "./authority.ts";
import type { Scheme } from "./authority.ts";
import { cookieName, needsSecure } from "./cookies.ts";

/** A longer address is cut there. */
const LONGEST = 2000;

/** What must be known of the Connection. */
export interface Rewriting {
  readonly target: Address;
  /** Whether the addresses of its target are rewritten. */
  readonly rewrites: boolean;
  /** How its client speaks, and how its target is spoken to; "http" where that is not known. */
  readonly clientScheme?: Scheme;
  readonly targetScheme?: Scheme;
}

/**
 * Where the redirect of a response leads that does not lead back to the address which the request was sent to: an
 * absolute URL, cut where it is long. Null where it does, and for what is no redirect. A forward proxy, which is asked
 * for any address, is never left.
 */
export function leadsAway(
  request: HttpHead,
  response: HttpHead,
  { target, rewrites, clientScheme = "http", targetScheme = "http" }: Rewriting,
): string | null {
  const { status } = response;
  if (status === null || status < 300 || status > 399 || !request.target?.startsWith("/")) return null;
  const location = field(response.headers, "location");
  const url = location === null ? null : readUrl(location);
  if (location === null || url === null) return null;
  const asked = readAuthority(field(request.headers, "host") ?? "");
  const scheme = url.scheme ?? clientScheme;
  if (asked !== null && scheme === clientScheme && isSame(url.authority, asked, scheme)) return null;
  if (rewrites && isAddress(url.authority, url.scheme ?? targetScheme, target)) return null;
  return url.scheme === null ? `${clientScheme}:${location}`.slice(0, LONGEST) : location.slice(0, LONGEST);
}

/** The names of cookies that a response sets and that a browser does not keep where it speaks plain HTTP. */
export function lostCookies({ headers }: HttpHead): string[] {
  return headers.filter(({ name, value }) => name.toLowerCase() === "set-cookie" && needsSecure(value))
    .map(({ value }) => cookieName(value));
}

function field(headers: readonly Header[], wanted: string): string | null {
  return headers.find(({ name }) => name.toLowerCase() === wanted)?.value ?? null;
}
