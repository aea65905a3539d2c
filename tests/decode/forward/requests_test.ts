// What a client sends to an HTTP proxy, divided into its requests however it comes, and what is passed on of each head.

import assert from "node:assert/strict";
import { type ForwardRequest, ForwardRequests } from "../../../src/decode/forward/requests.ts";

const latin = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/** What is sent of a head. */
function passedOn({ head, edits }: ForwardRequest): string {
  let out = "";
  let at = 0;
  for (const { offset, removed, inserted } of edits) {
    assert.ok(offset >= at, "edits are in order and do not overlap");
    out += text(head.subarray(at, offset)) + text(inserted);
    at = offset + removed;
  }
  return out + text(head.subarray(at));
}

/** Gives the bytes in these pieces; what came of them: heads as passed on and bodies, each "to: …". */
function read(pieces: readonly string[]): string[] {
  const requests = new ForwardRequests();
  const found: string[] = [];
  let body = "";
  for (const piece of pieces) {
    let bytes = latin(piece);
    while (bytes.length > 0) {
      if (requests.place === "head") {
        if (body !== "") found.push(`body: ${body}`);
        body = "";
        const result = requests.head(bytes);
        if (result === null) break;
        const { request, taken } = result;
        bytes = bytes.subarray(taken);
        const to = request.to ? `${request.to.host}:${request.to.port}` : `${request.refused?.status}`;
        found.push(
          `${to}${request.isTunnel ? " tunnel" : ""}${request.asksUpgrade ? " upgrade" : ""}: ${
            passedOn(request)
          }`,
        );
      } else if (requests.place === "body") {
        const shown = bytes.subarray(0, requests.left);
        const taken = requests.body(shown);
        assert.ok(taken > 0);
        body += text(bytes.subarray(0, taken));
        bytes = bytes.subarray(taken);
      } else {
        body += text(bytes);
        bytes = bytes.subarray(bytes.length);
      }
    }
  }
  if (requests.place === "head" && requests.partial.length > 0) {
    found.push(`partial: ${text(requests.partial)}`);
  }
  if (body !== "") found.push(`${requests.place}: ${body}`.replace(/^head/, "body"));
  return found;
}

const CASES: readonly (readonly [name: string, sent: string, found: readonly string[]])[] = [
  ["origin-form, Host as it was", "GET http://shop/x?y HTTP/1.1\r\nHost: shop\r\nA: b\r\n\r\n", [
    "shop:80: GET /x?y HTTP/1.1\r\nHost: shop\r\nA: b\r\n\r\n",
  ]],
  ["any letter case and the default port", "GET http://Shop:80/ HTTP/1.1\r\nhost: SHOP\r\n\r\n", [
    "Shop:80: GET / HTTP/1.1\r\nhost: SHOP\r\n\r\n",
  ]],
  ["Host is what the target says", "PATCH http://shop:81/x HTTP/1.1\r\nA: b\r\nhOST:other\r\nB: c\r\n\r\n", [
    "shop:81: PATCH /x HTTP/1.1\r\nA: b\r\nhOST: shop:81\r\nB: c\r\n\r\n",
  ]],
  [
    "Host twice, and none",
    "GET http://a/ HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\nGET http://b/ HTTP/1.0\r\n\r\n",
    [
      "a:80: GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "b:80: GET / HTTP/1.0\r\nHost: b\r\n\r\n",
    ],
  ],
  [
    "fields for the proxy",
    "HEAD http://a/ HTTP/1.1\r\nProxy-Connection: keep-alive\r\nHost: a\r\n" +
    "PROXY-AUTHORIZATION: Basic\r\n  Zm9v\r\nConnection: keep-alive\r\nProxy-X: y\r\n\r\n",
    ["a:80: HEAD / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nProxy-X: y\r\n\r\n"],
  ],
  ["no Host, and the last field dropped", "GET http://a HTTP/1.1\nX: y\nProxy-Connection: close\n\n", [
    "a:80: GET / HTTP/1.1\nX: y\nHost: a\n\n",
  ]],
  [
    "bodies of every framing, pipelined",
    "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET x" +
    "POST http://b/ HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: r\r\n\r\n" +
    "\r\nGET http://c/ HTTP/1.1\r\nHost: c\r\n\r\n",
    [
      "a:80: POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
      "body: GET x",
      "b:80: POST / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n",
      "body: 3\r\nabc\r\n0\r\nT: r\r\n\r\n",
      "c:80: \r\nGET / HTTP/1.1\r\nHost: c\r\n\r\n",
    ],
  ],
  [
    "CONNECT, and what is sent with it",
    "CONNECT shop:443 HTTP/1.1\r\nHost: shop:443\r\n\r\n\x16\x03\x01GET",
    [
      "shop:443 tunnel: CONNECT shop:443 HTTP/1.1\r\nHost: shop:443\r\n\r\n",
      "rest: \x16\x03\x01GET",
    ],
  ],
  ["an upgrade", "GET http://a/ HTTP/1.1\r\nHost: a\r\nupgrade: websocket\r\n\r\n", [
    "a:80 upgrade: GET / HTTP/1.1\r\nHost: a\r\nupgrade: websocket\r\n\r\n",
  ]],
  ["origin-form is refused", "GET / HTTP/1.1\r\nHost: a\r\n\r\nmore", [
    "400: GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "rest: more",
  ]],
  [
    "a length in doubt",
    "POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcGET http://b/ HTTP/1.1\r\n",
    [
      "a:80: POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
      "rest: abcGET http://b/ HTTP/1.1\r\n",
    ],
  ],
  ["bytes ≥ 0x80 pass as they are", "GET http://a/\xe9 HTTP/1.1\r\nHost: a\r\nX: \xff\r\n\r\n", [
    "a:80: GET /\xe9 HTTP/1.1\r\nHost: a\r\nX: \xff\r\n\r\n",
  ]],
  ["an unfinished head", "GET http://a/ HTTP/1.1\r\nHos", ["partial: GET http://a/ HTTP/1.1\r\nHos"]],
];

for (const [name, sent, found] of CASES) {
  Deno.test(`ForwardRequests: ${name}; whole, byte by byte, and cut anywhere`, () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0];
    console.log(`seed ${seed}`);
    assert.deepEqual(read([sent]), found);
    assert.deepEqual(read([...sent]), found);
    for (let round = 0, x = seed | 1; round < 20; round++) {
      const pieces: string[] = [];
      for (let at = 0; at < sent.length;) {
        x = Math.imul(x, 1_664_525) + 1_013_904_223 | 0;
        const to = at + 1 + (x >>> 8) % 9;
        pieces.push(sent.slice(at, to));
        at = to;
      }
      assert.deepEqual(read(pieces), found);
    }
  });
}

Deno.test("ForwardRequests refuses what is no HTTP as soon as that shows, and says what to do about TLS", () => {
  for (
    const [sent, status, words] of [
      ["\x16\x03\x01", 400, /without TLS: set it as an http:\/\/ proxy/],
      ["\x05\x01\x00", 400, /not an HTTP request/],
      ["EHLO mail\r\n", 400, /not an HTTP request/],
    ] as const
  ) {
    const found = new ForwardRequests().head(latin(sent));
    assert.equal(found?.request.refused?.status, status);
    assert.match(found.request.refused.text, words);
    assert.equal(text(found.request.head), sent);
    assert.equal(found.taken, sent.length);
  }
});

Deno.test("ForwardRequests bounds a head", () => {
  const requests = new ForwardRequests();
  assert.equal(requests.head(latin("GET http://a/ HTTP/1.1\r\n")), null);
  const field = latin(`X: ${"y".repeat(65_536)}\r\n`);
  let result = null;
  for (let i = 0; i < 20 && result === null; i++) result = requests.head(field);
  assert.equal(result?.request.refused?.status, 431);
});
