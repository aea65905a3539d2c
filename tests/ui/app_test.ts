// The app as a whole: what every call must show before it is answered, and what comes of faults.

import assert from "node:assert/strict";
import { FakePage } from "./fakes.ts";

const SAMPLES: readonly [method: string, path: string][] = [
  ["GET", "/api/listeners"],
  ["POST", "/api/listeners"],
  ["DELETE", "/api/listeners/l1"],
  ["GET", "/api/exchanges"],
  ["DELETE", "/api/exchanges"],
  ["GET", "/api/exchanges/e1/request"],
  ["HEAD", "/api/exchanges/e1/request"],
  ["GET", "/api/connections/c1/upstream"],
  ["POST", "/api/send"],
  ["GET", "/api/events"],
  ["GET", "/api/recording"],
  ["GET", "/api/openapi.json"],
  ["GET", "/api/none"],
  ["OPTIONS", "/api/listeners"],
  ["GET", "/api/"],
];

Deno.test("createApp answers no call without a credential, and does nothing for it", async () => {
  using page = new FakePage();
  for (const [method, path] of SAMPLES) {
    const answer = await page.request(path, {}, method);
    assert.equal(answer.status, 401, `${method} ${path}`);
    assert.equal(answer.headers.get("www-authenticate"), 'Bearer realm="tcpmon"');
    assert.equal(answer.headers.get("content-type"), "application/json");
    if (method !== "HEAD") assert.match((await answer.json()).error, /^Cannot answer: the token is missing/);
  }
  assert.deepEqual(page.catalog.asked, []);
  assert.equal(page.control.list.length, 1);
});

Deno.test("createApp answers no call by a foreign name or of a foreign page, whatever it holds", async () => {
  using page = new FakePage();
  const right = { Authorization: `Bearer ${page.access.token}` };
  const cookie = { Cookie: page.access.setCookie.split(";")[0] };
  for (const [method, path] of [...SAMPLES, ["GET", "/"], ["GET", "/app.js"]] as const) {
    for (
      const headers of [
        { ...right, Host: "evil.example:4040" },
        { ...right, Host: "127.0.0.1:4041" },
        { ...right, Origin: "http://evil.example" },
        { ...cookie, Origin: "null" },
      ]
    ) {
      const answer = await page.request(path, headers, method);
      assert.equal(answer.status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      await answer.body?.cancel();
    }
  }
  for (const site of ["same-site", "cross-site"]) {
    const answer = await page.request("/api/exchanges", { ...cookie, "Sec-Fetch-Site": site });
    assert.deepEqual([answer.status, typeof (await answer.json()).error], [403, "string"], site);
  }
  assert.deepEqual(page.catalog.asked, []);
});

Deno.test("createApp lets the page call with its cookie", async () => {
  using page = new FakePage();
  const answer = await page.request("/api/listeners", {
    Cookie: page.access.setCookie.split(";")[0],
    Origin: "http://127.0.0.1:4040",
    "Sec-Fetch-Site": "same-origin",
  });
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).listeners.length, 1);
});

Deno.test("createApp does not take the token from the address of a call", async () => {
  using page = new FakePage();
  const answer = await page.request(`/api/listeners?token=${page.access.token}`);
  assert.deepEqual([answer.status, typeof (await answer.json()).error], [401, "string"]);
});

Deno.test("createApp answers an unknown call in JSON", async () => {
  using page = new FakePage();
  const cases = [["GET", "/api/none"], ["POST", "/api/exchanges"], ["PUT", "/"], ["GET", "/none"]];
  for (const [method, path] of cases) {
    const answer = await page.call(method, path);
    const error = `Cannot answer ${method} ${path}: there is no such call. See GET /api/openapi.json.`;
    assert.deepEqual([answer.status, await answer.json()], [404, { error }]);
  }
});

Deno.test("createApp reports a fault, and says so in JSON", async () => {
  using page = new FakePage();
  const fault = new TypeError("the index is gone");
  page.catalog.refusal = fault;
  const answer = await page.call("GET", "/api/exchanges");
  assert.equal(answer.status, 500);
  assert.match((await answer.json()).error, /^Cannot answer: the index is gone\. This is a fault of tcpmon/);
  assert.deepEqual(page.reported, [fault]);
});

Deno.test("createApp calls no fault what there are too few file descriptors for, and says what to do", async () => {
  using page = new FakePage();
  page.catalog.refusal = new Error("Too many open files (os error 24)");
  const answer = await page.call("GET", "/api/exchanges");
  assert.equal(answer.status, 503);
  assert.match(
    (await answer.json()).error,
    /^Cannot answer: too many files are open\. Allow more .*later\.$/,
  );
  assert.deepEqual(page.reported, []);
});

Deno.test("/api/recording says how far behind the catalog is", async () => {
  using page = new FakePage();
  page.catalog.tell({ behindMs: 4000 });
  const recording = await (await page.call("GET", "/api/recording")).json();
  assert.deepEqual(recording, { ...page.control.kept, behindMs: 4000 });
});
