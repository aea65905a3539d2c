// An independent judge: what `openssl x509` says of the same certificates.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Certificate, readCertificate } from "../../../src/decode/tls/certificate.ts";
import { certificateFaults } from "../../../src/decode/tls/certificate_faults.ts";
import { DecodeError } from "../../../src/decode/tls/cursor.ts";
import { makeCertificates } from "../../certificates.ts";
import { openssl } from "../../needs.ts";
import { dice, octets, seed } from "../transcript.ts";
import { handshake, vector } from "./records.ts";

async function run(args: readonly string[], input = ""): Promise<string> {
  const child = new Deno.Command(openssl!, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr, success } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function derOf(pem: string): Uint8Array {
  const body = /-----BEGIN CERTIFICATE-----([^-]*)/.exec(pem)![1];
  return new Uint8Array(Buffer.from(body.replaceAll(/\s/g, ""), "base64"));
}

/** What openssl says, in the words of readCertificate. */
async function judged(pem: string): Promise<Partial<Certificate>> {
  const text = await run(
    [
      "x509",
      "-noout",
      "-subject",
      "-issuer",
      "-serial",
      "-dates",
      "-fingerprint",
      "-sha256",
      "-ext",
      "subjectAltName",
      "-nameopt",
      "sep_comma_plus_space,utf8,sname",
    ],
    pem,
  );
  const of = (name: string) => new RegExp(`^${name}=\\s*(.*)$`, "mi").exec(text)?.[1] ?? "";
  const names = /Alternative Name:[^\n]*\n\s*(.*)/.exec(text)?.[1] ?? "";
  return {
    subject: of("subject"),
    issuer: of("issuer"),
    serial: of("serial").toLowerCase(),
    validFrom: Date.parse(of("notBefore")),
    validTo: Date.parse(of("notAfter")),
    fingerprint: of("sha256 Fingerprint").replaceAll(":", "").toLowerCase(),
    names: names === ""
      ? []
      : names.split(", ").map((name) =>
        name.replace("DNS:", "").replace("IP Address:0:0:0:0:0:0:0:1", "IP ::1").replace("IP Address:", "IP ")
      ),
  };
}

Deno.test({
  name: "readCertificate reads what openssl reads: RSA and ECDSA, authorities, dates, names",
  ignore: openssl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const special = `${made.folder}/special.crt`;
    await run([
      ...["req", "-x509", "-nodes", "-newkey", "ed25519", "-days", "9000", "-utf8", "-multivalue-rdn"],
      ...["-keyout", `${made.folder}/special.key`, "-out", special],
      ...["-subj", "/C=CH/O=Exämple AG/OU=Ünit/emailAddress=ann@example.org/CN=Ann"],
      ...[
        "-addext",
        "subjectAltName=DNS:a.test,IP:10.1.2.3,IP:2001:db8::1,email:ann@example.org,URI:https://a.test/",
      ],
    ]);
    for (const { cert } of [made.root, made.rsa, made.ecdsa, made.expired, made.notYetValid, made.client]) {
      const read = readCertificate(derOf(cert));
      assert.deepEqual({ ...read, ...await judged(cert) }, read);
    }
    assert.equal(readCertificate(derOf(made.rsa.cert)).key, "RSA, 2048 bits");
    assert.equal(readCertificate(derOf(made.ecdsa.cert)).key, "EC, secp256r1");
    assert.deepEqual(
      [made.root, made.intermediate, made.rsa].map(({ cert }) => {
        const { isCa, isSelfIssued } = readCertificate(derOf(cert));
        return [isCa, isSelfIssued];
      }),
      [[true, true], [true, false], [false, false]],
    );
    const ann = readCertificate(derOf(await Deno.readTextFile(special)));
    assert.equal(ann.subject, "C=CH, O=Exämple AG, OU=Ünit, emailAddress=ann@example.org, CN=Ann");
    assert.equal(ann.commonName, "Ann");
    assert.deepEqual(ann.names, [
      "a.test",
      "IP 10.1.2.3",
      "IP 2001:db8::1",
      "mail ann@example.org",
      "https://a.test/",
    ]);
    assert.equal(ann.key, "Ed25519");
  },
});

Deno.test({
  name: "readCertificate throws nothing but DecodeError for spoilt bytes",
  ignore: openssl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const good = derOf(made.rsa.cert);
    const roll = dice(seed);
    for (let round = 0; round < 2000; round++) {
      const bytes = good.slice(0, roll(3) === 0 ? roll(good.length) : good.length);
      for (let i = roll(4); i >= 0 && bytes.length > 0; i--) bytes[roll(bytes.length)] = roll(256);
      try {
        readCertificate(bytes);
      } catch (error) {
        assert.ok(error instanceof DecodeError, `${error}, TCPMON_SEED=${seed}`);
        assert.ok(error.offset <= bytes.length);
      }
    }
  },
});

Deno.test({
  name: "certificateFaults tells what a client would not accept: dates and names",
  ignore: openssl === null,
  fn: async () => {
    await using made = await makeCertificates();
    // What a test makes is valid from the second in which it is made, which is to come.
    const now = Date.now() + 3_600_000;
    const faults = (cert: string, name: string | null) => {
      const der = String.fromCharCode(...derOf(cert));
      const message = octets(handshake(11, vector(vector(der, 3), 3)));
      return certificateFaults(message, name, now).map(({ at, text }) => `${at} ${text}`);
    };
    assert.deepEqual(faults(made.rsa.cert, "shop.test"), []);
    assert.deepEqual(faults(made.rsa.cert, "a.example.test"), []);
    assert.deepEqual(faults(made.rsa.cert, "Shop.TEST."), []);
    assert.deepEqual(faults(made.rsa.cert, null), []);
    assert.deepEqual(faults(made.rsa.cert, "a.b.example.test"), [
      "10 The target's certificate is for localhost, shop.test, *.example.test, …, not for a.b.example.test",
    ]);
    assert.deepEqual(faults(made.expired.cert, "localhost"), [
      "10 The target's certificate expired on 2020-02-01",
    ]);
    assert.deepEqual(faults(made.notYetValid.cert, "localhost"), [
      "10 The target's certificate is not valid before 2040-01-01",
    ]);
    assert.deepEqual(
      certificateFaults(octets(handshake(11, vector(vector("no DER", 3), 3))), null, now).length,
      1,
    );
  },
});
