// What certificates say of themselves, for people to read. It judges nothing.

import { X509Certificate } from "node:crypto";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { CertificateFacts } from "../../model.ts";

/** A longer chain is cut. */
const LONGEST = 10;

/** What is known of a certificate. `raw` is its DER, or its PEM. */
export function factsOf(raw: Uint8Array | string): CertificateFacts {
  const certificate = new X509Certificate(raw);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesOf(certificate.subjectAltName),
    notBefore: isoTime(certificate.validFrom),
    notAfter: isoTime(certificate.validTo),
    publicKey: keyOf(certificate),
    fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

/** What the peer has shown, its own certificate first; empty where it has shown none. */
export function peerOf(socket: TLSSocket): readonly CertificateFacts[] {
  const facts: CertificateFacts[] = [];
  let certificate: PeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw && facts.length < LONGEST) {
    const next = readable(certificate.raw);
    if (facts.some(({ fingerprint }) => fingerprint === next.fingerprint)) break;
    facts.push(next);
    certificate = "issuerCertificate" in certificate
      ? certificate.issuerCertificate as PeerCertificate
      : undefined;
  }
  return facts;
}

/** A peer may show what nobody can read. */
function readable(raw: Uint8Array): CertificateFacts {
  try {
    return factsOf(raw);
  } catch {
    const none = { subject: "a certificate that cannot be read", issuer: "", names: [], publicKey: null };
    return { ...none, notBefore: "", notAfter: "", fingerprint: "" };
  }
}

/** "C=US\nO=A\nCN=B" → "CN=B, O=A, C=US": what tells most comes first (RFC 4514). */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").filter((part) => part !== "").reverse().join(", ");
}

/** "DNS:localhost, IP Address:127.0.0.1" → ["localhost", "127.0.0.1"] */
function namesOf(alternative: string | undefined): readonly string[] {
  if (!alternative) return [];
  return alternative.split(", ").map((name) => name.replace(/^(DNS|IP Address|URI|email):/, ""));
}

/** "Jan  1 00:00:00 2026 GMT" → "2026-01-01T00:00:00.000Z" */
function isoTime(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: "P-256",
  secp256r1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

function keyOf(certificate: X509Certificate): string | null {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
    if (type === "rsa" || type === "rsa-pss") return `RSA ${details?.modulusLength ?? ""}`.trim();
    if (type === "ec") {
      const curve = details?.namedCurve ?? "";
      return `EC ${CURVES[curve] ?? curve}`.trim();
    }
    return type === undefined ? null : type.replace(/^ed/, "Ed");
  } catch {
    return null;
  }
}
