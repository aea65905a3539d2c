// tcpmon's own authority over HTTP.

import assert from "node:assert/strict";
import { Hono } from "hono";
import { addAuthorityRoutes } from "../../src/ui/authority_routes.ts";
import { FakePage } from "./fakes.ts";

Deno.test("/api/ca tells of the authority, and /api/ca.pem gives its certificate to be saved", async () => {
  using page = new FakePage();
  assert.deepEqual(await (await page.call("GET", "/api/ca")).json(), page.authority.known);
  const answer = await page.call("GET", "/api/ca.pem");
  assert.equal(answer.headers.get("content-disposition"), 'attachment; filename="tcpmon-ca.pem"');
  assert.equal(answer.headers.get("content-type"), "application/x-pem-file");
  assert.match(await answer.text(), /^-----BEGIN CERTIFICATE-----/);
});

Deno.test("/api/ca is for those only who may call", async () => {
  using page = new FakePage();
  for (const path of ["/api/ca", "/api/ca.pem"]) {
    assert.equal((await page.request(path)).status, 401, path);
    assert.equal((await page.request(path, { Host: "evil.example" })).status, 403, path);
  }
});

Deno.test("/api/ca says in words why there is no authority to tell of", async () => {
  using page = new FakePage();
  page.authority.refusal = new Error("Cannot use /x/ca.key: others can read it. Run chmod 600 /x/ca.key.");
  for (const path of ["/api/ca", "/api/ca.pem"]) {
    const answer = await page.call("GET", path);
    assert.equal(answer.status, 409);
    assert.deepEqual(await answer.json(), { error: page.authority.refusal.message });
  }
  assert.deepEqual(page.reported, []);

  const without = new Hono();
  addAuthorityRoutes(without, null);
  without.onError((error, c) => c.text(error.message, 404));
  assert.match(await (await without.request("/api/ca")).text(), /this tcpmon has none/);
});
