import assert from "node:assert/strict";
import { NO_HOST } from "../../src/decode/host.ts";
import { decode } from "../../src/decode/mod.ts";
import { octets } from "./transcript.ts";

/** A request's head and its faults, each with its offset. */
const ROWS:
  readonly (readonly [head: string, faults: readonly (readonly [offset: number, text: string])[]])[] = [
    ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", []],
    ["GET / HTTP/1.1\r\nhOST:\r\n\r\n", []],
    ["GET / HTTP/1.0\r\n\r\n", []],
    ["GET / HTTP/1.1\r\n\r\n", [[0, NO_HOST]]],
    ["GET http://a/ HTTP/1.1\r\nHosts: a\r\nX-Host: a\r\n\r\n", [[0, NO_HOST]]],
    ["GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nHOST: a\r\nHost: c\r\n\r\n", [[
      31,
      "Host is given more than once",
    ]]],
    ["GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", [[25, "Host is given more than once"]]],
  ];

for (const [head, faults] of ROWS) {
  Deno.test(`checkHost: ${JSON.stringify(head)}: ${faults.map(([, text]) => text).join() || "no fault"}`, () => {
    const [{ request, state }] = decode().receive("upstream", octets(head), 0).changed;
    assert.equal(state, "open");
    assert.deepEqual(request?.faults, faults.map(([offset, text]) => ({ offset, text })));
  });
}

Deno.test("checkHost says where a later request begins that has no Host", () => {
  const heads = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\n";
  const [, { request }] = decode().receive("upstream", octets(heads), 0).changed;
  assert.deepEqual(request?.faults, [{ offset: 28, text: NO_HOST }]);
});

Deno.test("readTrailers tells of fields that have no place in trailers, and shows them", () => {
  const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  const trailers = ["Content-Length: 5", "X-Sum: 1", "transfer-encoding: chunked", "Host: b", "If-Match: c"];
  const bytes = octets(`${head}${trailers.join("\r\n")}\r\n\r\n`);
  const [{ request }] = decode().receive("upstream", bytes, 0).changed;
  assert.deepEqual(request?.http?.trailers.map(({ name, value }) => `${name}: ${value}`), trailers);
  assert.equal(request?.state, "done");
  const places = [0, 2, 3, 4].map((at) => ({
    offset: head.length + trailers.slice(0, at).reduce((sum, line) => sum + line.length + 2, 0),
    text: `${trailers[at].split(":")[0]} must not stand in trailers`,
  }));
  assert.deepEqual(request?.faults, places);
});
