// Archives: judged by the schema of HAR 1.2, and looked at member by member.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { answer, Capture, get } from "../capture.ts";
import { exportedText, withCatalog } from "./exporting.ts";
import { archiveOf } from "./har_judge.ts";

/** The entries of what is recorded on one connection. */
async function archived(
  record: (capture: Capture) => void,
  query: { readonly bodies?: boolean; readonly ids?: readonly string[] } = {},
) {
  using capture = new Capture();
  record(capture);
  let text = "";
  await withCatalog(capture, async (catalog) => {
    text = await exportedText(catalog, { format: "har", ...query });
  });
  return archiveOf(text).log;
}

function exchange(request: string | Uint8Array, ...responses: (string | Uint8Array)[]) {
  return (capture: Capture) => {
    capture.opened(1);
    capture.connected(1);
    capture.chunk(1, "upstream", request);
    for (const response of responses) capture.chunk(1, "downstream", response);
    capture.ended(1, "target");
    capture.closed(1);
  };
}

Deno.test("har: an exchange with all that HAR has a member for", async () => {
  const body = "name=J%C3%B6rg&empty=&plus=a+b";
  const [entry] = (await archived(exchange(
    `POST /a%20b?q=1&x=%C3%A9&y HTTP/1.1\r\nHost: shop.example:8080\r\nCookie: a=1; b=2=3\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: /next\r\nSet-Cookie: s=1; Path=/; Domain=shop.example; " +
      "Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly; Secure; SameSite=Lax\r\nTransfer-Encoding: chunked\r\n\r\n",
    "5\r\nhello\r\n",
    "0\r\nX-Sum: 9\r\n\r\n",
  ))).entries;
  const { request, response, timings } = entry;
  assert.equal(request.method, "POST");
  assert.equal(request.url, "http://shop.example:8080/a%20b?q=1&x=%C3%A9&y");
  assert.equal(request.httpVersion, "HTTP/1.1");
  assert.deepEqual(request.cookies, [{ name: "a", value: "1" }, { name: "b", value: "2=3" }]);
  assert.deepEqual(request.queryString, [
    { name: "q", value: "1" },
    { name: "x", value: "é" },
    { name: "y", value: "" },
  ]);
  assert.deepEqual(request.postData.params, [
    { name: "name", value: "Jörg" },
    { name: "empty", value: "" },
    { name: "plus", value: "a b" },
  ]);
  assert.equal(request.postData.text, body);
  assert.equal(request.bodySize, body.length);
  assert.deepEqual([response.status, response.statusText, response.redirectURL], [302, "Found", "/next"]);
  assert.deepEqual(response.cookies, [{
    name: "s",
    value: "1",
    path: "/",
    domain: "shop.example",
    expires: "2027-06-09T10:18:14.000Z",
    httpOnly: true,
    secure: true,
    _sameSite: "Lax",
  }]);
  assert.deepEqual(response.content, { size: 5, mimeType: "x-unknown", text: "hello" });
  assert.deepEqual(response._trailers, [{ name: "X-Sum", value: "9" }]);
  assert.equal(response._interim[0].startLine, "HTTP/1.1 103 Early Hints");
  assert.deepEqual([entry.connection, entry.serverIPAddress], ["c1", "127.0.0.1"]);
  assert.deepEqual([timings.send, timings.wait, timings.receive], [0, 2, 2]);
  assert.equal(entry.startedDateTime, "2026-01-01T00:00:00.002Z");
  assert.equal(timings.connect, 0.25);
});

Deno.test("har: bodies as text where they are UTF-8, otherwise as base64, without their coding", async () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, n) => n % 256);
  const { entries: [, packed, binary] } = await archived((capture) => {
    capture.opened(1);
    for (
      const [head, body] of [
        ["", Buffer.from("text")],
        ["Content-Encoding: gzip\r\nContent-Type: text/plain\r\n", gzipSync("packed ".repeat(100))],
        ["Content-Type: image/png\r\n", bytes],
      ] as const
    ) {
      capture.chunk(1, "upstream", get("/"));
      const start = `HTTP/1.1 200 OK\r\n${head}Content-Length: ${body.length}\r\n\r\n`;
      capture.chunk(1, "downstream", Buffer.concat([Buffer.from(start), body]));
    }
  });
  const { content, bodySize } = packed.response;
  assert.deepEqual([content.text, content.size, content.mimeType], [
    "packed ".repeat(100),
    700,
    "text/plain",
  ]);
  assert.equal(content.compression, 700 - bodySize);
  assert.equal(binary.response.content.encoding, "base64");
  assert.ok(Buffer.from(binary.response.content.text, "base64").equals(bytes));
});

Deno.test("har: what failed, is open or has no HTTP says so", async () => {
  const { entries, comment } = await archived((capture) => {
    capture.opened(1);
    capture.chunk(1, "upstream", get("/cut"));
    capture.chunk(1, "downstream", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    capture.ended(1, "target", "reset");
    capture.closed(1, "reset", "the target reset the connection");
    capture.opened(2);
    capture.failed(2, "localhost:80 refused the connection");
    capture.opened(3);
    capture.chunk(3, "upstream", "PING\r\n");
    capture.chunk(3, "downstream", "+PONG\r\n");
    capture.ended(3, "client");
    capture.closed(3);
    capture.opened(4);
    capture.chunk(4, "upstream", get("/open"));
  });
  const urls = entries.map(({ request }) => request.url);
  assert.deepEqual(urls.filter((url) => url.includes("/cut") || url.includes("/open")), urls);
  const [cut, open] = entries;
  assert.equal(cut.response.content.text, "half");
  assert.match(cut.response._error, /reset|cut|ended/);
  assert.match(cut.comment, /reset|cut|ended/);
  assert.equal(open.response.status, 0);
  assert.match(open.comment, /still open/);
  assert.match(comment!, /^\d of \d exchanges are not HTTP and are left out\.$/);
});

Deno.test("har: addresses are absolute and valid whatever was asked for", async () => {
  const cases: [target: string, host: string | null, url: string][] = [
    ["/", "shop", "http://shop/"],
    ["/x", null, "http://localhost:80/x"],
    ["*", "shop", "http://shop/*"],
    ["http://other/p?q#f#g", "shop", "http://other/p?q#f%23g"],
    ['/[a]|{b}"<>^`\\%zz%41', "shop", "http://shop/%5Ba%5D%7C%7Bb%7D%22%3C%3E%5E%60%5C%25zz%41"],
    ["/\xe9", "a b", "http://localhost:80/%E9"],
    ["/v6", "[::1]:81", "http://[::1]:81/v6"],
  ];
  const { entries } = await archived((capture) => {
    capture.opened(1);
    for (const [target, host] of cases) {
      const head = `OPTIONS ${target} HTTP/1.1\r\n${host === null ? "" : `Host: ${host}\r\n`}\r\n`;
      capture.chunk(1, "upstream", Uint8Array.from(head, (char) => char.charCodeAt(0)));
      capture.chunk(1, "downstream", answer("{}"));
    }
  });
  assert.deepEqual(entries.map(({ request }) => request.url), cases.map(([, , url]) => url));
});

Deno.test("har: parts of multipart forms are named, and bodies are left out where they are not wanted", async () => {
  const body = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n' +
    '--B\r\nContent-Disposition: form-data; name="f"; filename="x \\"y\\".txt"\r\nContent-Type: text/plain\r\n\r\n' +
    "file\r\n--B--\r\n";
  const record = exchange(
    `POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    answer("{}"),
  );
  const { entries: [whole] } = await archived(record);
  assert.deepEqual(whole.request.postData.params, [
    { name: "a", value: "one" },
    { name: "f", fileName: 'x "y".txt', contentType: "text/plain" },
  ]);
  const { entries: [bare] } = await archived(record, { bodies: false });
  assert.deepEqual([bare.request.postData.text, bare.response.content.text], [undefined, undefined]);
  assert.equal(bare.response.content.size, 2);
});
