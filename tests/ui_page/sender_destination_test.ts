import assert from "node:assert/strict";
import { destinationOf, withoutCredentials, withPath } from "../../src/ui/page/sender/destination.ts";

const GOOD: readonly [
  typed: string,
  kind: string,
  host: string,
  port: number,
  authority: string,
  path: string,
][] = [
  ["http://localhost:8080/a?b=c#d", "http", "localhost", 8080, "localhost:8080", "/a?b=c"],
  ["  http://shop.example.org  ", "http", "shop.example.org", 80, "shop.example.org", "/"],
  ["HTTP://shop.example.org:80/x", "http", "shop.example.org", 80, "shop.example.org", "/x"],
  ["localhost:8080", "http", "localhost", 8080, "localhost:8080", "/"],
  ["localhost:8080/path", "http", "localhost", 8080, "localhost:8080", "/path"],
  ["http://[::1]:8080/", "http", "::1", 8080, "[::1]:8080", "/"],
  ["http://localhost?q=1", "http", "localhost", 80, "localhost", "/?q=1"],
  ["http://bücher.example/é", "http", "xn--bcher-kva.example", 80, "xn--bcher-kva.example", "/é"],
  ["http://me:pa%20ss@localhost:1/x", "http", "localhost", 1, "localhost:1", "/x"],
  ["tcp://localhost:6379", "tcp", "localhost", 6379, "localhost:6379", ""],
  ["tcp://[::1]:25/", "tcp", "::1", 25, "[::1]:25", ""],
  ["https://shop.example.org/a", "http", "shop.example.org", 443, "shop.example.org", "/a"],
  ["https://localhost:8443", "http", "localhost", 8443, "localhost:8443", "/"],
  ["tls://localhost:465", "tcp", "localhost", 465, "localhost:465", ""],
];

Deno.test("destination of what is typed", () => {
  for (const [typed, kind, host, port, authority, path] of GOOD) {
    const to = destinationOf(typed);
    assert.ok(!("error" in to), `${typed}: ${"error" in to ? to.error : ""}`);
    assert.deepEqual(
      [to.kind, to.target, to.authority, to.path, to.tls],
      [kind, { host, port }, authority, path, /^(https|tls):/.test(typed)],
      typed,
    );
  }
});

const BAD: readonly [typed: string, error: RegExp][] = [
  ["", /The endpoint is missing\. Write one such as https:\/\//],
  ["ftp://localhost/", /Cannot send to ftp:\/\/\. Write http:\/\/ or https:\/\/, or tcp:\/\/ or tls:\/\//],
  ["http://", /the host is missing/],
  ["http://localhost:99999/", /"99999" is not a port/],
  ["http://local host/", /white space/],
  ["http://-/", /"-" is not a host name/],
  ["tcp://localhost", /the port is missing. Write localhost:80/],
  ["tcp://localhost:1/path", /it is not an address/],
  ["tcp://:1", /the host is missing/],
];

Deno.test("what cannot be sent to says what to write instead", () => {
  for (const [typed, error] of BAD) {
    const to = destinationOf(typed);
    assert.ok("error" in to, typed);
    assert.match(to.error, error, typed);
  }
});

Deno.test("a path and credentials are changed where they stand, and nothing else", () => {
  assert.equal(withPath("http://localhost:1/a?b", "/c"), "http://localhost:1/c");
  assert.equal(withPath("localhost:1", "/c?d"), "localhost:1/c?d");
  assert.equal(withPath("", "/c"), "");
  assert.equal(withoutCredentials("http://me:secret@localhost/a@b"), "http://localhost/a@b");
  assert.equal(withoutCredentials("localhost/a@b"), "localhost/a@b");
});
