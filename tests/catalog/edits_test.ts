import assert from "node:assert/strict";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import type { ByteSource } from "../../src/catalog/types.ts";
import { parseHead } from "../../src/decode/head.ts";
import { SentBytes, sentHead, type StoredEdit } from "../../src/catalog/edits.ts";
import { octets } from "../decode/transcript.ts";
import { Capture } from "./capture.ts";
import { generator } from "../journal/recording.ts";

function edit(offset: number, removed: number, inserted: string): StoredEdit {
  return { offset, removed, inserted: octets(inserted), stopped: null };
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

Deno.test("SentBytes are what was received with the edits done, whichever part is read", () => {
  const received = "0123456789";
  const rows: readonly [edits: StoredEdit[], sent: string][] = [
    [[], received],
    [[edit(0, 2, "ab")], "ab23456789"],
    [[edit(3, 0, "---")], "012---3456789"],
    [[edit(3, 4, "")], "012789"],
    [[edit(8, 2, "end")], "01234567end"],
    [[edit(0, 10, "")], ""],
    [[edit(1, 1, "A"), edit(2, 1, ""), edit(3, 0, "B"), edit(9, 1, "\xff")], "0AB345678\xff"],
    [[{ ...edit(4, 0, ""), stopped: "in doubt" }], received],
  ];
  for (const [edits, expected] of rows) {
    const sent = new SentBytes(received.length, edits, (from, into) => {
      const piece = octets(received).subarray(from, from + into.length);
      into.set(piece);
      return piece.length;
    });
    assert.equal(sent.length, expected.length);
    for (let from = 0; from <= expected.length; from++) {
      for (let length = 0; length <= expected.length + 1; length++) {
        const into = new Uint8Array(length);
        const count = sent.fill(from, into);
        assert.equal(text(into.subarray(0, count)), expected.slice(from, from + length));
      }
    }
  }
});

Deno.test("SentBytes of random edits are what a simple replacement gives (seeded)", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = generator(seed);
  for (let round = 0; round < 200; round++) {
    const received = Array.from(
      { length: Math.floor(random() * 60) },
      (_, at) => String.fromCharCode(97 + at % 26),
    )
      .join("");
    const edits: StoredEdit[] = [];
    let sent = "";
    let at = 0;
    while (at < received.length) {
      const offset = Math.min(received.length, at + Math.floor(random() * 9));
      const removed = Math.min(received.length - offset, Math.floor(random() * 4));
      const inserted = "XYZW".slice(0, Math.floor(random() * 5));
      sent += received.slice(at, offset) + inserted;
      edits.push(edit(offset, removed, inserted));
      at = offset + removed;
      if (random() < 0.3) break;
    }
    sent += received.slice(at);
    const bytes = new SentBytes(received.length, edits, (from, into) => {
      into.set(octets(received.slice(from, from + into.length)));
      return into.length;
    });
    const from = Math.floor(random() * (sent.length + 1));
    const into = new Uint8Array(Math.floor(random() * 30));
    const count = bytes.fill(from, into);
    assert.equal(text(into.subarray(0, count)), sent.slice(from, from + into.length), `seed ${seed}`);
  }
});

Deno.test("sentHead gives what became of each line of a head", () => {
  const head = "GET http://m/ HTTP/1.1\r\nHost: m\r\nX: 1\r\nGone: yes\r\n folded\r\nY:\r\n\r\n";
  const bytes = octets(head);
  const start = 100;
  const at = (found: string) => start + head.indexOf(found);
  const { head: parsed } = parseHead(bytes, start, "request");
  const edits = [
    edit(at("m/"), 1, "target"),
    edit(at("m\r\nX"), 1, "target"),
    edit(at("Gone"), 20, ""),
    { ...edit(at("Y"), 0, ""), stopped: "in doubt" },
  ];
  assert.deepEqual(sentHead(parsed, bytes, start, edits), {
    startLine: "GET http://target/ HTTP/1.1",
    headers: [
      { name: "Host", value: "m", sent: "target" },
      { name: "X", value: "1" },
      { name: "Gone", value: "yes folded", sent: null },
      { name: "Y", value: "" },
    ],
  });
  assert.equal(sentHead(parsed, bytes, start, []).startLine, null);
});

async function readAll(
  catalog: WorkerCatalog,
  source: ByteSource,
  range?: { last: number },
): Promise<string> {
  const bytes = await catalog.bytes(source, range);
  assert.ok(bytes?.complete);
  return text(new Uint8Array(await new Response(bytes.stream).arrayBuffer()));
}

/** What was received on a Connection that rewrites, with its edits, as the relay tells them. */
function rewritten(capture: Capture): void {
  capture.opened(1, "l1", undefined, { rewrites: true, target: { host: "www.example.org", port: 80 } });
  capture.connected(1);
  for (const path of ["/one", "/two"]) {
    const start = capture.bytes(1, "upstream").length;
    const request = `GET ${path} HTTP/1.1\r\nHost: me:8081\r\n\r\n`;
    capture.chunk(1, "upstream", request);
    capture.edited(1, "upstream", start + request.indexOf("me:8081"), 7, "www.example.org");
    const answered = capture.bytes(1, "downstream").length;
    const location = path === "/one" ? "http://www.example.org/x" : "https://www.example.org/";
    const response = `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nSet-Cookie: __Host-a=b; Secure\r\n` +
      "Content-Length: 2\r\n\r\nOK";
    capture.chunk(1, "downstream", response);
    if (path === "/one") {
      capture.edited(1, "downstream", answered + response.indexOf("www.example.org"), 15, "me:8081");
    }
  }
  const start = capture.bytes(1, "upstream").length;
  const doubtful = "POST /three HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n";
  capture.chunk(1, "upstream", doubtful);
  capture.edited(1, "upstream", start + doubtful.length - 1, 0, "", "two lengths");
}

Deno.test("the catalog tells what was sent instead, gives it as bytes, and where a redirect leads away", async () => {
  using capture = new Capture();
  rewritten(capture);
  // What another run of the program continues is read in the same way.
  capture.continue();
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    const [first, second] = [await catalog.exchange("e1"), await catalog.exchange("e2")];
    const third = await catalog.exchange("e3");
    assert.deepEqual(first?.request?.headers, [{ name: "Host", value: "me:8081", sent: "www.example.org" }]);
    assert.deepEqual(second?.request?.edits, [{ offset: 25, removed: 7, inserted: "www.example.org" }]);
    assert.equal(first?.request?.sentStartLine, null);
    assert.deepEqual(first?.response?.headers[0], {
      name: "Location",
      value: "http://www.example.org/x",
      sent: "http://me:8081/x",
    });
    assert.deepEqual([first?.leadsAway, second?.leadsAway], [null, "https://www.example.org/"]);
    assert.match(first?.response?.notes.join() ?? "", /^Browsers keep the cookie __Host-a over https only/);
    assert.deepEqual(second?.response?.edits, []);

    const sent = await readAll(catalog, { exchange: "e2", side: "request", part: "sent" });
    assert.equal(sent, "GET /two HTTP/1.1\r\nHost: www.example.org\r\n\r\n");
    const received = await readAll(catalog, { exchange: "e2", side: "request", part: "wire" });
    assert.equal(received, "GET /two HTTP/1.1\r\nHost: me:8081\r\n\r\n");
    assert.match(third?.request?.notes.join() ?? "", /^Rewriting ended here.*: two lengths\. From here on/);
    assert.deepEqual([third?.request?.edits, second?.request?.notes], [[], []]);
    const part = await readAll(catalog, { exchange: "e1", side: "response", part: "sent" }, { last: 4 });
    assert.equal(part, "\r\nOK");
  } finally {
    await catalog.close();
  }
});
