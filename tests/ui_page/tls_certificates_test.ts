// Certificates in words.

import assert from "node:assert/strict";
import {
  agedText,
  dateText,
  fingerprintText,
  shortName,
  validityAt,
  versionText,
} from "../../src/ui/page/tls/certificates.ts";
import { aCertificate } from "../ui/tls_facts.ts";

Deno.test("shortName takes the common name, else the first name, else the subject", () => {
  const cases: [subject: string, names: string[], name: string][] = [
    ["CN=shop.example.org", [], "shop.example.org"],
    ["C=DE, O=Example, CN=Example Root", [], "Example Root"],
    ["C=DE\nO=Example\nCN=Example Root\nL=Bonn", [], "Example Root"],
    ["O=Acme\\, Inc., CN=Acme\\, Inc. Root", [], "Acme, Inc. Root"],
    ["O=XCN=not", ["a.example"], "a.example"],
    ["O=Example", [], "O=Example"],
    ["", ["10.0.0.1"], "10.0.0.1"],
  ];
  for (const [subject, names, name] of cases) assert.equal(shortName(aCertificate({ subject, names })), name);
});

Deno.test("agedText and validityAt go by the time at which it was shown", () => {
  const certificate = aCertificate({
    notBefore: "2026-01-02T00:00:00.000Z",
    notAfter: "2026-05-02T23:59:59.000Z",
  });
  const cases: [at: string, validity: string, text: string][] = [
    ["2026-03-04T05:06:07.901Z", "good", "59 days left then"],
    ["2026-05-02T23:59:59.000Z", "good", "less than an hour left then"],
    ["2026-05-01T12:00:00.000Z", "good", "35 hours left then"],
    ["2026-05-14T23:59:59.500Z", "expired", "had expired 12 days before"],
    ["2026-05-03T01:30:00.000Z", "expired", "had expired 1 hour before"],
    ["2026-01-01T22:00:00.000Z", "not-yet", "holds only 2 hours later"],
  ];
  for (const [at, validity, text] of cases) {
    assert.deepEqual([validityAt(certificate, at), agedText(certificate, at)], [validity, text]);
  }
});

Deno.test("dateText, fingerprintText and versionText", () => {
  assert.equal(dateText("2026-05-02T23:59:59.000Z"), "2026-05-02 23:59:59 UTC");
  assert.equal(fingerprintText("3b4f0c"), "3B:4F:0C");
  assert.equal(fingerprintText("3B:4F:0C"), "3B:4F:0C");
  assert.equal(versionText("TLSv1.3"), "TLS 1.3");
  assert.equal(versionText("SSLv3"), "SSLv3");
});
