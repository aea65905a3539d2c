// HAR files of several programs, opened as captures: what they say shows, what they do not say is told, and what is
// exported, opened and exported again is the same in what matters.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { WorkerCatalog } from "../../../src/catalog/catalog.ts";
import type { ExchangeDetail } from "../../../src/catalog/types.ts";
import { answer, Capture, get } from "../capture.ts";
import { exportedText, withCatalog } from "../export/exporting.ts";
import { type Archive, archiveOf } from "../export/har_judge.ts";

/** Opens a text as a HAR file. */
async function opened<T>(text: string, look: (catalog: WorkerCatalog) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
  try {
    const file = `${folder}/some.har`;
    await Deno.writeTextFile(file, text);
    const catalog = await WorkerCatalog.open({ opens: file, folder });
    try {
      await catalog.level();
      return await look(catalog);
    } finally {
      await catalog.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function details(catalog: WorkerCatalog): Promise<ExchangeDetail[]> {
  const { exchanges } = await catalog.exchanges({ limit: 1000 });
  return (await Promise.all(exchanges.map(({ id }) => catalog.exchange(id)))).reverse() as ExchangeDetail[];
}

async function body(catalog: WorkerCatalog, exchange: string, side: "request" | "response"): Promise<Buffer> {
  const found = await catalog.bytes({ exchange, side, part: "body" });
  return Buffer.from(found ? await new Response(found.stream).arrayBuffer() : new ArrayBuffer(0));
}

function archive(...entries: unknown[]): string {
  return JSON.stringify({ log: { version: "1.2", creator: { name: "x", version: "1" }, entries } });
}

/** An entry as Chromium writes it, with `changes` to it. */
function entry(changes: { [member: string]: unknown } = {}): unknown {
  return {
    startedDateTime: "2026-03-04T10:24:41.318Z",
    time: 30,
    request: {
      method: "GET",
      url: "https://shop.example/a?q=1#frag",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Host", value: "shop.example" }],
      queryString: [],
      cookies: [],
      headersSize: 100,
      bodySize: 0,
    },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Content-Type", value: "text/plain" }],
      cookies: [],
      content: { size: 5, mimeType: "text/plain", text: "hello" },
      redirectURL: "",
      headersSize: 50,
      bodySize: 5,
    },
    cache: {},
    timings: { blocked: 5, dns: -1, ssl: -1, connect: -1, send: 1, wait: 20, receive: 4 },
    serverIPAddress: "192.0.2.7",
    connection: "4711",
    ...changes,
  };
}

Deno.test("HAR: what a browser has saved shows with all that it says, and is said to be rebuilt", async () => {
  await opened(`\ufeff${archive(entry())}`, async (catalog) => {
    const [exchange] = await details(catalog);
    const { method, url, status, target, tls, started, firstByteMs, elapsedMs, request, response } = exchange;
    assert.deepEqual([method, url, status, target, tls], [
      "GET",
      "/a?q=1",
      200,
      "shop.example:443",
      "target",
    ]);
    assert.deepEqual([started, firstByteMs, elapsedMs], ["2026-03-04T10:24:41.323Z", 21, 25]);
    assert.equal(request!.startLine, "GET /a?q=1 HTTP/1.1");
    assert.deepEqual(response!.headers, [
      { name: "Content-Type", value: "text/plain" },
      { name: "Content-Length", value: "5" },
    ]);
    assert.equal((await body(catalog, exchange.id, "response")).toString(), "hello");
    assert.match(request!.notes.join(), /^Rebuilt from a HAR file/);
    const connection = await catalog.connection(exchange.connection);
    assert.match(connection!.note!, /Rebuilt from a HAR file.*connection 4711/);
    assert.deepEqual([connection!.state, connection!.targetAddress], ["closed", "192.0.2.7:443"]);
  });
});

Deno.test("HAR: quirks of programs that write it", async () => {
  const request = (changes: object) => ({ ...(entry() as { request: object }).request, ...changes });
  const response = (changes: object) => ({ ...(entry() as { response: object }).response, ...changes });
  const cases: [what: string, entry: unknown, look: (found: ExchangeDetail, text: string) => void][] = [
    [
      "HTTP/2 of Chromium: pseudo-header fields",
      entry({
        request: request({
          httpVersion: "h2",
          headers: [":method", ":authority", ":path", "accept"].map((name) => ({ name, value: "v.example" })),
        }),
        response: response({ httpVersion: "h2", statusText: "" }),
      }),
      ({ request }) => {
        assert.equal(request!.startLine, "GET /a?q=1 HTTP/1.1");
        assert.deepEqual(request!.headers.map(({ name }) => name), ["Host", "accept"]);
      },
    ],
    [
      "Firefox: no response yet, times in its zone, an empty address",
      entry({
        startedDateTime: "2026-03-04T12:24:41.318+02:00",
        serverIPAddress: "",
        response: response({ status: 0, statusText: "", httpVersion: "" }),
        timings: {},
      }),
      ({ state, response, started, fault }) => {
        assert.deepEqual([state, response, started], ["failed", null, "2026-03-04T10:24:41.318Z"]);
        assert.match(fault!, /no response/);
      },
    ],
    [
      "several cookies in one value, characters beyond a byte, coded and chunked before",
      entry({
        response: response({
          headers: [
            { name: "set-cookie", value: "a=1\nb=2" },
            { name: "X-Name", value: "Žluťoučký" },
            { name: "Content-Encoding", value: "br" },
            { name: "Transfer-Encoding", value: "chunked" },
          ],
          content: { size: 6, mimeType: "text/plain", text: "größe", encoding: "" },
        }),
      }),
      ({ response }, text) => {
        assert.deepEqual(response!.headers.map(({ name }) => name), [
          "set-cookie",
          "set-cookie",
          "X-Name",
          "Transfer-Encoding",
        ]);
        assert.deepEqual([text, response!.faults.length <= 1], ["größe", true]);
      },
    ],
    [
      "HTTP Toolkit and mitmproxy: base64, a form as parameters alone",
      entry({
        request: request({
          method: "POST",
          bodySize: 9,
          postData: {
            mimeType: "application/x-www-form-urlencoded",
            params: [{ name: "a", value: "1 2" }, { name: "b", value: "%C3%A9" }],
          },
        }),
        response: response({ content: { size: 2, mimeType: "image/png", text: "/wA=", encoding: "base64" } }),
        _webSocketMessages: [],
      }),
      ({ request, response }) => {
        assert.equal(request!.contentLength, "a=1+2&b=%C3%A9".length);
        assert.equal(response!.bodyBytes, 2);
      },
    ],
    [
      "HEAD and 304 keep the length that they tell",
      entry({
        request: request({ method: "HEAD" }),
        response: response({
          headers: [{ name: "Content-Length", value: "99" }],
          content: { size: 0, mimeType: "" },
        }),
      }),
      ({ state, response }) => {
        assert.deepEqual([state, response!.bodyBytes], ["done", 0]);
        assert.deepEqual(response!.headers, [{ name: "Content-Length", value: "99" }]);
      },
    ],
    [
      "a body that is not in the file is a gap",
      entry({ response: response({ content: { size: 70_000, mimeType: "video/mp4" } }) }),
      ({ response, responseBytes }) => {
        assert.equal(response!.contentLength, 70_000);
        assert.ok(responseBytes > 70_000);
      },
    ],
  ];
  for (const [what, one, look] of cases) {
    await opened(archive(one), async (catalog) => {
      const [found] = await details(catalog);
      assert.ok(found, what);
      look(found, (await body(catalog, found.id, "response")).toString());
    });
  }
});

Deno.test("HAR: entries in the order of their times, over the connections that they name, unless they overlap", async () => {
  const at = (second: number, connection: string, url = "http://a.example/", took = 100) =>
    entry({
      startedDateTime: `2026-03-04T10:00:${String(second).padStart(2, "0")}.000Z`,
      connection,
      request: { ...(entry() as { request: object }).request, url },
      timings: { send: 0, wait: took, receive: 0 },
    });
  const text = archive(
    at(3, "1", "http://a.example/3"),
    at(1, "1", "http://a.example/1"),
    at(2, "1", "http://a.example/2", 5_000),
    at(4, "2", "http://a.example/4"),
    at(5, "2", "data:text/plain,x"),
  );
  await opened(text, async (catalog) => {
    const found = await details(catalog);
    assert.deepEqual(found.map(({ url }) => url), ["/1", "/2", "/3", "/4"]);
    const connections = found.map(({ connection }) => connection);
    assert.equal(connections[0], connections[1]);
    assert.equal(new Set(connections).size, 3, "what overlaps has a connection of its own");
  });
});

Deno.test("HAR: what cannot be read is refused with the place", async () => {
  const cases: [text: string, error: RegExp][] = [
    ["{}", /Cannot open .*some\.har: it has no log\.entries\.$/],
    ['{"log":{"entries":{}}}', /log\.entries is no list, at byte 18/],
    ['{"log":{"entries":[{"request":', /it ends at byte 30, within its JSON/],
    ['{"log":{"entries":[{"a":1}]}}', /entry 1, at byte 19, cannot be read: its request has no method/],
    ['{"log":{"entries":[{"a":tru}]}}', /entry 1, at byte 19, cannot be read: /],
    ['{"log":{"entries":[@]}}', /it is not JSON at byte 19/],
    [
      archive(entry(), entry({ request: { method: "GET" } })),
      /entry 2, at byte \d+, cannot be read: its request has no url/,
    ],
  ];
  for (const [text, error] of cases) await assert.rejects(opened(text, () => Promise.resolve()), error, text);
});

Deno.test("HAR: exported, opened and exported again it is the same in what matters", async () => {
  using capture = new Capture();
  for (const connection of [1, 2]) {
    capture.opened(connection);
    capture.connected(connection);
  }
  capture.secured(2, "client");
  capture.secured(2, "target");
  const packed = gzipSync("packed ".repeat(500));
  const json = `{"name":"Jörg"}`;
  capture.chunk(
    1,
    "upstream",
    `POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n`,
  );
  capture.chunk(1, "upstream", json);
  capture.chunk(1, "downstream", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
  capture.chunk(
    1,
    "downstream",
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`,
  );
  capture.chunk(1, "downstream", packed);
  capture.chunk(2, "upstream", get("/binary"));
  capture.chunk(2, "downstream", "HTTP/1.0 404 Nobody Knows\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n");
  capture.chunk(2, "downstream", Uint8Array.of(0xff, 0, 1));
  capture.chunk(2, "downstream", "\r\n0\r\nX-Sum: 1\r\n\r\n");
  capture.chunk(1, "upstream", get("/second"));
  capture.chunk(1, "downstream", answer("{}"));
  let first = "";
  await withCatalog(capture, async (catalog) => {
    first = await exportedText(catalog, { format: "har" });
  });
  await opened(first, async (catalog) => {
    const again = archiveOf(await exportedText(catalog, { format: "har" }));
    assert.deepEqual(matters(again), matters(archiveOf(first)));
    assert.deepEqual((await details(catalog)).map(({ tls }) => tls), [null, "both", null]);
  });
});

/** What is to be the same: framing is that of what the file holds. */
function matters({ log }: Archive): unknown[] {
  const headers = (list: readonly { readonly name: string; readonly value: string }[]) =>
    list.filter(({ name }) => !/^content-(length|encoding)$/i.test(name)).map((
      { name, value },
    ) => [name, value]);
  return log.entries.map(({ request, response, timings, ...entry }) => ({
    at: Date.parse(entry.startedDateTime) + Math.max(0, timings.connect),
    took: [timings.send, timings.wait, timings.receive],
    server: entry.serverIPAddress,
    connection: entry.connection,
    request: [
      request.method,
      request.url,
      request.httpVersion,
      headers(request.headers),
      request.postData?.text,
    ],
    response: [response.status, response.statusText, response.httpVersion, headers(response.headers)],
    content: [response.content.text, response.content.encoding, response.content.mimeType],
    more: [response._trailers, response._interim],
  }));
}

Deno.test("entries that are none of HTTP are left out, which is told", async () => {
  const other = { request: { method: "GET", url: "data:text/plain,x" } };
  const notes = (text: string) => opened(text, (catalog) => Promise.resolve(catalog.sources[0].notes));
  assert.deepEqual(await notes(archive(entry(), other, other)), [
    "2 of 3 entries are left out: their addresses are none of HTTP",
  ]);
  assert.deepEqual(await notes(archive(entry())), []);
});
