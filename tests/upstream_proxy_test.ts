// The proxy of a Route as people write it, with and without its password.

import assert from "node:assert/strict";
import { formatVia, formatViaWithPassword, isSameVia, parseVia } from "../src/upstream_proxy.ts";

Deno.test("formatVia hides the password, formatViaWithPassword writes what parseVia reads", () => {
  const table: readonly [text: string, whole: string, shown: string][] = [
    ["http://proxy:3128", "http://proxy:3128", "http://proxy:3128"],
    ["proxy:3128", "http://proxy:3128", "http://proxy:3128"],
    ["http://[::1]:3128", "http://[::1]:3128", "http://[::1]:3128"],
    ["http://ann:s3cret@proxy:3128", "http://ann:s3cret@proxy:3128", "http://ann@proxy:3128"],
    ["http://a%40b:p%3A%2F%40x@proxy:1", "http://a%40b:p%3A%2F%40x@proxy:1", "http://a%40b@proxy:1"],
    [" environment ", "environment", "environment"],
  ];
  for (const [text, whole, shown] of table) {
    const via = parseVia(text);
    assert.equal(formatVia(via), shown, text);
    assert.equal(formatViaWithPassword(via), whole, text);
    assert.deepEqual(parseVia(whole), via, text);
  }
  assert.throws(() => parseVia("https://proxy:1"), SyntaxError);
  for (const word of ["enviroment", "Environment", "env"]) {
    assert.throws(() => parseVia(word), {
      name: "SyntaxError",
      message: `Cannot go through "${word}": it is no proxy. Write environment, or http://HOST:PORT.`,
    });
  }
});

Deno.test("isSameVia compares proxy and user", () => {
  const [a, b] = [parseVia("http://ann:x@proxy:1"), parseVia("http://ann@proxy:1")];
  assert.ok(isSameVia(a, b));
  assert.ok(!isSameVia(a, parseVia("http://bob@proxy:1")));
  assert.ok(!isSameVia(a, "environment"));
  assert.ok(!isSameVia(undefined, undefined));
});
