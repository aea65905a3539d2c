// Connections over HTTP.

import assert from "node:assert/strict";
import { aConnection, FakePage } from "./fakes.ts";

Deno.test("/api/connections lists connections and gives one", async () => {
  using page = new FakePage();
  const list = await (await page.call("GET", "/api/connections?listener=l1&limit=5")).json();
  assert.deepEqual(list, { connections: [aConnection()], next: "c1", total: 1 });
  assert.deepEqual(JSON.parse(JSON.stringify(page.catalog.asked.at(-1))), { listener: "l1", limit: 5 });
  assert.deepEqual(await (await page.call("GET", "/api/connections/c1")).json(), aConnection());
  assert.equal((await page.call("GET", "/api/connections?limit=0")).status, 400);
});

Deno.test("/api/connections/ID/upstream and /downstream give all bytes of a direction, by range too", async () => {
  using page = new FakePage();
  for (const direction of ["upstream", "downstream"]) {
    page.catalog.bytesOf.set(`c1/${direction}`, { bytes: new TextEncoder().encode(direction) });
    const whole = await page.call("GET", `/api/connections/c1/${direction}`);
    assert.equal(await whole.text(), direction);
    const headers = { Range: "bytes=-6" };
    const part = await page.call("GET", `/api/connections/c1/${direction}`, { headers });
    assert.deepEqual([part.status, await part.text()], [206, "stream"]);
  }
});

Deno.test("/api/connections answers 404 for what is not there", async () => {
  using page = new FakePage();
  for (const path of ["/c9", "/c9/upstream", "/c9/downstream", "/c1/sideways"]) {
    const answer = await page.call("GET", `/api/connections${path}`);
    assert.equal(answer.status, 404, path);
    assert.match((await answer.json()).error, /^Cannot (find connection "c9"|answer GET)/, path);
  }
});
