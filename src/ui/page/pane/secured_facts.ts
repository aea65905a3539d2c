// What a pane says of the TLS that its side spoke with the monitor: the request's pane of the client's leg, the
// response's of the target's. Pure.

import type { TlsFacts } from "../../types.ts";
import { agedText, shortName, validityAt, versionText } from "../tls/certificates.ts";
import type { Side } from "./api.ts";
import { clock, size } from "./words.ts";

/** A name and its value; what was on the wire is shown as such. */
export interface NamedFact {
  readonly name: string;
  readonly value: string;
  readonly isWire: boolean;
}

/** The statements of the line, in order: what was agreed on, and with whom. */
export function securedLine(side: Side, facts: TlsFacts): readonly string[] {
  const { version, alpn, peer, trust } = facts;
  const [own] = peer;
  const agreed = [versionText(version), ...(alpn === null ? [] : [alpn])];
  if (side === "request") {
    return [...agreed, ...(own === undefined ? [] : [`the client showed ${shortName(own)}`])];
  }
  if (own === undefined) return [...agreed, "the target showed no certificate"];
  const checked = trust === "nothing" ? "not checked" : "checked";
  return [...agreed, `certificate of ${shortName(own)}, ${checked}, ${agedText(own, facts.at)}`];
}

/** Whose TLS it is, where the pane tells that the client's has failed, as when that refused its certificate; else null. */
export function notWhatFailed(side: Side, fault: string | null): string | null {
  const isClients = side === "response" && fault !== null && /^the client('s)? /.test(fault);
  return isClients ? "with the target, and not what failed" : null;
}

/** What the reader must be warned of; null where there is nothing. */
export function securedWarning(side: Side, { trust, untrusted, peer, at }: TlsFacts): string | null {
  if (side === "request") {
    // What a client shows is recorded, and nobody else has looked at it.
    const [own] = peer;
    const validity = own === undefined ? "good" : validityAt(own, at);
    if (validity === "expired") return "the client's certificate had expired";
    return validity === "not-yet" ? "the client's certificate was not yet valid" : null;
  }
  if (trust !== "nothing") return null;
  return untrusted === null
    ? "any certificate was accepted; this one would have been trusted"
    : `any certificate was accepted: ${untrusted}`;
}

/** Everything that was agreed on. */
export function securedFacts(side: Side, facts: TlsFacts): readonly NamedFact[] {
  const { version, cipher, alpn, serverName, at } = facts;
  return [
    wire("Version", versionText(version)),
    cipher === null ? said("Cipher", "the runtime does not tell") : wire("Cipher", cipher),
    alpn === null ? said("Protocol (ALPN)", "none agreed on") : wire("Protocol (ALPN)", alpn),
    serverName === null ? said("Name asked for (SNI)", "none") : wire("Name asked for (SNI)", serverName),
    said("Begun", `${clock(at)}, ${begunWords(facts)}`),
    said(side === "request" ? "Shown to the client" : "Checked against", trustWords(facts)),
  ];
}

/** "with the first byte", or what had come in the clear before. */
export function begunWords({ upstreamFrom, downstreamFrom }: TlsFacts): string {
  if (upstreamFrom + downstreamFrom === 0) return "with the first byte";
  // In a tunnel that is CONNECT and its answer, which the monitor gave.
  return `after ${size(upstreamFrom)} from the client and ${size(downstreamFrom)} to it in the clear`;
}

function trustWords({ trust }: TlsFacts): string {
  return {
    "system": "the authorities that the system trusts",
    "system-and-file": "the authorities that the system trusts, and those of the listener's file",
    "nothing": "nothing: any certificate was accepted",
    "own-ca": "a certificate of tcpmon's own authority",
    "files": "the listener's own certificate",
  }[trust];
}

function wire(name: string, value: string): NamedFact {
  return { name, value, isWire: true };
}

function said(name: string, value: string): NamedFact {
  return { name, value, isWire: false };
}
