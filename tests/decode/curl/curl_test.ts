// Commands as they are pasted: what is read must be what the real curl sends, byte for byte.

import assert from "node:assert/strict";
import { readCurl } from "../../../src/decode/curl/curl.ts";
import { encodeDraft } from "../../../src/decode/draft/encode.ts";
import { curl } from "../../needs.ts";
import { textOf } from "../draft/requests.ts";
import { listening, shell } from "./heard.ts";

/** HOST stands for the server. */
const COMMANDS: readonly string[] = [
  "curl HOST",
  "curl HOST/a/b?c=d#fragment",
  "curl http://HOST?x=1",
  "curl -X DELETE http://HOST/orders/17",
  "curl -sS -i -o /dev/null -w '%{http_code}' --max-time 5 -L http://HOST/",
  "curl -I http://HOST/head",
  "curl -d a=b -d c=d http://HOST/form",
  "curl -da=b -XPUT http://HOST/form",
  "curl --data-raw '@literal' --data-binary $'a\\r\\nb' http://HOST/",
  "curl -G -d a=b --data-urlencode 'c=d e&f=ü' http://HOST/find?x=y",
  "curl --data-urlencode 'a b' --data-urlencode '=c=d' --data-urlencode 'name=\"~-._' http://HOST/",
  `curl --json '{"a":1}' http://HOST/`,
  `curl --json '{"a":' --json '1}' -H 'Accept: text/plain' http://HOST/`,
  "curl -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: \"urn:x\"' -d '<a>é€</a>' http://HOST/soap",
  "curl -H 'X-Empty;' -H 'Accept:' -H 'User-Agent: mine' -H 'no colon' -H 'X-Two:  spaced  ' http://HOST/",
  "curl -H 'Host: shop.example.org' -H 'host:' http://HOST/",
  "curl -H 'host: shop.example.org' http://HOST/",
  "curl -H 'Host:' http://HOST/",
  "curl -u 'user:pass word' -A 'agent/1' -e http://ref/ -b 'a=b; c=d' http://HOST/",
  "curl -u user: http://HOST/",
  "curl http://us%20er:p%40ss@HOST/",
  "curl --oauth2-bearer token http://HOST/",
  "curl --compressed http://HOST/",
  "curl --compressed -H 'Accept-Encoding: br' http://HOST/",
  "curl -r 0-99 -0 http://HOST/",
  "curl -A '' http://HOST/",
  "curl -F a=b -F 'c=d e' -F 'n\"q=x;type=text/plain' -F 'f=y;filename=z.txt' --form-string 'g=;type=@x' http://HOST/",
  `curl -F 'q="a;b\\"c"' http://HOST/`,
  "curl -H 'Transfer-Encoding: chunked' -d abc http://HOST/",
  "curl -H 'Content-Length: 3' -X POST -d abc http://HOST/",
  "curl --path-as-is http://HOST/a/../b/./c",
  "curl http://HOST/a/../b/./c/..",
  "curl http://HOST/../../x/.",
  "curl -g 'http://HOST/[1-3]{a,b}'",
  "curl --request-target '*' -X OPTIONS http://HOST/",
  "curl --url http://HOST/given --url-query 'a=b c' --url-query 'd=é'",
  "curl 'http://HOST/with'\\''quote' \\\n  -H 'A: b' \\\n\t--data-raw $'caf\\u00e9 \\xff\\t\\'x\\'' \\\n  --compressed\n",
  'curl "http://HOST/$" -H "A: \\"b\\" \\\\ c" -d "line \\\ngoes on"',
  "curl http://HOST/ -d @- <<'EOF'\nline $1\nsecond\nEOF\n",
  'curl http://HOST/ --data-binary @- <<EOF\n{\n  "a": \\$1\n}\nEOF\n',
  "printf 'a\\000b%%\\n\\377' | curl --data-binary @- http://HOST/",
  "curl -X PATCH --data-raw '' http://HOST/",
  "curl -d '' http://HOST/",
  "curl -X POST http://HOST/",
  "curl -X GET -d a=b http://HOST/",
  "curl http://HOST/ # a comment",
  "curl http://HOST/ --data-raw 'a ^\n^\"b\"'",
  "curl -- http://HOST/dash",
  "curl -e ';auto' http://HOST/ > /dev/null 2>&1",
];

/** curl names itself and draws its boundaries, and its versions differ in the letters of %e9. */
function comparable(request: string): string {
  return request.replace(/^User-Agent: (curl\/[\d.]+|tcpmon)\r\n/m, "User-Agent: curl\r\n")
    .replaceAll(/-{24}[0-9a-f]{16}/g, "BOUNDARY").replaceAll(/%[0-9a-f]{2}/gi, (hex) => hex.toLowerCase());
}

Deno.test({
  name: "readCurl reads what the real curl sends, byte for byte and in its order",
  ignore: curl === null,
  fn: async () => {
    const target = listening();
    const host = `localhost:${target.address.port}`;
    for (const command of COMMANDS) {
      const real = command.replaceAll("HOST", host);
      await shell(`${real.replace(/\bcurl /, `${curl} -4 -s `)}`);
      const { endpoint, request } = readCurl(real);
      const sent = textOf(encodeDraft(request, "leave"));
      assert.equal(comparable(sent), comparable(target.requests.at(-1)!), command);
      assert.deepEqual([endpoint.host, endpoint.port, endpoint.tls], [
        "localhost",
        target.address.port,
        false,
      ]);
    }
    assert.equal(target.requests.length, COMMANDS.length);
    await target.close();
  },
});

const NOTES: readonly [command: string, notes: readonly string[]][] = [
  ["curl -sSv http://h/", []],
  ["$ curl http://h/", []],
  ["/usr/bin/curl http://h/", []],
  ["curl -kL --http2 http://h/", [
    "redirects are not followed",
    "it is sent as HTTP/1.1",
  ]],
  ["curl -x proxy:3128 http://h/", ["it is sent straight to the target, not through the proxy"]],
  ["curl http://h/ | jq .", ["the output does not go to another command"]],
  ["curl http://h/ > out.json", ["the output does not go to out.json"]],
  ["curl http://h/; rm -rf x", ["only the first command is read"]],
  ["curl http://h/ && echo", ["what follows & is left out"]],
  ["curl --digest -u a:b http://h/", ["only Basic credentials can be sent, so none are"]],
];

Deno.test("readCurl notes what it leaves out", () => {
  for (const [command, notes] of NOTES) assert.deepEqual(readCurl(command).notes, notes, command);
  const [plain, digest] = ["curl http://h/", "curl --digest -u a:b http://h/"].map((text) =>
    readCurl(text).request.head
  );
  assert.equal(digest, plain);
});

Deno.test("readCurl takes -k where it goes inside TLS", () => {
  const cases: readonly [command: string, insecure: boolean][] = [
    ["curl -k https://h/", true],
    ["curl -sSkL https://h/", true],
    ["curl https://h/ --insecure", true],
    ["curl https://h/", false],
    ["curl --proxy-insecure https://h/", false],
    ["curl -k http://h/", false],
  ];
  for (const [command, insecure] of cases) assert.equal(readCurl(command).insecure, insecure, command);
});

const REFUSED: readonly [command: string, words: RegExp][] = [
  ["wget http://h/", /^Cannot read it as a curl command: it begins with "wget"\. Paste one/],
  ["", /it begins with ""/],
  ["curl", /the command has no URL\. Add one/],
  ["curl a b", /several URLs/],
  [
    "curl http://h/ -d @body.json",
    /^Cannot read the file body\.json: the page has no files\. Paste what is in it/,
  ],
  ["curl http://h/ -d @-", /Cannot read the file -/],
  ["curl http://h/ -F f=@x.png", /Cannot read the file x\.png/],
  ["curl http://h/ -H @headers", /Cannot read the file headers/],
  ["curl http://h/ -b jar", /Cannot read the file jar/],
  ["curl -T x http://h/", /Cannot send what has --upload-file: the page has no files/],
  ["curl -K x http://h/", /--config/],
  ["curl http://h/ --next http://h/2", /--next: one request is read at a time/],
  ["curl --unix-socket /s http://h/", /only TCP targets/],
  [
    "curl --frobnicate http://h/",
    /^Cannot read --frobnicate: curl has no such option, or tcpmon does not know it/,
  ],
  ["curl -% http://h/", /Cannot read -%/],
  ["curl http://h/ -X", /Cannot read --request: its value is missing/],
  ['curl "http://h/$ID"', /^Cannot know what \$ID stands for: only your shell does/],
  ["curl http://h/ -d `date`", /what `date` stands for/],
  ['curl http://h/ -H "A: $(cat x)"', /what \$\(cat x\) stands for/],
  ['curl http://h/ -d {"a":1,"b":2}', /a shell replaces \{…,…\}\. Put it into quotation marks/],
  ["curl 'http://h/{a,b}'", /curl makes several URLs/],
  ["curl http://h/ -d 'open", /a ' is not closed\. Paste all/],
  ["curl http://h/ -d $'a\\0b'", /a byte 0/],
  ["curl 'http://h/a b'", /white space stands in it\. Write %20/],
  ["curl ftp://h/", /it is not HTTP but ftp/],
  ["curl http://h:99999/", /"99999" is not a port/],
  ["cat x | curl --data-binary @- http://h/", /Cannot know what cat gives to curl/],
  ['curl ^"http://h/^" -H ^"A: b^"', /Windows command line/],
  ['curl "http://h/" ^\n -H "A: b"', /Windows command line\. Choose "Copy as cURL \(bash\)"/],
  ["curl http://h/ -F 'a=b;c'", /Cannot read ";c" in a form field/],
];

Deno.test("readCurl refuses what it cannot know, in words", () => {
  for (const [command, words] of REFUSED) {
    assert.throws(() => readCurl(command), (error: unknown) => {
      assert.ok(error instanceof SyntaxError, `${command}: ${error}`);
      assert.match(error.message, words, command);
      return true;
    }, command);
  }
});

Deno.test("readCurl tells where it leads", () => {
  const cases: [string, unknown[]][] = [
    ["curl https://example.org/x", [true, "example.org", 443, "example.org"]],
    ["curl http://[::1]:8080/", [false, "::1", 8080, "[::1]:8080"]],
    ["curl HTTP://Example.org:80", [false, "Example.org", 80, "Example.org"]],
    ["curl http://bücher.example/", [false, "xn--bcher-kva.example", 80, "xn--bcher-kva.example"]],
  ];
  for (const [command, expected] of cases) {
    const { tls, host, port, authority } = readCurl(command).endpoint;
    assert.deepEqual([tls, host, port, authority], expected);
  }
});

Deno.test("readCurl takes words without end in the order in which they come", () => {
  const count = 100_000;
  const headers = Array.from({ length: count }, (_, at) => `-H a:${at}`).join(" ");
  const { request } = readCurl(`curl ${headers} -- http://h/`);
  const lines = request.head.split("\n").filter((line) => line.startsWith("a:"));
  assert.equal(lines.length, count);
  assert.match(lines[0], /\b0$/);
  assert.match(lines[count - 1], /\b99999$/);
});
