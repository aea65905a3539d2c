// A Route as JSON: what is read, and what is told about everything that is wrong.

import assert from "node:assert/strict";
import { formatViaWithPassword, parseVia } from "../src/upstream_proxy.ts";
import { RouteReader, withChange } from "../src/route_json.ts";
import { parsePassthrough } from "../src/tls_json.ts";

function read(json: unknown) {
  const reader = new RouteReader();
  return { route: reader.route(json, ""), faults: reader.faults };
}

const slow = {
  upstream: { bytesPerSecond: 125_000, latencyMs: 40, jitterMs: 10 },
  downstream: { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 },
};

Deno.test("RouteReader reads every member, and what is left out is off", () => {
  assert.deepEqual(read({ listen: "8081" }).route, {
    listen: { host: "127.0.0.1", port: 8081 },
    target: null,
  });
  assert.deepEqual(
    read({ listen: 0, target: null, name: null, hostHeader: null, via: null, slow: null }).route,
    {
      listen: { host: "127.0.0.1", port: 0 },
      target: null,
    },
  );
  assert.deepEqual(
    read({
      listen: "[::1]:8081",
      target: "shop.example.org:80",
      name: " shop ",
      hostHeader: "keep",
      via: "environment",
      slow: { upstream: slow.upstream },
    }),
    {
      route: {
        listen: { host: "::1", port: 8081 },
        target: { host: "shop.example.org", port: 80 },
        name: "shop",
        hostHeader: "keep",
        via: "environment",
        slow,
      },
      faults: [],
    },
  );
  const files = { cert: "c.pem", key: "k.pem" };
  assert.deepEqual(
    read({
      listen: 1,
      target: "db:5432",
      targetScheme: "tls",
      targetTls: { ca: "ca.pem", insecure: false, ...files },
      listenTls: { cert: "both.pem", asksClients: true, passthrough: [" API.example.org ", "*.example.net"] },
    }).route,
    {
      listen: { host: "127.0.0.1", port: 1 },
      target: { host: "db", port: 5432 },
      targetScheme: "tls",
      targetTls: { ca: "ca.pem", certificate: files },
      listenTls: {
        certificate: { cert: "both.pem", key: "both.pem" },
        asksClients: true,
        passthrough: ["api.example.org", "*.example.net"],
      },
    },
  );
  const nothing = { ca: null, insecure: null, cert: null, key: null };
  assert.equal(read({ listen: 1, target: "https://a", targetTls: nothing }).route?.targetTls, undefined);
  assert.deepEqual(read({ listen: 1, listenTls: {} }).route?.listenTls, {});
  assert.equal(read({ listen: 1, slow: {} }).route?.slow, undefined, "a link without limits is none");
  assert.equal(read({ listen: 1, name: "  " }).route?.name, undefined);
});

const WRONG: readonly [json: unknown, path: string, text: RegExp][] = [
  [{}, "listen", /^Cannot add the listener: listen is missing\. Give \[HOST:\]PORT, such as 8081\.$/],
  [{ listen: true }, "listen", /it is not a text\. Give \[HOST:\]PORT/],
  [{ listen: "x" }, "listen", /^Cannot listen on "x": the port is missing/],
  [{ listen: 1, target: 80 }, "target", /not a text\. Give HOST:PORT, .*, or null for a forward HTTP proxy/],
  [{ listen: 1, target: "ftp://db:5432/" }, "target", /http, https or tls, not "ftp"/],
  [{ listen: 1, target: "https://db/x" }, "target", /no path, .*\. Write https:\/\/db\.$/],
  [{ listen: 1, target: "https://db", targetScheme: "tls" }, "target", /targetScheme says "tls"/],
  [{ listen: 1, target: "http://db", targetScheme: "tls" }, "target", /targetScheme says "tls"/],
  [{ listen: 1, target: null, targetScheme: "tls" }, "target", /a forward HTTP proxy has no target/],
  [{ listen: 1, targetScheme: "tls" }, "targetScheme", /a forward HTTP proxy has no target/],
  [{ listen: 1, target: "a:1", targetScheme: "ssl" }, "targetScheme", /neither "https" nor "tls" nor null/],
  [
    { listen: 1, target: "a:1", targetTls: { insecure: true } },
    "targetTls",
    /no TLS is spoken to the target/,
  ],
  [
    { listen: 1, target: "a:1", targetTls: 1 },
    "targetTls",
    /as a description of TLS to the target: it is not an object/,
  ],
  [{ listen: 1, target: "tls://a:1", targetTls: { insecure: 1 } }, "targetTls.insecure", /neither true nor/],
  [
    { listen: 1, target: "tls://a:1", targetTls: { insecure: true, ca: "x" } },
    "targetTls.ca",
    /any certific/,
  ],
  [{ listen: 1, target: "tls://a:1", targetTls: { key: "x" } }, "targetTls.key", /Give cert as well/],
  [{ listen: 1, target: "tls://a:1", targetTls: { cert: 5 } }, "targetTls.cert", /it is not a text/],
  [{ listen: 1, target: "tls://a:1", targetTls: { ca: " " } }, "targetTls.ca", /it is no path/],
  [{ listen: 1, target: "tls://a:1", targetTls: { cafile: "x" } }, "targetTls.cafile", /no such member/],
  [{ listen: 1, listenTls: true }, "listenTls", /it is not an object\. Give one with cert, key/],
  [{ listen: 1, listenTls: { key: "k" } }, "listenTls.key", /Give cert as well/],
  [{ listen: 1, listenTls: { passthrough: "a" } }, "listenTls.passthrough", /it is not a list/],
  [{ listen: 1, listenTls: { passthrough: ["a", 1] } }, "listenTls.passthrough[1]", /it is not a text/],
  [
    { listen: 1, listenTls: { passthrough: ["https://a/"] } },
    "listenTls.passthrough[0]",
    /^Cannot pass "https:\/\/a\/" through: it is not a name\. Write api\.example\.org/,
  ],
  [{ listen: 1, tagret: "a:1" }, "tagret", /a listener has no such member\. Write "target"\.$/],
  [{ listen: 1, "x y": "a:1" }, '"x y"', /no such member\. Give listen, target, name/],
  [{ listen: 1, name: 5 }, "name", /it is not a text/],
  [{ listen: 1, name: "a\nb" }, "name", /control characters/],
  [{ listen: 1, name: "x".repeat(101) }, "name", /longer than 100 characters\. Shorten it/],
  [
    { listen: 1, hostHeader: "rewrit" },
    "hostHeader",
    /"rewrit" for the Host header: it is neither rewrite nor keep/,
  ],
  [{ listen: 1, hostHeader: true }, "hostHeader", /neither rewrite nor keep/],
  [{ listen: 1, via: {} }, "via", /it is not a text\. Give http:\/\/HOST:PORT, or "environment"/],
  [{ listen: 1, via: "https://p:1" }, "via", /only HTTP proxies/],
  [{ listen: 1, slow: 5 }, "slow", /^Cannot use it as a slow link: it is not an object/],
  [{ listen: 1, slow: { up: {} } }, "slow.up", /a slow link has no such member\. Write "upstream"/],
  [{ listen: 1, slow: { upstream: [] } }, "slow.upstream", /not an object/],
  [{ listen: 1, slow: { upstream: { latency: 1 } } }, "slow.upstream.latency", /Write "latencyMs"/],
  [
    { listen: 1, slow: { upstream: { latencyMs: -1 } } },
    "slow.upstream.latencyMs",
    /^Cannot use -1: it is not a number from 0 to 600000\. Give one\.$/,
  ],
  [{ listen: 1, slow: { downstream: { bytesPerSecond: 0 } } }, "slow.downstream.bytesPerSecond", /from 1 to/],
  [{ listen: 1, slow: { downstream: { bytesPerSecond: "9" } } }, "slow.downstream.bytesPerSecond", /"9"/],
  [
    { listen: 1, slow: { downstream: { latencyMs: 5, jitterMs: 6 } } },
    "slow.downstream.jitterMs",
    /a delay of 5 ms cannot vary by more than itself\. Give at most 5, or a greater latencyMs/,
  ],
  [[], "", /^Cannot use it as a listener: it is not an object/],
  [null, "", /not an object/],
];

Deno.test("RouteReader names the member that is wrong", () => {
  for (const [json, path, text] of WRONG) {
    const { route, faults } = read(json);
    assert.equal(route, null, JSON.stringify(json));
    assert.deepEqual(faults.map((fault) => fault.path), [path], JSON.stringify(json));
    assert.match(faults[0].text, text);
    assert.match(faults[0].text, /^Cannot [^]*\.$/);
  }
});

Deno.test("RouteReader tells several mistakes at once", () => {
  const { faults } = read({
    listen: "x",
    tagret: "a:1",
    slow: { upstream: { latencyMs: "1" }, downstream: 1 },
  });
  assert.deepEqual(faults.map(({ path }) => path), [
    "tagret",
    "listen",
    "slow.upstream.latencyMs",
    "slow.downstream",
  ]);
});

Deno.test("parsePassthrough reads names and addresses, with and without a port", () => {
  for (
    const text of [
      "api.example.org",
      "*.example.org",
      ".example.org",
      "api.example.org:8443",
      "10.0.0.1",
      "::1",
      "[2001:db8::1]:443",
      "[::1]",
      "bücher.example",
      "a_b",
    ]
  ) assert.equal(parsePassthrough(` ${text.toUpperCase()} `), text);
  for (
    const text of ["", "*", "*.", "a b", "a,b", "https://a", "a/b", "a:0", "a:70000", "a:b", "*.*.a", "-a"]
  ) {
    assert.throws(
      () => parsePassthrough(text),
      /^SyntaxError: Cannot pass .* through: it is not a name\. /,
      text,
    );
  }
});

Deno.test("withChange changes what is given, turns off what is null, and keeps a password that nobody was shown", () => {
  const route = read({ listen: 1, target: "a:1", name: "shop", slow, via: "http://ann:s3cret@proxy:1" })
    .route!;
  assert.deepEqual(withChange(route, {}), route);
  assert.deepEqual(withChange(route, { name: null, slow: null, via: null, target: null }), {
    listen: route.listen,
    target: null,
  });
  const secure = read({ listen: 1, target: "https://a", targetTls: { insecure: true } }).route!;
  const changed = (json: unknown) => withChange(secure, new RouteReader().change(json, ""));
  assert.deepEqual(changed({ target: "b:443" }), { ...secure, target: { host: "b", port: 443 } });
  const { targetScheme: _, ...plain } = secure;
  assert.deepEqual(changed({ target: "http://a:443" }), plain);
  assert.deepEqual(changed({ targetScheme: null }), plain);
  assert.deepEqual(changed({ target: null }), { ...plain, target: null });
  assert.deepEqual(changed({ targetTls: null, listenTls: {} }), {
    listen: secure.listen,
    target: secure.target,
    targetScheme: "https",
    listenTls: {},
  });
  const viaOf = (text: string) => formatViaWithPassword(withChange(route, { via: parseVia(text) }).via!);
  assert.equal(viaOf("http://ann@proxy:1"), "http://ann:s3cret@proxy:1");
  assert.equal(viaOf("http://ann:other@proxy:1"), "http://ann:other@proxy:1");
  assert.equal(viaOf("http://ann@proxy:2"), "http://ann:@proxy:2");
  assert.equal(viaOf("http://proxy:1"), "http://proxy:1");
});
