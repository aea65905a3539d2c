// Sending over HTTP: that what is asked reaches Sends as it was meant, and what comes of it the client.

import assert from "node:assert/strict";
import { anExchange, FakePage } from "./fakes.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const DEFAULTS = {
  fixContentLength: true,
  endAfterTurns: false,
  targetFirst: undefined,
  quietMs: undefined,
  limitMs: undefined,
  tls: undefined,
  insecure: false,
};

const RESENDS: readonly [query: string, body: unknown, told: Record<string, unknown>][] = [
  ["", undefined, { turns: null, through: "target", target: null, before: false }],
  ["", {}, { turns: null, through: "target", target: null, before: false }],
  ["", { targetFirst: false }, {
    turns: null,
    through: "target",
    target: null,
    before: false,
    targetFirst: false,
  }],
  ["", { through: "listener", before: true }, {
    turns: null,
    through: "listener",
    target: null,
    before: true,
  }],
  ["", { request: "é" }, { turns: [utf8("é")], through: "target", target: null, before: false }],
  [
    "",
    {
      turns: ["a", { base64: "/w==" }],
      target: "[::1]:80",
      fixContentLength: false,
      quietMs: 50,
      limitMs: 500,
    },
    {
      turns: [utf8("a"), Uint8Array.of(0xff)],
      through: "target",
      target: { host: "::1", port: 80 },
      before: false,
      fixContentLength: false,
      quietMs: 50,
      limitMs: 500,
    },
  ],
  ["", utf8("raw"), { turns: [utf8("raw")], through: "target", target: null, before: false }],
  [
    "?through=listener&before=1&fixContentLength=0&endAfterTurns=true&limitMs=500",
    utf8("raw"),
    {
      turns: [utf8("raw")],
      through: "listener",
      target: null,
      before: true,
      fixContentLength: false,
      endAfterTurns: true,
      limitMs: 500,
    },
  ],
];

Deno.test("POST /api/exchanges/ID/resend sends what the body and the query say", async () => {
  for (const type of ["application/octet-stream", "message/http"]) {
    using page = new FakePage();
    for (const [query, body, told] of RESENDS) {
      const headers = body instanceof Uint8Array ? { "content-type": type } : undefined;
      const answer = await page.call("POST", `/api/exchanges/e1/resend${query}`, { json: body, headers });
      assert.equal(answer.status, 201);
      assert.equal(answer.headers.get("location"), "/api/exchanges/e2");
      assert.deepEqual(await answer.json(), anExchange({ id: "e2", client: "tcpmon", resendOf: "e1" }));
      assert.deepEqual(page.sends.told.at(-1), { exchange: "e1", ...DEFAULTS, ...told });
    }
  }
});

Deno.test("POST /api/send is 202 with the connection while there is no exchange", async () => {
  using page = new FakePage();
  page.sends.sent = { connection: "c5" };
  const answer = await page.call("POST", "/api/send", { json: { target: "db:5432", request: "PING" } });
  assert.equal(answer.status, 202);
  assert.equal(answer.headers.get("location"), "/api/connections/c5");
  assert.deepEqual(await answer.json(), { connection: "c5" });
  assert.deepEqual(page.sends.told, [{
    ...DEFAULTS,
    turns: [utf8("PING")],
    target: { host: "db", port: 5432 },
    targetFirst: false,
  }]);
  await page.call("POST", "/api/send", { json: { target: "db:1", request: "PING", targetFirst: true } });
  const told: unknown = page.sends.told.at(-1);
  assert.equal((told as { targetFirst: boolean }).targetFirst, true);
});

const REFUSED: readonly [
  method: string,
  path: string,
  json: unknown,
  status: number,
  field: string | undefined,
][] = [
  ["POST", "/api/exchanges/e7/resend", undefined, 409, "through"],
  ["POST", "/api/exchanges/e9/resend", undefined, 404, undefined],
  ["POST", "/api/exchanges/e1/resend", { target: "x" }, 400, "target"],
  ["POST", "/api/exchanges/e1/resend", { request: "" }, 400, "request"],
  ["POST", "/api/exchanges/e1/resend", { tls: "yes" }, 400, "tls"],
  ["POST", "/api/exchanges/e1/resend", { quietMs: 5 }, 400, "quietMs"],
  ["POST", "/api/exchanges/e1/resend", [], 400, undefined],
  ["POST", "/api/send", undefined, 400, undefined],
  ["DELETE", "/api/connections/c1", undefined, 409, undefined],
  ["DELETE", "/api/connections/c9", undefined, 404, undefined],
];

Deno.test("what cannot be sent or ended is refused in words", async () => {
  using page = new FakePage();
  for (const [method, path, json, status, field] of REFUSED) {
    const answer = await page.call(method, path, { json });
    const refusal = await answer.json();
    assert.equal(answer.status, status, refusal.error);
    assert.equal(refusal.field, field);
    assert.match(refusal.error, /^Cannot .+: .+\. .+\.$/);
  }
  const wrong = await page.call("POST", "/api/exchanges/e1/resend?limitMs=soon", {
    json: utf8("x"),
    headers: { "content-type": "message/http" },
  });
  assert.deepEqual([wrong.status, (await wrong.json()).field], [400, "limitMs"]);
  assert.equal((await page.call("DELETE", "/api/connections/c2")).status, 204);
});

Deno.test("POST /api/send takes a request of 10 MB as base64, and refuses one of over 64 MiB", async () => {
  using page = new FakePage();
  const base64 = "QUJD".repeat(3_500_000);
  const answer = await page.call("POST", "/api/send", { json: { target: "h:1", request: { base64 } } });
  assert.equal(answer.status, 201);
  const [sent] = page.sends.told;
  assert.equal(sent.turns![0].length, 10_500_000);
  const large = await page.call("POST", "/api/send?target=h:1", {
    json: new Uint8Array(64 * 1024 * 1024 + 1),
    headers: { "content-type": "application/octet-stream" },
  });
  assert.equal(large.status, 413);
});
