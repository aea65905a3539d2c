import assert from "node:assert/strict";
import { maskedSentence, parseRules, Redactor } from "../../../src/decode/redact/mod.ts";
import { redactMessage } from "./redacting.ts";

/** rules; a header line; what becomes of it, null where it goes. */
const LINES: readonly [rule: string, line: string, redacted: string | null][] = [
  ["header:authorization", "Authorization: Basic Ym9iOngx", "Authorization: Basic REDACTED"],
  ["header:authorization", "AUTHORIZATION: secret-alone", "AUTHORIZATION: REDACTED"],
  ["header:*-key", "X-Api-Key: a b", "X-Api-Key: REDACTED"],
  ["header:x_api_key", "X-Api-Key: a", "X-Api-Key: REDACTED"],
  ["header:authorization", "Authorization: pass phrase", "Authorization: REDACTED"],
  ["omit:header:x-debug", "X-Debug: a", null],
  ["header:x-debug", "X-Debug-More: a", "X-Debug-More: a"],
  ["cookie:sid", "Cookie: a=1; sid=x=y; b=2", "Cookie: a=1; sid=REDACTED; b=2"],
  ["omit:cookie:sid", "Cookie: sid=x; b=2", "Cookie: b=2"],
  ["omit:cookie:sid", "Cookie: sid=x", null],
  ["cookie:sid", "Cookie: a=1, sid=x,y; b=2", "Cookie: a=1, sid=REDACTED; b=2"],
  ["omit:cookie:sid", "Cookie: a=1, sid=x; b=2", "Cookie: a=1; b=2"],
  [
    "cookie:sid",
    "Set-Cookie: a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT, sid=x; Path=/",
    "Set-Cookie: a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT, sid=REDACTED; Path=/",
  ],
  ["query:token", "Refresh: 0;url=/x?token=y", "Refresh: 0;url=/x?token=REDACTED"],
  ["cookie:*", "Cookie: bare", "Cookie: REDACTED"],
  ["cookie:sid", 'Set-Cookie: sid="x"; Path=/; HttpOnly', "Set-Cookie: sid=REDACTED; Path=/; HttpOnly"],
  [
    "query:token",
    "Referer: https://h/p?a=1&to%6Ben=x#token=y",
    "Referer: https://h/p?a=1&to%6Ben=REDACTED#token=REDACTED",
  ],
  ["omit:query:token", "Location: /p?token=x&b=2", "Location: /p?b=2"],
  ["omit:query:token", "Location: /p?b=2;token=x", "Location: /p?b=2"],
  ["query:token", "Link: <https://h/?token=x>; rel=next", "Link: <https://h/?token=REDACTED>; rel=next"],
  ["query:token", "Location: /go?to=%2Fx%3Ftoken%3Dy", "Location: /go?to=%2Fx%3Ftoken%3DREDACTED"],
  ["header:authorization", "Location: https://bob:pw@h/", "Location: https://REDACTED@h/"],
  ["json:pin", 'X-Facts: {"pin":1234}', 'X-Facts: {"pin":0}'],
  ["text:/[0-9]{4}/", "X-Any: 1234 5", "X-Any: **** 5"],
  ["json:pin", 'Sec-CH-UA: "Chromium";v="1"', 'Sec-CH-UA: "Chromium";v="1"'],
];

Deno.test("a header line is masked by its name, its cookies and its addresses", () => {
  for (const [rule, line, redacted] of LINES) {
    const { headers } = redactMessage([rule], "GET / HTTP/1.1", [line]);
    assert.equal(headers.map(({ name, value }) => `${name}: ${value}`)[0] ?? null, redacted, rule);
  }
});

Deno.test("the start line is masked as the address that it has", () => {
  const cases: [rule: string, line: string, redacted: string][] = [
    ["query:token", "GET /a?token=x&b HTTP/1.1", "GET /a?token=REDACTED&b HTTP/1.1"],
    ["query:token", "GET /a?token=x y HTTP/1.1", "GET /a?token=REDACTED HTTP/1.1"],
    ["query:jsessionid", "GET /a;jsessionid=x?b=1 HTTP/1.1", "GET /a;jsessionid=REDACTED?b=1 HTTP/1.1"],
    ["header:authorization", "GET http://u:p@h/ HTTP/1.1", "GET http://REDACTED@h/ HTTP/1.1"],
    ["text:/reset\\/\\w+/", "GET /reset/8f2c HTTP/1.1", "GET /********** HTTP/1.1"],
    ["query:token", "HTTP/1.1 200 token=x", "HTTP/1.1 200 token=x"],
  ];
  for (const [rule, line, redacted] of cases) {
    const { startLine } = redactMessage([rule], line, []);
    assert.equal(startLine, redacted);
  }
});

Deno.test("a message in which something is masked has a head for what it is now; another one has none", () => {
  const headers = [
    "Host: h",
    "Transfer-Encoding: chunked",
    "Content-Encoding: gzip",
    "Content-MD5: abc",
    "Content-Type: application/json",
  ];
  const changed = redactMessage(["json:a"], "POST / HTTP/1.1", headers, '{"a":"x"}');
  assert.equal(
    new TextDecoder().decode(changed.bytes),
    "POST / HTTP/1.1\r\nHost: h\r\nContent-MD5: REDACTED\r\nContent-Type: application/json\r\n" +
      'Content-Length: 16\r\n\r\n{"a":"REDACTED"}',
  );
  assert.equal(changed.notes.length, 4);
  const same = redactMessage(["json:b"], "POST / HTTP/1.1", headers, '{"a":"x"}');
  assert.deepEqual([same.changed, same.bytes.length, same.masked], [false, 0, []]);
  // The answer to HEAD says a length and has no body.
  const head = redactMessage(["cookie:*"], "HTTP/1.1 200 OK", ["Content-Length: 9", "Set-Cookie: a=b"]);
  assert.match(new TextDecoder().decode(head.bytes), /Content-Length: 9\r\nSet-Cookie: a=REDACTED\r\n\r\n$/);
});

Deno.test("more values than can be remembered are masked where they stand, and that is said first", () => {
  const redactor = new Redactor(parseRules(["header:x-token"]));
  const said = () => redactor.masked.map(({ where, count }) => `${where} ${count}`);
  for (let n = 0; n <= 5_000; n++) {
    if (n === 5_000) assert.deepEqual(said(), ["header 5000"]);
    const headers = [{ name: "X-Token", value: `value-${n}` }];
    const { headers: masked } = redactor.head({ startLine: null, headers, trailers: [] });
    assert.equal(masked[0].value, "REDACTED");
  }
  assert.deepEqual(said(), ["limit 0", "header 5001"]);
  assert.match(
    maskedSentence(redactor.masked),
    /^Masked for this export: more values than can be remembered: some .*only; header X-Token, 5001 times\.$/,
  );
});
