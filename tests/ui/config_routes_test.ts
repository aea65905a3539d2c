// The configuration over HTTP.

import assert from "node:assert/strict";
import schema from "../../docs/config.schema.json" with { type: "json" };
import { FakePage } from "./fakes.ts";

Deno.test("/api/config gives the listeners as a file to be saved", async () => {
  using page = new FakePage();
  const answer = await page.call("GET", "/api/config");
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "application/json"]);
  assert.equal(answer.headers.get("content-disposition"), null);
  assert.deepEqual(await answer.json(), {
    listeners: [{ listen: "127.0.0.1:8081", target: "localhost:80" }],
  });
  const saved = await page.call("GET", "/api/config?download");
  assert.equal(saved.headers.get("content-disposition"), 'attachment; filename="tcpmon.json"');
  await saved.body?.cancel();
});

Deno.test("/api/config writes the file only where there is one, and asks before it overwrites", async () => {
  using page = new FakePage();
  const none = await page.call("POST", "/api/config");
  assert.equal(none.status, 409);
  assert.match((await none.json()).error, /started without --config FILE\. Save a copy/);
  page.control.configFile = "x.json";
  const saved = await page.call("POST", "/api/config", { json: {} });
  assert.deepEqual([saved.status, await saved.json()], [200, { file: "x.json" }]);
  page.control.isChanged = true;
  const asked = await page.call("POST", "/api/config");
  const { error, field } = await asked.json();
  assert.deepEqual([asked.status, field], [409, "overwrite"]);
  assert.match(error, /it was changed/);
  assert.equal(page.control.saved, 1);
  assert.equal((await page.call("POST", "/api/config", { json: { overwrite: true } })).status, 200);
  assert.equal(page.control.saved, 2);
  const wrong = await page.call("POST", "/api/config", { json: { overwrite: "yes" } });
  assert.deepEqual([wrong.status, (await wrong.json()).field], [400, "overwrite"]);
});

Deno.test("/api/config.schema.json is the published schema", async () => {
  using page = new FakePage();
  const answer = await page.call("GET", "/api/config.schema.json");
  assert.equal(answer.headers.get("content-type"), "application/schema+json");
  assert.deepEqual(await answer.json(), schema);
});
