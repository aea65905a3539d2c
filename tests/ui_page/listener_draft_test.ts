// What is typed into the form for a listener.

import assert from "node:assert/strict";
import {
  divided,
  draftOf,
  EMPTY,
  errorsOf,
  lacksTls,
  type ListenerDraft,
  newListener,
  toldError,
} from "../../src/ui/page/listener_draft.ts";
import type { Listener } from "../../src/ui/types.ts";

Deno.test("errorsOf finds every input that is wrong", () => {
  const right = { ...EMPTY, port: "8081", targetHost: "localhost", targetPort: "80" };
  const wrong = (changes: Partial<typeof right>) =>
    errorsOf({ ...right, ...changes }).map(({ field }) => field);
  assert.deepEqual(wrong({}), []);
  assert.deepEqual(wrong({ port: "0" }), []);
  assert.deepEqual(wrong({ port: "80900" }), ["port"]);
  assert.deepEqual(wrong({ targetHost: " ", targetPort: "0" }), ["targetHost", "targetPort"]);
  assert.deepEqual(wrong({ targetHost: "localhost:81" }), ["targetHost"]);
  assert.deepEqual(wrong({ targetHost: "localhost:80" }), []);
  assert.deepEqual(errorsOf(EMPTY).map(({ field }) => field), ["port", "targetHost", "targetPort"]);
});

Deno.test("newListener writes addresses as the API reads them", () => {
  const draft = { ...EMPTY, port: "8081", host: " ", targetHost: "[2001:db8::7]", targetPort: "80" };
  const none = {
    name: null,
    hostHeader: null,
    via: null,
    slow: null,
    targetScheme: null,
    targetTls: null,
    listenTls: null,
  };
  assert.deepEqual(newListener(draft), { listen: "127.0.0.1:8081", target: "[2001:db8::7]:80", ...none });
  const proxy: ListenerDraft = {
    ...draft,
    acts: "proxy",
    name: " mine ",
    hostHeader: "rewrite",
    through: "proxy",
    proxyHost: "::1",
    proxyPort: "3128",
    proxyUser: "a@b",
    proxyPassword: "s3:cret",
  };
  assert.deepEqual(newListener(proxy), {
    ...none,
    listen: "127.0.0.1:8081",
    target: null,
    name: "mine",
    via: "http://a%40b:s3%3Acret@[::1]:3128",
  });
});

Deno.test("draftOf gives a form that asks for the listener as it is", () => {
  const limits = { bytesPerSecond: 1000, latencyMs: 5, jitterMs: 1 };
  const listener: Listener = {
    id: "l1",
    name: "shop",
    listen: "[::1]:8081",
    target: "shop.example.org:80",
    hostHeader: "keep",
    rewritesHost: false,
    via: "http://a%40b@proxy:3128",
    slow: { upstream: limits, downstream: limits },
    targetScheme: "https",
    targetTls: { ca: "/ca.pem", insecure: false, cert: "/c.pem", key: "/k.pem" },
    listenTls: { cert: "/both.pem", key: "/both.pem", asksClients: true, passthrough: ["a", "*.b"] },
    state: "stopped",
    error: null,
    suggestion: null,
    since: "",
  };
  const {
    id: _id,
    state: _state,
    error: _error,
    suggestion: _suggestion,
    since: _since,
    rewritesHost: _rewrites,
    ...asked
  } = listener;
  assert.deepEqual(newListener(draftOf(listener)), asked);
  const proxy = {
    ...asked,
    target: null,
    targetScheme: null,
    name: null,
    hostHeader: null,
    via: "environment",
    slow: null,
  };
  assert.deepEqual(newListener(draftOf({ ...listener, ...proxy })), proxy);
});

Deno.test("errorsOf asks a proxy for no target, and for the proxy that was chosen", () => {
  const draft = { ...EMPTY, port: "8081" };
  assert.deepEqual(errorsOf({ ...draft, acts: "proxy" }), []);
  const fields = errorsOf({ ...draft, acts: "proxy", through: "proxy" }).map(({ field }) => field);
  assert.deepEqual(fields, ["proxyHost", "proxyPort"]);
});

Deno.test("divided takes a whole target apart", () => {
  for (
    const [targetHost, targetPort, host, port] of [
      ["http://shop.example.org/orders?x=1", "", "shop.example.org", "80"],
      ["https://shop.example.org", "", "shop.example.org", "443"],
      ["https://shop.example.org", "8443", "shop.example.org", "8443"],
      ["http://shop.example.org:81/", "80", "shop.example.org", "81"],
      ["[::1]:5432", "", "::1", "5432"],
      ["localhost:80", "80", "localhost", "80"],
      ["localhost:80", "81", "localhost:80", "81"],
      ["2001:db8::7", "", "2001:db8::7", ""],
    ]
  ) {
    const parts = divided({ ...EMPTY, targetHost, targetPort });
    assert.deepEqual([parts.targetHost, parts.targetPort], [host, port], targetHost);
  }
});

Deno.test("divided takes from a URL what is spoken to the target, and says what it leaves out", () => {
  const table: readonly [text: string, scheme: string, port: string, leftOut: string][] = [
    ["https://api.example.org", "https", "443", ""],
    ["https://api.example.org/v1/orders?x=1", "https", "443", "/v1/orders?x=1"],
    ["HTTPS://api.example.org:8443/", "https", "8443", ""],
    ["wss://api.example.org", "https", "443", ""],
    ["tls://db:5432", "tls", "5432", ""],
    ["tls://db", "tls", "", ""],
    ["http://api.example.org?q", "none", "80", "?q"],
    ["api.example.org:80", "tls", "80", "before"],
  ];
  for (const [targetHost, targetScheme, targetPort, leftOut] of table) {
    const draft = divided({ ...EMPTY, targetScheme: "tls", leftOut: "before", targetHost });
    assert.deepEqual([draft.targetScheme, draft.targetPort, draft.leftOut], [
      targetScheme,
      targetPort,
      leftOut,
    ]);
  }
});

Deno.test("lacksTls where the port is that of https and TLS is not chosen", () => {
  const draft = { ...EMPTY, targetHost: "shop.example.org", targetPort: "443" };
  assert.equal(lacksTls(draft), true);
  assert.equal(lacksTls({ ...draft, targetScheme: "https" }), false);
  assert.equal(lacksTls({ ...draft, acts: "proxy" }), false);
  assert.equal(lacksTls({ ...EMPTY, targetHost: "https://shop.example.org" }), false);
  assert.equal(lacksTls({ ...draft, targetPort: "80" }), false);
});

Deno.test("toldError finds the input, and the port to take instead", () => {
  assert.deepEqual(toldError("listen", "taken", "127.0.0.1:8082"), {
    field: "port",
    text: "taken",
    suggestion: "8082",
  });
  assert.deepEqual(toldError("target", "no", null), { field: "targetHost", text: "no", suggestion: null });
  for (
    const [member, field] of [
      ["via", "proxyHost"],
      ["name", "name"],
      ["targetScheme", "targetScheme"],
      ["targetTls.ca", "targetCa"],
      ["targetTls.cert", "targetCert"],
      ["targetTls.key", "targetKey"],
      ["targetTls", "targetScheme"],
      ["listenTls", "listenTls"],
      ["listenTls.cert", "cert"],
      ["listenTls.key", "key"],
      ["listenTls.passthrough[3]", "passthrough"],
      [null, "port"],
    ] as const
  ) assert.equal(toldError(member, "no", null).field, field);
});
