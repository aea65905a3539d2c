// Targets as people write them: HOST:PORT, or a URL that says what is spoken to it: http://, https://, tls://. Pure; for
// the command line, the API, the configuration and the page's form alike.

import { formatAddress, parseTarget } from "./address.ts";
import type { Address, TargetScheme } from "./model.ts";

/** What a target's text says. */
export interface Target {
  readonly address: Address;
  /** null: as clients speak, said by http://; undefined: the text says nothing of it. */
  readonly scheme: TargetScheme | null | undefined;
}

interface SchemeMeaning {
  readonly scheme: TargetScheme | null;
  /** The port where none is written (RFC 9110, 4.2; RFC 6455, 3); null where one must be. */
  readonly port: number | null;
}

const SCHEMES: Readonly<Record<string, SchemeMeaning>> = {
  http: { scheme: null, port: 80 },
  ws: { scheme: null, port: 80 },
  https: { scheme: "https", port: 443 },
  wss: { scheme: "https", port: 443 },
  tls: { scheme: "tls", port: null },
};

const URL_OF_TARGET = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^]*)$/i;

/**
 * Reads HOST:PORT, http://HOST[:PORT], https://HOST[:PORT] or tls://HOST:PORT; ws and wss are as http and https. Throws
 * SyntaxError. A path is refused, for clients ask for it.
 */
export function parseTargetUrl(text: string): Target {
  const parts = URL_OF_TARGET.exec(text.trim());
  if (parts === null) return { address: parseTarget(text), scheme: undefined };
  const [, written, authority, rest] = parts;
  // A user's password stands in no error.
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const shown = `${written}://${host === authority ? "" : "…@"}${host}${rest}`;
  const refuse = (reason: string, mend: string): never => {
    const quoted = JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown);
    throw new SyntaxError(`Cannot forward to ${quoted}: ${reason}. ${mend}`);
  };
  const name = written.toLowerCase();
  if (!Object.hasOwn(SCHEMES, name)) {
    refuse(
      `a target's scheme is http, https or tls, not "${written}"`,
      "Write one of them, or HOST:PORT for any other protocol.",
    );
  }
  const { scheme, port } = SCHEMES[name];
  if (host === "") refuse("the host is missing", `Write ${written}://HOST${port === null ? ":PORT" : ""}.`);
  if (host !== authority) refuse("a target has no user", `Write ${written}://${host}.`);
  if (rest !== "" && rest !== "/") {
    refuse("a target has no path, for clients ask for it", `Write ${written}://${host}.`);
  }
  if (/:\d*$/.test(host.replace(/^\[[^\]]*\]/, ""))) return { address: parseTarget(host, shown), scheme };
  if (port === null) refuse("the port is missing", `Write ${written}://${host}:443.`);
  return { address: parseTarget(`${host}:${port}`, shown), scheme };
}

/** A target `host:port` with what is spoken to it, as `parseTargetUrl` reads it; 443 is left out of https. */
export function formatTarget(target: string | Address, scheme: TargetScheme | null | undefined): string {
  const text = typeof target === "string" ? target : formatAddress(target);
  if (!scheme) return text;
  return `${scheme}://${scheme === "https" ? text.replace(/:443$/, "") : text}`;
}
