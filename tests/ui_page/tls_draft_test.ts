// What is typed into a form about TLS: what is wrong with it, what it comes to, and in which words.

import assert from "node:assert/strict";
import {
  clientWords,
  NO_TLS,
  targetWords,
  type TlsDraft,
  tlsDraftOf,
  tlsErrors,
  tlsMembers,
} from "../../src/ui/page/tls_draft.ts";

const none = { targetScheme: null, targetTls: null, listenTls: null };
const ended: TlsDraft = { ...NO_TLS, clientTls: "ended" };

Deno.test("tlsMembers asks for nothing that is not chosen", () => {
  assert.deepEqual(tlsMembers(NO_TLS), none);
  const typed = { targetCa: "/ca.pem", cert: "/c.pem", key: "/k.pem", passthrough: "a", asksClients: true };
  assert.deepEqual(tlsMembers({ ...NO_TLS, ...typed, trust: "any", targetCert: "/t.pem" }), none);
  assert.deepEqual(tlsMembers({ ...NO_TLS, ...typed, targetScheme: "https" }), {
    ...none,
    targetScheme: "https",
  });
  assert.deepEqual(tlsMembers(ended), {
    ...none,
    listenTls: { cert: null, key: null, asksClients: false, passthrough: [] },
  });
});

Deno.test("tlsMembers and tlsDraftOf are each other's way back", () => {
  const drafts: readonly TlsDraft[] = [
    NO_TLS,
    ended,
    { ...NO_TLS, targetScheme: "tls", trust: "any" },
    { ...NO_TLS, targetScheme: "https", trust: "file", targetCa: "/ca.pem", targetCert: "/t.p12" },
    { ...ended, trust: "any", targetCert: "/t.pem", targetKey: "/t.key" },
    {
      ...ended,
      shows: "files",
      cert: "/c.pem",
      key: "/k.pem",
      asksClients: true,
      passthrough: "a.org *.b.org",
    },
  ];
  for (const draft of drafts) {
    assert.deepEqual(tlsErrors(draft), []);
    const { targetScheme, targetTls, listenTls } = tlsMembers(draft);
    const whole = { ca: null, insecure: false, cert: null, key: null };
    assert.deepEqual(
      tlsDraftOf({
        targetScheme,
        targetTls: targetTls && { ...whole, ...targetTls },
        listenTls: listenTls && { cert: null, key: null, asksClients: false, passthrough: [], ...listenTls },
      }),
      draft,
    );
  }
});

Deno.test("tlsErrors finds what is missing, where it counts", () => {
  const fields = (draft: TlsDraft) => tlsErrors(draft).map(({ field }) => field);
  const missing: Partial<TlsDraft> = {
    trust: "file",
    targetKey: "/k.pem",
    shows: "files",
    passthrough: "a, https://b",
  };
  assert.deepEqual(fields({ ...NO_TLS, ...missing }), []);
  assert.deepEqual(fields({ ...NO_TLS, ...missing, targetScheme: "tls" }), ["targetCa", "targetCert"]);
  assert.deepEqual(fields({ ...ended, ...missing }), ["targetCa", "targetCert", "cert", "passthrough"]);
  assert.match(
    tlsErrors({ ...ended, passthrough: "a, https://b" })[0].text,
    /^“https:\/\/b” is not a name\. /,
  );
});

Deno.test("targetWords and clientWords say what is chosen", () => {
  assert.equal(targetWords(NO_TLS), "none");
  assert.equal(targetWords({ ...NO_TLS, trust: "any" }), "none");
  assert.equal(targetWords({ ...NO_TLS, targetScheme: "https" }), "HTTPS");
  assert.equal(
    targetWords({ ...NO_TLS, targetScheme: "tls", trust: "any", targetCert: "/c" }),
    "TLS, any certificate accepted, with a certificate",
  );
  assert.equal(targetWords({ ...ended, trust: "file" }), "where a client begins it, trusting a file too");
  assert.equal(clientWords(NO_TLS), "passed through as it is");
  assert.equal(clientWords(ended), "ended here");
  assert.equal(
    clientWords({ ...ended, shows: "files", asksClients: true, passthrough: "a b" }),
    "ended here, with a certificate from files, clients are asked for one, 2 left alone",
  );
});
