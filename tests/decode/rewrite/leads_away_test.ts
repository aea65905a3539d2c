import assert from "node:assert/strict";
import { parseHead } from "../../../src/decode/head.ts";
import { leadsAway, lostCookies } from "../../../src/decode/rewrite/mod.ts";
import { octets } from "../transcript.ts";

const TARGET = { host: "www.example.org", port: 80 };

function away(path: string, host: string, status: string, location: string, rewrites = true): string | null {
  const { head: request } = parseHead(octets(`GET ${path} HTTP/1.1\r\n${host}\r\n\r\n`), 0, "request");
  const { head } = parseHead(octets(`HTTP/1.1 ${status}\r\n${location}\r\n\r\n`), 0, "response");
  return leadsAway(request, head, { target: TARGET, rewrites });
}

Deno.test("leadsAway tells redirects that leave the monitor from those that stay", () => {
  const rows: readonly [location: string, away: string | null, kept?: string | null][] = [
    ["Location: /a", null],
    ["Location: ../a", null],
    ["Location: http://localhost:8081/a", null],
    ["Location: http://LOCALHOST:8081", null],
    // Rewritten where addresses are, and left as it is otherwise.
    ["Location: http://www.example.org/", null, "http://www.example.org/"],
    ["Location: //www.example.org/", null, "http://www.example.org/"],
    ["location: https://www.example.org/a?b", "https://www.example.org/a?b"],
    ["Location: https://localhost:8081/", "https://localhost:8081/"],
    ["Location: http://www.example.org:8080/", "http://www.example.org:8080/"],
    ["Location: //cdn.example.org/x", "http://cdn.example.org/x"],
    ["Location: mailto:a@example.org", null],
    ["X: y", null],
  ];
  for (const [location, expected, kept = expected] of rows) {
    assert.equal(away("/", "Host: localhost:8081", "302 Found", location), expected, location);
    assert.equal(away("/", "host: localhost:8081", "308 P", location, false), kept, location);
  }
});

Deno.test("leadsAway is about redirects of the listener's own requests only", () => {
  const location = "Location: https://other/";
  assert.equal(away("/", "X: y", "303 See Other", location), "https://other/");
  assert.equal(away("/", "Host: m", "201 Created", location), null);
  assert.equal(away("/", "Host: m", "200 OK", location), null);
  assert.equal(away("http://other/", "Host: other", "301 Moved", location), null);
  assert.equal(away("/", "Host: m", "301 Moved", `${location}${"x".repeat(5000)}`)?.length, 2000);
});

Deno.test("lostCookies names cookies whose prefix asks for https", () => {
  const fields = [
    "Set-Cookie: a=b; Secure",
    "set-cookie: __Host-id=1; Secure",
    "Set-Cookie:__secure-x",
    "X: __Host-y=1",
  ];
  const { head } = parseHead(octets(`HTTP/1.1 200 OK\r\n${fields.join("\r\n")}\r\n\r\n`), 0, "response");
  assert.deepEqual(lostCookies(head), ["__Host-id", "__secure-x"]);
});

Deno.test("leadsAway knows how each side speaks", () => {
  const target = { host: "www.example.org", port: 443 };
  const led = (location: string, clientScheme: "http" | "https", rewrites = true) => {
    const asked = octets("GET / HTTP/1.1\r\nHost: localhost:8081\r\n\r\n");
    const { head: request } = parseHead(asked, 0, "request");
    const { head } = parseHead(octets(`HTTP/1.1 302 F\r\nLocation: ${location}\r\n\r\n`), 0, "response");
    return leadsAway(request, head, { target, rewrites, clientScheme, targetScheme: "https" });
  };
  assert.equal(led("https://www.example.org/x", "http"), null);
  assert.equal(led("https://www.example.org/x", "https"), null);
  assert.equal(led("https://localhost:8081/x", "https"), null);
  assert.equal(led("https://localhost:8081/x", "http"), "https://localhost:8081/x");
  assert.equal(led("http://localhost:8081/x", "https"), "http://localhost:8081/x");
  assert.equal(led("//elsewhere/x", "https"), "https://elsewhere/x");
  assert.equal(led("https://www.example.org/x", "http", false), "https://www.example.org/x");
});
