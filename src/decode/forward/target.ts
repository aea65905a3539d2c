// Where a request to an HTTP proxy goes: its request target in absolute-form or, for CONNECT, in authority-form
// (RFC 9112, 3.2.2 and 3.2.3), and what an origin server is asked instead.

import type { Address } from "../../model.ts";

/** Where a request goes, and the target to send there. */
export interface Destination {
  readonly to: Address;
  /** The host and the port as they were written: what Host has to say. */
  readonly authority: string;
  /** In origin-form, or "*" (RFC 9112, 3.2.4). */
  readonly target: string;
}

/** Why a proxy cannot do what was asked: a status and words for the client. */
export interface Refused {
  readonly status: number;
  readonly text: string;
}

const NOT_A_SERVER =
  "This port is an HTTP proxy: set it as your client's proxy, or add a listener with a target.";

/** What a request for `target` comes to. */
export function destinationOf(method: string, target: string): Destination | Refused {
  if (method === "CONNECT") {
    const to = addressOf(target, null);
    if (to !== null) return { to, authority: target, target };
    return { status: 400, text: `CONNECT asks for "${short(target)}", which is no host with a port.` };
  }
  const [, scheme, authority, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^]*)$/i.exec(target) ?? [];
  if (scheme === undefined) return { status: 400, text: NOT_A_SERVER };
  const name = scheme.toLowerCase();
  if (name === "https" || name === "wss") {
    return {
      status: 501,
      text: `This proxy opens no TLS for its clients: CONNECT is to be used for ${name} addresses.`,
    };
  }
  if (name !== "http" && name !== "ws") {
    return {
      status: 501,
      text: `This proxy knows http addresses and CONNECT, and this is an address of ${name}.`,
    };
  }
  // A user and a password are not for the request target (RFC 9110, 4.2.4).
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const to = addressOf(host, 80);
  if (to === null) return { status: 400, text: `"${short(host)}" in the request target is no host.` };
  const origin = rest === "" && method === "OPTIONS" ? "*" : rest.startsWith("/") ? rest : `/${rest}`;
  return { to, authority: host.replace(/:$/, ""), target: origin };
}

/** `host[:port]`, an IPv6 address in brackets; null where it is none. */
function addressOf(text: string, defaultPort: number | null): Address | null {
  const [, bracketed, name, port] =
    /^(?:\[([\da-f:.]+)\]|([^\s:[\]\\@/]{1,253}))(?::(\d{0,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? name;
  const number = port ? Number(port) : defaultPort;
  if (host === undefined || number === null || number < 1 || number > 65_535) return null;
  if (bracketed !== undefined && URL.parse(`http://[${bracketed}]/`) === null) return null;
  return { host, port: number };
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
