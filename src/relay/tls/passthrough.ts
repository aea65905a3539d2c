// Whose TLS is passed through as it is: names and addresses of servers as they are written for `ListenTls.passthrough`.
// Pure; it looks nothing up, so a name and its address are two.

import { domainToASCII } from "node:url";
import { isIP } from "node:net";

/** Tells whether the TLS to a server is passed through. */
export type IsPassedThrough = (host: string, port: number) => boolean;

/**
 * Reads what is written: "api.example.org" is that name, "*.example.org" every name below it, ".example.org" both;
 * "192.0.2.1" and "[2001:db8::1]" are addresses. With ":8443" behind it, it holds for that port. Case does not count,
 * nor does a dot at the end, and names in other scripts are those that stand for them (RFC 5891, 4.4).
 */
export function passthrough(written: readonly string[]): IsPassedThrough {
  const entries = written.map(read);
  if (entries.length === 0) return () => false;
  return (host, port) => {
    const name = canonical(host);
    return entries.some((entry) =>
      (entry.port === null || entry.port === port) &&
      ((entry.isItself && name === entry.name) || (entry.isBelow && name.endsWith(`.${entry.name}`)))
    );
  };
}

interface Entry {
  readonly name: string;
  readonly port: number | null;
  readonly isItself: boolean;
  readonly isBelow: boolean;
}

function read(written: string): Entry {
  const text = written.trim();
  // More colons than one, and no brackets: an IPv6 address, which then has no port.
  const [, host, port] = isIP(text) === 6 ? [, text] : /^(.*?)(?::(\d+))?$/.exec(text)!;
  const [, mark, rest] = /^(\*?\.)?(.*)$/.exec(host ?? "")!;
  return {
    name: canonical(rest),
    port: port === undefined ? null : Number(port),
    isItself: mark !== "*." && rest !== "",
    isBelow: mark !== undefined && rest !== "",
  };
}

/** A name as it is compared. */
function canonical(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) === 6) return URL.parse(`http://[${bare.split("%")[0]}]/`)?.hostname ?? bare.toLowerCase();
  const name = bare.replace(/\.$/, "");
  return domainToASCII(name) || name.toLowerCase();
}
