// What the panes say of TLS with the client and with the target.

import assert from "node:assert/strict";
import { emptiness } from "../../src/ui/page/pane/emptiness.ts";
import { messageFacts } from "../../src/ui/page/pane/message_facts.ts";
import {
  begunWords,
  notWhatFailed,
  securedFacts,
  securedLine,
  securedWarning,
} from "../../src/ui/page/pane/secured_facts.ts";
import { speaksTls } from "../../src/ui/page/tls/legs.ts";
import { sizesApart } from "../../src/ui/page/pane/words.ts";
import { insideOf } from "../../src/ui/page/grid/cells.ts";
import { bindReason } from "../../src/ui/page/addresses.ts";
import { SENDER } from "../../src/model.ts";
import { aCertificate, someTls } from "../ui/tls_facts.ts";
import { exchange } from "./made.ts";

Deno.test("securedLine says what was agreed on, and with whom", () => {
  assert.deepEqual(securedLine("response", someTls()), [
    "TLS 1.3",
    "http/1.1",
    "certificate of shop.example.org, checked, 59 days left then",
  ]);
  assert.deepEqual(securedLine("response", someTls({ alpn: null, trust: "nothing" })), [
    "TLS 1.3",
    "certificate of shop.example.org, not checked, 59 days left then",
  ]);
  assert.deepEqual(securedLine("request", someTls({ peer: [], trust: "own-ca", alpn: "h2" })), [
    "TLS 1.3",
    "h2",
  ]);
  assert.deepEqual(
    securedLine("request", someTls({ peer: [aCertificate({ subject: "CN=ann" })], trust: "files" })).at(-1),
    "the client showed ann",
  );
});

Deno.test("securedWarning is for certificates that are not worth much", () => {
  assert.equal(securedWarning("response", someTls()), null);
  const any = "any certificate was accepted";
  assert.equal(
    securedWarning("response", someTls({ trust: "nothing", untrusted: "it is self-signed" })),
    `${any}: it is self-signed`,
  );
  assert.equal(
    securedWarning("response", someTls({ trust: "nothing" })),
    `${any}; this one would have been trusted`,
  );
  assert.equal(securedWarning("request", someTls({ peer: [], trust: "own-ca" })), null);
  const old = aCertificate({ notAfter: "2026-03-01T00:00:00.000Z" });
  assert.equal(
    securedWarning("request", someTls({ peer: [old], trust: "own-ca" })),
    "the client's certificate had expired",
  );
});

Deno.test("securedFacts tells all of it, and what is not known", () => {
  const told = (side: "request" | "response", facts = someTls()) =>
    Object.fromEntries(securedFacts(side, facts).map(({ name, value }) => [name, value]));
  const target = told("response");
  assert.equal(target.Cipher, "TLS_AES_256_GCM_SHA384");
  assert.equal(target["Name asked for (SNI)"], "shop.example.org");
  assert.equal(target["Checked against"], "the authorities that the system trusts");
  assert.match(target.Begun, /^\d\d:06:07\.901, with the first byte$/);
  const client = told("request", someTls({ cipher: null, alpn: null, serverName: null, trust: "own-ca" }));
  assert.equal(client.Cipher, "the runtime does not tell");
  assert.equal(client["Protocol (ALPN)"], "none agreed on");
  assert.equal(client["Name asked for (SNI)"], "none");
  assert.equal(client["Shown to the client"], "a certificate of tcpmon's own authority");
});

Deno.test("notWhatFailed is for the target's line above what the client has refused", () => {
  const refused =
    "the client does not trust the certificate for localhost (alert unknown_ca). Run tcpmon ca.";
  assert.equal(notWhatFailed("response", refused), "with the target, and not what failed");
  assert.equal(notWhatFailed("request", refused), null);
  assert.equal(notWhatFailed("response", "The target ended without an answer"), null);
  assert.equal(notWhatFailed("response", null), null);
});

Deno.test("begunWords says what went in the clear before", () => {
  assert.equal(
    begunWords(someTls({ upstreamFrom: 10, downstreamFrom: 30 })),
    "after 10 B from the client and 30 B to it in the clear",
  );
});

Deno.test("insideOf marks rows that came inside TLS where others of their table may not have", () => {
  assert.equal(insideOf(exchange(1)), "");
  assert.equal(insideOf(exchange(1, { tls: "both" })), "TLS on both legs");
  assert.match(insideOf(exchange(1, { tls: "decrypted" })), /^TLS that passes through/);
  assert.equal(insideOf(exchange(1, { tls: "client" })), "TLS with the client");
  assert.equal(insideOf(exchange(1, { tls: "target" })), "");
  assert.equal(insideOf(exchange(1, { tls: "target", listener: SENDER })), "TLS with the target");
});

Deno.test("speaksTls is for what went to the target inside TLS", () => {
  const cases = [[null, false], ["client", false], ["target", true], ["both", true], [
    "decrypted",
    true,
  ]] as const;
  for (const [tls, is] of cases) assert.equal(speaksTls(exchange(1, { tls })), is, String(tls));
});

Deno.test("emptiness divides what is so from what to do", () => {
  const fault = "a.example:443 shows a certificate that expired on 2026-02-20. To accept it, give --insecure";
  const row = exchange(1, { state: "failed", fault });
  const detail = { ...row, request: null, response: null, interim: [] };
  assert.deepEqual(emptiness("response", row, detail, 0), {
    title: "a.example:443 shows a certificate that expired on 2026-02-20",
    text: "To accept it, give --insecure.",
    isFailure: true,
  });
  const quoted = 'a:1 is not trusted: it is by "Acme Inc. Root 1.2", unknown here. Trust it; or not.';
  const { title, text } = emptiness("response", { ...row, fault: quoted }, detail, 0);
  assert.deepEqual([title, text], [
    'a:1 is not trusted: it is by "Acme Inc. Root 1.2", unknown here',
    "Trust it; or not.",
  ]);
  const open = emptiness("response", { ...row, fault: 'odd " quote. Next' }, detail, 0);
  assert.deepEqual([open.title, open.text], ['odd " quote', "Next."]);
});

Deno.test("messageFacts leaves the reason of a cut to the line that has room for it", () => {
  const row = exchange(1, {
    state: "failed",
    fault: "a very long reason",
    responseBytes: 617,
    firstByteMs: 9,
  });
  const message = {
    bytes: 617,
    headBytes: 0,
    state: "cut" as const,
    started: row.started,
    ended: row.started,
    startLine: null,
    version: null,
    reason: null,
    headers: [],
    trailers: [],
    framing: "length" as const,
    contentLength: 700,
    bodyBytes: 617,
    chunks: 0,
    contentCoding: [],
    mediaType: null,
    auto: "text" as const,
    faults: [],
    sentStartLine: null,
    edits: [],
    notes: [],
  };
  assert.equal(messageFacts("response", row, message), "617 B, first byte 9 ms, cut");
});

Deno.test("sizesApart never says the same of two sizes that differ", () => {
  assert.deepEqual(sizesApart(1_000_001, 1_000_000), ["1,000,001 B", "1,000,000 B"]);
  assert.deepEqual(sizesApart(48_200_000, 1_000_000), ["48.2 MB", "1.0 MB"]);
});

Deno.test("bindReason does not say again that it cannot listen", () => {
  assert.equal(
    bindReason("Cannot listen on [::1]:80: permission denied. Use a port above 1023."),
    "Permission denied. Use a port above 1023.",
  );
  assert.equal(bindReason("This needs Deno 2.9."), "This needs Deno 2.9.");
  assert.equal(bindReason(null), "");
});
