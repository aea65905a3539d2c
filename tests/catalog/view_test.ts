// Views of messages: which view and charset is chosen, the first lines of large bodies before the rest, hex,
// notes, and what is given up when other messages are looked at.

import assert from "node:assert/strict";
import zlib from "node:zlib";
import { type MessageFacts, messageFacts, TURN_FACTS } from "../../src/catalog/content.ts";
import { LINE_LIMIT } from "../../src/catalog/lines.ts";
import type { ViewPart, ViewQuery } from "../../src/catalog/types.ts";
import { Views, type ViewsOptions } from "../../src/catalog/view.ts";
import { formatters } from "../../src/decode/views/mod.ts";
import { concat, GrowingWire, randomFrom } from "./growing_wire.ts";
import { encrypted, hello13 } from "../decode/tls/records.ts";
import { largeJson, largeXml } from "./large_bodies.ts";
import { findWorker } from "./find_worker.ts";

const HEAD = "HTTP/1.1 200 OK\r\nX: é\r\n\r\n".replace("é", "e");

function facts(contentType: string | null, ...contentCoding: string[]): MessageFacts {
  return messageFacts([
    ...(contentType === null ? [] : [{ name: "Content-Type", value: contentType }]),
    ...contentCoding.map((value) => ({ name: "Content-Encoding", value })),
  ]);
}

/** Views with a folder of their own; both are given up in the end. */
async function withViews<T>(
  options: Omit<ViewsOptions, "folder">,
  use: (views: Views, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  const views = new Views({ folder, findWorker, ...options });
  try {
    return await use(views, folder);
  } finally {
    await views.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** One part of a view of one complete message. */
function shown(
  body: Uint8Array | string,
  messageFacts: MessageFacts,
  query: Partial<Pick<ViewQuery, "as" | "from" | "lines">> = {},
  options: Omit<ViewsOptions, "folder"> = {},
): Promise<ViewPart> {
  const wire = new GrowingWire("length", messageFacts.isTurn ? "" : HEAD).append(body).complete();
  return withViews(
    options,
    (views) => views.view(wire, messageFacts, { as: "auto", from: 0, lines: 100, ...query }),
  );
}

/** Asks until all is laid out. */
async function untilComplete(ask: () => Promise<ViewPart>): Promise<ViewPart> {
  for (;;) {
    const part = await ask();
    if (part.complete) return part;
  }
}

/** Asks until what has come is laid out. */
async function untilLaidOut(ask: () => Promise<ViewPart>): Promise<ViewPart> {
  for (;;) {
    const part = await ask();
    if (part.doneBytes === part.bytes) return part;
  }
}

/** What a formatter makes of a whole text. */
function formatted(kind: "xml" | "json", text: string): string {
  const formatter = formatters[kind].create();
  return formatter.receive(text) + formatter.end();
}

/** JSON is the smaller one, as it has four times as many lines. */
const LARGE: readonly [kind: string, make: () => string, megabytes: number, contentType: string][] = [
  ["xml", largeXml, 50, "text/xml; charset=utf-8"],
  ["json", () => largeJson(250_000), 15, "application/json"],
];

for (const [kind, make, megabytes, contentType] of LARGE) {
  Deno.test(`Views gives the first lines of ${megabytes} MB of ${kind} before the rest`, async () => {
    const text = make();
    const wire = new GrowingWire("length", HEAD).append(text).complete();
    const size = wire.extent().length - HEAD.length;
    assert.ok(size > megabytes * 1_000_000, `${size} bytes`);
    const expected = formatted(kind as "xml" | "json", text).split("\n");
    await withViews({}, async (views) => {
      const ask = (from: number, lines: number) =>
        views.view(wire, facts(contentType), { as: "auto", from, lines });
      const first = await ask(0, 100);
      assert.equal(first.as, kind);
      assert.equal(first.complete, false);
      assert.deepEqual(first.text.split("\n"), expected.slice(0, 100));
      assert.ok(
        first.doneBytes < size / 2 && first.bytes === size,
        `${first.doneBytes} of ${first.bytes} bytes`,
      );

      const last = await untilComplete(() => ask(0, 1));
      assert.equal(last.total, expected.length);
      assert.equal(last.doneBytes, size);
      assert.equal(last.fault, null);
      const random = randomFrom(31);
      for (
        const from of [
          0,
          expected.length - 40,
          ...Array.from({ length: 10 }, () => random(expected.length)),
        ]
      ) {
        const part = await ask(from, 60);
        assert.deepEqual(part.text.split("\n"), expected.slice(from, from + 60), `from ${from}`);
      }
    });
  });
}

Deno.test("Views answers for a small message while a large one is laid out", async () => {
  const large = new GrowingWire("length", HEAD).append(largeJson(200_000)).complete();
  const small = new GrowingWire("length", HEAD).append('{"a":1}').complete();
  await withViews({}, async (views) => {
    const json = facts("application/json");
    let largeIsThere = false;
    const asked = views.view(large, json, { as: "json", from: 1_000_000, lines: 10 }).then((part) => {
      largeIsThere = true;
      return part;
    });
    const part = await views.view(small, json, { as: "auto", from: 0, lines: 10 });
    assert.equal(part.text, '{\n  "a": 1\n}');
    assert.equal(part.complete, true);
    assert.equal(largeIsThere, false);
    assert.equal((await asked).lines, 10);
  });
});

Deno.test("Views cuts one line of 10 MB, in text and in JSON, and shows it in hex", async () => {
  const text = `"${"0123456789".repeat(1_000_000)}"`;
  const wire = new GrowingWire("length", HEAD).append(text).complete();
  await withViews({}, async (views) => {
    for (const as of ["text", "json"] as const) {
      const ask = (from: number) => views.view(wire, facts("application/json"), { as, from, lines: 1000 });
      const whole = await untilComplete(() => ask(0));
      assert.equal(whole.total, Math.ceil(text.length / LINE_LIMIT), as);
      let joined = "";
      for (let from = 0; from < whole.total;) {
        const part = await ask(from);
        assert.ok(part.text.length <= 1_100_000, `${part.text.length} characters at once`);
        assert.deepEqual(
          part.continued,
          Array.from({ length: part.lines }, (_, index) => from + index > 0),
          as,
        );
        assert.equal(part.continuedBefore ?? 0, Math.max(0, from - 1), as);
        joined += part.text.replaceAll("\n", "");
        from += part.lines;
      }
      assert.equal(joined, text, as);
    }
    const hex = await views.view(wire, facts(null), { as: "hex", from: 600_000, lines: 2 });
    const at = 600_000 * 16 - HEAD.length;
    assert.equal(hex.text.split("\n")[0].slice(-16), text.slice(at, at + 16));
    assert.deepEqual([hex.total, hex.complete], [Math.ceil((text.length + HEAD.length) / 16), true]);
  });
});

Deno.test("Views shows the whole message as it is on the wire in hex and raw", async () => {
  const wire = new GrowingWire("chunked", HEAD).append("3\r\nabc\r\n0\r\n\r\n").complete();
  await withViews({}, async (views) => {
    const ask = (as: ViewQuery["as"]) => views.view(wire, facts(null), { as, from: 0, lines: 100 });
    const hex = await ask("hex");
    assert.match(hex.text.split("\n")[0], /^00000000 {2}48 54 54 50 .*HTTP\/1\.1 200 OK·$/);
    assert.deepEqual([hex.charset, hex.lines, hex.total], [null, 3, 3]);
    const raw = await ask("raw");
    assert.deepEqual(raw.text.split("\n"), ["HTTP/1.1 200 OK␍", "X: e␍", "␍", "3␍", "abc␍", "0␍", "␍"]);
    const text = await ask("text");
    assert.equal(text.text, "abc");
    assert.deepEqual([text.doneBytes, text.bytes], [3, 3]);
  });
});

Deno.test("Views reads TLS, however much of it there is, and as far as it has come", async () => {
  const octets = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const wire = new GrowingWire("until-close").append(octets(hello13("shop.test")));
  await withViews({ formattedLimit: 100 }, async (views) => {
    const ask = (as: ViewQuery["as"]) => views.view(wire, TURN_FACTS, { as, from: 0, lines: 100 });
    assert.equal(await views.auto(wire, TURN_FACTS), "tls");
    const before = await ask("auto");
    assert.deepEqual([before.as, before.charset, before.fault, before.notes], ["tls", null, null, []]);
    assert.match(before.text, /\n000000[0-9a-f]{2} {8}server_name \(0\): shop\.test\n/);
    const record = octets(encrypted(16_000));
    for (let i = 0; i < 100; i++) wire.append(record);
    wire.append(record.subarray(0, 1_000));
    const growing = await untilLaidOut(() => ask("tls"));
    assert.match(
      growing.text,
      /\n00000063 {2}100 encrypted records \(application_data\), 1,600,000 B: 16,000, /,
    );
    assert.match(growing.text, /fault: The last record is 16,000 B long and ends after 995 B$/);
    wire.append(record.subarray(1_000)).complete();
    const part = await untilComplete(() => ask("tls"));
    assert.match(part.text, /101 encrypted records \(application_data\), 1,616,000 B: 16,000, [^\n]*$/);
    assert.equal(part.doneBytes, part.bytes);
  });
});

Deno.test("Views shows a message's hex from any line on, and what has come of one that grows", async () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
  const wire = new GrowingWire("until-close").append(bytes);
  await withViews({}, async (views) => {
    const ask = (from: number, lines: number) => views.view(wire, TURN_FACTS, { as: "hex", from, lines });
    assert.match((await ask(5, 1)).text, /^00000050 {2}50 51 /);
    const before = await ask(6, 10);
    assert.deepEqual([before.lines, before.total, before.complete], [1, 7, false]);
    assert.equal((await ask(7, 10)).text, "");
    wire.append(bytes).complete();
    const after = await ask(6, 10);
    assert.deepEqual([after.lines, after.total, after.complete], [7, 13, true]);
  });
});

interface Chosen {
  readonly body: Uint8Array | string;
  readonly facts: MessageFacts;
  readonly as: ViewPart["as"];
  readonly text?: string;
  readonly charset?: string | null;
  readonly from?: string | null;
  readonly notes?: readonly (string | RegExp)[];
  readonly fault?: RegExp;
}

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const CHOSEN: Readonly<Record<string, Chosen>> = {
  "XML": {
    body: "<a><b/></a>",
    facts: facts("text/xml"),
    as: "xml",
    text: "<a>\n  <b/>\n</a>",
    charset: "utf-8",
    from: "default of XML",
  },
  "JSON without a Content-Type": {
    body: "[1]",
    facts: facts(null),
    as: "json",
    text: "[\n  1\n]",
    from: "guessed",
  },
  "JSON in a turn": { body: "[1]", facts: TURN_FACTS, as: "json", text: "[\n  1\n]" },
  "a form": {
    body: "a=1&b=%C3%A9",
    facts: facts("application/x-www-form-urlencoded"),
    as: "form",
    text: "a = 1\nb = é",
  },
  "an empty body": { body: "", facts: facts("text/plain"), as: "text", text: "" },
  "a picture": {
    body: bytes("\x89PNG\r\n\x1a\n"),
    facts: facts("image/png"),
    as: "hex",
    charset: null,
    from: null,
  },
  "a declared charset": {
    body: bytes("\xe4\xf6\x80"),
    facts: facts("text/plain; charset=ISO-8859-1"),
    as: "text",
    text: "äö€",
    charset: "iso-8859-1",
    from: "declared",
  },
  "a byte order mark": {
    body: bytes("\xef\xbb\xbf<a>\xc3\xa9</a>"),
    facts: facts("text/xml; charset=iso-8859-1"),
    as: "xml",
    text: "<a>é</a>",
    charset: "utf-8",
    from: "byte order mark",
  },
  "UTF-16": {
    body: bytes("\xff\xfe<\0a\0/\0>\0"),
    facts: facts("text/xml"),
    as: "xml",
    text: "<a/>",
    charset: "utf-16le",
    from: "byte order mark",
  },
  "an XML declaration": {
    body: bytes('<?xml version="1.0" encoding="windows-1252"?><a>\xe9</a>'),
    facts: facts("application/xml"),
    as: "xml",
    text: '<?xml version="1.0" encoding="windows-1252"?>\n<a>é</a>',
    charset: "windows-1252",
    from: "XML declaration",
  },
  "an unknown charset": {
    body: "abc",
    facts: facts("text/plain; charset=klingon"),
    as: "text",
    notes: ["the charset “klingon” is not known here, utf-8 is a guess"],
  },
  "XML that is not well-formed": {
    body: "<a><b></c></a>",
    facts: facts("text/xml"),
    as: "xml",
    fault: /./,
  },
  "JSON that breaks off": { body: '{"a":[1,2', facts: facts("application/json"), as: "json", fault: /./ },
  "gzip": {
    body: zlib.gzipSync("[1]"),
    facts: facts("application/json", "gzip"),
    as: "json",
    text: "[\n  1\n]",
  },
  "gzip that ends early": {
    body: zlib.gzipSync(`[${"1,".repeat(1000)}1]`).subarray(0, -4),
    facts: facts("application/json", "gzip"),
    as: "json",
    notes: ["gzip data ends early"],
  },
  "what is called gzip and is not": {
    body: "[1]",
    facts: facts("application/json", "gzip"),
    as: "json",
    text: "[\n  1\n]",
    notes: ["not gzip: incorrect header check; the body is shown as it came"],
  },
  "a coding that is not known": {
    body: bytes("\x00\x01\x02\xff\xfe".repeat(20)),
    facts: facts("application/json", "secret"),
    as: "hex",
    notes: ["the coding “secret” is not known here; the body is shown with it"],
  },
  "text in a coding that is not known, whose charset is then not known either": {
    body: "still text",
    facts: facts("text/plain; charset=utf-16le", "secret"),
    as: "text",
    text: "still text",
    charset: "utf-8",
    from: "guessed",
    notes: ["the coding “secret” is not known here; the body is shown with it"],
  },
};

Deno.test("Views chooses view and charset, and says what the reader must know", async () => {
  for (const [name, { body, facts, as, text, charset, from, notes = [], fault }] of Object.entries(CHOSEN)) {
    const part = await shown(body, facts);
    assert.equal(part.as, as, name);
    assert.equal(part.complete, true, name);
    if (text !== undefined) assert.equal(part.text, text, name);
    if (charset !== undefined) assert.equal(part.charset, charset, name);
    if (from !== undefined) assert.equal(part.charsetFrom, from, name);
    assert.deepEqual(part.notes, notes, name);
    if (fault) assert.match(part.fault?.text ?? "", fault, name);
    else assert.equal(part.fault, null, name);
  }
});

Deno.test("Views.auto tells an image, which is shown as hex", async () => {
  const wire = new GrowingWire("length", HEAD).append(bytes("\x89PNG\r\n\x1a\n")).complete();
  await withViews({}, async (views) => assert.equal(await views.auto(wire, facts("image/png")), "image"));
});

Deno.test("Views shows raw text in the body's charset where that can be", async () => {
  const cases: readonly [string, Uint8Array, MessageFacts, string, string][] = [
    ["UTF-8", bytes("\xc3\xa9"), facts("text/plain"), "é", "utf-8"],
    ["UTF-16", bytes("a\0b\0"), facts("text/plain; charset=utf-16le"), "a␀b␀", "windows-1252"],
    ["gzip", zlib.gzipSync("abc").subarray(0, 3), facts("text/plain", "gzip"), "␟‹␈", "windows-1252"],
  ];
  for (const [name, body, facts, end, charset] of cases) {
    const part = await shown(body, facts, { as: "raw" });
    assert.equal(part.text.split("\n").at(-1), end, name);
    assert.equal(part.charset, charset, name);
  }
});

Deno.test("Views shows a body that is too large to be formatted as text, and says so", async () => {
  const limits = { formattedLimit: 300_000 };
  const text = `[\n${"1,\n".repeat(200_000)}1]`;
  for (const coded of [false, true]) {
    const body = coded ? zlib.gzipSync(text) : text;
    const wire = new GrowingWire("length", HEAD).append(body).complete();
    const json = facts("application/json", ...(coded ? ["gzip"] : []));
    await withViews(limits, async (views) => {
      const ask = () => views.view(wire, json, { as: "json", from: 1, lines: 1 });
      const part = await untilComplete(ask);
      assert.deepEqual([part.as, part.text], ["text", "1,"]);
      assert.deepEqual(part.notes, ["too large to be formatted, shown as text"]);
      assert.equal(part.total, 200_002);
    });
  }
});

/** The bytes of each character of an encoding that has at most two. */
function encoderOf(encoding: string): (text: string) => Uint8Array {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const known = new Map<string, readonly number[]>();
  for (let code = 0; code < 0x10000; code++) {
    const pair = code < 0x100 ? [code] : [code >> 8, code & 0xff];
    try {
      const character = decoder.decode(Uint8Array.from(pair));
      if (!known.has(character)) known.set(character, pair);
    } catch {
      // Not a character of this encoding.
    }
  }
  return (text) => Uint8Array.from([...text].flatMap((character) => known.get(character)!));
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
}

const ENCODED: Readonly<Record<string, readonly [encode: (text: string) => Uint8Array, sample: string]>> = {
  "utf-8": [(text) => new TextEncoder().encode(text), "aé日𝄞"],
  "utf-16le": [(text) => utf16(text, true), "aé日𝄞"],
  "utf-16be": [(text) => utf16(text, false), "aé日𝄞"],
  "windows-1252": [encoderOf("windows-1252"), "aé€ÿ"],
  "shift_jis": [encoderOf("shift_jis"), "日本語ｱ表"],
  "euc-kr": [encoderOf("euc-kr"), "한국a어"],
  "gb18030": [encoderOf("gb18030"), "中文a字"],
};

Deno.test("Views decodes characters that lie across the borders of pieces", async () => {
  for (const [charset, [encode, sample]] of Object.entries(ENCODED)) {
    for (let shift = 0; shift < 4; shift++) {
      const line = sample.repeat(300);
      const text = `${"x".repeat(shift)}\n${`${line}\n`.repeat(200)}${sample.repeat(30_000)}`;
      const body = encode(text);
      const wire = new GrowingWire("length", HEAD);
      await withViews({}, async (views) => {
        const ask = (from: number) =>
          views.view(wire, facts(`text/plain; charset=${charset}`), { as: "text", from, lines: 5000 });
        // The pieces end wherever what has come ends, too.
        wire.append(body.subarray(0, 99_999));
        await ask(0);
        wire.append(body.subarray(99_999)).complete();
        const part = await untilComplete(() => ask(0));
        assert.equal(part.charset, charset);
        const expected = text.split("\n");
        assert.deepEqual(
          part.text.split("\n").slice(0, 201),
          expected.slice(0, 201),
          `${charset} + ${shift}`,
        );
        assert.equal(part.text.split("\n").slice(201).join(""), expected[201], `${charset} + ${shift}`);
      });
    }
  }
});

Deno.test("Views follows a message that grows, under the view that suits what has come", async () => {
  const wire = new GrowingWire("until-close", HEAD);
  await withViews({}, async (views) => {
    const ask = () => views.view(wire, facts("application/json"), { as: "auto", from: 0, lines: 100 });
    assert.deepEqual([(await ask()).total, (await ask()).complete], [0, false]);
    wire.append('{"a":[1,');
    assert.equal((await ask()).text, '{\n  "a": [\n    1,');
    wire.append("2");
    assert.equal((await ask()).text, '{\n  "a": [\n    1,\n    2');
    wire.append("]}");
    const open = await ask();
    assert.deepEqual([open.text, open.complete, open.fault], [
      '{\n  "a": [\n    1,\n    2\n  ]\n}',
      false,
      null,
    ]);
    wire.complete();
    const done = await ask();
    assert.deepEqual([done.text, done.total, done.complete], [open.text, 6, true]);
  });
});

Deno.test("Views guesses anew when more of a message shows another charset", async () => {
  const wire = new GrowingWire("until-close").append("abc\n");
  await withViews({}, async (views) => {
    const ask = () => views.view(wire, TURN_FACTS, { as: "text", from: 0, lines: 10 });
    assert.equal((await ask()).charset, "utf-8");
    wire.append(bytes("\xe9t\xe9\n")).complete();
    const part = await untilComplete(ask);
    assert.deepEqual([part.charset, part.text], ["windows-1252", "abc\nété"]);
  });
});

Deno.test("Views begins anew when a message's head has grown", async () => {
  await withViews({}, async (views) => {
    const ask = (wire: GrowingWire, as: MessageFacts) =>
      views.view(wire, as, { as: "text", from: 0, lines: 10 });
    const before = new GrowingWire("until-close").append("HTTP/1.1");
    assert.equal((await ask(before, TURN_FACTS)).text, "HTTP/1.1");
    const after = new GrowingWire("length", HEAD).append("body").complete();
    Object.defineProperty(after, "key", { value: before.key });
    assert.equal((await ask(after, facts(null))).text, "body");
  });
});

Deno.test("Views refuses lines that make no sense", async () => {
  const wire = new GrowingWire("length", HEAD).append("abc").complete();
  await withViews({}, async (views) => {
    for (const [from, lines] of [[-1, 1], [0.5, 1], [NaN, 1], [0, 0], [0, 5001], [0, 1.5]]) {
      await assert.rejects(
        views.view(wire, facts(null), { as: "text", from, lines }),
        { name: "RangeError", message: /^Cannot show .*\.$/ },
      );
    }
    const beyond = await views.view(wire, facts(null), { as: "text", from: 1000, lines: 10 });
    assert.deepEqual([beyond.text, beyond.lines, beyond.total, beyond.complete], ["", 0, 1, true]);
  });
});

function filesIn(folder: string): number {
  return [...Deno.readDirSync(folder)].length;
}

Deno.test("Views gives up what was kept for other messages, but nothing that is in use", async () => {
  const large = zlib.gzipSync(new Uint8Array(9_000_000));
  const coded = facts("text/plain", "gzip");
  await withViews({}, async (views, folder) => {
    const first = new GrowingWire("length", HEAD).append(large).complete();
    const body = views.body(first, coded);
    await body.advance(Infinity);
    assert.equal(body.extent().length, 9_000_000);
    for (let count = 0; count < 12; count++) {
      const wire = new GrowingWire("length", HEAD).append(large).complete();
      const other = views.body(wire, coded);
      await other.advance(Infinity);
      other.close();
      assert.ok(filesIn(folder) <= 8, `${filesIn(folder)} files`);
    }
    assert.equal(body.read(8_999_990, new Uint8Array(100)), 10);
    const before = filesIn(folder);
    views.forget(first.key);
    assert.equal(filesIn(folder), before, "it is in use");
    body.close();
    body.close();
    assert.equal(filesIn(folder), before - 1);
    await views.close();
    assert.equal(filesIn(folder), 0);
  });
});

Deno.test("Views shares one decoded body between views and readers", async () => {
  const text = "line\n".repeat(100_000);
  const wire = new GrowingWire("length", HEAD).append(zlib.gzipSync(text)).complete();
  await withViews({}, async (views) => {
    const coded = facts("text/plain", "gzip");
    await untilComplete(() => views.view(wire, coded, { as: "text", from: 0, lines: 1 }));
    const read = wire.readBytes;
    const body = views.body(wire, coded);
    await body.advance(Infinity);
    assert.deepEqual(body.extent(), { length: text.length, complete: true });
    assert.equal(wire.readBytes, read, "nothing was read from the wire again");
    body.close();
  });
});

Deno.test("Views is closed in the middle of everything", async () => {
  const folder = await Deno.makeTempDir();
  const views = new Views({ folder, findWorker });
  const wire = new GrowingWire("length", HEAD).append(largeXml()).complete();
  const packed = new GrowingWire("length", HEAD).append(concat([zlib.gzipSync(new Uint8Array(30_000_000))]))
    .complete();
  const asked = views.view(wire, facts("text/xml"), { as: "xml", from: 3_000_000, lines: 1 });
  const other = views.view(packed, facts("text/plain", "gzip"), { as: "text", from: 7000, lines: 1 });
  await views.close();
  await assert.rejects(asked, /closed/);
  await assert.rejects(other, /closed/);
  assert.equal(filesIn(folder), 0);
  await Deno.remove(folder);
});

/** A wire of which every read takes some ms. */
class SlowWire extends GrowingWire {
  override read(from: number, into: Uint8Array): number {
    for (const end = performance.now() + 10; performance.now() < end;);
    return super.read(from, into);
  }
}

Deno.test("Views: a Message that rests does not keep another from being begun at once", async () => {
  const rests = Promise.withResolvers<void>();
  const rest = () => {
    rests.resolve();
    return 1_000;
  };
  await withViews({ rest }, async (views) => {
    const query = { as: "text", from: 0, lines: 100 } as const;
    const slow = new SlowWire("length", HEAD).append("a line\n".repeat(500_000)).complete();
    const laidOut = views.view(slow, facts("text/plain"), { ...query, from: 400_000 }).catch(() => {});
    await rests.promise;
    const read = slow.readBytes;
    const other = new GrowingWire("length", HEAD).append("another line\n").complete();
    const { text } = await views.view(other, facts("text/plain"), query);
    assert.match(text, /another line/);
    assert.equal(slow.readBytes, read, "the first rests still");
    await Promise.all([views.close(), laidOut]);
  });
});
