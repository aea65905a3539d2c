// Where the Sender sends to, read from what is typed into its one field: a URL, host:port, or tcp://host:port and
// tls://host:port for bytes of any protocol. Pure. Every error says what to write instead.

import { formatAddress, parseDestination } from "../../../address.ts";
import { endpointOf } from "../../../decode/draft/endpoint.ts";
import type { Address } from "../../../model.ts";

/** What is sent: HTTP requests, or turns of bytes. */
export type Kind = "http" | "tcp";

/** A field that can be sent to. */
export interface Destination {
  readonly kind: Kind;
  readonly target: Address;
  /** Whether it goes inside TLS. */
  readonly tls: boolean;
  /** For the Host header: without the port where it is the scheme's own (RFC 9110, 7.2). */
  readonly authority: string;
  /** Path and query, as typed; "" for "tcp". */
  readonly path: string;
  /** "user:password"; null where there is none. */
  readonly credentials: string | null;
}

/** A field that cannot be sent to. */
export interface NoDestination {
  /** What the scheme says; null where there is none. */
  readonly kind: Kind | null;
  readonly error: string;
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/** Reads the field. */
export function destinationOf(typed: string): Destination | NoDestination {
  const text = typed.trim();
  const scheme = SCHEME.exec(text)?.[1].toLowerCase() ?? null;
  if (text === "") {
    const error =
      "The endpoint is missing. Write one such as https://localhost:8443/path or tcp://localhost:6379.";
    return { kind: null, error };
  }
  if (scheme === "tcp" || scheme === "tls") return bytes(text, scheme === "tls");
  if (scheme !== null && scheme !== "http" && scheme !== "https") {
    return {
      kind: null,
      error:
        `Cannot send to ${scheme}://. Write http:// or https://, or tcp:// or tls:// for bytes of any protocol.`,
    };
  }
  return attempt("http", () => {
    const { tls, host, port, authority, path, credentials } = endpointOf(text);
    const named = inAscii(host);
    const target = parseDestination(formatAddress({ host: named, port }));
    return { kind: "http", target, tls, authority: authority.replace(host, named), path, credentials };
  });
}

/** The field with another path and query; as it is where it is no URL. */
export function withPath(typed: string, path: string): string {
  const origin = /^\s*(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#\s]+/i.exec(typed)?.[0];
  return origin === undefined ? typed : origin + path;
}

/** The field without "user:password@". */
export function withoutCredentials(typed: string): string {
  return typed.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:\/\/)?)[^/?#@\s]*@/i, "$1");
}

function bytes(text: string, tls: boolean): Destination | NoDestination {
  const rest = text.slice("tcp://".length).replace(/\/$/, "");
  return attempt("tcp", () => {
    const target = parseDestination(rest);
    return { kind: "tcp", target, tls, authority: formatAddress(target), path: "", credentials: null };
  });
}

function attempt(kind: Kind, read: () => Destination): Destination | NoDestination {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return { kind, error: error.message };
    throw error;
  }
}

/** A name in another script as names are looked up (RFC 5891). */
function inAscii(host: string): string {
  if (/^[\x00-\x7f]*$/.test(host)) return host;
  return URL.parse(`http://${host}`)?.hostname ?? host;
}
