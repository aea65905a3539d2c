// Bodies: transfer coding and content coding removed, read anywhere, also while the message grows. The
// compressed data is made by node:zlib; what comes out is compared with what went in.

import assert from "node:assert/strict";
import zlib from "node:zlib";
import { type BodySource, openBody } from "../../src/catalog/body.ts";
import { ChunkedBody } from "../../src/catalog/chunked.ts";
import { type MessageFacts, messageFacts, TURN_FACTS } from "../../src/catalog/content.ts";
import { DecodedBody } from "../../src/catalog/decoded.ts";
import { Slices } from "../../src/catalog/slices.ts";
import { Spool } from "../../src/catalog/spool.ts";
import { ZstdFrames } from "../../src/catalog/zstd_frames.ts";
import { concat, GrowingWire, piecesOf, type Random, randomFrom, someBytes } from "./growing_wire.ts";

const HEAD = "HTTP/1.1 200 OK\r\n\r\n";

const zstdCompressSync =
  (zlib as { readonly zstdCompressSync?: (bytes: Uint8Array) => Uint8Array }).zstdCompressSync;
/** Older runtimes have no zstd and a Brotli decoder that does not notice where data ends. */
const older = zstdCompressSync === undefined;

const COMPRESS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  "gzip": (bytes) => zlib.gzipSync(bytes),
  "x-gzip": (bytes) => zlib.gzipSync(bytes),
  "deflate": (bytes) => zlib.deflateSync(bytes),
  "deflate without its header": (bytes) => zlib.deflateRawSync(bytes),
  "br": (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }),
  ...(zstdCompressSync ? { "zstd": zstdCompressSync } : {}),
};

function coded(...contentCoding: string[]): MessageFacts {
  return messageFacts([{ name: "Content-Encoding", value: contentCoding.join(", ") }]);
}

const plain = coded();

interface Limits {
  readonly limit?: number;
  readonly memoryBytes?: number;
}

/** Opens a body with a folder of its own, and gives both up. */
async function withBody<T>(
  wire: GrowingWire,
  facts: MessageFacts,
  limits: Limits,
  use: (body: BodySource, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  const body = openBody(wire, facts, { folder, slices: new Slices(), ...limits });
  try {
    return await use(body, folder);
  } finally {
    body.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** All that a body gives, decoded to its end. */
function decoded(
  wire: GrowingWire,
  facts: MessageFacts,
  limits: Limits = {},
): Promise<{ bytes: Uint8Array; notes: readonly string[]; complete: boolean; codedAs: readonly string[] }> {
  return withBody(wire, facts, limits, async (body) => {
    await body.advance(Infinity);
    const { length, complete } = body.extent();
    return { bytes: readAll(body, length), notes: body.notes, complete, codedAs: body.codedAs };
  });
}

function readAll(body: BodySource, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  assert.equal(body.read(0, bytes), length);
  return bytes;
}

function assertEqualBytes(actual: Uint8Array, expected: Uint8Array, message: string): void {
  assert.equal(actual.length, expected.length, message);
  const differs = actual.findIndex((byte, at) => byte !== expected[at]);
  assert.equal(differs, -1, `${message}: byte ${differs} differs`);
}

/** Reads ranges anywhere and compares them with the body as it should be. */
function assertRandomAccess(body: BodySource, expected: Uint8Array, random: Random, message: string): void {
  for (let round = 0; round < 200; round++) {
    const from = random(expected.length + 10);
    const into = new Uint8Array(random(2) === 0 ? random(40) : random(expected.length + 10));
    const count = body.read(from, into);
    const wanted = expected.subarray(from, from + into.length);
    assert.equal(count, wanted.length, `${message}: ${into.length} bytes from ${from} on`);
    assertEqualBytes(into.subarray(0, count), wanted, `${message}: ${into.length} bytes from ${from} on`);
  }
}

/** Chunked coding with chunks of 1 to `most` bytes, extensions, upper and lower case digits, and trailers. */
function chunkedCoding(bytes: Uint8Array, most: number, random: Random): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const piece of piecesOf(bytes, most, random)) {
    const size = piece.length.toString(16);
    const written = [size, size.toUpperCase(), `000${size}`, `${size} `][random(4)];
    const extension = ["", "", ";x", `; name="a;b, ${"y".repeat(random(90))}"`][random(4)];
    const lineEnd = random(10) === 0 ? "\n" : "\r\n";
    parts.push(encoder.encode(written + extension + lineEnd), piece, encoder.encode(lineEnd));
  }
  parts.push(encoder.encode("0;last\r\nX-Trailer: 5\r\n\r\n"));
  return concat(parts);
}

Deno.test("openBody reads a body of known length straight from the wire", async () => {
  const wire = new GrowingWire("length", HEAD).append("abcdef");
  await withBody(wire, plain, {}, async (body) => {
    assert.deepEqual(body.extent(), { length: 6, complete: false });
    wire.append("ghi").complete();
    await body.advance(Infinity);
    assert.deepEqual(body.extent(), { length: 9, complete: true });
    const into = new Uint8Array(4);
    assert.equal(body.read(6, into), 3);
    assert.equal(new TextDecoder().decode(into.subarray(0, 3)), "ghi");
    assert.deepEqual(body.notes, []);
  });
});

Deno.test("openBody takes all of a turn for its body", async () => {
  const { bytes, complete } = await decoded(
    new GrowingWire("until-close").append("EHLO you\r\n").complete(),
    TURN_FACTS,
  );
  assert.equal(new TextDecoder().decode(bytes), "EHLO you\r\n");
  assert.equal(complete, true);
});

Deno.test("ChunkedBody gives the same bytes at random, whatever the size of the chunks", async () => {
  const random = randomFrom(7);
  for (
    const [length, most] of [[0, 1], [1, 1], [5000, 1], [200_000, 20], [400_000, 3000], [600_000, 300_000]]
  ) {
    const bytes = someBytes(length, random);
    const wire = new GrowingWire("chunked", HEAD).append(chunkedCoding(bytes, most, random)).complete();
    await withBody(wire, plain, {}, async (body) => {
      await body.advance(Infinity);
      const message = `${length} bytes in chunks of up to ${most}`;
      assert.deepEqual(body.extent(), { length, complete: true }, message);
      assertEqualBytes(readAll(body, length), bytes, message);
      assertRandomAccess(body, bytes, random, message);
      assert.deepEqual(body.notes, [], message);
    });
  }
});

Deno.test("ChunkedBody remembers a mark per 64 KiB, not per chunk, and leaps over large ones", async () => {
  const random = randomFrom(8);
  const small = new GrowingWire("chunked", HEAD).append(chunkedCoding(someBytes(300_000, random), 2, random))
    .complete();
  const many = new ChunkedBody(small, new Slices());
  await many.advance(Infinity);
  assert.ok(many.marks <= small.extent().length / 65_536 + 1, `${many.marks} marks`);

  const large = new GrowingWire("chunked", HEAD);
  for (let chunk = 0; chunk < 8; chunk++) {
    large.append("100000\r\n").append(new Uint8Array(0x100000)).append("\r\n");
  }
  const few = new ChunkedBody(large.append("0\r\n\r\n").complete(), new Slices());
  await few.advance(Infinity);
  assert.equal(few.extent().length, 8 * 0x100000);
  assert.ok(large.readBytes < 300_000, `${large.readBytes} bytes were read to find 8 chunks`);
});

Deno.test("ChunkedBody grows with its message, cut anywhere", async () => {
  const random = randomFrom(9);
  const bytes = someBytes(3000, random);
  const onWire = chunkedCoding(bytes, 100, random);
  const wire = new GrowingWire("chunked", HEAD);
  await withBody(wire, plain, {}, async (body) => {
    let before = 0;
    for (const piece of piecesOf(onWire, 7, random)) {
      wire.append(piece);
      await body.advance(Infinity);
      const { length, complete } = body.extent();
      assert.ok(length >= before && length <= bytes.length);
      assert.equal(complete && length < bytes.length, false);
      assertEqualBytes(
        readAll(body, length),
        bytes.subarray(0, length),
        `after ${wire.extent().length} bytes`,
      );
      before = length;
    }
    wire.complete();
    await body.advance(Infinity);
    assert.deepEqual(body.extent(), { length: bytes.length, complete: true });
  });
});

const MALFORMED: readonly { wire: string; body: string; note: RegExp | null }[] = [
  { wire: "5\r\nhello\r\n0\r\n\r\n", body: "hello", note: null },
  { wire: "5\r\nhello\r\n0\r\n", body: "hello", note: null },
  { wire: "5\r\nhello\r\n", body: "hello", note: /ends early: its last chunk is missing/ },
  { wire: "5\r\nhel", body: "hel", note: /ends early/ },
  { wire: "5\r\nhello", body: "hello", note: /ends early/ },
  { wire: "5\r", body: "", note: /ends early/ },
  { wire: "", body: "", note: /ends early/ },
  { wire: "plain text\r\n", body: "plain text\r\n", note: /from byte 19 .*“plain text” is not a chunk size/ },
  {
    wire: "5\r\nhello\r\nzz\r\nabc",
    body: "hellozz\r\nabc",
    note: /from byte 29 .*“zz” is not a chunk size/,
  },
  { wire: "5\r\nhelloXX\r\n0\r\n\r\n", body: "helloXX\r\n0\r\n\r\n", note: /no line end follows a chunk/ },
  { wire: "ffffffffffffffff\r\nabc", body: "ffffffffffffffff\r\nabc", note: /is not a chunk size/ },
  { wire: "-1\r\nabc\r\n", body: "-1\r\nabc\r\n", note: /“-1” is not a chunk size/ },
  { wire: `${"5".repeat(20_000)}`, body: "5".repeat(20_000), note: /no line end within 16,384 bytes/ },
];

Deno.test("ChunkedBody gives what cannot be taken apart as it came, with a note", async () => {
  for (const { wire, body, note } of MALFORMED) {
    const { bytes, notes, complete } = await decoded(
      new GrowingWire("chunked", HEAD).append(wire).complete(),
      plain,
    );
    const name = wire.slice(0, 30);
    assert.equal(new TextDecoder().decode(bytes), body, name);
    assert.equal(complete, true, name);
    if (note === null) assert.deepEqual(notes, [], name);
    else assert.match(notes.join("\n"), note, name);
  }
});

Deno.test("DecodedBody gives what was compressed, at random positions, in memory and in a file", async () => {
  const random = randomFrom(10);
  const bytes = someBytes(400_000, random);
  for (const [name, compress] of Object.entries(COMPRESS)) {
    const facts = coded(name.split(" ")[0]);
    for (const memoryBytes of [8 * 1024 * 1024, 100_000]) {
      const wire = new GrowingWire("length", HEAD).append(compress(bytes)).complete();
      await withBody(wire, facts, { memoryBytes }, async (body, folder) => {
        await body.advance(Infinity);
        assert.deepEqual(body.extent(), { length: bytes.length, complete: true }, name);
        assertEqualBytes(readAll(body, bytes.length), bytes, name);
        assertRandomAccess(body, bytes, random, name);
        assert.deepEqual(body.notes, [], name);
        assert.equal([...Deno.readDirSync(folder)].length, memoryBytes < bytes.length ? 1 : 0, name);
        body.close();
        assert.equal([...Deno.readDirSync(folder)].length, 0, `${name}: the file is removed`);
      });
    }
  }
});

Deno.test("DecodedBody removes stacked codings, also under chunked coding, in their order", async () => {
  const random = randomFrom(11);
  const bytes = someBytes(50_000, random);
  const cases: readonly [MessageFacts, Uint8Array][] = [
    [coded("gzip", "br"), COMPRESS.br(COMPRESS.gzip(bytes))],
    [coded("deflate", "gzip", "gzip"), COMPRESS.gzip(COMPRESS.gzip(COMPRESS.deflate(bytes)))],
    [coded("identity", "GZIP"), COMPRESS.gzip(bytes)],
    [messageFacts([{ name: "Transfer-Encoding", value: "gzip, chunked" }]), COMPRESS.gzip(bytes)],
  ];
  for (const [facts, compressed] of cases) {
    const onWire = chunkedCoding(compressed, 500, random);
    const { bytes: body, notes } = await decoded(
      new GrowingWire("chunked", HEAD).append(onWire).complete(),
      facts,
    );
    assertEqualBytes(body, bytes, JSON.stringify(facts));
    assert.deepEqual(notes, []);
  }
});

Deno.test("DecodedBody decodes no further than is asked", async () => {
  const bytes = new Uint8Array(20_000_000);
  const wire = new GrowingWire("length", HEAD).append(COMPRESS.gzip(bytes)).complete();
  await withBody(wire, coded("gzip"), {}, async (body) => {
    await body.advance(4096);
    const { length, complete } = body.extent();
    assert.ok(length >= 4096 && length < 6_000_000, `${length} bytes`);
    assert.equal(complete, false);
  });
});

Deno.test("DecodedBody follows a message that grows", async () => {
  const random = randomFrom(12);
  const bytes = someBytes(60_000, random);
  for (const [name, compress] of Object.entries(COMPRESS)) {
    const wire = new GrowingWire("length", HEAD);
    await withBody(wire, coded(name.split(" ")[0]), {}, async (body) => {
      let grew = 0;
      for (const piece of piecesOf(compress(bytes), 3000, random)) {
        const before = body.extent().length;
        wire.append(piece);
        await body.advance(Infinity);
        const { length, complete } = body.extent();
        if (length > before) grew++;
        assertEqualBytes(readAll(body, length), bytes.subarray(0, length), name);
        assert.equal(complete, false, name);
        assert.deepEqual(body.notes, [], name);
      }
      if (!(older && name === "br")) assert.ok(grew > 3, `${name}: grew ${grew} times`);
      wire.complete();
      await body.advance(Infinity);
      assert.deepEqual(body.extent(), { length: bytes.length, complete: true }, name);
    });
  }
});

Deno.test("DecodedBody shows what of data that ends early could be decoded, and says so", async () => {
  const random = randomFrom(13);
  const bytes = someBytes(300_000, random);
  for (const [name, compress] of Object.entries(COMPRESS)) {
    const whole = compress(bytes);
    for (const cut of [1, 3, Math.floor(whole.length / 2)]) {
      const wire = new GrowingWire("length", HEAD).append(whole.subarray(0, whole.length - cut)).complete();
      const { bytes: body, notes, complete } = await decoded(wire, coded(name.split(" ")[0]));
      const message = `${name} without its last ${cut} bytes`;
      assert.ok(
        body.length > (bytes.length * (whole.length - cut)) / whole.length / 2,
        `${message}: ${body.length}`,
      );
      assertEqualBytes(body, bytes.subarray(0, body.length), message);
      assert.equal(complete, true, message);
      if (!(older && name === "br")) assert.match(notes.join("\n"), /data ends early$/, message);
    }
  }
});

Deno.test("DecodedBody gives every byte before a fault", async () => {
  const random = randomFrom(14);
  for (const length of [300, 50_000]) {
    const bytes = someBytes(length, random);
    const whole = COMPRESS.gzip(bytes);
    const wrongSum = whole.slice();
    wrongSum[whole.length - 6] ^= 1;
    const { bytes: body, notes } = await decoded(
      new GrowingWire("length", HEAD).append(wrongSum).complete(),
      coded("gzip"),
    );
    assertEqualBytes(body, bytes, `${length} bytes with a wrong checksum`);
    assert.match(notes.join("\n"), /^gzip data is damaged after [\d,]+ decoded bytes: incorrect data check$/);
  }
  for (const [name, compress] of Object.entries(COMPRESS)) {
    if (older && name === "br") continue;
    const bytes = someBytes(400_000, random);
    const whole = compress(bytes);
    const damaged = whole.slice();
    damaged.fill(0xff, Math.floor(whole.length / 2), Math.floor(whole.length / 2) + 40);
    const { bytes: body, notes } = await decoded(
      new GrowingWire("length", HEAD).append(damaged).complete(),
      coded(name.split(" ")[0]),
    );
    const right = body.findIndex((byte, at) => byte !== bytes[at]);
    assert.ok(
      (right < 0 ? body.length : right) > bytes.length / 3,
      `${name}: right up to ${right} of ${body.length}`,
    );
    // The others have no checksum.
    if (["gzip", "deflate"].includes(name)) assert.match(notes.join("\n"), /damaged/, name);
  }
});

const NOT_DECODED: readonly { name: string; facts: MessageFacts; body: string; note: RegExp }[] = [
  {
    name: "what is no gzip",
    facts: coded("gzip"),
    body: "just some text that is long enough",
    note: /^not gzip: incorrect header check; the body is shown as it came$/,
  },
  {
    name: "what is no Brotli",
    facts: coded("br"),
    body: "\xff\xff\xff\xff not Brotli at all, which is clear from the first byte on",
    note: /^not Brotli.*; the body is shown as it came$/,
  },
  {
    name: "a gzip header cut short",
    facts: coded("gzip"),
    body: "\x1f",
    note: /^gzip data ends early; the body is shown as it came$/,
  },
  {
    name: "an unknown coding",
    facts: coded("aes128gcm"),
    body: "secret",
    note: /^the coding “aes128gcm” is not known here; the body is shown with it$/,
  },
];

// The older runtime never frees a Brotli decoder that has failed.
const freed = { sanitizeResources: !older };

Deno.test("DecodedBody gives what cannot be decoded as it came, with a note", freed, async () => {
  for (const { name, facts, body, note } of NOT_DECODED) {
    const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0));
    const { bytes: shown, notes, complete, codedAs } = await decoded(
      new GrowingWire("length", HEAD).append(bytes).complete(),
      facts,
    );
    assertEqualBytes(shown, bytes, name);
    assert.match(notes.join("\n"), note, name);
    assert.equal(complete, true, name);
    assert.deepEqual(codedAs, facts.contentCoding, name);
  }
});

Deno.test("DecodedBody removes the outer codings where an inner one is not known", async () => {
  const inner = new TextEncoder().encode("inner");
  const wire = new GrowingWire("length", HEAD).append(COMPRESS.gzip(inner)).complete();
  const { bytes, notes, codedAs } = await decoded(wire, coded("sdch", "gzip"));
  assertEqualBytes(bytes, inner, "gzip is removed");
  assert.deepEqual(codedAs, ["sdch"]);
  assert.match(notes.join("\n"), /^the coding “sdch” is not known here/);
});

Deno.test("DecodedBody says which runtime cannot decode zstd", { ignore: !older }, async () => {
  const wire = new GrowingWire("length", HEAD).append("\x28zstd").complete();
  const { notes } = await decoded(wire, coded("zstd"));
  assert.match(
    notes.join("\n"),
    /^zstd cannot be decoded by this version of the runtime \(Deno [\d.]+\); the body is shown with it$/,
  );
});

Deno.test("DecodedBody says nothing of an empty body", async () => {
  const { bytes, notes, complete } = await decoded(new GrowingWire("length", HEAD).complete(), coded("gzip"));
  assert.deepEqual([bytes.length, notes, complete], [0, [], true]);
});

Deno.test("DecodedBody goes on over several gzip members and says what follows them", async () => {
  const one = new TextEncoder().encode("one, ");
  const two = new TextEncoder().encode("two");
  const members = concat([COMPRESS.gzip(one), COMPRESS.gzip(two)]);
  const both = await decoded(new GrowingWire("length", HEAD).append(members).complete(), coded("gzip"));
  assertEqualBytes(both.bytes, concat([one, two]), "two members");
  assert.deepEqual(both.notes, []);
  const more = await decoded(
    new GrowingWire("length", HEAD).append(members).append("garbage!").complete(),
    coded("gzip"),
  );
  assertEqualBytes(more.bytes, concat([one, two]), "two members and garbage");
  assert.deepEqual(more.notes, ["what follows the gzip data is not gzip and is not shown"]);
});

Deno.test("DecodedBody decodes several zstd frames", { ignore: older }, async () => {
  const random = randomFrom(15);
  const parts = [0, 1, 70_000, 300_000].map((length) => someBytes(length, random));
  const skippable = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9);
  const frames = concat([...parts.map((part) => COMPRESS.zstd(part)), skippable, COMPRESS.zstd(parts[2])]);
  const { bytes, notes } = await decoded(
    new GrowingWire("length", HEAD).append(frames).complete(),
    coded("zstd"),
  );
  assertEqualBytes(bytes, concat([...parts, parts[2]]), "frames");
  assert.deepEqual(notes, []);
});

Deno.test("ZstdFrames finds the ends of frames however the data is cut", { ignore: older }, () => {
  const random = randomFrom(16);
  const frames = [10, 0, 200_000, 1000].map((length) => COMPRESS.zstd(someBytes(length, random)));
  const ends = frames.map((_, index) => concat(frames.slice(0, index + 1)).length);
  for (const most of [1, 5, 1000, 1_000_000]) {
    const scanner = new ZstdFrames();
    const found: number[] = [];
    let position = 0;
    for (const piece of piecesOf(concat(frames), most, random)) {
      for (const part of scanner.cut(piece)) {
        position += part.length;
        if (ends.includes(position)) found.push(position);
      }
    }
    assert.deepEqual(found, ends, `pieces of up to ${most}`);
    assert.equal(scanner.between, true);
  }
});

Deno.test("DecodedBody stops at the limit, in slices that let others have their turn", async () => {
  const bomb = COMPRESS.gzip(new Uint8Array(64 * 1024 * 1024));
  const wire = new GrowingWire("length", HEAD).append(bomb).complete();
  const limit = 40_000_000;
  await withBody(wire, coded("gzip"), { limit, memoryBytes: 1_000_000 }, async (body, folder) => {
    let turns = 0;
    const others = setInterval(() => turns++, 0);
    await body.advance(Infinity);
    clearInterval(others);
    assert.ok(turns > 0, "a timer had its turn meanwhile");
    assert.deepEqual(body.extent(), { length: limit, complete: true });
    assert.deepEqual(body.notes, ["decoded to 40 MB, the rest is not shown"]);
    assert.deepEqual(
      [...Deno.readDirSync(folder)].map(({ name }) => Deno.statSync(`${folder}/${name}`).size),
      [limit],
    );
  });
});

Deno.test("DecodedBody says so where the folder cannot hold the body", async () => {
  const wire = new GrowingWire("length", HEAD).append(COMPRESS.gzip(new Uint8Array(1_000_000))).complete();
  const body = new DecodedBody(openBody(wire, plain, { folder: "", slices: new Slices() }), ["gzip"], {
    folder: "/nonexistent",
    slices: new Slices(),
    memoryBytes: 200_000,
  });
  await body.advance(Infinity);
  assert.equal(body.extent().complete, true);
  assert.match(body.notes.join("\n"), /^decoded to 0(?:\.\d)? MB, the rest cannot be kept: /);
  body.close();
});

Deno.test("DecodedBody can be asked by several at once, and closed meanwhile", async () => {
  const bytes = someBytes(500_000, randomFrom(17));
  const wire = new GrowingWire("length", HEAD).append(COMPRESS.gzip(bytes)).complete();
  await withBody(wire, coded("gzip"), {}, async (body) => {
    await Promise.all([body.advance(10), body.advance(400_000), body.advance(Infinity)]);
    assertEqualBytes(readAll(body, bytes.length), bytes, "asked by three");
  });
  await withBody(wire, coded("gzip"), {}, async (body) => {
    const asked = body.advance(Infinity);
    body.close();
    await asked;
    assert.equal(body.read(0, new Uint8Array(10)), 0);
  });
});

Deno.test("Spool moves into a file that goes with it", async () => {
  const folder = await Deno.makeTempDir();
  const random = randomFrom(18);
  const bytes = someBytes(100_000, random);
  const spool = new Spool(folder, 30_000);
  for (const piece of piecesOf(bytes, 9000, random)) {
    spool.append(piece);
    assert.equal(spool.onDisk, spool.length > 30_000);
    const into = new Uint8Array(spool.length + 5);
    assert.equal(spool.read(0, into), spool.length);
    assertEqualBytes(
      into.subarray(0, spool.length),
      bytes.subarray(0, spool.length),
      `${spool.length} bytes`,
    );
  }
  assert.equal(spool.read(99_999, new Uint8Array(5)), 1);
  assert.equal(spool.read(100_001, new Uint8Array(5)), 0);
  spool.close();
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("messageFacts reads media type and codings from the header lines", () => {
  const cases: readonly [readonly [string, string][], Partial<MessageFacts>][] = [
    [[], { mediaType: null, contentType: null, contentCoding: [], transferCoding: [] }],
    [[["content-TYPE", "Text/XML; charset=UTF-8"]], {
      mediaType: "text/xml",
      contentType: "Text/XML; charset=UTF-8",
    }],
    [[["Content-Type", " application/json"]], { mediaType: "application/json" }],
    [[["Content-Type", "nonsense"]], { mediaType: null, contentType: null }],
    [[["Content-Type", "text/html"], ["Content-Type", "text/plain"]], { mediaType: "text/plain" }],
    [[["Content-Type", "text/html"], ["Content-Type", "?"]], { mediaType: "text/html" }],
    [[["Content-Encoding", "GZIP, br"], ["content-encoding", "identity, zstd"]], {
      contentCoding: ["gzip", "br", "zstd"],
    }],
    [[["Transfer-Encoding", "gzip;q=1, Chunked"]], { transferCoding: ["gzip"], contentCoding: [] }],
    [[["Content-Encoding", " , "]], { contentCoding: [] }],
  ];
  for (const [lines, expected] of cases) {
    const facts = messageFacts(lines.map(([name, value]) => ({ name, value })));
    for (const [name, value] of Object.entries(expected)) {
      assert.deepEqual(facts[name as keyof MessageFacts], value, JSON.stringify(lines));
    }
  }
});
