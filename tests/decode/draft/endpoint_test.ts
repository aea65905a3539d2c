import assert from "node:assert/strict";
import { endpointOf } from "../../../src/decode/draft/endpoint.ts";

/** What is typed, and: tls, host, port, credentials, authority, path. */
const URLS: readonly [url: string, parts: readonly unknown[]][] = [
  ["http://localhost:8080/axis2/services/XYZ", [
    false,
    "localhost",
    8080,
    null,
    "localhost:8080",
    "/axis2/services/XYZ",
  ]],
  ["https://example.org", [true, "example.org", 443, null, "example.org", "/"]],
  ["https://example.org:80", [true, "example.org", 80, null, "example.org:80", "/"]],
  ["http://example.org:80/", [false, "example.org", 80, null, "example.org", "/"]],
  ["example.org:81?x=/y#z", [false, "example.org", 81, null, "example.org:81", "/?x=/y"]],
  ["http://[::1]:8081/a b".replace(" ", "%20"), [false, "::1", 8081, null, "[::1]:8081", "/a%20b"]],
  ["http://u:p@h/a/../b?c=é#d", [false, "h", 80, "u:p", "h", "/a/../b?c=é"]],
];

Deno.test("endpointOf takes a URL apart as it was typed", () => {
  for (const [url, parts] of URLS) {
    const { tls, host, port, credentials, authority, path } = endpointOf(url);
    assert.deepEqual([tls, host, port, credentials, authority, path], parts, url);
  }
});

Deno.test("endpointOf says what is wrong, and what to write", () => {
  const cases: [string, RegExp][] = [
    ["", /^Cannot send to "": the host is missing\. Write one such as/],
    ["ftp://h/", /it is not HTTP but ftp\. Write http:\/\/ or https:\/\/\./],
    ["http://h:0/", /"0" is not a port\. Write a number from 1 to 65535\./],
    ["http://h/a b", /white space stands in it\. Write %20 instead\./],
    ["http://h:x/", /it is not a URL/],
  ];
  for (const [url, words] of cases) {
    assert.throws(() => endpointOf(url), (error: unknown) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, words);
      return true;
    });
  }
});
