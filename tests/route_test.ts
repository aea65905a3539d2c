// What a Route comes to.

import assert from "node:assert/strict";
import { parseTarget } from "../src/address.ts";
import { rewritesHost, shownRoute } from "../src/route.ts";

Deno.test("rewritesHost goes by the target unless it is chosen", () => {
  const table: readonly [target: string | null, chosen: "rewrite" | "keep" | null, rewrites: boolean][] = [
    ["www.example.org:80", null, true],
    ["db:5432", null, true],
    ["localhost:80", null, false],
    ["LocalHost:80", null, false],
    ["localhost.:80", null, false],
    ["127.0.0.1:80", null, false],
    ["192.0.2.7:80", null, false],
    ["[2001:db8::7]:80", null, false],
    ["www.example.org:80", "keep", false],
    ["127.0.0.1:80", "rewrite", true],
    [null, null, false],
    [null, "rewrite", false],
  ];
  for (const [target, chosen, rewrites] of table) {
    assert.equal(
      rewritesHost(target === null ? null : parseTarget(target), chosen),
      rewrites,
      `${target} ${chosen}`,
    );
  }
});

Deno.test("shownRoute shows every option, and no password", () => {
  const listen = { host: "::1", port: 8081 };
  assert.deepEqual(shownRoute({ listen, target: null }), {
    name: null,
    listen: "[::1]:8081",
    target: null,
    hostHeader: null,
    rewritesHost: false,
    via: null,
    slow: null,
    targetScheme: null,
    targetTls: null,
    listenTls: null,
  });
  const limits = { bytesPerSecond: 1000, latencyMs: 5, jitterMs: 1 };
  const slow = { upstream: limits, downstream: limits };
  const credentials = { user: "ann", password: "s3cret" };
  const via = { address: { host: "proxy", port: 3128 }, credentials };
  assert.deepEqual(
    shownRoute({
      listen,
      target: { host: "a", port: 1 },
      name: "shop",
      hostHeader: "keep",
      via,
      slow,
      targetScheme: "tls",
      targetTls: { ca: "/ca.pem", certificate: { cert: "/c.pem", key: "/k.pem" } },
      listenTls: { asksClients: true },
    }),
    {
      name: "shop",
      listen: "[::1]:8081",
      target: "a:1",
      hostHeader: "keep",
      rewritesHost: false,
      via: "http://ann@proxy:3128",
      slow,
      targetScheme: "tls",
      targetTls: { ca: "/ca.pem", insecure: false, cert: "/c.pem", key: "/k.pem" },
      listenTls: { cert: null, key: null, asksClients: true, passthrough: [] },
    },
  );
  assert.deepEqual(
    shownRoute({
      listen,
      target: null,
      targetTls: { insecure: true },
      listenTls: { certificate: { cert: "/c.pem", key: "/k.pem" }, passthrough: ["*.example.org"] },
    }),
    {
      ...shownRoute({ listen, target: null }),
      targetTls: { ca: null, insecure: true, cert: null, key: null },
      listenTls: { cert: "/c.pem", key: "/k.pem", asksClients: false, passthrough: ["*.example.org"] },
    },
  );
});
