import assert from "node:assert/strict";
import { isWithin, networkText, parseLimit, serverName } from "../../src/ca/server_name.ts";

Deno.test("serverName takes DNS names and addresses as certificates have them", () => {
  const cases: [written: string, text: string][] = [
    ["api.example.org", "api.example.org"],
    ["API.Example.ORG.", "api.example.org"],
    ["my_host.local", "my_host.local"],
    ["_dmarc.example.org", "_dmarc.example.org"],
    ["localhost", "localhost"],
    ["bücher.example", "xn--bcher-kva.example"],
    [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "::1"],
    ["[2001:DB8::7]", "2001:db8::7"],
    ["fe80::1%eth0", "fe80::1"],
  ];
  for (const [written, text] of cases) assert.equal(serverName(written)?.text, text, written);
});

Deno.test("serverName gives the bytes of addresses", () => {
  const cases: [written: string, bytes: number[]][] = [
    ["192.0.2.255", [192, 0, 2, 255]],
    ["::", Array(16).fill(0)],
    ["2001:db8::7:0:1", [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1]],
    ["1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ["::ffff:1.2.3.4", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]],
  ];
  for (const [written, bytes] of cases) {
    const name = serverName(written);
    assert.equal(name?.kind, "ip");
    assert.deepEqual(name?.kind === "ip" && [...name.bytes], bytes, written);
  }
});

Deno.test("serverName is null for what can stand in no certificate", () => {
  const odd = [
    ...["", ".", "a..b", ".example.org", "foo bar", "a/b", "*.example.org", "-x.example", "a\0.example.org"],
    ...["x".repeat(64), `${"a.".repeat(127)}toolong`, "ü".repeat(2000), "\ud800", "::g", "<b>.example"],
  ];
  for (const written of odd) assert.equal(serverName(written), null, JSON.stringify(written));
});

Deno.test("isWithin knows names below a limit and addresses in a network", () => {
  const cases: [limit: string, name: string, within: boolean][] = [
    ["example.org", "example.org", true],
    ["example.org", "a.b.example.org", true],
    ["*.example.org", "example.org", true],
    ["Example.org", "API.example.org", true],
    ["example.org", "badexample.org", false],
    ["example.org", "example.org.evil.test", false],
    ["example.org", "10.0.0.1", false],
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["10.128.0.0/9", "10.127.0.1", false],
    ["10.128.0.0/9", "10.200.0.1", true],
    ["192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7", "192.0.2.8", false],
    ["0.0.0.0/0", "203.0.113.1", true],
    ["0.0.0.0/0", "::1", false],
    ["2001:db8::/33", "2001:db8:7fff::1", true],
    ["2001:db8::/33", "2001:db8:8000::1", false],
    ["10.0.0.0/8", "example.org", false],
  ];
  for (const [limit, name, within] of cases) {
    assert.equal(isWithin(serverName(name)!, parseLimit(limit)), within, `${name} within ${limit}`);
  }
});

Deno.test("parseLimit refuses in words what limits nothing", () => {
  for (
    const written of [
      "",
      "*",
      "a b",
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "::/129",
      "1.2.3.4/8/8",
      "org..example",
      "1.2.3.4/",
    ]
  ) {
    assert.throws(
      () => parseLimit(written),
      (error: Error) =>
        error instanceof SyntaxError &&
        error.message.startsWith(`Cannot limit the authority to "${written}": `),
      written,
    );
  }
});

Deno.test("networkText writes a network as parseLimit reads it", () => {
  for (const written of ["10.0.0.0/8", "10.128.0.0/9", "192.0.2.7", "2001:db8::/33", "::1", "0.0.0.0/0"]) {
    const limit = parseLimit(written);
    assert.equal(limit.kind === "ip" && networkText(limit.bytes, limit.mask), written);
  }
});
