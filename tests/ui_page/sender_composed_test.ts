import assert from "node:assert/strict";
import { encodeDraft } from "../../src/decode/draft/encode.ts";
import { withBody, withHead } from "../../src/ui/page/draft/editing.ts";
import { outcomeOf } from "../../src/ui/page/draft/outcome.ts";
import { turnsOf, withTurn } from "../../src/ui/page/draft/turns.ts";
import {
  cleared,
  type Composed,
  divided,
  firstComposed,
  inHead,
  isCurl,
  isEmpty,
  putBack,
  withCurl,
  withEndpoint,
  withoutNotes,
  withRequest,
  withSent,
  withSentTurns,
  withTurns,
} from "../../src/ui/page/sender/composed.ts";
import {
  canTakeSample,
  hostOf,
  methodOf,
  soapIn,
  typeOf,
  withAction,
  withCharset,
  withMedia,
  withOtherMethod,
  withRightHost,
  withSample,
  withVersion,
} from "../../src/ui/page/sender/head_choices.ts";
import { editingOf } from "../../src/ui/page/draft/editing.ts";

const to = (endpoint: string, from = firstComposed()) => withEndpoint(from, endpoint);
const typed = (composed: Composed, body: string) =>
  withRequest(composed, (request) => withBody(request, body));
const head = ({ request }: Composed) => request.head;

/** What would be sent, one character a byte. */
function sent({ request }: Composed): string {
  const { draft, headError, bodyError } = outcomeOf(request);
  assert.ok(draft, headError?.text ?? bodyError?.text);
  return Array.from(encodeDraft(draft, request.length), (byte) => String.fromCharCode(byte)).join("");
}

Deno.test("the endpoint makes target and Host, letter by letter as it is typed", () => {
  let composed = firstComposed();
  const endpoint = "http://shop.example.org:8080/orders?a=1";
  for (let end = 1; end <= endpoint.length; end++) composed = to(endpoint.slice(0, end), composed);
  assert.equal(
    sent(composed),
    "GET /orders?a=1 HTTP/1.1\r\nHost: shop.example.org:8080\r\nUser-Agent: tcpmon\r\nAccept: */*\r\n\r\n",
  );
  assert.equal(head(to("http://shop.example.org", composed)).split("\n")[1], "Host: shop.example.org");
});

Deno.test("the start line makes the path of the endpoint; what is no path stays apart", () => {
  const edited = (line: string) => inHead(to("http://localhost:1/a"), (head) => head.replace(/^.*/, line));
  assert.equal(edited("PUT /b?c HTTP/1.1").endpoint, "http://localhost:1/b?c");
  assert.equal(edited("OPTIONS * HTTP/1.1").endpoint, "http://localhost:1/a");
  const whole = edited("GET http://other.example/x HTTP/1.1");
  assert.equal(whole.endpoint, "http://localhost:1/a");
  assert.match(
    head(to("http://localhost:2/z", whole)),
    /^GET http:\/\/other\.example\/x HTTP\/1\.1\nHost: localhost:2\n/,
  );
});

Deno.test("a Host that the user has typed stays, until he lets it be made again", () => {
  const own = inHead(to("http://localhost:1/"), (head) => head.replace("localhost:1", "shop.example.org"));
  const moved = to("http://localhost:2/", own);
  assert.deepEqual(hostOf(moved), { right: "localhost:2", typed: "shop.example.org", isSet: false });
  const right = withRightHost(moved);
  assert.equal(hostOf(right).typed, "localhost:2");
  assert.equal(hostOf(to("http://localhost:3/", right)).typed, "localhost:3", "it goes along again");
  const none = inHead(to("http://localhost:1/"), (head) => head.replace(/\nHost:.*/, ""));
  assert.equal(hostOf(to("http://localhost:2/", none)).typed, null, "left out on purpose");
  assert.match(head(withRightHost(none)), /^GET \/ HTTP\/1\.1\nHost: localhost:1\n/);
});

Deno.test("credentials of an endpoint become a header when it is left", () => {
  const composed = divided(to("http://me:p%C3%A4ss@localhost:1/x"));
  assert.equal(composed.endpoint, "http://localhost:1/x");
  assert.match(head(composed), /\nAuthorization: Basic bWU6cMOkc3M=$/);
  assert.match(head(divided(to("http://me@localhost:1/"))), /Basic bWU6$/);
  const without = to("http://localhost:1/x");
  assert.equal(divided(without), without);
});

Deno.test("the scheme says what is sent, and what was typed for the other kind stays", () => {
  const http = typed(to("http://localhost:1/a"), "body");
  const tcp = withTurns(
    to("tcp://localhost:1", http),
    (turns) => withTurn(turns, turns.turns[0].id, "PING\\r\\n"),
  );
  assert.equal(tcp.kind, "tcp");
  assert.equal(to("tcp://loc", tcp).kind, "tcp", "while it is not whole");
  const back = to("http://localhost:1/a", tcp);
  assert.deepEqual([back.kind, sent(back)], ["http", sent(http)]);
  assert.equal(back.turns, tcp.turns);
});

Deno.test("é€ is sent in the charset that is chosen, with its length in bytes; what it has not is refused", () => {
  const xml = typed(withOtherMethod(withMedia(to("http://localhost/"), "text/xml"), "POST"), "<a>é€</a>");
  assert.match(
    sent(xml),
    /Content-Type: text\/xml; charset=utf-8\r\nContent-Length: 12\r\n\r\n<a>\xc3\xa9\xe2\x82\xac<\/a>$/,
  );
  const windows = withCharset(xml, "windows-1252");
  assert.match(sent(windows), /charset=windows-1252\r\nContent-Length: 9\r\n\r\n<a>\xe9\x80<\/a>$/);
  const latin = withCharset(xml, "iso-8859-1");
  assert.match(outcomeOf(latin.request).bodyError?.text ?? "", /Cannot write "€" \(U\+20AC\) in iso-8859-1/);
  assert.match(
    sent(typed(latin, "<a>é</a>")),
    /charset=iso-8859-1\r\nContent-Length: 8\r\n\r\n<a>\xe9<\/a>$/,
  );
  assert.equal(sent(withCharset(latin, "utf-8")), sent(xml), "nothing was lost");
});

Deno.test("media types bring their charset, their editor, and no header of another", () => {
  const cases: readonly [media: string, value: string, mode: string][] = [
    ["application/json", "application/json", "json"],
    ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "text"],
    ["text/xml", "text/xml; charset=utf-8", "xml"],
    ["text/plain", "text/plain; charset=utf-8", "text"],
  ];
  const soap = withAction(withVersion(to("http://localhost/"), "1.1"), "urn:a");
  for (const [media, value, mode] of cases) {
    const composed = withMedia(soap, media);
    assert.match(head(composed), new RegExp(`\nContent-Type: ${value.replace("/", "\\/")}(\n|$)`));
    assert.equal(composed.request.body.mode, mode, media);
    assert.equal(/SOAPAction/.test(head(composed)), media === "text/xml", media);
  }
  assert.equal(withMedia(soap, "").request.head.includes("Content-Type"), false);
  assert.deepEqual(soapIn(withMedia(soap, "application/soap+xml")), { version: "1.2", action: "urn:a" });
  assert.deepEqual(soapIn(withMedia(withVersion(soap, "1.2"), "text/xml")), {
    version: "1.1",
    action: "urn:a",
  });
  assert.deepEqual(typeOf(withMedia(soap, "text/plain")), { media: "text/plain", charset: "utf-8" });
});

Deno.test("a sample envelope begins a body, and replaces none", () => {
  const soap = withAction(withVersion(to("http://localhost/"), "1.1"), "http://a.example/getQuote");
  assert.equal(methodOf(soap), "POST");
  const sample = withSample(soap);
  assert.match(
    sent(sample),
    /SOAPAction: "http:\/\/a\.example\/getQuote"\r\nContent-Length: \d+\r\n\r\n<\?xml[^]*<m:getQuote /,
  );
  assert.equal(canTakeSample(sample), false);
  assert.equal(withSample(sample), sample);
});

Deno.test("a curl command takes the place of the draft, which can be put back", () => {
  const before = typed(to("http://localhost:1/mine"), "mine");
  const pasted = withCurl(before, "curl -kL 'http://localhost:2/a?b' -H 'X-A: é' --data-raw '{\"a\":1}'");
  assert.equal(pasted.endpoint, "http://localhost:2/a?b");
  assert.deepEqual(pasted.notes, ["redirects are not followed"]);
  assert.match(
    sent(pasted),
    /^POST \/a\?b HTTP\/1\.1\r\nHost: localhost:2\r\n[^]*X-A: \xc3\xa9\r\n[^]*\r\n\r\n\{"a":1\}$/,
  );
  assert.match(head(to("http://localhost:3/c", pasted)), /^POST \/c HTTP\/1\.1\nHost: localhost:3\n/);
  assert.equal(sent(putBack(pasted)), sent(before));
  assert.notEqual(putBack(pasted).number, pasted.number);
  assert.deepEqual([withoutNotes(pasted).notes, withoutNotes(pasted).before], [[], null]);
  assert.equal(withCurl(firstComposed(), "curl https://localhost/").endpoint, "https://localhost/");
  const anyCertificate = withCurl(before, "curl -k https://localhost/");
  assert.equal(anyCertificate.insecure, true, "-k accepts any certificate");
  assert.equal(withCurl(anyCertificate, "curl https://localhost/").insecure, false, "and the next does not");
  assert.equal(withCurl(firstComposed(), "curl http://localhost/").before, null, "there was nothing");
  assert.throws(() => withCurl(before, "curl -F f=@a.txt http://localhost/"), /Cannot read the file a\.txt/);
  assert.throws(() => withCurl(before, "curl -d @a.txt http://localhost/"), /Paste what is in it instead/);
});

Deno.test("what is a curl command", () => {
  for (
    const text of [
      "curl http://a",
      " $ curl -v x",
      "/usr/bin/curl x",
      "curl.exe x",
      "printf 'a' | curl x",
      "curl\n-v",
    ]
  ) {
    assert.ok(isCurl(text), text);
  }
  for (const text of ["http://curl/", "curly http://a", "http://a/?curl x", ""]) {
    assert.ok(!isCurl(text), text);
  }
});

Deno.test("what was sent inside TLS is loaded with its scheme", () => {
  const request = editingOf(new TextEncoder().encode("GET /x HTTP/1.1\n\n"), "http", null);
  const from = (target: string) =>
    withSent(firstComposed(), { id: "e1", target, tls: true, request }).endpoint;
  assert.deepEqual([from("shop:443"), from("shop:80")], ["https://shop/x", "https://shop:80/x"]);
  const turns = turnsOf([{ bytes: new Uint8Array(1), answer: null }], null);
  assert.equal(
    withSentTurns(firstComposed(), { id: "e1", target: "mail:465", tls: true, turns }).endpoint,
    "tls://mail:465",
  );
});

Deno.test("what was sent is loaded byte for byte, and linked to what is sent next", () => {
  const bytes = new TextEncoder().encode("PUT /x HTTP/1.1\nHost: shop\nX: 1\n\nbody");
  const loaded = withSent(firstComposed(), {
    id: "e5",
    target: "localhost:80",
    tls: false,
    request: editingOf(bytes, "http", null),
  });
  assert.deepEqual([loaded.endpoint, loaded.from], ["http://localhost/x", { id: "e5", kind: "http" }]);
  assert.equal(sent(loaded), "PUT /x HTTP/1.1\nHost: shop\nX: 1\n\nbody");
  assert.equal(hostOf(to("http://other/x", loaded)).typed, "shop", "its Host was no endpoint's");
  const turns = turnsOf([{ bytes, answer: null }], { start: "220", bytes: 3 });
  const tcp = withSentTurns(loaded, { id: "e7", target: "[::1]:25", tls: false, turns });
  assert.deepEqual([tcp.endpoint, tcp.kind, tcp.targetFirst, tcp.from], [
    "tcp://[::1]:25",
    "tcp",
    true,
    { id: "e7", kind: "tcp" },
  ]);
});

Deno.test("an empty draft is told from one with anything in it", () => {
  assert.ok(isEmpty(firstComposed()));
  assert.ok(!isEmpty(to("h")));
  assert.ok(!isEmpty(typed(firstComposed(), "x")));
  assert.ok(!isEmpty(withRequest(firstComposed(), (request) => withHead(request, "GET / HTTP/1.1"))));
  const full = typed(to("http://localhost/"), "x");
  assert.ok(isEmpty(cleared(full)));
  assert.equal(sent(putBack(cleared(full))), sent(full));
});
