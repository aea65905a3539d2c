// Authorities, the "host:port" of Host fields and URLs (RFC 3986, 3.2; RFC 9110, 7.2), as far as they have to be told
// apart and put in each other's place. Lenient: what cannot be read is null, and left alone by whoever asked.

import type { Address } from "../../model.ts";

/** An authority without its userinfo. Host names are in lower case and without a dot at their end. */
export interface Authority {
  readonly host: string;
  /** Null where it is not given: the default port of the scheme. */
  readonly port: number | null;
}

/** The beginning of a URL, up to the end of its authority. */
export interface UrlStart {
  /** In lower case; null where the URL is relative to one ("//host/path"). */
  readonly scheme: "http" | "https" | null;
  /** All that stands before the authority, userinfo included, as it came. */
  readonly before: string;
  readonly authority: Authority;
  /** What follows: path, query and fragment. */
  readonly rest: string;
}

/** How HTTP is spoken on a leg: plainly, or inside TLS. */
export type Scheme = "http" | "https";

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** The port that a scheme has where none is given. */
export function defaultPort(scheme: Scheme): number {
  return DEFAULT_PORTS[scheme];
}

/** Reads "host", "host:port" or "[address]:port"; null for anything else. */
export function readAuthority(text: string): Authority | null {
  const parts = /^(\[[\da-f:.]+\]|[^\x00-\x20/?#@:[\]\\]+)(?::(\d{0,5}))?$/i.exec(text);
  if (parts === null) return null;
  const port = parts[2] ? Number(parts[2]) : null;
  return port !== null && port > 65_535 ? null : { host: plainHost(parts[1]), port };
}

/** Reads the beginning of an http or https URL, or of one that is relative to a scheme; null for anything else. */
export function readUrl(url: string): UrlStart | null {
  const parts = /^((?:(https?):)?\/\/(?:[^/?#@\\]*@)?)([^/?#@\\]+)(.*)$/is.exec(url);
  const authority = parts && readAuthority(parts[3]);
  if (!authority) return null;
  const scheme = parts[2] ? parts[2].toLowerCase() as "http" | "https" : null;
  return { scheme, before: parts[1], authority, rest: parts[4] };
}

/** The authority of an Address, as it stands in a Host field: no port where that is the scheme's own (RFC 9110, 4.2). */
export function authorityText({ host, port }: Address, scheme: Scheme): string {
  const name = host.includes(":") ? `[${host.split("%")[0]}]` : asciiName(host);
  return port === DEFAULT_PORTS[scheme] ? name : `${name}:${port}`;
}

/** Whether an authority, of a URL with this scheme, is an Address. */
export function isAddress({ host, port }: Authority, scheme: "http" | "https", address: Address): boolean {
  return (port ?? DEFAULT_PORTS[scheme]) === address.port && host === nameOf(address);
}

/** Whether two authorities of URLs with this scheme are the same. */
export function isSame(one: Authority, other: Authority, scheme: Scheme): boolean {
  const usual = DEFAULT_PORTS[scheme];
  return one.host === other.host && (one.port ?? usual) === (other.port ?? usual);
}

/** The host of an Address as an Authority has it. */
export function nameOf({ host }: Address): string {
  return plainHost(host.includes(":") ? host.split("%")[0] : asciiName(host));
}

/** Whether a host is this machine, as it calls itself (RFC 6761, 6.3). */
export function isLoopbackHost(host: string): boolean {
  return host === "::1" || /^127\.[\d.]+$/.test(host) || /^(?:.*\.)?localhost$/.test(host);
}

function plainHost(host: string): string {
  return host.replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase();
}

/** A name in other scripts as it stands in fields (RFC 5890, 2.3.2.1). */
function asciiName(host: string): string {
  return /^[\x21-\x7e]*$/.test(host) ? host : URL.parse(`http://${host}/`)?.hostname ?? host;
}
