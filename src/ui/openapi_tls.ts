// The schemas about TLS: what was agreed on, and certificates.

import { count, list, object, oneOf, orNull, refTo, says, type Schema, text, time } from "./schema_parts.ts";

/** Schemas about TLS, by name. */
export const TLS_SCHEMAS = {
  TlsFacts: object({
    at: says(time, "When it was agreed on. ISO 8601, UTC."),
    upstreamFrom: says(count, "Bytes from the client that had come before, in the clear."),
    downstreamFrom: says(
      count,
      "Bytes to the client that had come before, in the clear: from the target, or from tcpmon in answer to CONNECT.",
    ),
    version: says(text, 'As agreed on: "TLSv1.3".'),
    cipher: says(orNull(text), "Null where the runtime does not tell."),
    alpn: says(orNull(text), "The protocol that both agreed on (RFC 7301)."),
    serverName: says(orNull(text), "The name that the TLS client asked for (SNI)."),
    peer: says(list(refTo("CertificateFacts")), "What the peer showed, its own first; empty where nothing."),
    trust: says(
      oneOf("system", "system-and-file", "nothing", "own-ca", "files"),
      'What the target\'s chain was checked against ("nothing": any certificate was accepted), or what a client was ' +
        'shown ("own-ca": a certificate of tcpmon\'s authority; "files": those of the listener).',
    ),
    untrusted: says(
      orNull(text),
      "Where any certificate was accepted: what is wrong with this one, in words.",
    ),
  }),
  OwnAuthority: object({
    authority: says(
      orNull(refTo("AuthorityFacts")),
      "null: it is not there yet; it is made when it is needed first.",
    ),
    ways: says(list(refTo("TrustWay")), "Empty while it is not there."),
  }),
  AuthorityFacts: object({
    name: says(text, "What it is called in trust stores."),
    fingerprint: says(
      text,
      "SHA-256 of its certificate's DER, in upper-case hexadecimal, pairs parted by colons.",
    ),
    sha1: says(text, "SHA-1 of the same."),
    notBefore: time,
    notAfter: time,
    file: says(text, "The file of its certificate, in PEM. Its key is told nobody."),
    only: says(
      orNull(list(text)),
      "The names and networks that it may issue certificates for, besides this machine's own; null: any.",
    ),
  }),
  TrustWay: says(
    object({
      id: text,
      title: says(text, "The programs that it is for, or where they keep what they trust."),
      note: says(orNull(text), "What is to be known before."),
      trust: says(list(text), "Command lines, in order."),
      stop: says(list(text), "Command lines that end it."),
    }),
    "How one kind of program comes to trust the authority, and how it stops.",
  ),
  CertificateFacts: object({
    subject: text,
    issuer: text,
    names: says(list(text), "The names and addresses that it is for."),
    notBefore: time,
    notAfter: time,
    publicKey: says(orNull(text), '"RSA 2048", "EC P-256".'),
    fingerprint: says(text, "SHA-256 of its DER, in hexadecimal."),
  }),
} as const satisfies Record<string, Schema>;
