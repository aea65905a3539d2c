import assert from "node:assert/strict";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { TURN_FACTS } from "../../src/catalog/content.ts";
import { type Shown, Views } from "../../src/catalog/view.ts";
import type { Wire } from "../../src/catalog/wire.ts";
import type { DiffRow } from "../../src/decode/diff/rows.ts";
import type { DiffQuery, MessageDiff } from "../../src/catalog/types.ts";
import { answer, Capture, get } from "./capture.ts";
import { findWorker } from "./find_worker.ts";

/** What to ask of a capture with its catalog. */
async function withCatalog(
  make: (capture: Capture) => void,
  ask: (catalog: WorkerCatalog) => Promise<void>,
): Promise<void> {
  using capture = new Capture();
  make(capture);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    await ask(catalog);
  } finally {
    await catalog.close();
  }
}

/** The difference of the responses with these bodies, e1 before and e2 after. */
async function ofBodies(
  before: string,
  after: string,
  query: Partial<DiffQuery> = {},
  type = "text/plain",
): Promise<MessageDiff> {
  let found: MessageDiff | null = null;
  await withCatalog(
    (capture) =>
      capture.connection(1, [[get("/1"), answer(before, "200 OK", type)], [
        get("/2"),
        answer(after, "200 OK", type),
      ]]),
    async (catalog) => {
      found = await catalog.diff({ ...RESPONSES, ...query });
    },
  );
  assert.ok(found);
  return found;
}

const RESPONSES: DiffQuery = { exchange: "e2", with: "e1", side: "response", as: "auto", context: 1 };

/** "-removed", "+added", " equal", "3 left out" */
function shown(rows: readonly DiffRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === "left-out") return `${row.lines} left out`;
    return `${row.kind === "equal" ? " " : row.kind === "removed" ? "-" : "+"}${row.text}`;
  });
}

/** A request and a response with a JSON body. */
function quote(symbol: string, price: string, time: string): [string, string] {
  const body = JSON.stringify({ quote: { symbol, price, currency: "EUR" }, "Börse": "Zürich" });
  const request = `GET /quote?symbol=${symbol} HTTP/1.1\r\nHost: shop\r\nAccept: */*\r\n\r\n`;
  const length = new TextEncoder().encode(body).length;
  const head =
    `HTTP/1.1 200 OK\r\nDate: ${time}\r\nContent-Type: application/json\r\nContent-Length: ${length}`;
  return [request, `${head}\r\n\r\n${body}`];
}

Deno.test("diff compares heads by their fields and bodies as they are laid out", async () => {
  const make = (capture: Capture) => {
    capture.connection(1, [quote("GOOG", "141.80", "10:24:41"), quote("MSFT", "402.56", "10:24:57")]);
  };
  await withCatalog(make, async (catalog) => {
    const request = await catalog.diff({ ...RESPONSES, side: "request" });
    assert.deepEqual([request?.head?.removed, request?.head?.added, request?.body.rows], [1, 1, []]);
    assert.deepEqual(request?.head?.rows, [
      { kind: "removed", before: 0, text: "GET /quote?symbol=GOOG HTTP/1.1", pair: 0, parts: [[18, 22]] },
      { kind: "added", after: 0, text: "GET /quote?symbol=MSFT HTTP/1.1", pair: 0, parts: [[18, 22]] },
      { kind: "equal", before: 1, after: 1, text: "Host: shop" },
      { kind: "equal", before: 2, after: 2, text: "Accept: */*" },
    ]);
    const response = (await catalog.diff(RESPONSES))!;
    assert.deepEqual(
      [response.as, response.withSide, response.complete, response.notes, response.trailers],
      ["json", "response", true, [], null],
    );
    assert.equal("structure" in response, false);
    assert.deepEqual([response.head?.before, response.head?.removed], [4, 1]);
    assert.deepEqual(shown(response.body.rows).map((row) => row.replace(/ +/, " ")), [
      " {",
      ' "quote": {',
      '- "symbol": "GOOG",',
      '- "price": "141.80",',
      '+ "symbol": "MSFT",',
      '+ "price": "402.56",',
      ' "currency": "EUR"',
      "3 left out",
    ]);
    assert.equal(await catalog.diff({ ...RESPONSES, with: "e9" }), null);
    const raw = (await catalog.diff({ ...RESPONSES, as: "raw" }))!;
    assert.equal(raw.head, null);
    assert.match(
      raw.body.rows.map((row) => "text" in row ? row.text : "").join("\n"),
      /^HTTP\/1\.1 200 OK␍\nDate/,
    );
  });
});

Deno.test("diff compares any side of any exchange, as it came or as it was passed on, and turns", async () => {
  const make = (capture: Capture) => {
    const request = "POST / HTTP/1.1\r\nHost: localhost:8081\r\nContent-Length: 2\r\n\r\nok";
    capture.opened(1);
    capture.connected(1);
    capture.chunk(1, "upstream", request);
    capture.edited(1, "upstream", request.indexOf("localhost"), 14, "shop.example.org");
    capture.chunk(1, "downstream", answer("ok", "200 OK", "text/plain"));
    capture.ended(1, "client");
    capture.closed(1);
    capture.connection(2, [["*1\r\n$4\r\nPING\r\n", "+PONG\r\n"]], "l2");
  };
  await withCatalog(make, async (catalog) => {
    const base = { exchange: "e1", with: "e1", as: "auto", context: 0 } as const;
    const both = (await catalog.diff({ ...base, side: "response", withSide: "request" }))!;
    assert.deepEqual([both.side, both.withSide, both.body.removed, both.body.before], [
      "response",
      "request",
      0,
      1,
    ]);
    assert.deepEqual(shown(both.head!.rows).slice(0, 2), ["-POST / HTTP/1.1", "+HTTP/1.1 200 OK"]);

    const sent = (await catalog.diff({ ...base, side: "request", sent: true }))!;
    assert.deepEqual([sent.sent, sent.withSent], [true, undefined]);
    assert.deepEqual(shown(sent.head!.rows), [
      " POST / HTTP/1.1",
      "-Host: localhost:8081",
      "+Host: shop.example.org",
      " Content-Length: 2",
    ]);
    const back = (await catalog.diff({ ...base, side: "request", withSent: true }))!;
    assert.deepEqual(shown(back.head!.rows).slice(1, 3), [
      "-Host: shop.example.org",
      "+Host: localhost:8081",
    ]);
    const same = (await catalog.diff({ ...base, side: "request", sent: true, withSent: true }))!;
    assert.deepEqual([same.head!.removed, same.body.removed, same.notes], [0, 0, []]);

    const turn =
      (await catalog.diff({ ...base, exchange: "e2", with: "e2", side: "response", withSide: "request" }))!;
    assert.equal(turn.head, null);
    assert.ok(turn.body.added > 0);
    const mixed = (await catalog.diff({ ...base, exchange: "e2", side: "response", as: "text" }))!;
    assert.deepEqual([mixed.head!.added, mixed.body.rows.length], [0, 2]);
  });
});

Deno.test("diff shows trailers", async () => {
  const chunked = (sum: string) =>
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: ${sum}\r\nx-b: 1\r\n\r\n`;
  const make = (capture: Capture) =>
    capture.connection(1, [[get("/1"), chunked("1")], [get("/2"), chunked("2")]]);
  await withCatalog(make, async (catalog) => {
    const found = (await catalog.diff(RESPONSES))!;
    assert.deepEqual(shown(found.trailers!.rows), ["-X-Sum: 1", "+X-Sum: 2", " x-b: 1"]);
    assert.equal((await catalog.diff({ ...RESPONSES, as: "raw" }))!.trailers, null);
  });
});

Deno.test("diff in hex shows what is the same at the same place, also behind a byte that was put in", async () => {
  const text = "The quick brown fox jumps over the lazy dog, and over the moon as well; ".repeat(3);
  const found = await ofBodies(text, `${text.slice(0, 20)}!${text.slice(20)}`, { as: "hex" });
  assert.deepEqual([found.body.unit, found.body.removed, found.body.added], ["byte", 0, 1]);
  const [first, removed, added, next] = found.body.rows;
  assert.deepEqual([first.kind, removed.kind, added.kind], ["equal", "removed", "added"]);
  assert.ok(removed.kind === "removed" && added.kind === "added" && next.kind === "equal");
  assert.equal(added.text.slice(60), "fox !jumps over ");
  assert.equal(removed.text.slice(60), "fox  jumps over ");
  assert.deepEqual([added.parts, removed.parts], [[[22, 24], [64, 65]], []]);
  assert.deepEqual([removed.pair, added.pair], [16, 16]);
  // From here on the offsets differ, and the bytes stand below each other all the same.
  assert.deepEqual([next.before, next.after], [31, 32]);
  assert.equal(next.text.slice(10), next.other!.slice(10));
});

Deno.test("diff says where bytes differ that a view does not show", async () => {
  const found = await ofBodies("a\r\nb", "a\nb");
  assert.deepEqual([found.body.removed, found.body.added], [0, 0]);
  assert.match(found.notes.join(), /the bytes of the bodies differ in what this view does not show/);
  assert.deepEqual((await ofBodies("a\r\nb", "a\r\nb")).notes, []);
  assert.deepEqual((await ofBodies("a", "a\n", { as: "hex" })).body.added, 1);
});

Deno.test("diff by structure, when asked", async () => {
  const json = "application/json";
  const found = await ofBodies('{"a":1,"b":[1,2]}', '{"b":[2,1.0],"a":1.5}', { structure: true }, json);
  assert.deepEqual(found.structure?.changes.map(({ kind, path, pathAfter }) => [kind, path, pathAfter]), [
    ["changed", "$.a", undefined],
    ["moved", "$.b[0]", "$.b[1]"],
  ]);
  assert.ok(found.body.removed > 0, "the text is compared, too");
  const broken = await ofBodies('{"a":1}', '{\n "a" 1}', { structure: true }, json);
  assert.equal(broken.structure, null);
  assert.match(
    broken.notes.join(),
    /they cannot be compared by structure: the body after is not well-formed at line 2, column 6 of what came: a colon/,
  );
  const other = await ofBodies("plain", "plainer", { structure: true });
  assert.match(other.notes.join(), /only JSON with JSON, and XML with XML/);
});

Deno.test("diff says where the capture has not all bytes", async () => {
  const body = new TextEncoder().encode("a\nb\nc");
  const of = (gaps?: Wire["gaps"]): Shown => ({
    wire: {
      key: gaps ? "with" : "without",
      headBytes: 0,
      framing: "until-close",
      extent: () => ({ length: body.length, complete: true }),
      read: (from, into) => {
        const part = body.subarray(from, from + into.length);
        into.set(part);
        return part.length;
      },
      gaps,
    },
    facts: TURN_FACTS,
    trailers: [],
  });
  using capture = new Capture();
  const views = new Views({ folder: capture.folder, findWorker });
  const query = { as: "text", context: 1 } as const;
  const { signal } = new AbortController();
  try {
    const found = await views.diff(of(), of(() => [{ start: 1, end: 3 }]), query, signal);
    assert.deepEqual(found.notes, [
      "of the message after the capture does not have 2 bytes: filler stands in their place",
    ]);
    const text = await views.diffText(of(() => [{ start: 0, end: 1 }]), of(), ["a", "b"], query, signal);
    assert.equal(
      text,
      "# of the message before the capture does not have 1 byte: filler stands in their place\n",
    );
  } finally {
    await views.close();
  }
});

Deno.test("diffText is read by patch", async () => {
  const make = (capture: Capture) => {
    capture.connection(1, [quote("GOOG", "141.80", "10:24:41"), quote("MSFT", "402.56", "10:24:57")]);
  };
  await withCatalog(make, async (catalog) => {
    assert.equal(
      await catalog.diffText(RESPONSES),
      `--- e1/response
+++ e2/response
@@ -1,3 +1,3 @@
 HTTP/1.1 200 OK
-Date: 10:24:41
+Date: 10:24:57
 Content-Type: application/json
@@ -7,4 +7,4 @@
   "quote": {
-    "symbol": "GOOG",
-    "price": "141.80",
+    "symbol": "MSFT",
+    "price": "402.56",
     "currency": "EUR"
`,
    );
    assert.equal(await catalog.diffText({ ...RESPONSES, with: "e2" }), "");
    assert.equal(await catalog.diffText({ ...RESPONSES, with: "e9" }), null);
  });
});

Deno.test("diff of long bodies says what was left out, and lets short questions through", async () => {
  const lines = (seed: number) =>
    Array.from({ length: 80_000 }, (_, i) => i % 5 === seed ? `changed ${i} ${seed}` : `line ${i}`).join(
      "\n",
    );
  const make = (capture: Capture) => {
    capture.connection(1, [
      [get("/1"), answer(lines(1), "200 OK", "text/plain")],
      [get("/2"), answer(lines(2), "200 OK", "text/plain")],
    ]);
  };
  await withCatalog(make, async (catalog) => {
    const query = { ...RESPONSES, as: "text", context: 0 } as const;
    let isDone = false;
    const work = catalog.diff(query).finally(() => {
      isDone = true;
    });
    let answered = 0;
    while (!isDone) {
      await catalog.connection("c1");
      answered++;
    }
    const found = (await work)!;
    assert.deepEqual([found.body.before, found.body.after], [80_000, 80_000]);
    assert.deepEqual(found.notes, [
      "they differ in so much that what is the same in both may be more than is shown",
      "the first 5,000 rows of the body are shown",
    ]);
    assert.equal(found.body.removed, 32_000);
    assert.equal(found.body.rows.length, 5_000);
    assert.ok(answered > 10, `only ${answered} short questions were answered meanwhile`);
    const gone = new AbortController();
    const given = catalog.diff(query, gone.signal);
    gone.abort(new Error("nobody waits"));
    await assert.rejects(given, /nobody waits/);
  });
});

Deno.test("diff says that rows are missing also where all are of one kind", async () => {
  const found = await ofBodies("", Array.from({ length: 6_000 }, (_, n) => n).join("\n"), { as: "text" });
  assert.deepEqual([found.body.added, found.body.rows.length], [6_000, 5_000]);
  assert.deepEqual(found.notes, ["the first 5,000 rows of the body are shown"]);
});

Deno.test("diff of bodies that are not kept in memory reads their lines again", async () => {
  const lines = (changed: number) =>
    Array.from({ length: 60_000 }, (_, i) => `${i === changed ? "other" : "line"} ${i} ${"x".repeat(60)}`);
  const found = await ofBodies(lines(50).join("\n"), lines(59_000).join("\n"), { as: "text" });
  assert.deepEqual(shown(found.body.rows).map((row) => row.slice(0, 12).trimEnd()), [
    "49 left out",
    " line 49 xxx",
    "-other 50 xx",
    "+line 50 xxx",
    " line 51 xxx",
    "58947 left out".slice(0, 12),
    " line 58999",
    "-line 59000",
    "+other 59000",
    " line 59001",
    "998 left out",
  ]);
});
