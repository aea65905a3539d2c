// Captured bytes over HTTP: ranges, HEAD, what a browser may make of them, and that nothing is read for
// nothing.

import assert from "node:assert/strict";
import { anExchange, FakePage } from "./fakes.ts";

const TEN = new TextEncoder().encode("0123456789");
const PATH = "/api/exchanges/e1/response";

function pageWith(bytes: Uint8Array, more: { complete?: boolean; contentType?: string } = {}): FakePage {
  const page = new FakePage();
  page.catalog.bytesOf.set("e1/response/wire", { bytes, ...more });
  page.catalog.bytesOf.set("e1/response/body", { bytes, ...more });
  page.catalog.bytesOf.set("c1/upstream", { bytes, ...more });
  return page;
}

const RANGES: readonly [range: string, status: number, contentRange: string | null, text: string][] = [
  ["bytes=0-3", 206, "bytes 0-3/10", "0123"],
  ["bytes=4-", 206, "bytes 4-9/10", "456789"],
  ["bytes=-3", 206, "bytes 7-9/10", "789"],
  ["bytes=-30", 206, "bytes 0-9/10", "0123456789"],
  ["bytes=0-0", 206, "bytes 0-0/10", "0"],
  ["bytes=9-9", 206, "bytes 9-9/10", "9"],
  ["bytes=5-5000", 206, "bytes 5-9/10", "56789"],
  ["bytes=10-", 416, "bytes */10", ""],
  ["bytes=-0", 416, "bytes */10", ""],
  ["bytes=5-2", 200, null, "0123456789"],
  ["bytes=0-1,3-4", 200, null, "0123456789"],
  ["words=0-1", 200, null, "0123456789"],
];

Deno.test("answerBytes gives the range that is asked for", async () => {
  using page = pageWith(TEN);
  for (const [range, status, contentRange, text] of RANGES) {
    const answer = await page.call("GET", PATH, { headers: { Range: range } });
    const body = await answer.text();
    assert.equal(answer.status, status, range);
    assert.equal(answer.headers.get("content-range"), contentRange, range);
    if (status === 416) {
      assert.match(JSON.parse(body).error, /there are 10 bytes/);
      continue;
    }
    assert.equal(body, text, range);
    assert.equal(answer.headers.get("content-length"), String(text.length), range);
    assert.equal(answer.headers.get("accept-ranges"), "bytes", range);
  }
});

Deno.test("answerBytes gives nothing of nothing", async () => {
  using page = pageWith(new Uint8Array());
  const whole = await page.call("GET", PATH);
  assert.deepEqual([whole.status, whole.headers.get("content-length"), await whole.text()], [200, "0", ""]);
  const range = await page.call("GET", PATH, { headers: { Range: "bytes=0-" } });
  await range.body?.cancel();
  assert.deepEqual([range.status, range.headers.get("content-range")], [416, "bytes */0"]);
});

Deno.test("answerBytes tells HEAD the length, and reads nothing for it", async () => {
  using page = pageWith(TEN);
  const answer = await page.call("HEAD", PATH, { headers: { Range: "bytes=0-3" } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-length"), "10");
  assert.equal(await answer.text(), "");
  assert.deepEqual([page.catalog.pulled, page.catalog.cancelled], [0, 1]);
});

Deno.test("answerBytes has a validator once the bytes are complete, and heeds If-Range", async () => {
  using page = pageWith(TEN);
  const etag = (await page.call("HEAD", PATH)).headers.get("etag");
  assert.match(etag ?? "", /^"[\w-]+"$/);
  const headers = { Range: "bytes=0-3", "If-Range": etag ?? "" };
  assert.equal(await (await page.call("GET", PATH, { headers })).text(), "0123");
  const other = await page.call("GET", PATH, { headers: { ...headers, "If-Range": '"another"' } });
  assert.deepEqual([other.status, await other.text()], [200, "0123456789"]);

  using growing = pageWith(TEN, { complete: false });
  assert.equal((await growing.call("HEAD", PATH)).headers.get("etag"), null);
});

const TYPES: readonly [declared: string | undefined, served: string][] = [
  [undefined, "application/octet-stream"],
  ["text/html; charset=utf-8", "application/octet-stream"],
  ["image/svg+xml", "application/octet-stream"],
  ["application/javascript", "application/octet-stream"],
  ["text/css", "application/octet-stream"],
  ["application/pdf", "application/octet-stream"],
  ["multipart/x-mixed-replace; boundary=image/png", "application/octet-stream"],
  ["image/png", "image/png"],
  [" IMAGE/JPEG ; q=1", "image/jpeg"],
  ["image/gif", "image/gif"],
  ["image/webp", "image/webp"],
  ["image/bmp", "image/bmp"],
  ["image/avif", "image/avif"],
];

Deno.test("answerBytes serves nothing that a browser would run", async () => {
  for (const [contentType, served] of TYPES) {
    using page = pageWith(TEN, { contentType });
    const answer = await page.call("HEAD", `${PATH}/body`);
    assert.equal(answer.headers.get("content-type"), served, contentType);
    assert.equal(answer.headers.get("content-security-policy"), "sandbox; default-src 'none'");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(answer.headers.get("cache-control"), "no-store, no-transform");
  }
});

Deno.test("answerBytes names the file to save", async () => {
  using page = pageWith(TEN);
  page.catalog.bytesOf.set("e1/response/coded", { bytes: TEN });
  const { started } = anExchange();
  const local = new Date(started).toLocaleString("sv-SE").replaceAll(/[-:]/g, "").replace(" ", "-");
  const names: readonly [path: string, name: string][] = [
    [`${PATH}?download`, `${local}-e1-POST-orders-200-response.http`],
    [`${PATH}/body?download=1`, `${local}-e1-POST-orders-200-response-body.xml`],
    [`${PATH}/body?coded&download`, `${local}-e1-POST-orders-200-response-body.xml`],
    ["/api/connections/c1/upstream?download", "c1-upstream.bin"],
  ];
  for (const [path, name] of names) {
    const answer = await page.call("HEAD", path);
    assert.equal(answer.headers.get("content-disposition"), `attachment; filename="${name}"`);
  }
  assert.equal((await page.call("HEAD", PATH)).headers.get("content-disposition"), null);
});

Deno.test("answerBytes reads only as much as is taken, and stops when it is cancelled", async () => {
  using page = pageWith(new Uint8Array(1_000_000));
  const answer = await page.call("GET", PATH);
  const reader = answer.body!.getReader();
  await reader.read();
  assert.equal(page.catalog.pulled, 1);
  await reader.cancel();
  assert.deepEqual([page.catalog.pulled, page.catalog.cancelled], [1, 1]);
});

Deno.test("answerBytes leaves no stream behind when the file name cannot be had", async () => {
  using page = pageWith(TEN);
  page.catalog.rows = [];
  const answer = await page.call("GET", `${PATH}?download`);
  assert.equal(answer.status, 404);
  assert.equal(page.catalog.cancelled, 1);
});

Deno.test("answerBytes names the bytes that are filler because the capture does not have them", async () => {
  using page = pageWith(TEN);
  const whole = await page.call("GET", PATH);
  assert.equal(whole.headers.get("tcpmon-missing-bytes"), null);
  await whole.body?.cancel();
  page.catalog.bytesOf.set("e1/response/wire", {
    bytes: TEN,
    gaps: [{ start: 2, end: 4 }, { start: 7, end: 8 }],
  });
  for (const method of ["GET", "HEAD"]) {
    const answer = await page.call(method, PATH);
    assert.equal(answer.headers.get("tcpmon-missing-bytes"), "2-3, 7-7");
    await answer.body?.cancel();
  }
});
