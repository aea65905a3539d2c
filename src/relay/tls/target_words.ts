// Why TLS with a target did not come about, in words: what is wrong, and what the user can do. It decides nothing but how
// to say it.

import { formatAddress } from "../../address.ts";
import type { Address, CertificateFacts } from "../../model.ts";
import { type Failure, SPOKEN } from "./alerts.ts";

/** What the words are about. */
export interface Meeting {
  readonly target: Address;
  /** The name that the certificate has to be for: the target's, or the one that the client asked for. */
  readonly name: string;
  /** The file with authorities that the user has named; null for none. */
  readonly file: string | null;
  /** Whether TLS is spoken because the client has begun it, as behind CONNECT, and not because the Route says so. */
  readonly isMirrored: boolean;
  /** Whether there was a certificate to show to the target. */
  readonly hasCertificate: boolean;
}

/** What is wrong with a chain, without advice: "its certificate expired on 2020-02-01". `code` is node:tls's. */
export function faultOf(
  code: string,
  chain: readonly CertificateFacts[],
  { name, file }: Meeting,
  now: number,
): string {
  const [own] = chain;
  if (own === undefined) return "it showed no certificate";
  for (const certificate of chain) {
    const which = certificate === own ? "its certificate" : `"${certificate.subject}" in its chain`;
    if (Date.parse(certificate.notAfter) < now) return `${which} expired on ${day(certificate.notAfter)}`;
    if (Date.parse(certificate.notBefore) > now) {
      return `${which} is not valid before ${day(certificate.notBefore)}`;
    }
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = own.names.length === 0 ? "no name at all" : listed(own.names);
    return `its certificate is for ${names}, not for ${name}`;
  }
  const top = chain[chain.length - 1];
  const trusted = file === null ? "this system does not trust" : `neither this system nor ${file} trusts`;
  if (own.subject === own.issuer) {
    return `its certificate is signed by itself ("${own.subject}"), which ${trusted}`;
  }
  if (top.subject === top.issuer) return `its certificate was issued by "${top.subject}", which ${trusted}`;
  const shown = chain.length === 1 ? "" : ` (its chain: ${chain.map(({ subject }) => subject).join(" ← ")})`;
  if (code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE" || code === "UNABLE_TO_GET_ISSUER_CERT_LOCALLY") {
    return `its certificate leads to "${top.issuer}"${shown}, which ${trusted}, and of which it shows no certificate: ` +
      "an authority that is unknown here, or a chain that is incomplete";
  }
  return `its certificate was not accepted (${code})`;
}

/** What can be done about it. */
export function adviceFor(fault: string): string {
  const anyway = "--insecure accepts any certificate of this target.";
  if (/expired on|not valid before/.test(fault)) {
    return `Have it renewed, or check the clock of this machine; ${anyway}`;
  }
  if (/ is for /.test(fault)) return `Give the target by a name that it is for; ${anyway}`;
  if (/incomplete$/.test(fault)) {
    return `Have the target send its whole chain, or trust the missing certificate with --target-ca FILE; ${anyway}`;
  }
  if (/signed by itself/.test(fault)) return `If that is right, trust it with --target-ca FILE; ${anyway}`;
  return `If that is right, trust the authority with --target-ca FILE; ${anyway}`;
}

/** Why there is no TLS with the target. */
export function failureWords(failure: Failure, meeting: Meeting): string {
  const name = formatAddress(meeting.target);
  switch (failure.kind) {
    case "not-tls":
      return `${name} does not speak TLS on that port. ` +
        (meeting.isMirrored
          ? "The client has begun it: have it ask for http:// there, or take another port."
          : "Give the target without https:// or tls://, or another port.");
    case "incompatible":
      return `${name} and tcpmon have no TLS in common (${failure.text}): tcpmon speaks ${SPOKEN}. ` +
        passing(meeting);
    case "closed":
      return `${name} closed the connection during the TLS handshake. Check that TLS is spoken on that port.`;
    case "alert":
      return `${name} ${alertWords(failure.alert, meeting)}`;
    case "other":
      return `TLS with ${name} failed: ${failure.text}`;
  }
}

/** How a target can be watched whose TLS the monitor does not speak. */
function passing({ isMirrored, target }: Meeting): string {
  return isMirrored
    ? `Let it pass through as it is: --passthrough ${target.host}.`
    : "A client that speaks it can pass through as it is: give the target without https:// or tls://.";
}

const CERTIFICATE_ALERTS = [
  "bad_certificate",
  "unsupported_certificate",
  "certificate_revoked",
  "certificate_expired",
  "certificate_unknown",
  "unknown_ca",
  "access_denied",
];

/** What the target meant by an alert, as far as that can be told. */
function alertWords(alert: string, meeting: Meeting): string {
  const { name, hasCertificate } = meeting;
  const told = `(alert ${alert})`;
  const give = "Give it one with --target-cert FILE --target-key FILE.";
  if (alert === "protocol_version") {
    return `speaks no version of TLS that tcpmon does ${told}: tcpmon speaks TLS 1.2 and 1.3, and nothing older. ` +
      passing(meeting);
  }
  if (alert === "certificate_required") return `wants a client certificate ${told}. ${give}`;
  if (alert === "handshake_failure") {
    const want = hasCertificate ? "" : ` Or it wants a client certificate: ${give}`;
    return `refused the TLS handshake ${told}: it has no cipher in common with tcpmon, which speaks ${SPOKEN}.${want}`;
  }
  if (alert === "unrecognized_name") return `serves nobody called ${name} ${told}. Check the target's name.`;
  if (alert === "no_application_protocol") {
    return `speaks none of the protocols that it was offered ${told}.`;
  }
  if (CERTIFICATE_ALERTS.includes(alert)) {
    return hasCertificate
      ? `does not accept the client certificate ${told}. Give another with --target-cert and --target-key.`
      : `wants a client certificate ${told}. ${give}`;
  }
  return `broke the TLS handshake off ${told}.`;
}

function day(time: string): string {
  return time.slice(0, 10);
}

/** At most five of them. */
function listed(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return names.slice(0, 5).join(", ") + more;
}
