import assert from "node:assert/strict";
import { FakePage } from "./fakes.ts";

Deno.test("/api/captures lists, opens and closes captures", async () => {
  using page = new FakePage();
  const { captures } = await (await page.call("GET", "/api/captures")).json();
  assert.deepEqual(captures.map(({ id }: { id: string }) => id), ["k1"]);
  const json = new TextEncoder().encode("bytes");
  const opened = await page.call("POST", "/api/captures?name=/etc/../a b%07.pcap", { json });
  assert.deepEqual([opened.status, opened.headers.get("location")], [201, "/api/captures/k2"]);
  assert.equal((await opened.json()).file, "a b.pcap");
  assert.equal((await page.call("GET", "/api/captures/k2")).status, 200);
  assert.equal((await page.call("DELETE", "/api/captures/k2")).status, 204);
  assert.equal((await page.call("DELETE", "/api/captures/k2")).status, 404);
  assert.equal((await page.call("GET", "/api/captures/k2")).status, 404);
});

Deno.test("/api/captures says in words what cannot be opened", async () => {
  using page = new FakePage();
  const post = (body?: string) =>
    page.call("POST", "/api/captures?name=x", { json: body && new TextEncoder().encode(body) });
  const refused = await post("no capture");
  assert.deepEqual([refused.status, await refused.json()], [400, { error: "Cannot open x: it is empty." }]);
  const empty = await post();
  assert.deepEqual([empty.status, (await empty.json()).error], [
    400,
    "Cannot open a capture: the request has no body. Send the file's bytes as the body.",
  ]);
});

Deno.test("/api/capture is what was recorded so far, as a file", async () => {
  using page = new FakePage();
  const answer = await page.call("GET", "/api/capture");
  assert.equal(answer.headers.get("content-disposition"), 'attachment; filename="today.pcapng"');
  assert.equal(answer.headers.get("content-type"), "application/x-pcapng");
  assert.equal(await answer.text(), "pcapng");
});
