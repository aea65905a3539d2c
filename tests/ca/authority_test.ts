// The authority and what it issues, by openssl's judgement (`verify -x509_strict`) and that of node:crypto.

import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { Authority, makeServerKey } from "../../src/ca/authority.ts";
import {
  authorityExtensions,
  distinguishedName,
  issueCertificate,
  readAuthority,
  serverExtensions,
} from "../../src/ca/certificate.ts";
import { pem, pemBlocks } from "../../src/ca/pem.ts";
import { serverName } from "../../src/ca/server_name.ts";
import { openssl } from "../needs.ts";

const NOW = Date.now();
const DAY_MS = 86_400_000;
const KEY = makeServerKey();

/** What `openssl verify` says of a certificate for a client that asks for `name` and trusts the authority alone. */
async function verdict(authority: string, certificate: string, ...options: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const [ca, cert] = [`${folder}/ca`, `${folder}/cert`];
    await Deno.writeTextFile(ca, authority);
    await Deno.writeTextFile(cert, certificate);
    const trusting = ["-x509_strict", "-check_ss_sig", "-no-CApath", "-CAfile", ca];
    const { stdout, stderr } = await new Deno.Command(openssl!, {
      args: ["verify", ...trusting, ...options, cert],
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What somebody would have who could read the file that it is kept in. */
function privateKey(authority: Authority) {
  return createPrivateKey(pemBlocks(authority.toPem())[0].text);
}

function checking(name: string): string[] {
  return ["-purpose", "sslserver", serverName(name)?.kind === "ip" ? "-verify_ip" : "-verify_hostname", name];
}

Deno.test({
  name:
    "Authority issues certificates that openssl accepts when strict, for the name, more names and this machine",
  ignore: openssl === null,
  async fn() {
    for (const only of [[], ["example.org", "10.0.0.0/8", "2001:db8::/32"]]) {
      const authority = Authority.create("ann@laptop", NOW, only);
      const { certificate } = authority.parts;
      assert.match(await verdict(certificate, certificate), /: OK/);
      const cert = authority.issue("Api.example.org", ["10.1.2.3", "2001:db8::7"], KEY, NOW);
      for (const name of ["api.example.org", "10.1.2.3", "2001:db8::7", "localhost", "127.0.0.1", "::1"]) {
        assert.match(await verdict(certificate, cert, ...checking(name)), /: OK/, `${name} of ${only}`);
      }
      assert.match(await verdict(certificate, cert, ...checking("www.example.org")), /hostname mismatch/i);
      assert.match(await verdict(certificate, cert, "-purpose", "sslclient"), /purpose/);
      assert.match(await verdict(certificate, cert, "-purpose", "smimesign"), /purpose/);
    }
  },
});

Deno.test({
  name: "a limit stands in the authority's certificate, so that clients hold it to that as well",
  ignore: openssl === null,
  async fn() {
    const authority = Authority.create("ann@laptop", NOW, ["example.org"]);
    const { subject, publicKey } = readAuthority(authority.parts.der);
    // What a thief of the key would issue: nothing of tcpmon is asked.
    const forged = (names: string[]) =>
      pem(
        "CERTIFICATE",
        issueCertificate({
          ...{ issuer: subject, subject: distinguishedName("tcpmon", names[0]), publicKey: KEY.publicKey },
          ...{ notBefore: NOW - DAY_MS, notAfter: NOW + DAY_MS },
          extensions: serverExtensions(KEY.publicKey, publicKey, names.map((name) => serverName(name)!)),
        }, privateKey(authority)),
      );
    const { certificate } = authority.parts;
    assert.match(await verdict(certificate, forged(["shop.example.org"])), /: OK/);
    assert.match(await verdict(certificate, forged(["shop.example.com"])), /permitted subtree violation/);
    assert.match(await verdict(certificate, forged(["192.0.2.1"])), /permitted subtree violation/);
  },
});

Deno.test({
  name: "nothing can be an authority below it",
  ignore: openssl === null,
  async fn() {
    const authority = Authority.create("ann@laptop", NOW);
    const { subject } = readAuthority(authority.parts.der);
    const below = makeServerKey();
    const dates = { notBefore: NOW - DAY_MS, notAfter: NOW + DAY_MS };
    const name = distinguishedName("below", "below");
    const middle = issueCertificate({
      ...{ issuer: subject, subject: name, publicKey: below.publicKey, ...dates },
      extensions: authorityExtensions(below.publicKey, null),
    }, privateKey(authority));
    const leaf = issueCertificate({
      ...{ issuer: name, subject: distinguishedName("x", "shop.test"), publicKey: KEY.publicKey, ...dates },
      extensions: serverExtensions(KEY.publicKey, below.publicKey, [serverName("shop.test")!]),
    }, createPrivateKey(below.pem));
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, pem("CERTIFICATE", middle));
      const said = await verdict(authority.parts.certificate, pem("CERTIFICATE", leaf), "-untrusted", file);
      assert.match(said, /path length constraint exceeded/);
    } finally {
      await Deno.remove(file);
    }
  },
});

Deno.test("Authority issues for at most 397 days, from the day before, and not beyond its own end", () => {
  const authority = Authority.create("ann@laptop", NOW);
  const days = (text: string) => (Date.parse(text) - NOW) / DAY_MS;
  const early = new X509Certificate(authority.issue("a.test", [], KEY, NOW));
  assert.ok(Math.abs(days(early.validFrom) + 1) < 0.01);
  assert.ok(days(early.validTo) - days(early.validFrom) <= 397);
  assert.ok(days(early.validTo) > 300);
  const late = new X509Certificate(authority.issue("a.test", [], KEY, authority.parts.notAfter - 2 * DAY_MS));
  assert.equal(Date.parse(late.validTo), authority.parts.notAfter);
  assert.ok((authority.parts.notAfter - NOW) / DAY_MS <= 3653, "an authority for ten years at most");
});

Deno.test("Authority gives every certificate a serial number of its own, of 128 bits, and one key", () => {
  const authority = Authority.create("ann@laptop", NOW);
  const made = Array.from({ length: 50 }, () => new X509Certificate(authority.issue("a.test", [], KEY, NOW)));
  assert.equal(new Set(made.map(({ serialNumber }) => serialNumber)).size, 50);
  for (const { serialNumber } of made) assert.match(serialNumber, /^[4-7][0-9A-F]{31}$/);
});

Deno.test("Authority leaves out names that no certificate can have, and never fails for them", () => {
  const authority = Authority.create("ann@laptop", NOW);
  for (const odd of ["", "foo bar", "*.example.org", "a".repeat(300), "\0", "ü".repeat(500), "🙂.\ud800"]) {
    const { subjectAltName } = new X509Certificate(authority.issue(odd, [odd], KEY, NOW));
    assert.match(subjectAltName ?? "", /^DNS:localhost, IP Address:127\.0\.0\.1, IP Address:[0:]*1$/, odd);
  }
  const long = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.example`;
  const named = new X509Certificate(authority.issue(long, [], KEY, NOW));
  assert.match(named.subjectAltName ?? "", new RegExp(`^DNS:${long},`));
  assert.doesNotMatch(named.subject, /aaa/, "a common name has 64 characters at most");
  const idn = new X509Certificate(authority.issue("bücher.example", ["BÜCHER.example"], KEY, NOW));
  assert.match(idn.subjectAltName ?? "", /^DNS:xn--bcher-kva\.example, DNS:localhost/);
});

Deno.test("Authority refuses names that it is not for, in words, and leaves them out of the others", () => {
  const authority = Authority.create("ann@laptop", NOW, ["example.org", "10.0.0.0/8"]);
  assert.deepEqual(authority.parts.only, ["example.org", "10.0.0.0/8"]);
  for (const name of ["shop.example.com", "192.0.2.1"]) {
    assert.throws(() => authority.issue(name, [], KEY, NOW), (error: Error) => {
      assert.match(error.message, /^Cannot issue a certificate for (shop\.example\.com|192\.0\.2\.1): /);
      assert.match(
        error.message,
        /made for example\.org, 10\.0\.0\.0\/8 only.*--passthrough.*tcpmon ca create/,
      );
      return true;
    });
  }
  const { subjectAltName } = new X509Certificate(
    authority.issue("a.example.org", ["shop.test", "10.1.1.1"], KEY, NOW),
  );
  assert.match(subjectAltName ?? "", /^DNS:a\.example\.org, IP Address:10\.1\.1\.1, DNS:localhost/);
});

Deno.test("Authority is read back as it was, and its name says whose it is and since when", () => {
  for (const only of [[], ["example.org", "2001:db8::/33", "192.0.2.7"]]) {
    const authority = Authority.create("ann@laptop", Date.UTC(2026, 10, 27, 14, 3, 9), only);
    assert.deepEqual(Authority.fromPem(authority.toPem()).parts, authority.parts);
    assert.equal(authority.parts.name, "tcpmon CA ann@laptop 2026-11-27 14.03");
    assert.equal(
      authority.parts.fingerprint,
      new X509Certificate(authority.parts.certificate).fingerprint256,
    );
    assert.equal(authority.parts.sha1, new X509Certificate(authority.parts.certificate).fingerprint);
    assert.doesNotMatch(JSON.stringify(authority.parts), /PRIVATE/);
  }
  const odd = Authority.create(`Zoë "'\n$(x)@${"h".repeat(100)}`, NOW).parts.name;
  assert.match(odd, /^tcpmon CA Zoë-x-@h+ [\d-]+ [\d.]+$/);
  assert.equal([...odd].length, 64);
});

Deno.test("Authority.fromPem says what is wrong, and nothing of what it read", () => {
  const [one, other] = [Authority.create("a@b", NOW), Authority.create("a@b", NOW)];
  const key = one.toPem().split("-----BEGIN CERT")[0];
  const cases: [text: string, reason: RegExp][] = [
    ["", /does not hold a certificate and a private key/],
    [one.parts.certificate, /does not hold/],
    [key, /does not hold/],
    [key + other.parts.certificate, /its key does not belong to its certificate/],
    [key.replaceAll("M", "N") + one.parts.certificate, /cannot be read/],
    [key + pem("CERTIFICATE", Uint8Array.of(0x30, 0x03, 1, 2, 3)), /cannot be read/],
  ];
  for (const [text, reason] of cases) {
    assert.throws(() => Authority.fromPem(text), (error: Error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, reason);
      assert.doesNotMatch(error.message, /MIGH|BEGIN/);
      return true;
    });
  }
});
