// /api/export: what is asked of the catalog, what the file is called, and what is refused.

import assert from "node:assert/strict";
import { FakePage } from "./fakes.ts";

Deno.test("/api/export asks the catalog as it is asked, by GET, POST or link", async () => {
  using page = new FakePage();
  const application = "tcpmon 1.2.3";
  const cases: [method: string, path: string, body: unknown, query: unknown][] = [
    ["GET", "?format=ndjson&listener=l1&q=x&bodies=0", undefined, {
      format: "ndjson",
      listener: "l1",
      q: "x",
      bodies: false,
    }],
    ["GET", "?format=pcapng&ids=e1,e2&wholeConnections=1&redact=header:a,b&redact=json:b", undefined, {
      format: "pcapng",
      ids: ["e1", "e2"],
      wholeConnections: true,
      redact: ["header:a,b", "json:b"],
    }],
    ["POST", "", { format: "har", ids: ["e1"], listener: "l1", redact: ["cookie:*"] }, {
      format: "har",
      ids: ["e1"],
      listener: "l1",
      redact: ["cookie:*"],
    }],
  ];
  for (const [method, path, body, query] of cases) {
    const answer = await page.call(method, `/api/export${path}`, { json: body });
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
    assert.deepEqual(JSON.parse(JSON.stringify(page.catalog.asked.at(-1))), {
      ...query as object,
      application,
    });
  }
  const left = await page.call("POST", "/api/export?link", { json: { format: "html", ids: ["e1"] } });
  assert.equal(left.status, 201);
  const { link } = await left.json();
  const linked = await page.call("GET", link);
  assert.equal(await linked.text(), "html\n");
});

Deno.test("/api/export declares its file and names it safely", async () => {
  using page = new FakePage();
  const answer = await page.call("GET", "/api/export?format=har&ids=e1");
  assert.equal(answer.headers.get("content-type"), "application/json");
  assert.match(answer.headers.get("content-security-policy")!, /sandbox/);
  assert.match(
    answer.headers.get("content-disposition")!,
    /^attachment; filename="\d{8}-\d{6}-e1-POST-orders-200\.har"$/,
  );
  await answer.body?.cancel();
  assert.equal(page.catalog.cancelled, 1);
});

Deno.test("/api/export refuses what cannot be meant, and names the field", async () => {
  using page = new FakePage();
  const cases: [method: string, path: string, body: unknown, field: string, error: RegExp][] = [
    ["GET", "", undefined, "format", /no format is given. Give one of ndjson, har/],
    ["GET", "?format=zip", undefined, "format", /it as "zip"/],
    ["GET", "?format=har&ids=x", undefined, "ids", /ids/],
    ["GET", "?format=har&bodies=maybe", undefined, "bodies", /1 or 0/],
    ["GET", "?linked=none", undefined, "linked", /not good any more/],
    ["POST", "", { format: "har", bodies: 1 }, "bodies", /true nor false/],
    ["POST", "", { format: "har", redact: "x" }, "redact", /list of texts/],
    ["POST", "", { format: "har", other: 1 }, "other", /no such member/],
  ];
  for (const [method, path, body, field, error] of cases) {
    const answer = await page.call(method, `/api/export${path}`, { json: body });
    assert.equal(answer.status, 400, path);
    const refusal = await answer.json();
    assert.equal(refusal.field, field);
    assert.match(refusal.error, error);
  }
});

Deno.test("/api/export tells under a key how it ended, and before it begins what it would mask", async () => {
  using page = new FakePage();
  const masked = [{ where: "cookie", name: "sid", count: 2, omitted: false }];
  page.catalog.masked = masked;
  // Asked for before the browser follows the link, as the page does.
  const outcome = page.call("GET", "/api/export/outcome?told=k1");
  const json = { format: "har", ids: ["e1"], redact: ["cookie:*"], told: "k1" };
  const { link } = await (await page.call("POST", "/api/export?link", { json })).json();
  await (await page.call("GET", link)).body?.cancel();
  assert.deepEqual(await (await outcome).json(), { complete: true, masked });
  assert.ok(!("told" in (page.catalog.asked.at(-1) as object)));

  const preview = await page.call("POST", "/api/export/preview?first=7", { json });
  assert.deepEqual(await preview.json(), { exchanges: 1, count: 1, masked });
  assert.equal((page.catalog.asked.at(-1) as { most: number }).most, 7);
  for (const path of ["/api/export/preview?first=0", "/api/export/preview?first=x"]) {
    assert.equal((await page.call("POST", path, { json })).status, 400);
  }
  const wrong = await page.call("POST", "/api/export", { json: { format: "har", redact: ["jsn:a"] } });
  assert.equal(wrong.status, 400);
  const said = await wrong.json();
  assert.equal(said.field, "redact");
  assert.match(said.error, /Cannot redact by "jsn:a": no rule begins with "jsn:"/);
});
