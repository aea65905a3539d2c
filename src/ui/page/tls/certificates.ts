// Certificates in words: their names, dates and fingerprints. Pure. Dates are in UTC, as certificates have them, and
// beside them is how far they were from the time at which the certificate was shown, which does not change later.

import type { CertificateFacts } from "../../types.ts";
import { counted } from "../pane/words.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** "2026-05-02 23:59:59 UTC" */
export function dateText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** The hexadecimal digits of a fingerprint in pairs, as people compare them: "3B:4F:0C:…". */
export function fingerprintText(hex: string): string {
  return hex.replaceAll(":", "").toUpperCase().replaceAll(/(..)(?=.)/g, "$1:");
}

/** What a certificate is called: its common name (RFC 5280, 4.1.2.6), the first name that it is for, or its subject. */
export function shortName({ subject, names }: CertificateFacts): string {
  // An escaped comma belongs to the value (RFC 4514, 2.4).
  const common = /(?:^|[,+/\n]\s*)CN\s*=\s*((?:\\.|[^,+\\\n])+)/i.exec(subject)?.[1];
  return common?.replaceAll(/\\(.)/g, "$1").trim() ?? names[0] ?? subject;
}

/** Whether a certificate held at a time (ISO 8601). */
export function validityAt(
  { notBefore, notAfter }: CertificateFacts,
  at: string,
): "good" | "expired" | "not-yet" {
  const time = Date.parse(at);
  return time > Date.parse(notAfter) ? "expired" : time < Date.parse(notBefore) ? "not-yet" : "good";
}

/** How its dates lay to that time: "59 days left then", "had expired 12 days before", "began to hold 2 hours later". */
export function agedText(certificate: CertificateFacts, at: string): string {
  const time = Date.parse(at);
  const validity = validityAt(certificate, at);
  if (validity === "expired") return `had expired ${span(time - Date.parse(certificate.notAfter))} before`;
  if (validity === "not-yet") return `holds only ${span(Date.parse(certificate.notBefore) - time)} later`;
  return `${span(Date.parse(certificate.notAfter) - time)} left then`;
}

/** "TLS 1.3" of "TLSv1.3"; any other as it is. */
export function versionText(version: string): string {
  return version.replace(/^TLSv(\d)/, "TLS $1");
}

/** A span of time in days, or in hours where it is shorter than two days. */
function span(ms: number): string {
  if (ms >= 2 * DAY_MS) return counted(Math.floor(ms / DAY_MS), "day");
  if (ms >= HOUR_MS) return counted(Math.floor(ms / HOUR_MS), "hour");
  return "less than an hour";
}
