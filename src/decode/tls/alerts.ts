// Alerts in words (RFC 8446, 6; RFC 5246, 7.2): who sends one ends the connection, and says why in two bytes. What it
// usually means, and what to do, is what those who meet it say; it stands apart from the name that was on the wire.

/** An alert. */
export interface Alert {
  /** 1 is a warning, 2 is fatal. */
  readonly level: number;
  readonly description: number;
}

/** Who sends it. */
export type Side = "client" | "target";

/** In the meaning "$this" is who sends it, and "$other" the other side. */
type Words = readonly [name: string, means?: string];

const ALERTS: Readonly<Record<number, Words>> = {
  0: ["close_notify", "$this will send nothing more"],
  1: ["end_of_early_data"],
  10: ["unexpected_message", "$other sent what does not belong here; perhaps it speaks no TLS"],
  20: ["bad_record_mac", "a record was changed on its way, or the keys differ"],
  21: ["decryption_failed", "a record could not be decrypted"],
  22: ["record_overflow", "a record is too long; perhaps $other speaks no TLS"],
  30: ["decompression_failure", "what was compressed could not be read"],
  40: [
    "handshake_failure",
    "there is nothing that both can do: no common cipher suite, group or signature, or a client certificate is missing",
  ],
  41: ["no_certificate", "$this has no certificate to show"],
  42: ["bad_certificate", "$this finds the certificate damaged or not valid for this use"],
  43: ["unsupported_certificate", "$this cannot use a certificate of this kind"],
  44: ["certificate_revoked", "the certificate was revoked; its owner needs another one"],
  45: ["certificate_expired", "the certificate is out of date, or the clock of $this is wrong"],
  46: [
    "certificate_unknown",
    "$this does not accept the certificate: it does not trust it, or it is for another name",
  ],
  47: ["illegal_parameter", "$other sent a value that is not allowed"],
  48: ["unknown_ca", "$this does not trust the certificate; add its issuer to what $this trusts"],
  49: ["access_denied", "the certificate is valid, but its owner is not let in"],
  50: ["decode_error", "$this could not read a message"],
  51: ["decrypt_error", "$this could not verify a signature or a Finished message"],
  60: ["export_restriction"],
  70: ["protocol_version", "$this does not speak a version that $other offers"],
  71: ["insufficient_security", "$this asks for stronger cipher suites than $other offers"],
  80: ["internal_error", "something failed inside $this; its log may say what"],
  86: ["inappropriate_fallback", "the client came back with a lower version than it could speak"],
  90: ["user_canceled", "$this called the handshake off"],
  100: ["no_renegotiation", "$this does not negotiate again"],
  109: ["missing_extension", "$other left out an extension that must be there"],
  110: ["unsupported_extension", "$other answered with an extension that nobody asked for"],
  111: ["certificate_unobtainable", "$this could not fetch the certificate"],
  112: ["unrecognized_name", "$this has no site of this name; see server_name in the ClientHello"],
  113: ["bad_certificate_status_response", "$this does not accept the OCSP answer for the certificate"],
  114: ["bad_certificate_hash_value", "the certificate that was fetched is another one"],
  115: ["unknown_psk_identity", "$this does not know the pre-shared key"],
  116: ["certificate_required", "$this asks for a client certificate, and none was sent"],
  120: ["no_application_protocol", "$this speaks none of the protocols that $other offers by ALPN"],
  121: ["ech_required", "$this asks for an encrypted ClientHello"],
};

/** "unknown_ca", as the specification names it. */
export function alertName({ description }: Alert): string {
  return ALERTS[description]?.[0] ?? `alert ${description}`;
}

/** What it usually means and what to do; "" where nothing is known. `by` is null where it is not known who sent it. */
export function alertMeaning({ description }: Alert, by: Side | null): string {
  return (ALERTS[description]?.[1] ?? "")
    .replaceAll("$this", by === null ? "this side" : `the ${by}`)
    .replaceAll("$other", by === null ? "the other side" : by === "client" ? "the target" : "the client");
}

/** "fatal". */
export function levelName({ level }: Alert): string {
  return level === 2 ? "fatal" : level === 1 ? "warning" : `level ${level}`;
}

/** True when it ends the connection for a reason. */
export function isFatal({ level, description }: Alert): boolean {
  return level === 2 && description !== 0;
}

/** A fatal alert as a fault: "Alert unknown_ca from the client: the client does not trust …". */
export function alertFault(alert: Alert, by: Side): string {
  const meaning = alertMeaning(alert, by);
  return `Alert ${alertName(alert)} from the ${by}${meaning === "" ? "" : `: ${meaning}`}`;
}
