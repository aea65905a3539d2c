// Why TLS with a client did not come about, in words: most often it does not trust the certificate that it was shown.

import { type Failure, SPOKEN } from "./alerts.ts";

/** Alerts by which clients say that they do not trust a certificate. */
const DISTRUST = [
  "unknown_ca",
  "bad_certificate",
  "certificate_unknown",
  "certificate_expired",
  "unsupported_certificate",
  "certificate_revoked",
];

/** What the client was shown. */
export interface ShownToClient {
  /** For whom. */
  readonly name: string;
  /** Whether the monitor's own authority has issued it. */
  readonly isOwn: boolean;
}

/** Whether the client has refused the certificate that it was shown, as far as can be told. */
export function isRefusal(failure: Failure): boolean {
  return failure.kind === "closed" || (failure.kind === "alert" && DISTRUST.includes(failure.alert));
}

const OLD_VERSIONS: Readonly<Record<number, string>> = {
  0x0300: "SSL 3.0",
  0x0301: "TLS 1.0",
  0x0302: "TLS 1.1",
};

/** The sentence for a client that speaks no version that tcpmon does, as TLS writes its newest. */
export function tooOldWords(newest: number): string {
  const version = OLD_VERSIONS[newest];
  const what = version === undefined ? "no version of TLS that tcpmon does" : `nothing newer than ${version}`;
  return `the client speaks ${what}: tcpmon speaks ${SPOKEN}.`;
}

/** The sentences for a failed handshake. */
export function clientWords(failure: Failure, shown: ShownToClient): string {
  switch (failure.kind) {
    case "alert":
      return DISTRUST.includes(failure.alert)
        ? `${distrust("does not trust", shown)} (alert ${failure.alert}). ${adviceFor(shown)}`
        : `the client broke the TLS handshake off (alert ${failure.alert})`;
    case "closed":
      return "the client closed the connection during the TLS handshake, when it had been shown the certificate " +
        `for ${shown.name}: it may not trust it. ${adviceFor(shown)}`;
    case "incompatible":
      return `the client and tcpmon have no TLS in common (${failure.text}): tcpmon speaks ${SPOKEN}.`;
    case "not-tls":
      return "the client began TLS and went on with something else";
    case "other":
      return `TLS with the client failed: ${failure.text}`;
  }
}

function distrust(verb: string, { name, isOwn }: ShownToClient): string {
  return `the client ${verb} the certificate for ${name}${
    isOwn ? ", which tcpmon's own authority has issued" : ""
  }`;
}

function adviceFor({ isOwn }: ShownToClient): string {
  return isOwn
    ? "Run tcpmon ca to see how to make it trusted; a client that takes only its own server's certificate can be " +
      "passed through with --passthrough NAME."
    : "Have the client trust who has issued it, or give another with --cert and --key.";
}
