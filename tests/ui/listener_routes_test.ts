// Listeners over HTTP.

import assert from "node:assert/strict";
import { FakePage } from "./fakes.ts";

Deno.test("/api/listeners lists, adds, stops, starts and closes", async () => {
  using page = new FakePage();
  assert.deepEqual(await (await page.call("GET", "/api/listeners")).json(), { listeners: page.control.list });

  const added = await page.call("POST", "/api/listeners", {
    json: { listen: "[::1]:8082", target: "db:5432" },
  });
  assert.deepEqual([added.status, added.headers.get("location")], [201, "/api/listeners/l2"]);
  const listener = await added.json();
  assert.deepEqual([listener.listen, listener.target], ["[::1]:8082", "db:5432"]);
  assert.deepEqual(await (await page.call("GET", "/api/listeners/l2")).json(), listener);

  for (const state of ["stopped", "listening"]) {
    const changed = await page.call("PATCH", "/api/listeners/l2", { json: { state } });
    assert.deepEqual([changed.status, (await changed.json()).state], [200, state]);
  }

  const closed = await page.call("DELETE", "/api/listeners/l2");
  assert.deepEqual([closed.status, await closed.text()], [204, ""]);
  for (const method of ["GET", "DELETE"]) {
    const gone = await page.call(method, "/api/listeners/l2");
    assert.equal(gone.status, 404, method);
    assert.match((await gone.json()).error, /^Cannot find listener "l2": /);
  }
  const gone = await page.call("PATCH", "/api/listeners/l2", { json: { state: "stopped" } });
  assert.deepEqual([gone.status, typeof (await gone.json()).error], [404, "string"]);
});

Deno.test("/api/listeners takes and gives every option, the proxy without its password", async () => {
  using page = new FakePage();
  const slow = { upstream: { bytesPerSecond: 1000, latencyMs: 20, jitterMs: 5 } };
  const json = { listen: 8082, name: "shop", hostHeader: "keep", via: "http://ann:s3cret@proxy:3128", slow };
  const added = await page.call("POST", "/api/listeners", { json });
  const listener = await added.json();
  assert.equal(added.status, 201);
  const downstream = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };
  assert.deepEqual(listener, {
    ...page.control.list[0],
    id: "l2",
    name: "shop",
    listen: "127.0.0.1:8082",
    target: null,
    hostHeader: "keep",
    via: "http://ann@proxy:3128",
    slow: { ...slow, downstream },
  });
  const changed = await page.call("PATCH", "/api/listeners/l2", {
    json: { state: "stopped", target: "db:5432", name: null, slow: null },
  });
  assert.equal(changed.status, 200);
  assert.deepEqual(page.control.changes, [
    { state: "stopped", target: { host: "db", port: 5432 }, name: null, slow: null },
  ]);
});

Deno.test("/api/listeners takes and gives what is said of TLS, and takes again what it gave", async () => {
  using page = new FakePage();
  const json = {
    listen: 8443,
    target: "https://api.example.org",
    targetTls: { ca: "/ca.pem", cert: "/c.pem" },
    listenTls: { passthrough: ["*.Example.org"] },
  };
  const given = await (await page.call("POST", "/api/listeners", { json })).json();
  const shown = {
    target: "api.example.org:443",
    targetScheme: "https",
    targetTls: { ca: "/ca.pem", insecure: false, cert: "/c.pem", key: "/c.pem" },
    listenTls: { cert: null, key: null, asksClients: false, passthrough: ["*.example.org"] },
  };
  assert.deepEqual({ ...given, ...shown }, given);
  const { target, targetScheme, targetTls, listenTls } = given;
  const again = await page.call("PATCH", "/api/listeners/l1", {
    json: { target, targetScheme, targetTls, listenTls },
  });
  assert.equal(again.status, 200);
  assert.deepEqual({ ...page.control.list[0], ...shown }, page.control.list[0]);
  const off = { target: "http://api.example.org", targetTls: null, listenTls: null };
  const plain = await (await page.call("PATCH", "/api/listeners/l1", { json: off })).json();
  assert.deepEqual([plain.target, plain.targetScheme, plain.listenTls], ["api.example.org:80", null, null]);
});

Deno.test("/api/listeners takes a bare port as a number too", async () => {
  using page = new FakePage();
  const answer = await page.call("POST", "/api/listeners", { json: { listen: 8082, target: "db:5432" } });
  assert.equal((await answer.json()).listen, "127.0.0.1:8082");
});

Deno.test("/api/listeners tells why a port cannot be had, and which can", async () => {
  using page = new FakePage();
  const answer = await page.call("POST", "/api/listeners", { json: { listen: "99", target: "db:5432" } });
  assert.equal(answer.status, 409);
  assert.deepEqual(await answer.json(), {
    error: "Port 99 is already used on 127.0.0.1, by another program. Take another port.",
    field: "listen",
    suggestion: "127.0.0.1:100",
  });
});

const WRONG: readonly [
  method: string,
  path: string,
  json: unknown,
  field: string | undefined,
  error: RegExp,
][] = [
  ["POST", "", { target: "db:5432" }, "listen", /listen is missing/],
  ["POST", "", { listen: "x", target: "db:5432" }, "listen", /^Cannot listen on "x": the port is missing/],
  ["POST", "", { listen: "-1", target: "db:5432" }, "listen", /^Cannot listen on "-1"/],
  ["POST", "", { listen: -1, target: "db:5432" }, "listen", /^Cannot listen on "-1"/],
  ["POST", "", { listen: "1", target: "ftp://db" }, "target", /http, https or tls/],
  ["POST", "", { listen: "1", target: "https://db/x" }, "target", /no path/],
  [
    "POST",
    "",
    { listen: "1", target: "a:1", targetTls: { insecure: true } },
    "targetTls",
    /no TLS is spoken/,
  ],
  ["POST", "", { listen: "1", listenTls: { key: "k" } }, "listenTls.key", /Give cert as well/],
  ["PATCH", "/l1", { targetScheme: "ssl" }, "targetScheme", /neither "https" nor "tls"/],
  ["PATCH", "/l1", { target: "https://a", targetScheme: "tls" }, "target", /targetScheme says "tls"/],
  ["POST", "", { listen: "1", target: 80 }, "target", /it is not a text\. Give HOST:PORT/],
  [
    "POST",
    "",
    { listen: "1", slow: { upstream: { latencyMs: -1 } } },
    "slow.upstream.latencyMs",
    /not a number from 0 to 600000/,
  ],
  ["POST", "", { listen: "1", via: "https://p:1" }, "via", /only HTTP proxies/],
  ["POST", "", { listen: "1", hostHeader: "x" }, "hostHeader", /neither rewrite nor keep/],
  ["POST", "", { listen: "1", target: "a:1", tagret: "b:2" }, "tagret", /no such member/],
  ["POST", "", [], undefined, /not a JSON object/],
  ["POST", "", undefined, undefined, /^Cannot read the body as JSON/],
  ["PATCH", "/l1", { state: "paused" }, "state", /neither "listening" nor "stopped"/],
  ["PATCH", "/l1", {}, "state", /neither/],
  ["PATCH", "/l1", { nam: "x" }, "nam", /no such member\. Write "name"/],
  ["PATCH", "/l1", { name: 5 }, "name", /not a text/],
  ["PATCH", "/l1", { listen: "x", state: "stopped" }, "listen", /port is missing/],
  ["PATCH", "/l1", [], undefined, /not a JSON object/],
];

Deno.test("/api/listeners says which member of the body is wrong", async () => {
  using page = new FakePage();
  for (const [method, path, json, field, error] of WRONG) {
    const answer = await page.call(method, `/api/listeners${path}`, { json });
    const body = await answer.json();
    assert.equal(answer.status, 400, JSON.stringify(json));
    assert.equal(body.field, field, JSON.stringify(json));
    assert.match(body.error, error);
  }
});
