// What the runtime says when a handshake fails, told apart: the alert that the peer sent, what it broke off over, what
// the two have not in common. The words for people are made elsewhere, for each side's own.

/** What TLS of this runtime can do, in words: its limits are those of rustls. */
export const SPOKEN = "TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305, and TLS 1.3";

/** Alerts that end a handshake, by their numbers (RFC 8446, 6.2). */
export const UNEXPECTED_MESSAGE = 10;
export const HANDSHAKE_FAILURE = 40;
export const PROTOCOL_VERSION = 70;
export const INTERNAL_ERROR = 80;

/** A fatal alert in the clear, as before anything is agreed on; every version of TLS knows it. */
export function alertRecord(alert: number): Uint8Array {
  return Uint8Array.of(21, 3, 1, 0, 2, 2, alert);
}

/** Why a handshake failed. */
export type Failure =
  /** The peer said so, with this alert ("unknown_ca", RFC 8446, 6.2). */
  | { readonly kind: "alert"; readonly alert: string }
  /** What came is no TLS. */
  | { readonly kind: "not-tls" }
  /** The two have no version, cipher or the like in common; in the runtime's words. */
  | { readonly kind: "incompatible"; readonly text: string }
  /** The peer ended the connection. */
  | { readonly kind: "closed" }
  | { readonly kind: "other"; readonly text: string };

/** Alerts as the runtime writes them, where that is not their name in CamelCase. */
const SPELT: Readonly<Record<string, string>> = {
  UnknownCA: "unknown_ca",
  UnrecognisedName: "unrecognized_name",
  BadRecordMac: "bad_record_mac",
};

/** Tells what an error of node:tls means; null: the connection ended. */
export function failureOf(error: NodeJS.ErrnoException | null): Failure {
  if (error === null) return { kind: "closed" };
  const text = error.message;
  const alert = /received fatal alert: (\w+)/.exec(text)?.[1];
  if (alert !== undefined) return { kind: "alert", alert: SPELT[alert] ?? snakeCase(alert) };
  if (/received corrupt message of type InvalidContentType|wrong version number/i.test(text)) {
    return { kind: "not-tls" };
  }
  const incompatible = /peer is incompatible: (.+)/.exec(text)?.[1] ??
    /(NoCipherSuitesInCommon|NoKxGroupsInCommon)/.exec(text)?.[1];
  if (incompatible !== undefined) {
    return {
      kind: "incompatible",
      text: snakeCase(incompatible.replace(/[^\w ]/g, " ")).replaceAll("_", " ").trim(),
    };
  }
  if (error.code === "ECONNRESET" || error.code === "EPIPE" || /disconnected before secure/i.test(text)) {
    return { kind: "closed" };
  }
  return { kind: "other", text: text.replace(/ \(SSL routines:.*\)$/, "") };
}

function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
