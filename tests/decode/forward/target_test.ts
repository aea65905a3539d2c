// Where requests to a proxy go, by a table of targets.

import assert from "node:assert/strict";
import { destinationOf } from "../../../src/decode/forward/target.ts";

Deno.test("destinationOf reads absolute-form and authority-form, and what an origin server is asked", () => {
  const table: [
    method: string,
    target: string,
    host: string,
    port: number,
    authority: string,
    asked: string,
  ][] = [
    ["GET", "http://shop.example.org/x?y=1", "shop.example.org", 80, "shop.example.org", "/x?y=1"],
    ["GET", "http://shop.example.org", "shop.example.org", 80, "shop.example.org", "/"],
    ["GET", "http://shop.example.org?y=1", "shop.example.org", 80, "shop.example.org", "/?y=1"],
    ["GET", "HTTP://Shop.example.org:8080/", "Shop.example.org", 8080, "Shop.example.org:8080", "/"],
    ["GET", "http://shop:/x", "shop", 80, "shop", "/x"],
    ["GET", "http://ann:secret@shop/x", "shop", 80, "shop", "/x"],
    ["GET", "http://[2001:db8::7]:81/x", "2001:db8::7", 81, "[2001:db8::7]:81", "/x"],
    ["GET", "http://[::1]/", "::1", 80, "[::1]", "/"],
    ["GET", "ws://shop/chat", "shop", 80, "shop", "/chat"],
    ["GET", "http://shop/http://other/", "shop", 80, "shop", "/http://other/"],
    ["OPTIONS", "http://shop:81", "shop", 81, "shop:81", "*"],
    ["OPTIONS", "http://shop/", "shop", 80, "shop", "/"],
    ["CONNECT", "shop:443", "shop", 443, "shop:443", "shop:443"],
    ["CONNECT", "[2001:db8::7]:443", "2001:db8::7", 443, "[2001:db8::7]:443", "[2001:db8::7]:443"],
  ];
  for (const [method, target, host, port, authority, asked] of table) {
    assert.deepEqual(destinationOf(method, target), { to: { host, port }, authority, target: asked }, target);
  }
});

Deno.test("destinationOf says why it cannot be asked", () => {
  const table: [method: string, target: string, status: number, text: RegExp][] = [
    [
      "GET",
      "/x",
      400,
      /^This port is an HTTP proxy: set it as your client's proxy, or add a listener with a target\.$/,
    ],
    ["OPTIONS", "*", 400, /is an HTTP proxy/],
    ["GET", "shop:80", 400, /is an HTTP proxy/],
    ["GET", "http:///x", 400, /"" in the request target is no host/],
    ["GET", "http://shop:99999/", 400, /"shop:99999" in the request target/],
    ["GET", "http://shop:0/", 400, /no host/],
    ["GET", "http://[::zz]/", 400, /no host/],
    ["GET", "https://shop/x", 501, /opens no TLS for its clients: CONNECT is to be used for https/],
    ["GET", "ftp://shop/x", 501, /an address of ftp/],
    ["CONNECT", "shop", 400, /CONNECT asks for "shop", which is no host with a port/],
    ["CONNECT", "http://shop:80", 400, /no host with a port/],
    ["CONNECT", ":443", 400, /no host with a port/],
  ];
  for (const [method, target, status, text] of table) {
    const refused = destinationOf(method, target);
    assert.ok("status" in refused, target);
    assert.equal(refused.status, status, target);
    assert.match(refused.text, text);
  }
});
