import assert from "node:assert/strict";
import { draftOf, isChanged } from "../../../src/decode/draft/draft.ts";
import {
  draftNotes,
  encodeDraft,
  lengthChange,
  type LengthChoice,
  putRight,
} from "../../../src/decode/draft/encode.ts";
import { draftOfText, newRequest, withHeader, withoutHeader } from "../../../src/decode/draft/head_lines.ts";
import { chunked, generator, octets, printedSeed, randomRequest, textOf } from "./requests.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test("encodeDraft gives an unchanged request back byte for byte", () => {
  const random = generator(printedSeed());
  for (let round = 0; round < 3000; round++) {
    const request = randomRequest(random);
    const draft = draftOf(octets(request));
    for (const choice of ["set", "leave"] as const) {
      assert.equal(textOf(encodeDraft(draft, choice)), request, JSON.stringify(request));
    }
    assert.equal(isChanged(draft), false);
    assert.equal(lengthChange(draft), null);
  }
});

Deno.test("encodeDraft leaves every line of the head but the edited one as it came", () => {
  const random = generator(printedSeed());
  let edited = 0;
  for (let round = 0; round < 2000; round++) {
    const request = randomRequest(random);
    const draft = draftOf(octets(request));
    if (draft.source === null || draft.protocol === "tcp" || draft.source.headBytes.length === 0) continue;
    const lines = draft.head.split("\n");
    const at = Math.floor(random() * lines.length);
    if (/transfer-encoding|content-length|^ folded/i.test(lines[at])) continue;
    const insert = random() < 0.5;
    lines.splice(
      at + (insert ? 1 : 0),
      insert ? 0 : 1,
      at === 0 && !insert ? "PUT /new HTTP/1.1" : "New: line",
    );
    const sent = textOf(encodeDraft({ ...draft, head: lines.join("\n") }, "leave"));
    // All that was there before and after the edit stands there still, line ends and all.
    const { lines: source } = draft.source;
    const before = source.lines.slice(0, at + (insert ? 1 : 0)).map((line, i) =>
      line + (source.ends[i] ?? "")
    );
    const after = source.lines.slice(at + 1).map((line, i) => line + (source.ends[at + 1 + i] ?? ""));
    const bytes = (text: string) => draft.source!.headCharset === "utf-8" ? textOf(utf8(text)) : text;
    const last = at === source.lines.length - 1;
    assert.ok(
      sent.startsWith(
        textOf(draft.source.before) + bytes(last ? before.join("").trimEnd() : before.join("")),
      ),
    );
    assert.ok(sent.includes(bytes(after.join(""))), JSON.stringify([request, sent]));
    assert.ok(sent.endsWith(textOf(draft.source.bodyBytes)));
    edited++;
  }
  assert.ok(edited > 500, `${edited} were edited`);
});

const POST = "POST /quotes HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX: y\r\n\r\n";

/** What was there, the new body, what becomes of Content-Length, and what is sent. */
const BODIES: readonly [
  name: string,
  request: string,
  body: Uint8Array,
  choice: LengthChoice,
  sent: string,
][] = [
  [
    "é and € count in bytes",
    POST + "a=b&c",
    utf8("a=é€"),
    "set",
    POST.replace("5", "7") + textOf(utf8("a=é€")),
  ],
  ["a length that is wanted wrong stays", POST + "a=b&c", utf8("a=é€"), "leave", POST + textOf(utf8("a=é€"))],
  [
    "a body with empty lines is all body",
    POST + "a=b&c",
    utf8("a\r\n\r\nb\n\nc"),
    "set",
    POST.replace("5", "9") + "a\r\n\r\nb\n\nc",
  ],
  ["a body that is taken away leaves 0", POST + "a=b&c", utf8(""), "set", POST.replace("5", "0")],
  [
    "a body that is new has a length, whatever the method",
    "brew /pot HTTP/1.1\r\nHost: h\r\n\r\n",
    utf8("milk"),
    "set",
    "brew /pot HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nmilk",
  ],
  [
    "PATCH and lower case",
    "PATCH / HTTP/1.1\ncontent-length:1\nhost: h\n\n1",
    utf8("12345"),
    "set",
    "PATCH / HTTP/1.1\ncontent-length: 5\nhost: h\n\n12345",
  ],
  [
    "several lengths are all put right",
    "PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1",
    utf8("123"),
    "set",
    "PUT / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n123",
  ],
  [
    "a chunked body stays chunked, with its trailers",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n",
    utf8("abcdefghijklmnop"),
    "set",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabcdefghijklmnop\r\n0\r\nT: 1\r\n\r\n",
  ],
  [
    "a chunked body that is taken away is the last chunk",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    utf8(""),
    "set",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["bytes without a head are the bytes", "\x00\x01GET", octets("\x00\xff"), "set", "\x00\xff"],
  [
    "bytes of any value stay",
    POST + "a=b&c",
    octets("\x00\xff\xfe\r\n\r\n\x80"),
    "set",
    POST.replace("5", "8") + "\x00\xff\xfe\r\n\r\n\x80",
  ],
];

for (const [name, request, body, choice, sent] of BODIES) {
  Deno.test(`encodeDraft: ${name}`, () => {
    assert.equal(textOf(encodeDraft({ ...draftOf(octets(request)), body }, choice)), sent);
  });
}

Deno.test("encodeDraft ends a head that was edited and had no end", () => {
  for (const request of ["GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: h", "GET / HTTP/1.1\r\nHost: h\r\n"]) {
    const draft = draftOf(octets(request));
    const sent = textOf(encodeDraft({ ...draft, head: withHeader(draft.head, "Host", "other") }, "set"));
    assert.equal(sent, "GET / HTTP/1.1\r\nHost: other\r\n\r\n");
  }
});

Deno.test("encodeDraft goes by what the edited head says of the body", () => {
  const request = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
  const draft = draftOf(octets(request));
  const plain = { ...draft, head: withoutHeader(draft.head, "transfer-encoding") };
  assert.equal(textOf(encodeDraft(plain, "set")), "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab");
  assert.deepEqual(lengthChange(plain), { typed: null, right: 2 });
  const back = draftOf(encodeDraft(plain, "set"));
  const head = withHeader(withoutHeader(back.head, "Content-Length"), "Transfer-Encoding", "chunked");
  assert.equal(textOf(encodeDraft({ ...back, head }, "set")), request);
});

Deno.test("encodeDraft keeps the chunks of a body that was not edited", () => {
  const random = generator(printedSeed());
  const body = chunked("x".repeat(500), () => 0.1 + random() * 0.9).replace(/\r\n\r\n$/, "\r\n\r\n");
  const request = `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
  const draft = draftOf(octets(request));
  assert.equal(draft.source!.chunks, "taken off");
  const sent = encodeDraft({ ...draft, head: withHeader(draft.head, "Host", "other") }, "set");
  assert.equal(textOf(sent), request.replace("Host: h", "Host: other"));
});

Deno.test("encodeDraft says which character a head cannot have", () => {
  const draft = draftOf(octets("GET / HTTP/1.1\r\nName: caf\xe9\r\n\r\n"));
  assert.equal(draft.head, "GET / HTTP/1.1\nName: café");
  const sent = encodeDraft({ ...draft, head: withHeader(draft.head, "Other", "ñ") }, "set");
  assert.equal(textOf(sent), "GET / HTTP/1.1\r\nName: caf\xe9\r\nOther: \xf1\r\n\r\n");
  assert.throws(
    () => encodeDraft({ ...draft, head: withHeader(draft.head, "Other", "1 €") }, "set"),
    /^RangeError: Cannot write "€" \(U\+20AC\) in iso-8859-1, first in line 3, column 10\. Change it/,
  );
  const wide = draftOf(utf8("GET / HTTP/1.1\r\nName: café\r\n\r\n"));
  const euro = encodeDraft({ ...wide, head: withHeader(wide.head, "Name", "€") }, "set");
  assert.deepEqual(euro, utf8("GET / HTTP/1.1\r\nName: €\r\n\r\n"));
});

Deno.test("lengthChange tells what would be sent instead of what is typed", () => {
  const draft = draftOf(octets(POST + "a=b&c"));
  assert.equal(lengthChange({ ...draft, body: utf8("é€") }), null, "5 bytes, too");
  assert.deepEqual(lengthChange({ ...draft, body: utf8("é€!") }), { typed: "5", right: 6 });
  const wrong = { ...draft, head: withHeader(draft.head, "Content-Length", "99") };
  assert.deepEqual(lengthChange(wrong), { typed: "99", right: 5 });
  assert.equal(textOf(encodeDraft(wrong, "leave")), POST.replace("5", "99") + "a=b&c");
});

Deno.test("putRight mends lengths and a missing end, and nothing else", () => {
  const cases: [string, string][] = [
    ["POST / HTTP/1.1\nContent-Length: 1\n\nabc", "POST / HTTP/1.1\nContent-Length: 3\n\nabc"],
    ["POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"],
    ["GET / HTTP/1.1", "GET / HTTP/1.1\r\n\r\n"],
    ["GET / HTTP/1.1\nHost: h\n", "GET / HTTP/1.1\nHost: h\n\n"],
    ["POST / HTTP/1.1\r\n\r\nabc", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"],
    ["GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"],
    ["*1\r\n$4\r\nPING\r\n", "*1\r\n$4\r\nPING\r\n"],
    ["", ""],
    [
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    ],
  ];
  for (const [given, right] of cases) assert.equal(textOf(putRight(octets(given))), right);
});

Deno.test("draftOfText reads what was typed: CR LF in the head, the body as it is", () => {
  const draft = draftOfText("POST /x HTTP/1.1\nHost: h\n\nline é\n\nline\n");
  assert.equal(
    textOf(encodeDraft(draft, "set")),
    textOf(utf8("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 14\r\n\r\nline é\n\nline\n")),
  );
  assert.equal(textOf(encodeDraft(draftOfText("GET / HTTP/1.0"), "set")), "GET / HTTP/1.0\r\n\r\n");
  assert.equal(textOf(encodeDraft(draftOfText("PING\r\n"), "set")), "PING\r\n");
});

Deno.test("newRequest is a Draft without a source", () => {
  const draft = newRequest("POST", "/", [["Host", "h"], ["SOAPAction", '"urn:x"']], utf8("<a/>"));
  assert.equal(
    textOf(encodeDraft(draft, "set")),
    'POST / HTTP/1.1\r\nHost: h\r\nSOAPAction: "urn:x"\r\nContent-Length: 4\r\n\r\n<a/>',
  );
});

Deno.test("draftNotes warns of an empty line in the head, and of damaged chunks", () => {
  const draft = draftOf(octets("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
  assert.match(draftNotes(draft).join("\n"), /damaged or incomplete/);
  assert.equal(textOf(encodeDraft({ ...draft, body: utf8("2\r\n") }, "set")).endsWith("\r\n\r\n2\r\n"), true);
  assert.match(draftNotes({ ...draftOf(octets(POST)), head: "GET / HTTP/1.1\n\nA: b" })[0], /an empty line/);
  assert.deepEqual(draftNotes(draftOf(octets(POST))), []);
});
