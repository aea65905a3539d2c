import assert from "node:assert/strict";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { WorkerCatalog } from "../../../src/catalog/catalog.ts";
import type { ExchangeList, ExchangeQuery } from "../../../src/catalog/types.ts";
import { answer, Capture, get } from "../capture.ts";

const encoder = new TextEncoder();

/** Waits at most so long for a search to get somewhere. */
const PATIENCE = 20_000;

async function withCatalog(
  make: (capture: Capture) => void,
  ask: (catalog: WorkerCatalog, capture: Capture) => Promise<void>,
): Promise<void> {
  using capture = new Capture();
  make(capture);
  const { file, folder } = capture;
  const catalog = await WorkerCatalog.open({ file, folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    await ask(catalog, capture);
  } finally {
    await catalog.close();
  }
}

/** Asks again until `is` holds of the list. */
async function until(
  catalog: WorkerCatalog,
  query: ExchangeQuery,
  is: (list: ExchangeList) => boolean,
): Promise<ExchangeList> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const list = await catalog.exchanges(query);
    if (is(list)) return list;
    assert.ok(performance.now() < end, `after ${PATIENCE} ms: ${JSON.stringify({ ...list, exchanges: 0 })}`);
  }
}

function withBody(head: string, body: Uint8Array): Uint8Array {
  const bytes = encoder.encode(`${head}\r\nContent-Length: ${body.length}\r\n\r\n`);
  const joined = new Uint8Array(bytes.length + body.length);
  joined.set(bytes);
  joined.set(body, bytes.length);
  return joined;
}

function chunked(...parts: string[]): string {
  return parts.map((part) => `${encoder.encode(part).length.toString(16)}\r\n${part}\r\n`).join("") +
    "0\r\n\r\n";
}

const OK = "HTTP/1.1 200 OK";
const WORD = "Tracking-Nr. 4711 übermüdet";

/** Exchanges by name; each on a connection of its own, in this order, so that the name of e1 is the first one. */
const EXCHANGES: Readonly<
  Record<string, readonly (readonly ["upstream" | "downstream", string | Uint8Array])[]>
> = {
  plain: [
    ["upstream", get("/plain")],
    ["downstream", withBody(`${OK}\r\nContent-Type: text/plain; charset=utf-8`, encoder.encode(WORD))],
  ],
  split: [
    ["upstream", get("/split")],
    ["downstream", answer(WORD).slice(0, -12)],
    ["downstream", answer(WORD).slice(-12)],
  ],
  gzip: [
    ["upstream", get("/gzip")],
    ["downstream", withBody(`${OK}\r\nContent-Encoding: gzip`, gzipSync(WORD))],
  ],
  deflate: [
    ["upstream", get("/deflate")],
    ["downstream", withBody(`${OK}\r\nContent-Encoding: deflate`, deflateSync(WORD))],
  ],
  brotli: [
    ["upstream", get("/brotli")],
    ["downstream", withBody(`${OK}\r\nContent-Encoding: br`, brotliCompressSync(WORD))],
  ],
  chunked: [
    ["upstream", get("/chunked")],
    [
      "downstream",
      `${OK}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked("Trac", "king-Nr", ". 4711 übermüdet")}`,
    ],
  ],
  latin1: [
    ["upstream", get("/latin1")],
    [
      "downstream",
      withBody(
        `${OK}\r\nContent-Type: text/plain; charset=iso-8859-1`,
        Uint8Array.from(WORD, (char) => char.charCodeAt(0)),
      ),
    ],
  ],
  utf16: [
    ["upstream", get("/utf16")],
    [
      "downstream",
      withBody(
        `${OK}\r\nContent-Type: text/plain; charset=utf-16le`,
        new Uint8Array(Uint16Array.from(WORD, (char) => char.charCodeAt(0)).buffer),
      ),
    ],
  ],
  request: [
    [
      "upstream",
      withBody(
        'POST /request HTTP/1.1\r\nHost: shop.example.org\r\nSOAPAction: "urn:Track"\r\nX-Note: übermüdet',
        encoder.encode('{"tracking-nr.":1}'),
      ),
    ],
    ["downstream", answer("{}", "404 Not Found")],
  ],
  binary: [
    ["upstream", Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0, 1)],
    ["downstream", "4711\r\n"],
  ],
  damaged: [
    ["upstream", get("/damaged")],
    ["downstream", withBody(`${OK}\r\nContent-Encoding: gzip`, encoder.encode(`not gzip, but ${WORD}`))],
  ],
};

function make(capture: Capture): void {
  Object.values(EXCHANGES).forEach((chunks, index) => {
    capture.opened(index + 1);
    capture.connected(index + 1);
    for (const [direction, bytes] of chunks) capture.chunk(index + 1, direction, bytes);
    capture.ended(index + 1, "client");
    capture.ended(index + 1, "target");
    capture.closed(index + 1);
  });
}

const BODIES = ["plain", "split", "gzip", "deflate", "brotli", "chunked", "latin1", "utf16", "damaged"];

const FOUND: readonly (readonly [q: string, names: readonly string[]])[] = [
  ["tracking", [...BODIES, "request"]],
  ["body:TRACKING-NR", [...BODIES, "request"]],
  ["response.body:tracking", BODIES],
  ["request.body:tracking", ["request"]],
  ["ÜBERMÜDET", [...BODIES, "request"]],
  ["body:übermüdet", BODIES],
  ["/Tracking-Nr\\. \\d{4} übermüdet$/", BODIES],
  ["body:/^tracking/", []],
  ["body:/^tracking/i", BODIES.filter((name) => name !== "damaged")],
  ["body:/nr. (?=47)/i -path:/gzip", BODIES.filter((name) => name !== "gzip")],
  ["-tracking", ["binary"]],
  ["4711 -body:tracking", ["binary"]],
  ["status:404 or 4711", [...BODIES, "request", "binary"]],
  ["(status:404 or bytes:dead) and not header:soapaction", ["binary"]],
  ["header:soapaction", ["request"]],
  ["header:soapaction=track", ["request"]],
  ['header:soapaction=/^"urn:/', ["request"]],
  ["header:soapaction=else", []],
  ["response.header:soapaction", []],
  ["header:x-*=übermüdet", ["request"]],
  ["header:content-encoding=gzip", ["gzip", "damaged"]],
  ["host:shop.example", ["request"]],
  ["host:/^shop/", ["request"]],
  ["-host:localhost", []],
  ['bytes:"de ad be ef"', ["binary"]],
  ["bytes:dead response.bytes:34373131", ["binary"]],
  ["response.bytes:dead", []],
  ["bytes:1f8b", ["gzip"]],
  ["bytes:/\\xde\\xad[^]*\\x00\\x01/", ["binary"]],
  ["path:/^\\/(gzip|brotli)$/", ["gzip", "brotli"]],
  ["/^post$/i", ["request"]],
  ["chunked", ["chunked"]],
  ["is:cut or has:fault", ["request"]],
  ["-has:body", []],
  ["request.has:body", ["request", "binary"]],
  ["method:post status:404 nowhere-at-all", []],
];

Deno.test("Searches find what contents hold, in heads, decoded bodies and raw bytes", async (t) => {
  await withCatalog(make, async (catalog) => {
    const names = Object.keys(EXCHANGES);
    for (const [q, expected] of FOUND) {
      await t.step(q, async () => {
        const { exchanges, total, search } = await catalog.exchanges({ q, whole: true });
        const found = exchanges.map(({ id }) => names[Number(id.slice(1)) - 1]);
        assert.deepEqual(found.sort(), [...expected].sort());
        assert.equal(total, expected.length);
        if (search) assert.deepEqual([search.complete, search.searched, search.total], [true, 11, 11]);
      });
    }
  });
});

Deno.test("What only the index knows is found: cut, rewritten, sent again, by side and by time", async () => {
  await withCatalog((capture) => {
    capture.connection(1, [[get("/whole"), answer("one")]]);
    capture.opened(2, "l1", undefined, { resendOf: ["e1"], origin: "tcpmon" });
    capture.connected(2);
    capture.chunk(2, "upstream", get("/cut"));
    capture.chunk(2, "downstream", answer("two").slice(0, -1));
    capture.closed(2, "reset", "reset");
    capture.opened(3, "l1", undefined, { rewrites: true });
    capture.connected(3);
    capture.chunk(3, "upstream", get("/rewritten"));
    capture.edited(3, "upstream", 31, 9, "example.org");
    capture.chunk(3, "downstream", answer("three"));
    capture.now += 86_400_000;
    capture.connection(4, [[get("/later"), answer("four")]]);
  }, async (catalog) => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["is:cut", ["/cut"]],
      ["response.is:cut", ["/cut"]],
      ["request.is:cut", []],
      ["-is:cut body:/t|f/", ["/later", "/rewritten"]],
      ["is:rewritten", ["/rewritten"]],
      ["response.is:rewritten", []],
      ["is:resent", ["/cut"]],
      ["is:tls", []],
      ["has:fault", ["/cut"]],
      ["request.has:body", []],
      ["response.has:body id:e1", ["/whole"]],
      ["size:>60 request.size:<40", ["/cut"]],
      ["since:2026-01-02T12:00", []],
      ["before:2026-01-01T12:00 -host:nowhere", ["/rewritten", "/cut", "/whole"]],
      ["since:2026-01-01T12:00", ["/later"]],
    ];
    for (const [q, urls] of cases) {
      const { exchanges } = await catalog.exchanges({ q, whole: true });
      assert.deepEqual(exchanges.map(({ url }) => url), urls, q);
    }
  });
});

Deno.test("What was not recorded is no text: its message is cut, and what stands for it is not found", async () => {
  await withCatalog((capture) => {
    capture.connection(1, [[get("/whole"), answer("needle")]]);
    capture.limit = 100;
    capture.continue();
    capture.connection(2, [[get("/limited"), answer(`needle${"x".repeat(500)}`)]]);
  }, async (catalog) => {
    for (
      const [q, urls] of [
        ["is:cut", ["/limited"]],
        ["response.is:cut -request.is:cut", ["/limited"]],
        ["body:needle", ["/limited", "/whole"]],
        ["body:missing", []],
        ["body:/needlex+\\0/", ["/limited"]],
      ] as const
    ) {
      const { exchanges } = await catalog.exchanges({ q, whole: true });
      assert.deepEqual(exchanges.map(({ url }) => url), urls, q);
    }
  });
});

Deno.test("A search is answered with the hits so far, newest first, and pages of it stay", async () => {
  const filler = "x".repeat(2000);
  await withCatalog((capture) => {
    capture.opened(1);
    capture.connected(1);
    for (let i = 1; i <= 3000; i++) {
      capture.chunk(1, "upstream", get(`/orders/${i}`));
      capture.chunk(1, "downstream", answer(i % 10 === 0 ? `${filler}needle` : filler));
    }
  }, async (catalog) => {
    const q = "body:needle";
    const list = await until(catalog, { q, limit: 5 }, ({ total }) => total > 1);
    assert.ok(list.search);
    assert.equal(list.search.total, 3000);
    assert.deepEqual(list.exchanges.slice(0, 2).map(({ id }) => id), ["e3000", "e2990"]);
    const whole = await catalog.exchanges({ q, offset: 290, whole: true });
    assert.deepEqual([whole.total, whole.exchanges.length, whole.exchanges.at(-1)?.id], [300, 10, "e10"]);
    assert.deepEqual(
      { ...whole.search, bytes: 0 },
      { searched: 3000, total: 3000, bytes: 0, complete: true, stopped: null },
    );
    assert.ok(whole.search!.bytes > 3000 * 2000);
    const sorted = await catalog.exchanges({ q, sort: "url", order: "asc", limit: 2, whole: true });
    assert.deepEqual(sorted.exchanges.map(({ url }) => url), ["/orders/10", "/orders/100"]);
  });
});

Deno.test("A search that is given up says so to who asked, and goes on for others", async () => {
  const filler = "x".repeat(5000);
  await withCatalog((capture) => {
    capture.opened(1);
    for (let i = 1; i <= 1000; i++) {
      capture.chunk(1, "upstream", get(`/orders/${i}`));
      capture.chunk(1, "downstream", answer(i === 1 ? `${filler}needle` : filler));
    }
  }, async (catalog) => {
    const abort = new AbortController();
    const query = { q: "body:needle", whole: true };
    const given = assert.rejects(catalog.exchanges(query, abort.signal), /never mind/);
    const kept = catalog.exchanges({ ...query, q: "body:needle since:2000-01-01" });
    abort.abort(new Error("never mind"));
    await given;
    assert.deepEqual((await kept).exchanges.map(({ id }) => id), ["e1"]);
    const [again, other] = await Promise.all([
      catalog.exchanges(query),
      catalog.exchanges({ ...query, q: "body:needles" }),
    ]);
    assert.deepEqual([again.total, other.total], [1, 0]);
  });
});

Deno.test("A search goes on with what comes, ends and is removed", async () => {
  await withCatalog((capture) => {
    capture.connection(1, [[get("/a"), answer("needle one")]]);
    capture.opened(2);
    capture.chunk(2, "upstream", get("/b"));
  }, async (catalog, capture) => {
    const q = "body:needle";
    const more = async () => {
      catalog.written(capture.size);
      await catalog.level();
    };
    const found = async (query: ExchangeQuery = { q }) =>
      (await catalog.exchanges({ ...query, whole: true })).exchanges.map(({ url }) => url);
    assert.deepEqual(await found(), ["/a"]);
    assert.deepEqual(await found({ q: `-${q}` }), ["/b"]);
    capture.chunk(2, "downstream", answer("the needle of b"));
    capture.connection(3, [[get("/c"), answer("needle of c")], [get("/d"), answer("hay")]]);
    await more();
    assert.deepEqual(await found(), ["/c", "/b", "/a"]);
    assert.deepEqual(await found({ q: `-${q}` }), ["/d"]);
    await catalog.remove({ ids: ["e1"] });
    assert.deepEqual(await found(), ["/c", "/b"]);
    assert.deepEqual(await found({ q, listener: "l2" }), []);
    assert.deepEqual(await found({ q, connection: "c3" }), ["/c"]);
  });
});

Deno.test("An Exchange on which an expression never ends is passed over and said, and the search goes on", async () => {
  const endless = answer(`${"a".repeat(60)}!`);
  await withCatalog((capture) => {
    capture.connection(1, [
      [get("/first"), answer("aaa")],
      [get("/b"), endless],
      [get("/between"), answer("aa")],
      [get("/d"), endless],
      [get("/last"), answer("a")],
    ]);
  }, async (catalog) => {
    const q = "body:/^(a+)+$/";
    const list = await until(catalog, { q }, ({ search }) => search?.complete === true);
    assert.deepEqual(list.exchanges.map(({ url }) => url), ["/last", "/between", "/first"]);
    const { stopped, tooLong, searched, total } = list.search!;
    assert.deepEqual([stopped, tooLong, searched, total], [null, ["e4", "e2"], 5, 5]);
    // Whoever needs all of it is refused, unless it is to be told.
    await assert.rejects(
      catalog.exchanges({ q, whole: true }),
      /^RangeError: e4, e2 are not searched: the expression takes too long on what is in them\. Make it simpler/,
    );
    const skipped = await catalog.exchanges({ q, whole: true, skips: true });
    assert.deepEqual([skipped.total, skipped.search?.tooLong], [3, ["e4", "e2"]]);
    await catalog.remove({ ids: ["e4"] });
    const after = await catalog.exchanges({ q, whole: true, skips: true });
    assert.deepEqual(after.search?.tooLong, ["e2"]);
    const { exchanges } = await catalog.exchanges({ q: "body:aaa", whole: true });
    assert.deepEqual(exchanges.map(({ url }) => url), ["/b", "/first"]);
  });
});

Deno.test("What lies across windows is found in large bodies, with and without coding, and nothing that is not there", async () => {
  // Windows are 256 KiB: the words lie around their ends.
  const large = (at: number) => {
    const bytes = new Uint8Array(1.2 * 1024 * 1024).fill(0x2e);
    bytes.set(encoder.encode("needle-in-hay"), at);
    return bytes;
  };
  // Not to be compressed to nothing, so that it is decoded as it is read.
  const noise = (bytes: Uint8Array) => {
    const mixed = bytes.slice();
    for (let at = 0; at < mixed.length; at += 2) {
      if (mixed[at] === 0x2e) mixed[at] = 0x30 + Math.floor(Math.random() * 64);
    }
    return mixed;
  };
  await withCatalog((capture) => {
    for (let i = 0; i < 4; i++) {
      const body = large(256 * 1024 - 3 - 3 * i);
      const coded = i % 2 === 1;
      capture.connection(i + 1, []);
      capture.opened(i + 100);
      capture.chunk(i + 100, "upstream", get(`/${i}`));
      const head = coded ? `${OK}\r\nContent-Encoding: gzip` : OK;
      const bytes = withBody(head, coded ? gzipSync(noise(body)) : body);
      for (let at = 0; at < bytes.length; at += 60_000) {
        capture.chunk(i + 100, "downstream", bytes.subarray(at, at + 60_000));
      }
    }
  }, async (catalog) => {
    const count = async (q: string) => (await catalog.exchanges({ q, whole: true })).total;
    assert.equal(await count("body:NEEDLE-IN-HAY"), 4);
    assert.equal(await count("body:/needle-in-hay/"), 4);
    assert.equal(await count("body:needle-in-hayx"), 0);
    assert.equal(await count("body:/^needle/"), 0);
    assert.equal(await count("body:/hay$/"), 0);
    assert.equal(await count("body:/^[^]/ -body:/.x{30}$/"), 4);
  });
});
