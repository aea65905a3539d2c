// A Route as JSON: what is read, and what is told about everything that is wrong.

import assert from "node:assert/strict";
import { formatViaWithPassword, parseVia } from "../src/upstream_proxy.ts";
import { RouteReader, withChange } from "../src/route_json.ts";

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
  assert.equal(read({ listen: 1, slow: {} }).route?.slow, undefined, "a link without limits is none");
  assert.equal(read({ listen: 1, name: "  " }).route?.name, undefined);
});

const WRONG: readonly [json: unknown, path: string, text: RegExp][] = [
  [{}, "listen", /^Cannot add the listener: listen is missing\. Give \[HOST:\]PORT, such as 8081\.$/],
  [{ listen: true }, "listen", /it is not a text\. Give \[HOST:\]PORT/],
  [{ listen: "x" }, "listen", /^Cannot listen on "x": the port is missing/],
  [{ listen: 1, target: 80 }, "target", /not a text\. Give HOST:PORT, .*, or null for a forward HTTP proxy/],
  [{ listen: 1, target: "http://db:5432/" }, "target", /Write db:5432\.$/],
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

Deno.test("withChange changes what is given, turns off what is null, and keeps a password that nobody was shown", () => {
  const route = read({ listen: 1, target: "a:1", name: "shop", slow, via: "http://ann:s3cret@proxy:1" })
    .route!;
  assert.deepEqual(withChange(route, {}), route);
  assert.deepEqual(withChange(route, { name: null, slow: null, via: null, target: null }), {
    listen: route.listen,
    target: null,
  });
  const viaOf = (text: string) => formatViaWithPassword(withChange(route, { via: parseVia(text) }).via!);
  assert.equal(viaOf("http://ann@proxy:1"), "http://ann:s3cret@proxy:1");
  assert.equal(viaOf("http://ann:other@proxy:1"), "http://ann:other@proxy:1");
  assert.equal(viaOf("http://ann@proxy:2"), "http://ann:@proxy:2");
  assert.equal(viaOf("http://proxy:1"), "http://proxy:1");
});
