import assert from "node:assert/strict";
import { passthrough } from "../../../src/relay/tls/passthrough.ts";

const CASES: readonly [written: string, passed: readonly string[], not: readonly string[]][] = [
  ["api.example.org", ["api.example.org:443", "API.Example.org:8443", "api.example.org.:443"], [
    "example.org:443",
    "x.api.example.org:443",
    "api.example.org.evil.net:443",
    "xapi.example.org:443",
  ]],
  ["*.example.org", ["a.example.org:443", "a.b.Example.ORG:1"], [
    "example.org:443",
    "badexample.org:443",
    "a.example.org.net:443",
  ]],
  [".example.org", ["example.org:443", "a.b.example.org:443"], ["badexample.org:443"]],
  ["Api.Example.org.:8443", ["api.example.org:8443"], ["api.example.org:443"]],
  ["*.example.org:8443", ["a.example.org:8443"], ["a.example.org:443", "example.org:8443"]],
  ["192.0.2.1", ["192.0.2.1:443"], ["192.0.2.10:443", "1192.0.2.1:443"]],
  ["192.0.2.1:8443", ["192.0.2.1:8443"], ["192.0.2.1:443"]],
  ["2001:db8::1", ["[2001:db8::1]:443", "[2001:DB8:0:0::1]:443"], ["[2001:db8::11]:443"]],
  ["[2001:db8:0::1]:8443", ["[2001:db8::1]:8443"], ["[2001:db8::1]:443"]],
  ["bücher.example", ["xn--bcher-kva.example:443", "BÜCHER.example:443"], ["bucher.example:443"]],
  ["*.bücher.example", ["a.xn--bcher-kva.example:443"], ["xn--bcher-kva.example:443"]],
  ["localhost", ["localhost:443"], ["127.0.0.1:443"]],
  ["a_b.example.org", ["A_b.example.org:443"], ["ab.example.org:443"]],
  // What means nothing passes nothing.
  ["", [], ["a:443", ".:443"]],
  ["*.", [], ["a:443", "a.b:443"]],
  [".", [], ["a:443", "a.b:443"]],
];

for (const [written, passed, not] of CASES) {
  Deno.test(`passthrough: "${written}"`, () => {
    const isPassed = passthrough([written]);
    const ask = (server: string) => {
      const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(server)!;
      return isPassed(host, Number(port));
    };
    assert.deepEqual(passed.filter((server) => !ask(server)), []);
    assert.deepEqual(not.filter(ask), []);
  });
}

Deno.test("passthrough: any of several, and none", () => {
  const isPassed = passthrough(["a.org", "*.b.org"]);
  assert.deepEqual(["a.org", "x.b.org", "c.org"].map((host) => isPassed(host, 443)), [true, true, false]);
  assert.equal(passthrough([])("a.org", 443), false);
});
