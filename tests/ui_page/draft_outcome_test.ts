// A Draft while it is edited, without a browser: what would be sent, what is wrong at which place, and what is said.

import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { MOST_HEX, MOST_TEXT } from "../../src/ui/page/draft/body_input.ts";
import {
  canLayOut,
  type Editing,
  editingOf,
  laidOut,
  withBody,
  withCodingChoice,
  withHead,
  withLengthChoice,
  withMode,
} from "../../src/ui/page/draft/editing.ts";
import { inflated } from "../../src/ui/page/draft/decoded.ts";
import { outcomeOf } from "../../src/ui/page/draft/outcome.ts";
import { bytesToSend } from "../../src/ui/page/draft/recode.ts";

const encoder = new TextEncoder();
const octets = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** A POST with this body, in octets. */
function post(body: string, type = "text/plain; charset=utf-8", more = ""): string {
  return `POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
}

const opened = (text: string) => editingOf(octets(text), "http", null);
const text = ({ body }: Editing) => body.mode === "kept" ? null : body.text;
const sent = async (editing: Editing) =>
  Array.from(
    await bytesToSend(outcomeOf(editing), editing.length),
    (byte) => String.fromCharCode(byte),
  ).join("");

Deno.test("a body opens in the editor that suits it", () => {
  const cases: readonly (readonly [body: string, type: string, mode: string, text: string])[] = [
    ["<a/>", "text/xml", "xml", "<a/>"],
    ['{"a":1}', "application/json", "json", '{"a":1}'],
    ["a=1&b=2", "application/x-www-form-urlencoded", "text", "a=1&b=2"],
    ["x\r\ny", "text/plain", "text", "x\ny"],
    ["\x00\xff\x80\x01", "application/octet-stream", "hex", "00 ff 80 01"],
    ["\x89PNG\r\n\x1a\n", "image/png", "hex", "89 50 4e 47 0d 0a 1a 0a"],
    ["", "text/plain", "text", ""],
  ];
  for (const [body, type, mode, shown] of cases) {
    const editing = opened(post(body, type));
    assert.equal(editing.body.mode, mode, type);
    assert.equal(text(editing), shown, type);
  }
});

Deno.test("what is not edited is sent as it was recorded, faults and all", async () => {
  for (
    const request of [
      post("<a/>", "text/xml"),
      "GET /a\x20\x20HTTP/1.1\nHost:  a \r\n\n",
      "POST /a HTTP/1.1\r\nContent-Length: 99\r\n\r\nshort",
      "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0\r\nT: 1\r\n\r\n",
    ]
  ) {
    const editing = opened(request);
    assert.equal(outcomeOf(editing).isChanged, false);
    assert.equal(await sent(editing), request);
    const asHex = withMode(editing, "hex");
    assert.equal(await sent(asHex), request, "in another editor, too");
  }
});

Deno.test("Content-Length is set in bytes, or left as it is typed", async () => {
  const edited = withBody(opened(post("abc")), "é€");
  assert.deepEqual(outcomeOf(edited).length, { typed: "3", right: 5, isWrong: true });
  assert.equal(await sent(edited), post("\xc3\xa9\xe2\x82\xac"));
  const left = withLengthChoice(edited, "leave");
  assert.equal(await sent(left), post("abc").replace("\r\n\r\nabc", "\r\n\r\n\xc3\xa9\xe2\x82\xac"));
  const none = withBody(opened("POST /a HTTP/1.1\r\nHost: a\r\n\r\n"), "x");
  assert.deepEqual(outcomeOf(none).length, { typed: null, right: 1, isWrong: true });
  assert.equal(outcomeOf(opened("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).length, null, "nothing to count");
});

Deno.test("chunks: as they came, as one, or as the last alone", () => {
  const chunked = opened("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
  const said = (editing: Editing) => outcomeOf(editing).facts.at(-1);
  assert.equal(said(chunked), "sent in its chunks as they came");
  assert.equal(said(withBody(chunked, "xy")), "sent as one chunk");
  assert.equal(said(withBody(chunked, "")), "sent as the last chunk alone");
  assert.equal(outcomeOf(chunked).length, null);
});

Deno.test("a charset is kept, refused at the place of what it has not, or changed where another is declared", async () => {
  const latin = opened(post("B\xf6rs", "text/plain; charset=iso-8859-1"));
  assert.equal(await sent(withBody(latin, "Börsé")), post("B\xf6rs\xe9", "text/plain; charset=iso-8859-1"));
  const wrong = outcomeOf(withBody(latin, "a\nb €"));
  assert.equal(wrong.draft, null);
  assert.deepEqual(wrong.bodyError?.place, { line: 2, column: 3 });
  assert.match(wrong.bodyError!.text, /^Cannot write "€" \(U\+20AC\) in iso-8859-1/);
  await assert.rejects(bytesToSend(wrong, "set"), /Cannot send what cannot be read/);
  const declared = withHead(withBody(latin, "1 €"), latin.head.replace("iso-8859-1", "utf-8"));
  assert.ok(outcomeOf(declared).facts.includes("utf-8, it was iso-8859-1"));
  assert.ok((await sent(declared)).endsWith("Content-Length: 5\r\n\r\n1 \xe2\x82\xac"));
  const xml = opened(post('<?xml version="1.0" encoding="iso-8859-1"?><a>\xf6</a>', "text/xml"));
  const other = withBody(xml, '<?xml version="1.0" encoding="utf-8"?><a>ö</a>');
  assert.ok((await sent(other)).endsWith("<a>\xc3\xb6</a>"));
});

Deno.test("hex that is none is told with its line, and nothing is lost", () => {
  const wrong = withBody(withMode(opened(post("ab")), "hex"), "61\n6g");
  assert.deepEqual(outcomeOf(wrong).bodyError?.place, { line: 2, column: 1 });
  const refused = withMode(wrong, "text");
  assert.equal(text(refused), "61\n6g");
  assert.match(refused.refusal!, /line 2/);
  assert.equal(withBody(refused, "61").refusal, null);
  const binary = withMode(opened(post("\xc0\xff", "application/x; charset=utf-8")), "hex");
  assert.match(
    withMode(binary, "text").refusal!,
    /^Cannot show the body as text\. Not all of its bytes are utf-8/,
  );
});

Deno.test("a head has its own errors", () => {
  const odd = opened("GET / HTTP/1.1\r\nX: \xe9\r\n\r\n");
  const wrong = outcomeOf(withHead(odd, "GET / HTTP/1.1\nX: €"));
  assert.deepEqual(wrong.headError?.place, { line: 2, column: 4 });
  assert.match(outcomeOf(withHead(odd, " \n")).headError!.text, /start line/);
});

Deno.test("laying out changes white space and only for XML and JSON; what is not well-formed is said", () => {
  const xml = opened(post("<a><b>1</b></a>", "text/xml"));
  assert.equal(text(laidOut(xml)), "<a>\n  <b>1</b>\n</a>");
  assert.equal(text(laidOut(opened(post('{"a":1e400}', "application/json")))), '{\n  "a": 1e400\n}');
  const plain = opened(post("<a><b/></a>", "text/plain; charset=utf-8"));
  assert.equal(canLayOut(withMode(plain, "text")), false);
  const asText = withMode(plain, "text");
  assert.equal(laidOut(asText), asText);
  assert.match(outcomeOf(withBody(xml, "<a>\n</b>")).warnings.join(), /^Not well-formed at line 2, column 1/);
});

Deno.test("a coded body: as recorded, coded again, without, or what the head then says", async () => {
  const coded = new Uint8Array(gzipSync("<a>1</a>"));
  const about = `POST /a HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`;
  const request = Uint8Array.from([...encoder.encode(about), ...coded]);
  const editing = editingOf(request, "http", await inflated(coded, "gzip"));
  assert.equal(text(editing), "<a>1</a>");
  assert.deepEqual(await bytesToSend(outcomeOf(editing), "set"), request);

  const edited = withBody(editing, "<a>2</a>");
  assert.equal(outcomeOf(edited).length?.right, null);
  const bytes = await bytesToSend(outcomeOf(edited), "set");
  const end = about.indexOf("\r\n\r\n") + 4;
  assert.equal(new TextDecoder().decode(gunzipSync(bytes.subarray(end))), "<a>2</a>");
  assert.match(
    new TextDecoder().decode(bytes.subarray(0, end)),
    new RegExp(`Content-Length: ${bytes.length - end}\r`),
  );

  const without = "POST /a HTTP/1.1\r\nContent-Length: 8\r\n\r\n<a>2</a>";
  assert.equal(await sent(withCodingChoice(edited, "off")), without);
  const renamed = withHead(edited, edited.head.replace("gzip", "br"));
  assert.match(outcomeOf(renamed).warnings.join(), /says br, but the body is sent without a coding/);
  const taken = withHead(edited, "POST /a HTTP/1.1\nContent-Length: 9");
  assert.equal(await sent(taken), without);

  assert.equal(await inflated(coded.subarray(0, -3), "gzip"), null, "what is damaged does not come off");
  const damaged = editingOf(request, "http", null);
  assert.equal(damaged.body.mode, "hex");
  const brotli = editingOf(
    octets("POST /a HTTP/1.1\r\nContent-Encoding: br\r\n\r\nxyz"),
    "http",
    octets("<a/>"),
  );
  assert.deepEqual([brotli.coding?.isWritable, brotli.coding?.choice], [false, "off"]);
});

Deno.test("what is too large to edit is kept and sent as it was, with the head edited", async () => {
  const large = opened(post("x".repeat(MOST_TEXT + 1)));
  assert.equal(large.body.mode, "kept");
  const edited = withHead(withBody(large, "y"), large.head.replace("POST", "PUT"));
  assert.equal(await sent(edited), post("x".repeat(MOST_TEXT + 1)).replace("POST", "PUT"));
  assert.equal(opened(post("\0".repeat(MOST_HEX + 1), "application/octet-stream")).body.mode, "kept");
  const hex = withMode(opened(post("x".repeat(MOST_HEX + 1))), "hex");
  assert.match(hex.refusal!, /Up to 1,000,000 B can be edited/);
});
