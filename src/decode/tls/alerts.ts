// Alerts in words (RFC 8446, 6; RFC 5246, 7.2): who sends one ends the connection, and says why in two bytes. What it
// usually means, and what to do, is what those who meet it say; it stands apart from the name that was on the wire.

/** An alert. */
export interface Alert {
  /** 1 is a warning, 2 is fatal. */
  readonly level: number;
  readonly description: number;
}

type Words = readonly [name: string, means?: string];

const ALERTS: Readonly<Record<number, Words>> = {
  0: ["close_notify", "nothing more will be sent"],
  1: ["end_of_early_data"],
  10: [
    "unexpected_message",
    "the other side sent something that does not belong here; perhaps it speaks no TLS",
  ],
  20: ["bad_record_mac", "a record was changed on its way, or the keys differ"],
  21: ["decryption_failed"],
  22: ["record_overflow", "a record is too long; perhaps the other side speaks no TLS"],
  30: ["decompression_failure"],
  40: [
    "handshake_failure",
    "nothing that both can do: no common cipher suite, group or signature, or a client certificate is missing",
  ],
  41: ["no_certificate"],
  42: ["bad_certificate", "the certificate is damaged, or its signature is wrong"],
  43: ["unsupported_certificate", "the certificate is of a kind that cannot be used here"],
  44: ["certificate_revoked", "the certificate was revoked: its owner must get another one"],
  45: ["certificate_expired", "the certificate is out of date, or a clock is wrong"],
  46: [
    "certificate_unknown",
    "the certificate is not accepted; most often it is not trusted, or the name is another",
  ],
  47: ["illegal_parameter", "a field of the handshake is out of range or does not fit the others"],
  48: ["unknown_ca", "the certificate is not trusted: its issuer must be added to what this side trusts"],
  49: ["access_denied", "the certificate is valid, and its owner may not come in"],
  50: ["decode_error", "a message could not be read: a length in it is wrong"],
  51: ["decrypt_error", "a signature or a Finished message could not be verified"],
  60: ["export_restriction"],
  70: ["protocol_version", "this side does not speak the version that was offered"],
  71: ["insufficient_security", "the cipher suites that were offered are too weak for this side"],
  80: ["internal_error", "something failed on this side that is not the other's doing; look into its log"],
  86: [
    "inappropriate_fallback",
    "the client tried again with a lower version than it can, which an attacker may cause",
  ],
  90: ["user_canceled", "the handshake was called off"],
  100: ["no_renegotiation", "this side does not negotiate again"],
  109: ["missing_extension", "an extension that must be there is not"],
  110: ["unsupported_extension", "the answer has an extension that was not asked for"],
  111: ["certificate_unobtainable"],
  112: ["unrecognized_name", "the server has no site of this name: look at server_name in the ClientHello"],
  113: ["bad_certificate_status_response", "the OCSP answer for the certificate is not valid"],
  114: ["bad_certificate_hash_value"],
  115: ["unknown_psk_identity", "the server does not know this pre-shared key"],
  116: ["certificate_required", "the server asks for a client certificate, and none was sent"],
  120: [
    "no_application_protocol",
    "the server speaks none of the protocols that the client offers by ALPN",
  ],
  121: ["ech_required", "the server asks for an encrypted ClientHello"],
};

/** "unknown_ca", as the specification names it. */
export function alertName({ description }: Alert): string {
  return ALERTS[description]?.[0] ?? `alert ${description}`;
}

/** What it usually means and what to do; "" where nothing is known. */
export function alertMeaning({ description }: Alert): string {
  return ALERTS[description]?.[1] ?? "";
}

/** "fatal". */
export function levelName({ level }: Alert): string {
  return level === 2 ? "fatal" : level === 1 ? "warning" : `level ${level}`;
}

/** True when it ends the connection for a reason. */
export function isFatal({ level, description }: Alert): boolean {
  return level === 2 && description !== 0;
}

/** About the certificate of the other side. */
export function isAboutCertificate({ description }: Alert): boolean {
  return description >= 42 && description <= 48 && description !== 47;
}
