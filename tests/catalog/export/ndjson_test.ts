// Exports as lines of JSON: each line is read by JSON.parse, and gives the bytes that were recorded.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { answer, Capture, get } from "../capture.ts";
import { exportedText, withCatalog } from "./exporting.ts";

// deno-lint-ignore no-explicit-any -- lines of JSON
type Line = any;

function lines(text: string): Line[] {
  assert.ok(text === "" || text.endsWith("\n"));
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

const binary = Uint8Array.from({ length: 600_000 }, (_, n) => (n * 7) ^ (n >> 8));
/** Characters of two to four bytes, which pieces must not part. */
const words = 'aé€😀\u0000"\\\n'.repeat(60_000);

function response(body: Uint8Array, more = ""): Uint8Array {
  const head = `HTTP/1.1 200 OK\r\n${more}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

Deno.test("ndjson: an exchange a line, oldest first, with exact bodies, after its connection", async () => {
  using capture = new Capture();
  capture.opened(1);
  capture.connected(1);
  const bodies = [Buffer.from(words), binary, gzipSync("packed"), Buffer.alloc(0)];
  for (const [n, body] of bodies.entries()) {
    capture.chunk(1, "upstream", get(`/${n}`));
    capture.chunk(1, "downstream", response(body, n === 2 ? "Content-Encoding: gzip\r\n" : ""));
  }
  capture.chunk(1, "upstream", "POST /open HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
  await withCatalog(capture, async (catalog) => {
    const [connection, ...exchanges] = lines(await exportedText(catalog, { format: "ndjson" }));
    assert.deepEqual(connection, { event: "connection", ...await catalog.connection("c1") });
    assert.equal(exchanges.length, 5);
    for (const { event, ...exchange } of exchanges) {
      assert.equal(event, "exchange");
      const detail: Line = await catalog.exchange(exchange.id);
      for (const side of ["request", "response"]) delete exchange[side]?.body;
      assert.deepEqual(exchange, detail);
    }
    const got = lines(await exportedText(catalog, { format: "ndjson" })).slice(1);
    assert.equal(got[0].response.body, words);
    assert.ok(Buffer.from(got[1].response.body.base64, "base64").equals(binary));
    assert.equal(got[2].response.body, "packed");
    assert.equal(got[3].response.body, "");
    assert.deepEqual([got[4].state, got[4].request.body, got[4].response], ["open", "half", null]);
  });
});

Deno.test("ndjson: chosen by ids, listener or filter; without bodies where they are not wanted", async () => {
  using capture = new Capture();
  for (let n = 1; n <= 450; n++) {
    capture.connection(n, [[get(`/orders/${n}`), answer(`{"id":${n}}`)]], n % 2 ? "l1" : "l2");
  }
  await withCatalog(capture, async (catalog) => {
    const ids = async (query: Parameters<typeof exportedText>[1]) =>
      lines(await exportedText(catalog, query)).filter(({ event }) => event === "exchange").map(({ id }) =>
        id
      );
    const all = await ids({ format: "ndjson" });
    assert.deepEqual(all, Array.from({ length: 450 }, (_, n) => `e${n + 1}`));
    assert.deepEqual(await ids({ format: "ndjson", ids: ["e9", "e2", "e9", "e999"] }), ["e2", "e9"]);
    assert.deepEqual(await ids({ format: "ndjson", listener: "l1" }), all.filter((_, n) => n % 2 === 0));
    const filtered = await ids({ format: "ndjson", listener: "l2", q: "/orders/44" });
    assert.deepEqual(filtered, ["e44", "e440", "e442", "e444", "e446", "e448"]);
    const [, bare] = lines(await exportedText(catalog, { format: "ndjson", ids: ["e1"], bodies: false }));
    assert.equal(bare.response.bodyBytes, 8);
    assert.ok(!("body" in bare.response));
    await assert.rejects(exportedText(catalog, { format: "ndjson", ids: ["c1"] }), RangeError);
    const gone = await catalog.export({ format: "ndjson", ids: ["e3", "e999"], application: "test" });
    assert.deepEqual([gone.count, gone.only?.id], [1, "e3"], "what is gone does not count");
    await gone.stream.cancel();
    const { count, only, stream } = await catalog.export({
      format: "ndjson",
      ids: ["e7"],
      application: "test",
    });
    assert.deepEqual([count, only?.url], [1, "/orders/7"]);
    await stream.cancel();
  });
});

Deno.test("WorkerCatalog.export: read as fast as it is taken, and given up when cancelled", async () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", get("/large"));
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${200 * binary.length}\r\n\r\n`;
  capture.chunk(1, "downstream", head);
  for (let n = 0; n < 200; n++) capture.chunk(1, "downstream", binary);
  await withCatalog(capture, async (catalog) => {
    const { stream } = await catalog.export({ format: "ndjson", application: "test" });
    const reader = stream.getReader();
    const { value } = await reader.read();
    assert.ok(value!.length <= 256 * 1024);
    // While one export stands still, another goes on.
    const [, other] = lines(await exportedText(catalog, { format: "ndjson", bodies: false }));
    assert.equal(other.response.bodyBytes, 200 * binary.length);
    await reader.cancel();
  });
});
