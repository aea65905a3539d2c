// What can be seen of TLS that passes through, for its row: which server is asked for, what is spoken, and whether both
// came to terms. Plain data; a word for everything that is not known.

import { highestVersion, readClientHello, readServerHello } from "./hello.ts";
import { suiteName, versionName } from "./names.ts";

/** See above. */
export interface SeenTls {
  /** The server that the client asks for; null where it names none. */
  serverName: string | null;
  /** True where that is the name of who receives an encrypted ClientHello, which may have another one in it. */
  hasEch: boolean;
  /** What the client offers by ALPN, and the highest version. */
  protocols: readonly string[];
  offered: number | null;
  /** It sends data before the handshake is complete (RFC 8446, 2.3). */
  hasEarlyData: boolean;
  /** What the target chose; null before its ServerHello. By ALPN: null also where that is encrypted (TLS 1.3). */
  version: number | null;
  suite: number | null;
  protocol: string | null;
}

/** Nothing has been seen. */
export function nothingSeen(): SeenTls {
  return {
    serverName: null,
    hasEch: false,
    protocols: [],
    offered: null,
    hasEarlyData: false,
    version: null,
    suite: null,
    protocol: null,
  };
}

/** A ClientHello, the first or a second one. Gives what is wrong in it. */
export function seeClientHello(seen: SeenTls, message: Uint8Array): readonly { at: number; text: string }[] {
  const hello = readClientHello(message);
  seen.serverName = hello.serverName;
  seen.hasEch = hello.hasEch;
  seen.protocols = hello.protocols;
  seen.offered = highestVersion(hello);
  seen.hasEarlyData ||= hello.hasEarlyData;
  return hello.faults;
}

/** A ServerHello. Gives what is wrong in it. */
export function seeServerHello(seen: SeenTls, message: Uint8Array): readonly { at: number; text: string }[] {
  const hello = readServerHello(message);
  seen.version = hello.version;
  seen.suite = hello.suite;
  if (!hello.isRetry) seen.protocol = hello.protocol;
  return hello.faults;
}

/**
 * "TLS 1.3, offers h2 and http/1.1, TLS_AES_128_GCM_SHA256", "ClientHello up to TLS 1.3". Of what has failed only which TLS
 * it is, so that there is room for the reason.
 */
export function tlsSummary(seen: SeenTls, hasFailed: boolean): string {
  const { version, offered, suite, protocol, protocols } = seen;
  const spoken = version !== null
    ? versionName(version)
    : `ClientHello${offered === null ? "" : ` up to ${versionName(offered)}`}`;
  if (hasFailed) return spoken;
  return [
    spoken,
    protocol ?? (protocols.length > 0 ? `offers ${listed(protocols)}` : ""),
    suite === null ? "" : suiteName(suite),
    seen.hasEch ? "encrypted ClientHello" : "",
  ].filter((part) => part !== "").join(", ");
}

/** At most three of them. */
function listed(protocols: readonly string[]): string {
  if (protocols.length > 3) return `${protocols.slice(0, 2).join(", ")} and ${protocols.length - 2} more`;
  return [protocols.slice(0, -1).join(", "), protocols.at(-1)].filter((part) => part !== "").join(" and ");
}
