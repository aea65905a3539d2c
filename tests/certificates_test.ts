import assert from "node:assert/strict";
import { type Made, makeCertificates } from "./certificates.ts";
import { openssl } from "./needs.ts";

Deno.test({
  name: "the test certificates are what they say, by openssl's judgement",
  ignore: openssl === null,
  async fn() {
    await using made = await makeCertificates();
    const more = await made.server("one.test", "10.0.0.7");
    const trusting = ["-CAfile", made.root.certFile, "-x509_strict"];
    const cases: [made: Made, options: string[], verdict: RegExp][] = [
      [made.ecdsa, ["-verify_hostname", "a.example.test", "-untrusted", made.ecdsa.certFile], /: OK/],
      [made.rsa, ["-verify_ip", "::1", "-untrusted", made.rsa.certFile], /: OK/],
      [more, ["-verify_ip", "10.0.0.7"], /: OK/],
      [made.incomplete, [], /unable to get local issuer certificate/],
      [made.expired, [], /certificate has expired/],
      [made.notYetValid, [], /not yet valid/],
      [made.wrongName, ["-verify_hostname", "localhost"], /hostname mismatch/i],
      [made.selfSigned, [], /self-signed certificate/],
      [made.selfSignedLeaf, [], /self-signed certificate/],
      [made.untrusted, [], /unable to get local issuer certificate/],
      [made.client, ["-purpose", "sslclient"], /: OK/],
      [made.client, ["-purpose", "sslserver"], /unsuitable certificate purpose|unsupported/],
      [made.otherClient, [], /unable to get local issuer certificate/],
    ];
    for (const [{ certFile }, options, verdict] of cases) {
      assert.match(await said("verify", ...trusting, ...options, certFile), verdict, certFile);
    }
    assert.match(await said("x509", "-noout", "-text", "-in", made.rsa.certFile), /rsaEncryption/);
    assert.match(await said("x509", "-noout", "-text", "-in", made.selfSigned.certFile), /CA:TRUE/);
    assert.equal(made.ecdsa.cert.match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.match(await Deno.readTextFile(made.encryptedKey), /ENCRYPTED PRIVATE KEY/);
  },
});

async function said(...args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(openssl!, { args, stdin: "null" }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}
