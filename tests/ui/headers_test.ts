// The headers of every answer, whatever gave it.

import assert from "node:assert/strict";
import { createNonce, pageCsp } from "../../src/ui/headers.ts";
import { FakePage } from "./fakes.ts";

const EVERYWHERE: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

Deno.test("defaultHeaders are on every answer, also on refusals and faults", async () => {
  using page = new FakePage();
  const answers: readonly [name: string, answer: Response][] = [
    ["page", await page.call("GET", "/")],
    ["asset", await page.request("/app.js")],
    ["redirect", await page.request(`/?token=${page.access.token}`)],
    ["json", await page.call("GET", "/api/listeners")],
    ["nothing", await page.call("DELETE", "/api/listeners/l1")],
    ["not found", await page.call("GET", "/api/none")],
    ["no token", await page.request("/api/listeners")],
    ["foreign host", await page.request("/", { Host: "evil.example" })],
    ["not yet", await page.call("POST", "/api/send")],
  ];
  page.catalog.refusal = new Error("the index is gone");
  const fault: [string, Response] = ["fault", await page.call("GET", "/api/exchanges")];
  for (const [name, answer] of [...answers, fault]) {
    for (const [header, value] of Object.entries(EVERYWHERE)) {
      assert.equal(answer.headers.get(header), value, `${header} of ${name}`);
    }
    assert.match(answer.headers.get("cache-control") ?? "", /^no-(store|cache), no-transform$/, name);
    assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/, name);
    assert.equal(answer.headers.get("access-control-allow-origin"), null, name);
    await answer.body?.cancel();
  }
});

Deno.test("pageCsp allows nothing inline and nothing to be evaluated", () => {
  assert.doesNotMatch(pageCsp(createNonce()), /unsafe|\*|https?:/);
});

Deno.test("createNonce has 128 bits and is not the same twice", () => {
  assert.match(createNonce(), /^[\w-]{22}$/);
  assert.notEqual(createNonce(), createNonce());
});
