// What the panes say, and how they read bytes: words, heads, body lines, hits, hex rows.

import assert from "node:assert/strict";
import { hexLines } from "../../src/decode/views/hex.ts";
import { bodyFacts, type BodyKnown, bodyLabel } from "../../src/ui/page/pane/body_facts.ts";
import { emptiness, untoldFailure } from "../../src/ui/page/pane/emptiness.ts";
import { exactText, hexDigits } from "../../src/ui/page/pane/exact_text.ts";
import { findInTexts, headTexts } from "../../src/ui/page/pane/head_texts.ts";
import { byteFrom, byteTo, columnAt, columnsAround, parseRow, readings } from "../../src/ui/page/pane/hex.ts";
import { hitsText } from "../../src/ui/page/pane/hits_text.ts";
import { messageFacts } from "../../src/ui/page/pane/message_facts.ts";
import { behindWords, clock, counted, duration, seconds, size } from "../../src/ui/page/pane/words.ts";
import type { ExchangeDetail, MessageDetail, ViewPart } from "../../src/ui/types.ts";
import { exchange } from "./made.ts";

const STARTED = new Date(2026, 2, 4, 10, 24, 41, 318).toISOString();

function message(changes: Partial<MessageDetail> = {}): MessageDetail {
  return {
    bytes: 1014,
    headBytes: 256,
    state: "done",
    started: STARTED,
    ended: STARTED,
    startLine: "HTTP/1.1 200 OK",
    version: "HTTP/1.1",
    reason: "OK",
    headers: [],
    trailers: [],
    framing: "length",
    contentLength: 758,
    bodyBytes: 758,
    chunks: 0,
    contentCoding: [],
    mediaType: "text/xml",
    auto: "xml",
    faults: [],
    sentStartLine: null,
    edits: [],
    notes: [],
    ...changes,
  };
}

function view(changes: Partial<ViewPart> = {}): ViewPart {
  return {
    as: "xml",
    from: 0,
    text: "",
    lines: 0,
    total: 0,
    complete: true,
    doneBytes: 758,
    bytes: 758,
    charset: "utf-8",
    charsetFrom: "declared",
    fault: null,
    notes: [],
    ...changes,
  };
}

Deno.test("size, duration, seconds and counted are in the units of the page", () => {
  assert.deepEqual([0, 617, 1014, 1999, 2000, 18_200, 48_200_000, 999_960, 2.5e9].map(size), [
    "0 B",
    "617 B",
    "1,014 B",
    "1,999 B",
    "2.0 kB",
    "18.2 kB",
    "48.2 MB",
    "1.0 MB",
    "2.5 GB",
  ]);
  const durations = [0, 0.4, 41, 999.4, 999.6, 5_020, 9_996, 42_100, 99_960, 125_000, 43_140_000, 95_400_000];
  assert.deepEqual(durations.map(duration), [
    "< 1 ms",
    "< 1 ms",
    "41 ms",
    "999 ms",
    "1.00 s",
    "5.02 s",
    "10.0 s",
    "42.1 s",
    "1 min 39 s",
    "2 min 5 s",
    "11 h 59 min",
    "1 d 2 h",
  ]);
  assert.deepEqual([-5, 4_900, 60_000].map(seconds), ["0 s", "4 s", "1 min 0 s"]);
  assert.equal(behindWords(4_240, 812_000_000), "Decoding is 4.2 s behind (812.0 MB)");
  assert.equal(behindWords(9_990, 0), "Decoding is 10.0 s behind");
  assert.equal(behindWords(64_900, 12_000), "Decoding is 1 min 4 s behind (12.0 kB)");
  assert.deepEqual([counted(1, "line"), counted(1_200, "line")], ["1 line", "1,200 lines"]);
  assert.equal(clock(STARTED), "10:24:41.318");
});

Deno.test("messageFacts says how big a message is and when it came", () => {
  const done = exchange(1, {
    requestBytes: 1014,
    responseBytes: 617,
    started: STARTED,
    firstByteMs: 38,
    elapsedMs: 41,
  });
  assert.equal(messageFacts("request", done, null), "1,014 B at 10:24:41.318");
  assert.equal(messageFacts("response", done, null), "617 B, first byte 38 ms, complete 41 ms");
  const fast = { ...done, firstByteMs: 0.4, elapsedMs: 0.7 };
  assert.equal(messageFacts("response", fast, null), "617 B, complete < 1 ms");
  assert.equal(
    messageFacts("response", done, message({ state: "cut" })),
    "617 B, first byte 38 ms, cut",
  );
  const open = { ...done, state: "open" } as const;
  assert.equal(messageFacts("response", open, null), "617 B so far, first byte 38 ms");
  assert.equal(messageFacts("request", open, message()), "1,014 B at 10:24:41.318", "it is there as a whole");
  assert.equal(messageFacts("request", open, message({ state: "open" })), "1,014 B so far at 10:24:41.318");
  const serverFirst = { ...done, requestBytes: 0 };
  assert.equal(messageFacts("response", serverFirst, null), "617 B at 10:24:41.318");
  assert.equal(messageFacts("request", serverFirst, null), "");
});

const BODY_LINES: readonly (readonly [what: string, known: Partial<BodyKnown>, line: string])[] = [
  ["a plain body", {}, "Body: 758 B · utf-8, declared · not coded"],
  ["a coded body", {
    message: message({
      contentCoding: ["gzip"],
      framing: "chunked",
      bodyBytes: 369,
      chunks: 1,
      contentLength: null,
    }),
    view: view({ bytes: 535 }),
  }, "Body: 535 B · gzip, 369 B on the wire · chunked, 1 chunk · utf-8, declared"],
  ["a body without an end", {
    message: message({ framing: "until-close", contentLength: null }),
    view: view({ charset: "windows-1252", charsetFrom: "guessed" }),
  }, "Body: 758 B · until the connection ended · windows-1252, guessed"],
  ["a body that grows", {
    message: message({
      state: "open",
      framing: "chunked",
      contentLength: null,
      bodyBytes: 18_200,
      chunks: 3,
    }),
    view: view({ complete: false }),
  }, "Body: 18.2 kB so far · chunked, 3 chunks · still arriving, 42 s · utf-8, declared"],
  ["a body of a known length that grows", {
    message: message({ state: "open", contentLength: 48_200_000, bodyBytes: 19_800_000 }),
    view: null,
  }, "Body: 19.8 MB of 48.2 MB · still arriving, 42 s · not coded"],
  ["no body", {
    exchange: exchange(1, { status: 304 }),
    message: message({ framing: "none", contentLength: null, bodyBytes: 0 }),
  }, "Body: 0 B · none: 304 has no body"],
  ["no body after HEAD", {
    exchange: exchange(1, { method: "HEAD" }),
    message: message({ framing: "none", bodyBytes: 0 }),
  }, "Body: 0 B · none: the answer to HEAD has no body"],
  [
    "a request without one",
    { side: "request", message: message({ framing: "none", bodyBytes: 0 }) },
    "Body: none",
  ],
  ["an empty body", { message: message({ contentLength: 0, bodyBytes: 0 }) }, "Body: 0 B"],
  [
    "a fault in the text",
    {
      view: view({ fault: { line: 12, column: 9, offset: 300, text: "</q:qoute> closes nothing" } }),
    },
    "Body: 758 B · utf-8, declared · not coded · !not well-formed at line 12, column 9: </q:qoute> closes nothing",
  ],
  ["a fault of the message", {
    message: message({
      state: "cut",
      faults: [{ offset: 1014, text: "Content-Length says 640, the client ended after 512 B" }],
    }),
    view: null,
  }, "Body: 758 B · not coded · !Content-Length says 640, the client ended after 512 B"],
  [
    "a message that was cut",
    { message: message({ state: "cut" }), view: null },
    "Body: 758 B · not coded · !cut: it ended before it was complete",
  ],
  [
    "a message that was cut, and why",
    {
      exchange: exchange(1, { state: "failed", fault: "the target reset the connection" }),
      message: message({ state: "cut" }),
      view: null,
    },
    "Body: 758 B · not coded · !cut: the target reset the connection",
  ],
  [
    "a view that is being made",
    { view: view({ complete: false, doneBytes: 379 }) },
    "Body: 758 B · utf-8, declared · not coded · laying out, 50 %",
  ],
  [
    "a note",
    { view: view({ notes: ["gzip data ends early"] }) },
    "Body: 758 B · utf-8, declared · not coded · !gzip data ends early",
  ],
  ["a turn", {
    message: message({ startLine: null, headBytes: 0, framing: "none" }),
    shown: "hex",
    view: view({ as: "hex", charset: null, charsetFrom: null }),
  }, "Bytes: no protocol recognised, shown as a turn"],
  ["TLS that passes through", {
    exchange: exchange(1, { protocol: "tls" }),
    message: message({ startLine: null, headBytes: 0, framing: "none", auto: "tls" }),
    shown: "tls",
    view: view({ as: "tls", charset: null, charsetFrom: null }),
  }, "Bytes: TLS, passed through undecrypted"],
  ["TLS that was decrypted", {
    exchange: exchange(1, { protocol: "tls" }),
    message: message({ startLine: null, auto: "tls", notes: ["Decrypted with the key log: TLS 1.3."] }),
    shown: "tls",
    view: view({ as: "tls", charset: null, charsetFrom: null }),
  }, "Bytes: TLS, as it passed · Decrypted with the key log: TLS 1.3"],
  ["TLS whose secrets are missing", {
    exchange: exchange(1, { protocol: "tls" }),
    message: message({ startLine: null, auto: "tls", notes: ["Not decrypted: the key log has no X."] }),
    shown: "tls",
    view: view({ as: "tls", charset: null, charsetFrom: null }),
  }, "Bytes: TLS, as it passed · !Not decrypted: the key log has no X"],
  ["a whole message", { shown: "raw" }, "Message: 1,014 B as on the wire · head 256 B · utf-8, declared"],
  ["an image", {
    message: message({ mediaType: "image/png", auto: "image" }),
    shown: "image",
    view: null,
    image: [240, 96],
  }, "Body: 758 B · image/png · 240 × 96 pixels"],
];

for (const [what, changes, line] of BODY_LINES) {
  Deno.test(`bodyFacts describes ${what}`, () => {
    const known: BodyKnown = {
      side: "response",
      exchange: exchange(1, { started: STARTED, status: 200, method: "GET" }),
      message: message(),
      shown: "xml",
      view: view(),
      now: Date.parse(STARTED) + 42_000,
      image: null,
      ...changes,
    };
    const facts = bodyFacts(known).map(({ text, isWarning }) => (isWarning ? "!" : "") + text);
    assert.equal(`${bodyLabel(known.message, known.shown)}: ${facts.join(" · ")}`, line);
  });
}

Deno.test("emptiness says why a message is not there", () => {
  const now = Date.parse(STARTED) + 4_200;
  const title = (
    side: "request" | "response",
    changes: Parameters<typeof exchange>[1],
    there: Partial<ExchangeDetail> = {},
  ) => {
    const row = exchange(1, { started: STARTED, ...changes });
    const detail: ExchangeDetail = { ...row, request: null, response: null, interim: [], ...there };
    return emptiness(side, row, detail, now);
  };
  const failed = { state: "failed", fault: "shop.example.org:80 refused the connection" } as const;
  assert.deepEqual(title("response", failed), {
    title: "shop.example.org:80 refused the connection",
    text: "Nothing came back.",
    isFailure: true,
  });
  assert.equal(title("request", failed).title, "No request");
  assert.equal(title("response", { state: "open" }).title, "Waiting for the response, 4 s");
  assert.equal(title("request", { state: "open" }).title, "Waiting for the client, 4 s");
  assert.equal(title("request", { state: "done" }, { response: message() }).title, "No request");
  assert.equal(title("response", { state: "done" }, { request: message() }).title, "No response");
});

Deno.test("untoldFailure gives what no pane says otherwise", () => {
  const fault = "the client had gone: the end of the response was not delivered";
  const there = { request: message(), response: message() };
  const row = exchange(1, { state: "failed", fault });
  assert.equal(untoldFailure(row, there), fault);
  assert.equal(untoldFailure(exchange(1), there), null);
  assert.equal(
    untoldFailure(row, { ...there, response: null }),
    null,
    "it stands in the place of the response",
  );
  const told = message({ faults: [{ offset: 0, text: fault }] });
  assert.equal(untoldFailure(row, { ...there, request: told }), null);
  assert.equal(untoldFailure(row, { ...there, response: message({ state: "cut" }) }), null, "cut: …");
});

Deno.test("hitsText says which hit of how many", () => {
  const some = { total: 5, listed: 5, current: 2, isComplete: true, isSearching: false };
  assert.equal(hitsText("quote", some), "3 of 5");
  assert.equal(hitsText("", some), "");
  assert.equal(hitsText("quote", { ...some, isComplete: false }), "3 of 5 so far");
  assert.equal(
    hitsText("quote", { ...some, total: 4_210, listed: 1_000 }),
    "3 of 4,210, the first 1,000 are marked",
  );
  assert.equal(hitsText("quote", { ...some, total: 0, listed: 0, current: -1 }), "none");
  assert.equal(hitsText("quote", { ...some, total: 0, isSearching: true }), "");
});

Deno.test("findInTexts finds in start line, names and values", () => {
  const head = message({
    headers: [{ name: "X-Quote", value: "one Quote" }],
    trailers: [{ name: "T", value: "quote" }],
  });
  const found = (changes: object) =>
    findInTexts(headTexts(head), {
      text: "quote",
      caseSensitive: false,
      regex: false,
      hex: false,
      ...changes,
    })
      .map(({ key, from, to }) => `${key} ${from}-${to}`);
  assert.deepEqual(found({}), ["header-0-name 2-7", "header-0-value 4-9", "trailer-0-value 0-5"]);
  assert.deepEqual(found({ caseSensitive: true }), ["trailer-0-value 0-5"]);
  assert.deepEqual(found({ text: "2\\d+", regex: true }), ["start 9-12"]);
  assert.deepEqual(found({ text: "HTTP/1.1" }), ["start 0-8"], "signs of expressions are themselves");
  assert.deepEqual(found({ text: "(", regex: true }), [], "the program says what is wrong");
  assert.deepEqual(found({ text: "x*", regex: true }), ["header-0-name 0-1"], "no empty hits");
  assert.deepEqual(found({ hex: true }), []);
  assert.deepEqual(headTexts(message({ startLine: null })), []);
});

Deno.test("exactText is only text that gives the same bytes back", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const text of ["GET / HTTP/1.1\r\n\r\n", "Börse – 世界", "\ufeffwith a mark", "a\tb\n", ""]) {
    assert.equal(exactText(bytes(text)), text);
  }
  for (
    const other of [
      bytes("a\0b"),
      Uint8Array.of(0xff, 0xfe),
      Uint8Array.of(0xc3),
      bytes("\x7f"),
      bytes("\x01"),
    ]
  ) {
    assert.equal(exactText(other), null);
  }
  assert.equal(hexDigits(Uint8Array.of(0, 10, 255)), "00 0a ff");
});

Deno.test("parseRow reads the program's rows", () => {
  const bytes = Uint8Array.from({ length: 37 }, (_, n) => n * 7 % 256);
  for (const offset of [0, 0x1234567890]) {
    const rows = hexLines(bytes, offset).split("\n").map((line) => parseRow(line)!);
    assert.deepEqual(rows.flatMap((row) => row.bytes), [...bytes]);
    assert.deepEqual(rows.map((row) => row.offset), [offset, offset + 16, offset + 32]);
  }
  assert.equal(parseRow(""), null);
  assert.equal(parseRow("not a row"), null);
});

Deno.test("parseRow gives the columns of digits and characters", () => {
  const line = hexLines(new TextEncoder().encode("0123456789ab"), 0);
  const row = parseRow(line)!;
  row.bytes.forEach((byte, n) => {
    assert.equal(line.slice(row.digits[n], row.digits[n] + 2), byte.toString(16));
    assert.equal(line[row.text + n], String.fromCharCode(byte));
  });
  assert.deepEqual([0, row.digits[0], row.text].map((at) => columnAt(row, at)), ["offset", "digits", "text"]);
  assert.deepEqual(columnsAround(line, row.digits[3]), [row.digits[0], row.digits[11] + 2]);
  assert.deepEqual(columnsAround(line, row.text), [row.text, line.length]);
  assert.deepEqual(columnsAround("", 0), [0, 0]);
});

Deno.test("byteFrom and byteTo take bytes that are touched", () => {
  const row = parseRow(hexLines(new Uint8Array(16), 0))!;
  const range = (from: number, to: number) => [byteFrom(row, from), byteTo(row, to)];
  assert.deepEqual(range(row.digits[2], row.digits[4] + 2), [2, 5]);
  assert.deepEqual(range(row.digits[2] + 1, row.digits[4] + 1), [2, 5], "a digit is enough");
  assert.deepEqual(range(row.digits[2] + 2, row.digits[4]), [3, 4], "a space is not");
  assert.deepEqual(range(0, row.digits[0]), [0, 0]);
  assert.deepEqual(range(row.text + 3, row.text + 5), [3, 5]);
  assert.deepEqual(range(row.digits[9], row.text), [9, 16]);
});

Deno.test("readings reads numbers in both byte orders", () => {
  const read = (...bytes: number[]) => Object.fromEntries(readings(Uint8Array.from(bytes)));
  assert.deepEqual(read(0, 0, 0, 48), { "u32 big": "48", "u32 little": "805,306,368", u8: "0, 0, 0, 48" });
  assert.deepEqual(read(255), { u8: "255", i8: "-1", bits: "11111111" });
  assert.deepEqual(read(1, 2), { "u16 big": "258", "u16 little": "513", u8: "1, 2" });
  assert.deepEqual(read(0, 0, 0, 0, 0, 0, 1, 0), { "u64 big": "256", "u64 little": "281,474,976,710,656" });
  assert.deepEqual(read(1, 2, 3), { u8: "1, 2, 3" });
  assert.deepEqual(readings(new Uint8Array(9)), []);
});
