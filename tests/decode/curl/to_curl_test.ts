// Commands that are copied: the real shell and the real curl must send the same method, target, headers and body bytes.

import assert from "node:assert/strict";
import { readCurl } from "../../../src/decode/curl/curl.ts";
import { type CurlTrust, toCurl } from "../../../src/decode/curl/to_curl.ts";
import { draftOf } from "../../../src/decode/draft/draft.ts";
import { encodeDraft } from "../../../src/decode/draft/encode.ts";
import { curl } from "../../needs.ts";
import { generator, octets, printedSeed, textOf } from "../draft/requests.ts";
import { listening, shell } from "./heard.ts";

/** HOST stands for the server. */
const REQUESTS: readonly string[] = [
  "GET / HTTP/1.1\r\nHost: HOST\r\n\r\n",
  "GET /a?b=c&d=%20e HTTP/1.1\r\nHost: shop.example.org\r\nUser-Agent: x/1\r\nAccept: */*\r\n\r\n",
  "GET /x HTTP/1.0\r\n\r\n",
  "HEAD /x HTTP/1.1\r\nHost: HOST\r\n\r\n",
  "DELETE /orders/1 HTTP/1.1\r\nHost: HOST\r\nX-Empty:\r\nX-Empty: \r\nCookie: a=b; c='d'\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n",
  "GET http://other.example/x HTTP/1.1\r\nHost: other.example\r\n\r\n",
  "GET /a/../b/./c/.. HTTP/1.1\r\nHost: HOST\r\n\r\n",
  'GET /[1-3]/{a,b}/caf\xc3\xa9?"<>|^`\\ HTTP/1.1\r\nHost: HOST\r\n\r\n',
  "GET /'quotes'$HOME`date`!! HTTP/1.1\r\nHost: HOST\r\nX: '\"$HOME`date`!!\\ \t x\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: \"\"\r\nContent-Length: 16\r\n\r\n<a b='c'>\xc3\xa9\xe2\x82\xac\n\n",
  "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: HOST\r\n\r\n",
  "PUT /x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 6\r\n\r\n@file\n",
  "PATCH /x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 3\r\n\r\na\x00b",
  "POST /x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 12\r\n\r\n-\x00%s%%\\n\xff'\r\n\x00",
  "POST /x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 7\r\n\r\n\xff\xfe\r\n\t\x01'",
  "POST /x HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
  "GET /x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\n\r\nbody",
  "POST /x HTTP/1.1\r\nHost: HOST\r\nAccept-Encoding: gzip\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
  "POST /x HTTP/1.1\r\nHost: HOST\r\nName: caf\xe9\r\nOther: caf\xe9 \x01\r\nContent-Length: 2\r\n\r\nok",
  `POST /long HTTP/1.1\r\nHost: HOST\r\nContent-Length: 300000\r\n\r\n${
    "it's long\n\x00\xe9".repeat(25_000)
  }`,
];

Deno.test("toCurl trusts and shows inside TLS what it is told to, and nothing of that outside", () => {
  const request = new TextEncoder().encode(
    "GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\nAccept: y\r\n\r\n",
  );
  const made = (tls: boolean, trust: Partial<CurlTrust>) => {
    const all = { insecure: false, ca: null, cert: null, key: null, ...trust };
    return toCurl(request, { target: "a.example:443", tls, trust: all });
  };
  assert.match(made(true, { insecure: true }).command, /^curl -k \\\n/);
  const { command, notes } = made(true, { ca: "/my cas/a.pem", cert: "me.crt", key: "me.key" });
  assert.match(
    command,
    /^curl --cacert '\/my cas\/a\.pem' \\\n {2}--cert me\.crt \\\n {2}--key me\.key \\\n/,
  );
  assert.match(notes.join(), /authorities of \/my cas\/a\.pem alone/);
  assert.deepEqual(made(true, {}).notes, []);
  assert.doesNotMatch(made(false, { insecure: true, ca: "a" }).command, /-k|--cacert/);
});

/** What must be the same; the order of headers is curl's own, and so are the spaces before values. */
function comparable(request: string): unknown {
  const draft = draftOf(octets(request));
  const [start, ...headers] = draft.head.split("\n").map((line) => line.trimEnd());
  const named = headers.map((line) => {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    return `${name.toLowerCase() === "host" ? "Host" : name}: ${value}`;
  });
  return { start, headers: named.sort(), body: textOf(draft.body) };
}

async function check(requests: readonly string[]): Promise<void> {
  const target = listening();
  const host = `localhost:${target.address.port}`;
  for (const given of requests) {
    const request = given.replaceAll("HOST", host);
    const { command, notes } = toCurl(octets(request), { target: host, tls: false });
    assert.deepEqual(notes, [], command);
    await shell(command.replace(/(^|\| )curl /, `$1${curl} -4 -s `));
    const shown = command.length > 500 ? command.slice(0, 500) : command;
    assert.deepEqual(comparable(target.requests.at(-1)!), comparable(request), shown);
    const { request: back, endpoint } = readCurl(command);
    assert.deepEqual(
      comparable(textOf(encodeDraft(back, "leave"))),
      comparable(request),
      `read back: ${shown}`,
    );
    assert.equal(endpoint.port, target.address.port);
  }
  await target.close();
}

Deno.test({
  name: "toCurl: the real shell and curl send the same method, target, headers and body",
  ignore: curl === null,
  fn: () => check(REQUESTS),
});

Deno.test({
  name: "toCurl: random bytes go through the shell unchanged",
  ignore: curl === null,
  fn: async () => {
    const random = generator(printedSeed());
    const bytes = (most: number, from: number, to: number) =>
      Array.from(
        { length: Math.floor(random() * most) },
        () => String.fromCharCode(from + Math.floor(random() * (to - from))),
      )
        .join("");
    const requests = Array.from({ length: 40 }, () => {
      const body = bytes(200, random() < 0.5 ? 0 : 1, 256);
      const value = bytes(30, 0x21, 0x7f);
      const path = bytes(20, 0x21, 0x7f);
      const length = body === "" ? "" : `Content-Length: ${body.length}\r\n`;
      return `POST /${path} HTTP/1.1\r\nHost: HOST\r\nX: v${value}\r\n${length}\r\n${body}`;
    });
    await check(requests);
  },
});

Deno.test("toCurl writes what people would write", () => {
  const cases: [request: string, command: string][] = [
    [
      "GET /x?y=1 HTTP/1.1\r\nHost: h:8081\r\nUser-Agent: a\r\nAccept: */*\r\n\r\n",
      "curl 'http://h:8081/x?y=1' \\\n  -H 'User-Agent: a' \\\n  -H 'Accept: */*'",
    ],
    [
      "POST / HTTP/1.1\r\nHost: h:8081\r\nUser-Agent: a\r\nAccept: b\r\nContent-Type: c\r\nContent-Length: 7\r\n\r\nit's é",
      "curl http://h:8081/ \\\n  -H 'User-Agent: a' \\\n  -H 'Accept: b' \\\n  -H 'Content-Type: c' \\\n  --data-raw 'it'\\''s é'",
    ],
    [
      "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
      "curl -I \\\n  http://h:8081/ \\\n  -H 'Host: h' \\\n  -H 'User-Agent:' \\\n  -H 'Accept:'",
    ],
  ];
  for (const [request, command] of cases) {
    const bytes = new TextEncoder().encode(request);
    assert.equal(toCurl(bytes, { target: "h:8081", tls: false }).command, command);
  }
  const tls = toCurl(octets("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), { target: "h:443", tls: true });
  assert.ok(tls.command.startsWith("curl --http1.1 \\\n  https://h:443/ \\\n  -H 'User-Agent:'"));
});

Deno.test("toCurl says what curl cannot do", () => {
  const request = "GET / HTTP/1.1\r\nno colon\r\nA: b\r\n c\r\n\r\n";
  const { command, notes } = toCurl(octets(request), { target: "h:1", tls: false });
  assert.deepEqual(notes, [
    'curl cannot send the header line "no colon"',
    "the folded header a is sent in one line",
  ]);
  assert.match(command, /-H 'A: b c'/);
  assert.throws(
    () => toCurl(octets("PING\r\n"), { target: "h:1", tls: false }),
    /^RangeError: Cannot copy it as a curl/,
  );
});
