// What is known of TLS on a leg, and certificates, made up for tests of the API and the page.

import type { AuthorityFacts, CertificateFacts, TlsFacts } from "../../src/model.ts";
import { trustWays } from "../../src/trust_lines.ts";
import type { OwnAuthority } from "../../src/ui/types.ts";

/** A certificate that is right in every member. */
export function aCertificate(changes: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: "CN=shop.example.org",
    issuer: "CN=Example Issuing CA 2, O=Example",
    names: ["shop.example.org", "*.shop.example.org"],
    notBefore: "2026-01-02T00:00:00.000Z",
    notAfter: "2026-05-02T23:59:59.000Z",
    publicKey: "EC P-256",
    fingerprint: "3b4f0c9a1d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8",
    ...changes,
  };
}

/** The authorities above it: the one that issued it, and the root. */
export const ABOVE: readonly CertificateFacts[] = [
  aCertificate({
    subject: "CN=Example Issuing CA 2, O=Example",
    issuer: "CN=Example Root, O=Example",
    names: [],
    notBefore: "2021-03-01T00:00:00.000Z",
    notAfter: "2031-03-01T00:00:00.000Z",
    publicKey: "RSA 2048",
    fingerprint: "a1".repeat(32),
  }),
];

/** The target's leg, as it was agreed on. */
export function someTls(changes: Partial<TlsFacts> = {}): TlsFacts {
  return {
    at: "2026-03-04T05:06:07.901Z",
    upstreamFrom: 0,
    downstreamFrom: 0,
    version: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    alpn: "http/1.1",
    serverName: "shop.example.org",
    peer: [aCertificate(), ...ABOVE],
    trust: "system",
    untrusted: null,
    ...changes,
  };
}

/** tcpmon's authority, and how it is trusted. */
export function someAuthority(changes: Partial<AuthorityFacts> = {}): OwnAuthority {
  const authority: AuthorityFacts = {
    name: "tcpmon CA ann@laptop 2026-03-01 14.03",
    fingerprint: Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16).toUpperCase()).join(":"),
    sha1: Array.from({ length: 20 }, (_, i) => (i * 11 + 16).toString(16).toUpperCase()).join(":"),
    notBefore: "2026-03-01T14:03:00.000Z",
    notAfter: "2036-02-28T14:03:00.000Z",
    file: "/home/ann/.local/share/tcpmon/tcpmon-ca.crt",
    only: null,
    ...changes,
  };
  return { authority, ways: trustWays(authority, "linux") };
}
