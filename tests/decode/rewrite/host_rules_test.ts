import assert from "node:assert/strict";
import { editHeads, hostRules } from "../../../src/decode/rewrite/mod.ts";
import { judge } from "../llhttp.ts";
import { octets } from "../transcript.ts";
import { pass, randomSizes, type Said } from "./passing.ts";

const LISTEN = { host: "0.0.0.0", port: 8081 };
const LOCAL = { host: "192.0.2.7", port: 8081 };
const TARGET = { host: "www.Example.org", port: 80 };
const HIGH_TARGET = { host: "www.example.org", port: 8080 };

/** Passes a conversation, whole, byte by byte and in random pieces, and gives the one outcome that they all have. */
function rewritten(said: readonly Said[], target = TARGET, tls = { client: false, target: false }) {
  const legs = {
    listen: LISTEN,
    target,
    local: LOCAL,
    targetInTls: tls.target,
    clientInTls: () => tls.client,
  };
  const editors = () => editHeads(hostRules(legs));
  const whole = pass(editors(), said);
  const seed = Math.floor(Math.random() * 2 ** 32);
  for (const sizes of [() => 1, randomSizes(seed), randomSizes(seed + 1)]) {
    const pieces = pass(editors(), said, sizes);
    assert.equal(pieces.upstream, whole.upstream, `seed ${seed}`);
    assert.equal(pieces.downstream, whole.downstream, `seed ${seed}`);
  }
  return whole;
}

const request = (fields: string, target = "/") => `GET ${target} HTTP/1.1\r\n${fields}\r\n\r\n`;
const response = (fields: string) => `HTTP/1.1 302 Found\r\n${fields}\r\nContent-Length: 0\r\n\r\n`;

Deno.test("hostRules put the target's name into requests, with its port unless that is 80", () => {
  const rows: readonly [received: string, sent: string, path?: string, sentPath?: string][] = [
    ["Host: localhost:8081", "Host: www.Example.org"],
    ["host: 127.0.0.1:8081", "host: www.Example.org"],
    ["HOST:\tmonitor", "HOST:\twww.Example.org"],
    ["Host:", "Host:www.Example.org"],
    ["X-Host: localhost:8081\r\nHosts: a", "X-Host: localhost:8081\r\nHosts: a"],
    // Origin and Referer of the address that was asked, or of the Listener's own, before Host or after it.
    ["Host: m:8081\r\nOrigin: http://m:8081", "Host: www.Example.org\r\nOrigin: http://www.Example.org"],
    ["Origin: http://localhost:8081\r\nHost: m", "Origin: http://www.Example.org\r\nHost: www.Example.org"],
    ["Referer: http://127.0.0.1:8081/a?b#c", "Referer: http://www.Example.org/a?b#c"],
    ["Referer: HTTP://u:p@192.0.2.7:8081", "Referer: HTTP://u:p@www.Example.org"],
    ["Host: m\r\nOrigin: http://M:80", "Host: www.Example.org\r\nOrigin: http://www.Example.org"],
    ["Origin: null", "Origin: null"],
    ["Origin: https://localhost:8081", "Origin: https://localhost:8081"],
    ["Origin: http://localhost:8082", "Origin: http://localhost:8082"],
    // Another site on the same port must not count as the same one.
    ["Origin: http://evil.example:8081", "Origin: http://evil.example:8081"],
    ["Referer: /relative", "Referer: /relative"],
    // Absolute-form: of the Listener itself, of the target, and of another server, which is asked of a proxy.
    ["Host: localhost:8081", "Host: www.Example.org", "http://localhost:8081/a", "http://www.Example.org/a"],
    ["Host: localhost:8081", "Host: www.Example.org", "HTTP://127.9.9.9:8081", "HTTP://www.Example.org"],
    ["Host: x", "Host: www.Example.org", "http://www.example.ORG:80/a", "http://www.example.ORG:80/a"],
    ["Host: other", "Host: other", "http://other/a"],
    [
      "Host: other\r\nReferer: http://localhost:8081/",
      "Host: other\r\nReferer: http://localhost:8081/",
      "http://other/a",
    ],
    ["Host: x", "Host: www.Example.org", "*"],
  ];
  for (const [received, sent, path, sentPath] of rows) {
    assert.equal(rewritten([[">", request(received, path)]]).upstream, request(sent, sentPath ?? path));
  }
  const high = rewritten([[">", request("Host: localhost:8081", "http://localhost:8081")]], HIGH_TARGET);
  assert.equal(high.upstream, request("Host: www.example.org:8080", "http://www.example.org:8080"));
});

Deno.test("hostRules name targets that are addresses or names in other scripts as fields have them", () => {
  const rows: readonly [host: string, port: number, sent: string][] = [
    ["::1", 80, "[::1]"],
    ["fe80::1%eth0", 81, "[fe80::1]:81"],
    ["192.0.2.1", 81, "192.0.2.1:81"],
    ["büro.example", 80, "xn--bro-hoa.example"],
  ];
  for (const [host, port, sent] of rows) {
    assert.equal(rewritten([[">", request("Host: me")]], { host, port }).upstream, request(`Host: ${sent}`));
  }
});

Deno.test("hostRules lead Location and Content-Location back to the address that the client asked", () => {
  const rows: readonly [received: string, sent: string, target?: typeof TARGET][] = [
    ["Location: http://www.example.org/a?b#c", "Location: http://Me:8081/a?b#c"],
    ["location: HTTP://WWW.EXAMPLE.ORG:80", "location: HTTP://Me:8081"],
    ["Content-Location: http://www.example.org./a", "Content-Location: http://Me:8081/a"],
    ["Location: //www.example.org/a", "Location: //Me:8081/a"],
    ["Location: http://u@www.example.org/", "Location: http://u@Me:8081/"],
    ["Location: /a", "Location: /a"],
    ["Location: a", "Location: a"],
    ["Location: https://www.example.org/", "Location: https://www.example.org/"],
    ["Location: http://www.example.org:81/", "Location: http://www.example.org:81/"],
    ["Location: http://example.org/", "Location: http://example.org/"],
    ["Location: http://www.example.org.evil/", "Location: http://www.example.org.evil/"],
    ["Location: http://www.example.org@evil/", "Location: http://www.example.org@evil/"],
    ["X-Location: http://www.example.org/", "X-Location: http://www.example.org/"],
    ["Location: https://www.example.org:8080/a", "Location: http://Me:8081/a", HIGH_TARGET],
    ["Location: http://www.example.org/a", "Location: http://www.example.org/a", HIGH_TARGET],
  ];
  for (const [received, sent, target] of rows) {
    const said: Said[] = [[">", request("Host: Me:8081")], ["<", response(received)]];
    assert.equal(rewritten(said, target).downstream, response(sent));
  }
});

Deno.test("hostRules take the address that was reached where the request has no Host that makes sense", () => {
  for (const fields of ["X: y", "Host: a b", "Host:"]) {
    const said: Said[] = [[">", request(fields)], ["<", response("Location: http://www.example.org/")]];
    assert.equal(rewritten(said).downstream, response("Location: http://192.0.2.7:8081/"));
  }
});

Deno.test("hostRules give each response of a connection the address of its own request", () => {
  const { downstream } = rewritten([
    [">", request("Host: one") + request("Host: two") + request("Host: x", "http://other/")],
    ["<", response("Location: http://www.example.org/")],
    ["<", response("Location: http://www.example.org/")],
    ["<", response("Location: http://www.example.org/\r\nSet-Cookie: a=b; Secure")],
  ]);
  assert.deepEqual(downstream.match(/http:\/\/[^/]*/g), [
    "http://one",
    "http://two",
    "http://www.example.org",
  ]);
  assert.match(downstream, /Secure/);
});

Deno.test("hostRules leave out of Set-Cookie what keeps a browser from keeping it on plain HTTP, and nothing else", () => {
  const rows: readonly [received: string, sent: string][] = [
    ["a=b", "a=b"],
    ["a=b; Path=/; HttpOnly", "a=b; Path=/; HttpOnly"],
    ["a=b; Domain=example.org; Path=/", "a=b; Path=/"],
    ["a=b;domain=.WWW.example.ORG", "a=b"],
    ["a=b; Domain=www.example.org; DOMAIN=org", "a=b"],
    ["a=b; Domain=other.org", "a=b; Domain=other.org"],
    ["a=b; Domain=ample.org", "a=b; Domain=ample.org"],
    ["a=b; Domain=", "a=b; Domain="],
    ["a=b; Secure; Path=/", "a=b; Path=/"],
    ["a=b; path=/; SECURE", "a=b; path=/"],
    ["a=b; SameSite=None; Secure; Partitioned; Max-Age=1", "a=b; Max-Age=1"],
    ["a=b; SameSite=Lax; Secure", "a=b; SameSite=Lax"],
    // Without Secure a browser refuses it in any case: that is to be seen.
    ["a=b; SameSite=None", "a=b; SameSite=None"],
    ["__Host-a=b; Secure; Path=/", "__Host-a=b; Secure; Path=/"],
    ["__Secure-a=b; Domain=example.org; Secure", "__Secure-a=b; Secure"],
    ["secure=domain; x", "secure=domain; x"],
    ["a=Secure", "a=Secure"],
  ];
  for (const [received, sent] of rows) {
    const said: Said[] = [[">", request("Host: m")], ["<", response(`Set-Cookie: ${received}`)]];
    assert.equal(rewritten(said).downstream, response(`Set-Cookie: ${sent}`));
  }
});

Deno.test("hostRules change nothing where the client already uses the target's name", () => {
  const said: Said[] = [
    [">", request("Host: www.Example.org\r\nOrigin: http://www.Example.org")],
    ["<", response("Location: http://www.Example.org/")],
  ];
  const { edits } = rewritten(said);
  assert.deepEqual(edits, []);
});

Deno.test("hostRules leave the framing of messages as it is, as llhttp judges", () => {
  const sent =
    "POST http://localhost:8081/a HTTP/1.1\r\nhost: localhost:8081\r\nOrigin: http://localhost:8081\r\n" +
    "Content-Length: 22\r\n\r\nHost: localhost:8081\n\n" +
    "PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHoSt:localhost:8081\r\n\r\n" +
    "6;host=x\r\nHost:\n\r\n0\r\nHost: trailer\r\n\r\n" + request("Host: localhost:8081");
  const before = judge("request", octets(sent), () => 1000, []);
  const after = judge("request", octets(rewritten([[">", sent]]).upstream), () => 1000, []);
  assert.equal(before.error, null);
  assert.equal(after.error, null);
  assert.equal(after.messages.length, 3);
  for (const [at, message] of after.messages.entries()) {
    assert.equal(message.body, before.messages[at].body);
    assert.ok(message.complete);
    const host = message.headers.filter(([name]) => name.toLowerCase() === "host");
    assert.deepEqual(host.map(([, value]) => value), ["www.Example.org"]);
  }
});

Deno.test("hostRules give each side's addresses its scheme: TLS on either leg, on both, on none", () => {
  const secure = { host: "www.example.org", port: 443 };
  const high = { host: "www.example.org", port: 8443 };
  const rows: readonly {
    client: boolean;
    target: boolean;
    to: typeof secure;
    asked: string;
    sent: string;
    answered: string;
    given: string;
  }[] = [
    {
      ...{ client: false, target: true, to: secure },
      asked: "Host: m:8081\r\nOrigin: http://m:8081\r\nReferer: http://localhost:8081/a",
      sent: "Host: www.example.org\r\nOrigin: https://www.example.org\r\nReferer: https://www.example.org/a",
      answered: "Location: https://www.example.org/next\r\nStrict-Transport-Security: max-age=1",
      given: "Location: http://m:8081/next\r\nStrict-Transport-Security: max-age=1",
    },
    {
      ...{ client: true, target: true, to: secure },
      asked: "Host: m:8081\r\nOrigin: https://m:8081\r\nReferer: http://m:8081/",
      sent: "Host: www.example.org\r\nOrigin: https://www.example.org\r\nReferer: http://m:8081/",
      answered: "Location: HTTPS://www.example.org:443/\r\nSet-Cookie: a=b; Secure; Domain=example.org",
      given: "Location: HTTPS://m:8081/\r\nSet-Cookie: a=b; Secure",
    },
    {
      ...{ client: true, target: true, to: high },
      asked: "Host: m",
      sent: "Host: www.example.org:8443",
      answered: "Location: //www.example.org:8443/x",
      given: "Location: //m/x",
    },
    {
      ...{ client: true, target: false, to: TARGET },
      asked: "Host: m:8081\r\nOrigin: https://localhost:8081",
      sent: "Host: www.Example.org\r\nOrigin: http://www.Example.org",
      answered: "Location: http://www.example.org/next",
      given: "Location: https://m:8081/next",
    },
    {
      // Plain HTTP at the name of a target that is spoken to inside TLS is another server.
      ...{ client: false, target: true, to: secure },
      asked: "Host: m:8081\r\nOrigin: https://m:8081",
      sent: "Host: www.example.org\r\nOrigin: https://m:8081",
      answered: "Location: http://www.example.org/",
      given: "Location: http://www.example.org/",
    },
  ];
  for (const { client, target, to, asked, sent, answered, given } of rows) {
    const said = rewritten([[">", request(asked)], ["<", response(answered)]], to, { client, target });
    assert.equal(said.upstream, request(sent));
    assert.equal(said.downstream, response(given));
  }
});

Deno.test("hostRules leave Strict-Transport-Security out for clients that would keep it for the monitor's name", () => {
  const to = { host: "www.example.org", port: 443 };
  const answered = "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\nX: y";
  const said: readonly Said[] = [[">", request("Host: localhost:8081")], ["<", response(answered)]];
  assert.equal(rewritten(said, to, { client: true, target: true }).downstream, response("X: y"));
  assert.equal(rewritten(said, to, { client: false, target: true }).downstream, response(answered));
});
