// The names that TLS gives to its numbers, as IANA registers them: versions, records, handshake messages, extensions,
// groups, signature schemes and the rest. Cipher suites and alerts have files of their own.

import { cipherSuiteName } from "./cipher_suites.ts";
import { hexNumber } from "./cursor.ts";

const VERSIONS: Readonly<Record<number, string>> = {
  0x0002: "SSL 2.0",
  0x0300: "SSL 3.0",
  0x0301: "TLS 1.0",
  0x0302: "TLS 1.1",
  0x0303: "TLS 1.2",
  0x0304: "TLS 1.3",
  0x0101: "TLCP 1.1",
};

/** "TLS 1.3"; drafts and what is unknown by their numbers. */
export function versionName(version: number): string {
  if (isGrease(version)) return greaseName(version);
  const draft = version >> 8 === 0x7f ? `TLS 1.3 draft ${version & 0xff}` : null;
  return VERSIONS[version] ?? draft ?? `version ${hexNumber(version)}`;
}

/** True for a number that says nothing: a client sends some so that servers learn to ignore what they do not know (RFC 8701). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

function greaseName(value: number): string {
  return `GREASE ${hexNumber(value)}`;
}

/** The types of records (RFC 8446, 5.1; RFC 6520). */
export const RECORD = { cipherChange: 20, alert: 21, handshake: 22, data: 23, heartbeat: 24 } as const;

const RECORDS: Readonly<Record<number, string>> = {
  20: "change_cipher_spec",
  21: "alert",
  22: "handshake",
  23: "application_data",
  24: "heartbeat",
};

/** "handshake". */
export function recordName(type: number): string {
  return RECORDS[type] ?? `record type ${type}`;
}

/** The handshake messages that are read (RFC 8446, 4; RFC 5246, 7.4). */
export const HANDSHAKE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  sessionTicket: 4,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
} as const;

const HANDSHAKES: Readonly<Record<number, string>> = {
  0: "HelloRequest",
  1: "ClientHello",
  2: "ServerHello",
  3: "HelloVerifyRequest",
  4: "NewSessionTicket",
  5: "EndOfEarlyData",
  6: "HelloRetryRequest",
  8: "EncryptedExtensions",
  11: "Certificate",
  12: "ServerKeyExchange",
  13: "CertificateRequest",
  14: "ServerHelloDone",
  15: "CertificateVerify",
  16: "ClientKeyExchange",
  20: "Finished",
  21: "CertificateURL",
  22: "CertificateStatus",
  23: "SupplementalData",
  24: "KeyUpdate",
  25: "CompressedCertificate",
  67: "NextProtocol",
  254: "MessageHash",
};

/** "ClientHello". */
export function handshakeName(type: number): string {
  return HANDSHAKES[type] ?? `handshake message ${type}`;
}

/** The extensions that are read. */
export const EXTENSION = {
  serverName: 0,
  maxFragmentLength: 1,
  statusRequest: 5,
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  alpn: 16,
  padding: 21,
  compressCertificate: 27,
  recordSizeLimit: 28,
  ticket: 35,
  preSharedKey: 41,
  earlyData: 42,
  versions: 43,
  cookie: 44,
  pskModes: 45,
  signaturesOfCertificates: 50,
  keyShare: 51,
  alps: 17513,
  alpsNew: 17613,
  ech: 65037,
  renegotiation: 65281,
} as const;

const EXTENSIONS: Readonly<Record<number, string>> = {
  0: "server_name",
  1: "max_fragment_length",
  2: "client_certificate_url",
  3: "trusted_ca_keys",
  4: "truncated_hmac",
  5: "status_request",
  6: "user_mapping",
  7: "client_authz",
  8: "server_authz",
  9: "cert_type",
  10: "supported_groups",
  11: "ec_point_formats",
  12: "srp",
  13: "signature_algorithms",
  14: "use_srtp",
  15: "heartbeat",
  16: "application_layer_protocol_negotiation",
  17: "status_request_v2",
  18: "signed_certificate_timestamp",
  19: "client_certificate_type",
  20: "server_certificate_type",
  21: "padding",
  22: "encrypt_then_mac",
  23: "extended_master_secret",
  24: "token_binding",
  25: "cached_info",
  26: "tls_lts",
  27: "compress_certificate",
  28: "record_size_limit",
  29: "pwd_protect",
  30: "pwd_clear",
  31: "password_salt",
  32: "ticket_pinning",
  33: "tls_cert_with_extern_psk",
  34: "delegated_credential",
  35: "session_ticket",
  41: "pre_shared_key",
  42: "early_data",
  43: "supported_versions",
  44: "cookie",
  45: "psk_key_exchange_modes",
  47: "certificate_authorities",
  48: "oid_filters",
  49: "post_handshake_auth",
  50: "signature_algorithms_cert",
  51: "key_share",
  52: "transparency_info",
  54: "connection_id",
  55: "external_id_hash",
  56: "external_session_id",
  57: "quic_transport_parameters",
  58: "ticket_request",
  59: "dnssec_chain",
  13172: "next_protocol_negotiation",
  17513: "application_settings",
  17613: "application_settings",
  30031: "channel_id_old",
  30032: "channel_id",
  64768: "ech_outer_extensions",
  65037: "encrypted_client_hello",
  65281: "renegotiation_info",
  65486: "encrypted_server_name",
};

/** "server_name". */
export function extensionName(type: number): string {
  return EXTENSIONS[type] ?? (isGrease(type) ? greaseName(type) : `extension ${hexNumber(type)}`);
}

const GROUPS: Readonly<Record<number, string>> = {
  1: "sect163k1",
  2: "sect163r1",
  3: "sect163r2",
  4: "sect193r1",
  5: "sect193r2",
  6: "sect233k1",
  7: "sect233r1",
  8: "sect239k1",
  9: "sect283k1",
  10: "sect283r1",
  11: "sect409k1",
  12: "sect409r1",
  13: "sect571k1",
  14: "sect571r1",
  15: "secp160k1",
  16: "secp160r1",
  17: "secp160r2",
  18: "secp192k1",
  19: "secp192r1",
  20: "secp224k1",
  21: "secp224r1",
  22: "secp256k1",
  23: "secp256r1",
  24: "secp384r1",
  25: "secp521r1",
  26: "brainpoolP256r1",
  27: "brainpoolP384r1",
  28: "brainpoolP512r1",
  29: "x25519",
  30: "x448",
  31: "brainpoolP256r1tls13",
  32: "brainpoolP384r1tls13",
  33: "brainpoolP512r1tls13",
  41: "curveSM2",
  256: "ffdhe2048",
  257: "ffdhe3072",
  258: "ffdhe4096",
  259: "ffdhe6144",
  260: "ffdhe8192",
  512: "MLKEM512",
  513: "MLKEM768",
  514: "MLKEM1024",
  4587: "SecP256r1MLKEM768",
  4588: "X25519MLKEM768",
  4589: "SecP384r1MLKEM1024",
  25497: "X25519Kyber768Draft00",
  25498: "SecP256r1Kyber768Draft00",
};

/** "x25519". */
export function groupName(group: number): string {
  return GROUPS[group] ?? (isGrease(group) ? greaseName(group) : `group ${hexNumber(group)}`);
}

const SCHEMES: Readonly<Record<number, string>> = {
  0x0201: "rsa_pkcs1_sha1",
  0x0203: "ecdsa_sha1",
  0x0401: "rsa_pkcs1_sha256",
  0x0403: "ecdsa_secp256r1_sha256",
  0x0420: "rsa_pkcs1_sha256_legacy",
  0x0501: "rsa_pkcs1_sha384",
  0x0503: "ecdsa_secp384r1_sha384",
  0x0520: "rsa_pkcs1_sha384_legacy",
  0x0601: "rsa_pkcs1_sha512",
  0x0603: "ecdsa_secp521r1_sha512",
  0x0620: "rsa_pkcs1_sha512_legacy",
  0x0708: "sm2sig_sm3",
  0x0804: "rsa_pss_rsae_sha256",
  0x0805: "rsa_pss_rsae_sha384",
  0x0806: "rsa_pss_rsae_sha512",
  0x0807: "ed25519",
  0x0808: "ed448",
  0x0809: "rsa_pss_pss_sha256",
  0x080a: "rsa_pss_pss_sha384",
  0x080b: "rsa_pss_pss_sha512",
  0x081a: "ecdsa_brainpoolP256r1tls13_sha256",
  0x081b: "ecdsa_brainpoolP384r1tls13_sha384",
  0x081c: "ecdsa_brainpoolP512r1tls13_sha512",
  0x0904: "mldsa44",
  0x0905: "mldsa65",
  0x0906: "mldsa87",
};

/** What two bytes were before TLS 1.3: a hash, and an algorithm to sign it with (RFC 5246, 7.4.1.4.1). */
const HASHES = ["none", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"];
const SIGNERS = ["anonymous", "rsa", "dsa", "ecdsa"];

/** "ecdsa_secp256r1_sha256". */
export function schemeName(scheme: number): string {
  const [hash, signer] = [HASHES[scheme >> 8], SIGNERS[scheme & 0xff]];
  return SCHEMES[scheme] ?? (isGrease(scheme) ? greaseName(scheme) : null) ??
    (hash && signer ? `${signer}_${hash}` : `scheme ${hexNumber(scheme)}`);
}

/** "TLS_AES_128_GCM_SHA256". */
export function suiteName(suite: number): string {
  return cipherSuiteName(suite) ?? (isGrease(suite) ? greaseName(suite) : `suite ${hexNumber(suite)}`);
}
