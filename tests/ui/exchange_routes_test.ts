// Exchanges over HTTP: that questions reach the Catalog as they were meant, and its answers the client.

import assert from "node:assert/strict";
import { anExchange, aViewPart, FakePage } from "./fakes.ts";

/** What is asked of the Catalog, without what is left out. */
function asked(page: FakePage): unknown {
  return JSON.parse(JSON.stringify(page.catalog.asked.at(-1)));
}

const LISTS: readonly [query: string, asked: Record<string, unknown>][] = [
  ["", {}],
  ["?connection=c5", { connection: "c5" }],
  ["?listener=l1&q=status%3A5xx%20%2B&before=e9&limit=1000", {
    listener: "l1",
    q: "status:5xx +",
    before: "e9",
    limit: 1000,
  }],
  ["?offset=0&limit=1&q=", { offset: 0, limit: 1 }],
  ["?sort=elapsed&order=asc&offset=7", { sort: "elapsed", order: "asc", offset: 7 }],
  ["?sort=time&order=desc&before=e9", { sort: "time", order: "desc", before: "e9" }],
  ["?sort=&order=", {}],
  ["?unknown=1", {}],
];

Deno.test("GET /api/exchanges asks what the query says", async () => {
  using page = new FakePage();
  for (const [query, question] of LISTS) {
    const answer = await page.call("GET", `/api/exchanges${query}`);
    assert.deepEqual(await answer.json(), { exchanges: [anExchange()], next: null, total: 1, offset: 0 });
    assert.deepEqual(asked(page), question);
  }
});

const REMOVALS: readonly [path: string, json: unknown, asked: unknown][] = [
  ["", { ids: ["e1", "e2"] }, { ids: ["e1", "e2"] }],
  ["", { ids: [] }, { ids: [] }],
  ["", { all: true }, { all: true }],
  ["", { all: true, listener: "l1" }, { all: true, listener: "l1" }],
  ["", undefined, { all: true }],
  ["?listener=l1", undefined, { all: true, listener: "l1" }],
];

Deno.test("DELETE /api/exchanges removes these, or all", async () => {
  using page = new FakePage();
  for (const [path, json, question] of REMOVALS) {
    const answer = await page.call("DELETE", `/api/exchanges${path}`, { json });
    assert.equal(answer.status, 200);
    assert.equal(typeof (await answer.json()).removed, "number");
    assert.deepEqual(asked(page), question);
  }
});

const WRONG: readonly [method: string, path: string, json: unknown, field: string | undefined][] = [
  ["GET", "?limit=0", undefined, "limit"],
  ["GET", "?limit=1001", undefined, "limit"],
  ["GET", "?limit=ten", undefined, "limit"],
  ["GET", "?limit=1e2", undefined, "limit"],
  ["GET", "?offset=-1", undefined, "offset"],
  ["GET", "?sort=colour", undefined, "sort"],
  ["GET", "?sort=toString", undefined, "sort"],
  ["GET", "?sort=Time", undefined, "sort"],
  ["GET", "?order=up", undefined, "order"],
  ["GET", "?sort=status&before=e9", undefined, "before"],
  ["GET", "?order=asc&before=e9", undefined, "before"],
  ["GET", "?connection=5", undefined, "connection"],
  ["GET", `?q=${"x".repeat(10_001)}`, undefined, "q"],
  ["GET", "/e1/request/view?as=yaml", undefined, "as"],
  ["GET", "/e1/diff?with=e2&side=both", undefined, "side"],
  ["GET", "/e1/diff?with=e2&withSide=both", undefined, "withSide"],
  ["GET", "/e1/diff?with=e2&structure=yes", undefined, "structure"],
  ["GET", "/e1/diff?with=e2&context=1001", undefined, "context"],
  ["GET", "/e1/request/view?from=-1", undefined, "from"],
  ["GET", "/e1/request/view?lines=0", undefined, "lines"],
  ["GET", "/e1/request/view?lines=5001", undefined, "lines"],
  ["GET", "/e1/request/view/find", undefined, "text"],
  ["GET", "/e1/request/view/find?text=", undefined, "text"],
  ["GET", "/e1/request/view/find?text=a&case=maybe", undefined, "case"],
  ["GET", "/e1/request/view/find?text=a&as=html", undefined, "as"],
  ["DELETE", "", {}, "ids"],
  ["DELETE", "", { all: false }, "ids"],
  ["DELETE", "", { ids: "e1" }, "ids"],
  ["DELETE", "", { ids: [1] }, "ids"],
  ["DELETE", "", { all: true, listener: 1 }, "listener"],
  ["DELETE", "", { id: "e1" }, "id"],
  ["DELETE", "", "e1", undefined],
];

Deno.test("/api/exchanges says what is wrong with a question, and does not ask it", async () => {
  using page = new FakePage();
  for (const [method, path, json, field] of WRONG) {
    const answer = await page.call(method, `/api/exchanges${path}`, { json });
    const body = await answer.json();
    assert.equal(answer.status, 400, `${method} ${path}`);
    assert.equal(body.field, field, `${method} ${path}: ${body.error}`);
    assert.match(body.error, /^Cannot .+\.$/);
  }
  assert.deepEqual(page.catalog.asked, []);
});

Deno.test("DELETE /api/exchanges reads a body of limited size", async () => {
  using page = new FakePage();
  const answer = await page.call("DELETE", "/api/exchanges", { json: { ids: ["x".repeat(1_048_577)] } });
  assert.equal(answer.status, 413);
  assert.match((await answer.json()).error, /over 1048576 bytes/);
});

Deno.test("/api/exchanges passes on what the Catalog says of a question without sense", async () => {
  using page = new FakePage();
  const cases: readonly [path: string, field: string | undefined][] = [
    ["/api/exchanges?q=(", "q"],
    ["/api/exchanges?before=nonsense", undefined],
    ["/api/exchanges/e1/response/view/find?text=(&regex=1", "text"],
    ["/api/exchanges/e1/response/view?as=xml", undefined],
  ];
  for (const [path, field] of cases) {
    page.catalog.refusal = new RangeError("Cannot understand “(”. Write a closing one.");
    const answer = await page.call("GET", path);
    assert.equal(answer.status, 400, path);
    const error = "Cannot understand “(”. Write a closing one.";
    assert.deepEqual(await answer.json(), field === undefined ? { error } : { error, field }, path);
  }
  assert.deepEqual(page.reported, []);
});

Deno.test("/api/exchanges/ID gives the detail, and 404 for what is not there", async () => {
  using page = new FakePage();
  const detail = await (await page.call("GET", "/api/exchanges/e1")).json();
  assert.equal(detail.request.mediaType, "application/json");
  page.catalog.onView = () => Promise.resolve(null);
  page.catalog.onFind = () => Promise.resolve(null);
  for (
    const path of [
      "/e9",
      "/e9%2F..",
      "/e9/request",
      "/e1/response",
      "/e9/response/body?download",
      "/e9/request/view",
      "/e9/request/view/find?text=a",
    ]
  ) {
    const answer = await page.call("GET", `/api/exchanges${path}`);
    assert.equal(answer.status, 404, path);
    assert.match((await answer.json()).error, /^Cannot find exchange "e/, path);
  }
});

Deno.test("/api/exchanges/ID/request asks for the bytes of that side and part", async () => {
  using page = new FakePage();
  for (const side of ["request", "response"]) {
    for (const part of ["wire", "body"]) {
      const path = `/api/exchanges/e1/${side}${part === "body" ? "/body" : ""}`;
      page.catalog.bytesOf.set(`e1/${side}/${part}`, { bytes: new TextEncoder().encode(`${side} ${part}`) });
      assert.equal(await (await page.call("GET", path)).text(), `${side} ${part}`);
    }
  }
});

Deno.test("/view gives a part as JSON, or as text where only that is accepted", async () => {
  using page = new FakePage();
  const json = await page.call("GET", "/api/exchanges/e1/response/view?as=xml&from=10&lines=20");
  assert.deepEqual(await json.json(), aViewPart());
  assert.deepEqual(asked(page), { exchange: "e1", side: "response", as: "xml", from: 10, lines: 20 });
  await page.call("GET", "/api/exchanges/e1/request/view");
  assert.deepEqual(asked(page), { exchange: "e1", side: "request", as: "auto", from: 0, lines: 1000 });

  const accepts: readonly [accept: string, type: string][] = [
    ["text/plain", "text/plain; charset=utf-8"],
    ["text/html;q=0.1, TEXT/PLAIN; q=0.5", "text/plain; charset=utf-8"],
    ["text/plain, application/json", "application/json"],
    ["*/*", "application/json"],
  ];
  for (const [accept, type] of accepts) {
    const answer = await page.call("GET", "/api/exchanges/e1/request/view", { headers: { Accept: accept } });
    assert.equal(answer.headers.get("content-type"), type, accept);
    const text = await answer.text();
    if (type.startsWith("text/plain")) assert.equal(text, "<a>\n</a>");
  }
});

Deno.test("/view/find asks what the query says", async () => {
  using page = new FakePage();
  const path = "/api/exchanges/e1/request/view/find?as=hex&text=a%2Bb&case=1&regex=0";
  const answer = await page.call("GET", path);
  assert.deepEqual(await answer.json(), { hits: [{ line: 0, from: 1, to: 3 }], total: 1, complete: true });
  assert.deepEqual(asked(page), {
    exchange: "e1",
    side: "request",
    as: "hex",
    text: "a+b",
    caseSensitive: true,
    regex: false,
  });
});

const DIFFS: readonly [query: string, asked: Record<string, unknown>][] = [
  ["?with=e2", { with: "e2", side: "request", as: "auto", context: 3 }],
  ["?with=e2&side=response&as=xml&context=0", { with: "e2", side: "response", as: "xml", context: 0 }],
  ["?with=e2&side=response&withSide=request&sent=1&withSent=true&structure=1", {
    with: "e2",
    side: "response",
    withSide: "request",
    sent: true,
    withSent: true,
    as: "auto",
    context: 3,
    structure: true,
  }],
];

Deno.test("GET /api/exchanges/ID/diff gives text to whoever asks for it", async () => {
  using page = new FakePage();
  const headers = { accept: "text/plain" };
  const answer = await page.call("GET", "/api/exchanges/e1/diff?with=e2&sent=1", { headers });
  assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(await answer.text(), /^--- e2\/request\n\+\+\+ e1\/request\n@@ /);
  assert.deepEqual(asked(page), {
    exchange: "e1",
    with: "e2",
    side: "request",
    sent: true,
    as: "auto",
    context: 3,
  });
  const gone = await page.call("GET", "/api/exchanges/e1/diff?with=e9&side=response", { headers });
  assert.equal(gone.status, 404);
  assert.match((await gone.json()).error, /Cannot compare the response of "e9" with the response of "e1"/);
});

Deno.test("GET /api/exchanges/ID/diff asks what the query says", async () => {
  using page = new FakePage();
  for (const [query, question] of DIFFS) {
    const answer = await page.call("GET", `/api/exchanges/e1/diff${query}`);
    assert.equal((await answer.json()).with, "e2");
    assert.deepEqual(asked(page), { exchange: "e1", ...question });
  }
  page.catalog.rows = [anExchange({ resendOf: "e0" })];
  assert.equal((await (await page.call("GET", "/api/exchanges/e1/diff")).json()).with, "e0");
  page.catalog.rows = [anExchange()];
  const answer = await page.call("GET", "/api/exchanges/e1/diff");
  assert.deepEqual([answer.status, (await answer.json()).field], [400, "with"]);
});
