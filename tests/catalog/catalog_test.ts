import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { NO_WORKER_ROOM } from "../../src/catalog/file_room.ts";
import type { Bytes, CatalogChange } from "../../src/catalog/types.ts";
import { Recorder } from "../../src/journal/recorder.ts";
import { answer, Capture, get } from "./capture.ts";
import { everything, select } from "./indexing.ts";

/** A capture and its catalog, level with it. */
async function withCatalog(
  make: (capture: Capture) => void,
  ask: (catalog: WorkerCatalog, capture: Capture) => Promise<void>,
  completed = false,
): Promise<void> {
  using capture = new Capture();
  make(capture);
  const { file, folder } = capture;
  const catalog = await WorkerCatalog.open({ file, folder, completed });
  try {
    catalog.written(capture.size);
    await catalog.level();
    await ask(catalog, capture);
  } finally {
    await catalog.close();
  }
}

async function all(bytes: Bytes | null): Promise<Uint8Array> {
  assert.ok(bytes);
  return new Uint8Array(await new Response(bytes.stream).arrayBuffer());
}

/** How often this process has a file open; 0 where the system does not tell. */
function timesOpen(path: string): number {
  if (Deno.build.os !== "linux") return 0;
  return [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`) === path;
    } catch {
      return false;
    }
  }).length;
}

/** Until it is disposed of, this thread can open no file, as where there are no descriptors. */
function withoutFiles(): Disposable {
  const { openSync } = Deno;
  Deno.openSync = () => {
    throw Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  };
  return { [Symbol.dispose]: () => void (Deno.openSync = openSync) };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** `count` exchanges on one connection, of listener l1 and l2 in turns. */
function orders(count: number): (capture: Capture) => void {
  return (capture) => {
    for (const connection of [1, 2]) {
      capture.opened(connection, `l${connection}`);
      capture.connected(connection);
    }
    for (let i = 1; i <= count; i++) {
      const connection = 2 - i % 2;
      capture.chunk(connection, "upstream", get(`/orders/${i}`));
      capture.chunk(connection, "downstream", answer(`{"id":${i}}`, i % 10 ? "200 OK" : "404 Not Found"));
    }
  };
}

Deno.test("WorkerCatalog.exchanges: newest first, by position or after a row, by listener", async () => {
  await withCatalog(orders(1500), async (catalog) => {
    const first = await catalog.exchanges({});
    assert.deepEqual([first.exchanges.length, first.total, first.offset], [100, 1500, 0]);
    assert.deepEqual([first.exchanges[0].id, first.exchanges[99].id, first.next], [
      "e1500",
      "e1401",
      "e1401",
    ]);

    const second = await catalog.exchanges({ before: first.next!, limit: 3 });
    assert.deepEqual(second.exchanges.map(({ id }) => id), ["e1400", "e1399", "e1398"]);
    assert.deepEqual([second.offset, second.total, second.next], [100, 1500, "e1398"]);

    const far = await catalog.exchanges({ offset: 1498, limit: 1000 });
    assert.deepEqual(far.exchanges.map(({ id }) => id), ["e2", "e1"]);
    assert.deepEqual([far.offset, far.next], [1498, null]);

    const listener = await catalog.exchanges({ listener: "l1", offset: 10, limit: 2 });
    assert.deepEqual(listener.exchanges.map(({ id }) => id), ["e1479", "e1477"]);
    assert.deepEqual([listener.total, listener.offset, listener.next], [750, 10, "e1477"]);
    const after = await catalog.exchanges({ listener: "l1", before: "e1477", limit: 1 });
    assert.deepEqual([after.exchanges[0].id, after.offset], ["e1475", 12]);

    const beyond = await catalog.exchanges({ listener: "l2", offset: 5000 });
    assert.deepEqual(beyond, { exchanges: [], next: null, total: 750, offset: 5000 });
    assert.equal((await catalog.exchanges({ listener: "none" })).total, 0);
  });
});

Deno.test("WorkerCatalog.exchanges: what matches a filter, also what comes and changes later", async () => {
  await withCatalog(orders(1000), async (catalog, capture) => {
    const q = "status:404 path:/orders";
    const first = await catalog.exchanges({ q, limit: 2 });
    assert.deepEqual(first.exchanges.map(({ id }) => id), ["e1000", "e990"]);
    assert.deepEqual([first.total, first.offset, first.next], [100, 0, "e990"]);
    const next = await catalog.exchanges({ q, before: "e990", limit: 1 });
    assert.deepEqual([next.exchanges[0].id, next.offset], ["e980", 2]);
    const last = await catalog.exchanges({ q, offset: 99 });
    assert.deepEqual([last.exchanges.map(({ id }) => id), last.next], [["e10"], null]);
    assert.equal((await catalog.exchanges({ q, listener: "l1" })).total, 0);

    capture.chunk(1, "upstream", get("/orders/late"));
    catalog.written(capture.size);
    await catalog.level();
    assert.equal((await catalog.exchanges({ q })).total, 100);
    assert.equal((await catalog.exchanges({ q: "state:open" })).total, 1);
    capture.chunk(1, "downstream", answer("{}", "404 Not Found"));
    catalog.written(capture.size);
    await catalog.level();
    assert.equal((await catalog.exchanges({ q })).exchanges[0].id, "e1001");
    assert.equal((await catalog.exchanges({ q: "state:open" })).total, 0);

    await catalog.remove({ ids: ["e1000", "e10", "e11"] });
    assert.equal((await catalog.exchanges({ q })).total, 99);
  });
});

Deno.test("WorkerCatalog: refuses questions that make no sense, in words", async () => {
  await withCatalog(orders(1), async (catalog) => {
    const wrong: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
      [() => catalog.exchanges({ q: "status:>=" }), /^A number is missing after status:>=\.$/],
      [() => catalog.exchanges({ limit: 0 }), /limit from 1 to 1,000/],
      [() => catalog.exchanges({ limit: 1001 }), /limit from 1 to 1,000/],
      [() => catalog.exchanges({ offset: -1 }), /offset from 0 on/],
      [() => catalog.exchanges({ before: "e1", offset: 1 }), /not both/],
      [() => catalog.exchanges({ before: "e1", order: "asc" }), /another order than the newest first/],
      [() => catalog.exchanges({ before: "e1", sort: "url" }), /another order than the newest first/],
      [() => catalog.exchanges({ before: "c1" }), /"c1": it is not an id/],
      [() => catalog.connections({ before: "e1" }), /"e1": it is not an id/],
      [() => catalog.view({ exchange: "e1", side: "request", as: "text", from: -1, lines: 1 }), /line -1/],
    ];
    for (const [ask, message] of wrong) {
      await assert.rejects(ask, (error) => error instanceof RangeError && message.test(error.message));
    }
  });
});

Deno.test("WorkerCatalog: answers null for what is not there", async () => {
  await withCatalog(orders(1), async (catalog) => {
    for (const id of ["e2", "e0", "c1", "e", "", "e1x", "e-1"]) {
      assert.equal(await catalog.exchange(id), null, id);
    }
    assert.equal(await catalog.connection("c9"), null);
    assert.equal(await catalog.bytes({ connection: "c9", direction: "upstream" }), null);
    assert.equal(await catalog.bytes({ exchange: "e9", side: "request", part: "body" }), null);
    assert.equal(
      await catalog.view({ exchange: "e9", side: "request", as: "raw", from: 0, lines: 1 }),
      null,
    );
    const find = {
      exchange: "e9",
      side: "request",
      as: "raw",
      text: "x",
      caseSensitive: false,
      regex: false,
    } as const;
    assert.equal(await catalog.find(find), null);
  });
});

Deno.test("WorkerCatalog.exchange: heads as they came, interim responses, trailers and faults", async () => {
  const request = "POST /upload HTTP/1.1\r\nHost: a\r\nX-Odd:  two  \r\nExpect: 100-continue\r\n" +
    "Content-Type: Text/XML; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";
  const body = "5\r\n<a/> \r\n0\r\nX-Sum: 7\r\n\r\n";
  const response = "HTTP/1.1 200 Fine\nContent-Length: 3\n\nabc";
  await withCatalog((capture) => {
    capture.opened(7);
    capture.connected(7);
    capture.chunk(7, "upstream", request);
    capture.chunk(7, "downstream", "HTTP/1.1 100 Continue\r\nX-Go: on\r\n\r\n");
    capture.chunk(7, "upstream", body);
    capture.chunk(7, "downstream", response);
  }, async (catalog) => {
    const detail = await catalog.exchange("e1");
    assert.ok(detail?.request && detail.response);
    assert.equal(detail.connection, "c7");
    assert.equal(detail.request.startLine, "POST /upload HTTP/1.1");
    assert.deepEqual(detail.request.headers[1], { name: "X-Odd", value: "two" });
    assert.deepEqual(detail.request.trailers, [{ name: "X-Sum", value: "7" }]);
    const { bytes, headBytes, framing, bodyBytes, chunks, mediaType, auto, state } = detail.request;
    assert.deepEqual(
      { bytes, headBytes, framing, bodyBytes, chunks, mediaType, auto, state },
      {
        bytes: request.length + body.length,
        headBytes: request.length,
        framing: "chunked",
        bodyBytes: 5,
        chunks: 1,
        mediaType: "text/xml",
        auto: "xml",
        state: "done",
      },
    );
    assert.deepEqual(detail.interim, [
      { startLine: "HTTP/1.1 100 Continue", headers: [{ name: "X-Go", value: "on" }] },
    ]);
    assert.deepEqual([detail.response.version, detail.response.reason], ["HTTP/1.1", "Fine"]);
    assert.equal(detail.response.contentLength, 3);
    assert.equal(detail.response.faults.length, 1);
    // The first line end, counted from the response's own first byte.
    assert.equal(detail.response.faults[0].offset, "HTTP/1.1 200 Fine".length);
    assert.equal(detail.fault, detail.response.faults[0].text);
    assert.equal(
      text(await all(await catalog.bytes({ exchange: "e1", side: "request", part: "body" }))),
      "<a/> ",
    );
    assert.equal(
      text(await all(await catalog.bytes({ exchange: "e1", side: "response", part: "wire" }))),
      response,
    );
  });
});

Deno.test("WorkerCatalog.bytes: exactly what was recorded, by Direction, side and range", async () => {
  const random = crypto.getRandomValues(new Uint8Array(60_000));
  const large = new Uint8Array(3_000_000).map((_, i) => random[i % 59_999]);
  const gzipped = new Uint8Array(gzipSync(large));
  await withCatalog((capture) => {
    for (const connection of [1, 2]) {
      capture.opened(connection);
      capture.connected(connection);
      capture.chunk(connection, "upstream", get(`/${connection}`));
    }
    capture.chunk(1, "downstream", `HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`);
    capture.chunk(
      2,
      "downstream",
      `HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Encoding: gzip\r\nContent-Length: ${gzipped.length}\r\n\r\n`,
    );
    // In small and large chunks, the two connections in between each other.
    for (
      let at = 0, step = 1;
      at < Math.max(large.length, gzipped.length);
      at += step, step = step * 3 % 90_001
    ) {
      capture.chunk(1, "downstream", large.subarray(at, at + step));
      capture.chunk(2, "downstream", gzipped.subarray(at, at + step));
    }
  }, async (catalog, capture) => {
    for (const connection of [1, 2]) {
      for (const direction of ["upstream", "downstream"] as const) {
        const bytes = await catalog.bytes({ connection: `c${connection}`, direction });
        assert.equal(bytes?.complete, false);
        assert.ok(
          Buffer.from(await all(bytes)).equals(capture.bytes(connection, direction)),
          `${connection}`,
        );
      }
    }
    const wire = capture.bytes(1, "downstream");
    const ranges = [
      [{ from: 0, to: 0 }, 0, 1],
      [{ from: 65_530, to: 400_000 }, 65_530, 400_001],
      [{ from: wire.length - 5 }, wire.length - 5, wire.length],
      [{ last: 300_000 }, wire.length - 300_000, wire.length],
      [{ from: wire.length + 1 }, wire.length, wire.length],
    ] as const;
    for (const [range, from, to] of ranges) {
      const bytes = await catalog.bytes({ exchange: "e1", side: "response", part: "wire" }, range);
      assert.deepEqual([bytes?.from, bytes?.to, bytes?.total], [from, to, wire.length]);
      assert.ok(Buffer.from(await all(bytes)).equals(wire.subarray(from, to)), JSON.stringify(range));
    }
    const body = await catalog.bytes({ exchange: "e2", side: "response", part: "body" }, { from: 999_999 });
    assert.deepEqual([body?.contentType, body?.total], ["image/png", large.length]);
    assert.ok(Buffer.from(await all(body)).equals(large.subarray(999_999)));
    const coded = await catalog.bytes({ exchange: "e2", side: "response", part: "coded" });
    assert.equal(coded?.contentType, null, "what is coded is no picture");
    assert.ok(Buffer.from(await all(coded)).equals(gzipped));
  });
});

Deno.test("WorkerCatalog.bytes: of thousands of small chunks, while more come", async () => {
  await withCatalog((capture) => {
    capture.opened(1);
    capture.chunk(1, "upstream", get("/log"));
    capture.chunk(1, "downstream", "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
    for (let i = 0; i < 999; i++) capture.chunk(1, "downstream", `line ${i}`.padEnd(20));
  }, async (catalog, capture) => {
    const source = { exchange: "e1", side: "response", part: "body" } as const;
    assert.equal(select(capture, "SELECT count(*) AS runs FROM extent")[0].runs, 3);
    const first = await catalog.bytes(source);
    assert.deepEqual([first?.total, first?.complete], [19_980, false]);
    for (let i = 999; i < 3000; i++) capture.chunk(1, "downstream", `line ${i}`.padEnd(20));
    catalog.written(capture.size);
    await catalog.level();
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `line ${from + i}`.padEnd(20)).join("");
    // What was opened before is what there was then.
    assert.equal(text(await all(first)), lines(0, 999));
    const last = await catalog.bytes(source, { from: 20 * 500 });
    assert.deepEqual([last?.total, last?.complete], [60_000, true]);
    assert.equal(text(await all(last)), lines(500, 3000));
  });
});

Deno.test("WorkerCatalog.bytes: reads no further than it is asked, and not at all when it is cancelled", async () => {
  await withCatalog((capture) => {
    capture.opened(1);
    for (let i = 0; i < 40; i++) capture.chunk(1, "upstream", new Uint8Array(50_000).fill(i));
  }, async (catalog) => {
    const bytes = await catalog.bytes({ connection: "c1", direction: "upstream" });
    const reader = bytes!.stream.getReader();
    const { value } = await reader.read();
    assert.equal(value?.length, 256 * 1024);
    await reader.cancel();
    assert.deepEqual(await reader.read(), { done: true, value: undefined });
  });
});

Deno.test("WorkerCatalog: turns have bytes and views, and no heads", async () => {
  await withCatalog((capture) => {
    capture.opened(1);
    capture.chunk(1, "downstream", "220 ready\r\n");
    capture.chunk(1, "upstream", "HELO me\r\n");
    capture.chunk(1, "downstream", "250 ok\r\n");
  }, async (catalog) => {
    const detail = await catalog.exchange("e2");
    assert.deepEqual([detail?.request?.headBytes, detail?.request?.startLine], [0, null]);
    assert.deepEqual([detail?.response?.headers, detail?.response?.auto], [[], "text"]);
    assert.equal((await catalog.exchange("e1"))?.request, null);
    const view = await catalog.view({ exchange: "e2", side: "response", as: "auto", from: 0, lines: 10 });
    assert.deepEqual([view?.as, view?.text.split("\n")[0].trim()], ["text", "250 ok"]);
  });
});

Deno.test("WorkerCatalog: views and finds in the decoded body", async () => {
  const json = JSON.stringify({ orders: Array.from({ length: 50 }, (_, id) => ({ id, name: "ACME" })) });
  const body = new Uint8Array(gzipSync(json));
  await withCatalog((capture) => {
    capture.opened(1);
    capture.chunk(1, "upstream", get("/"));
    capture.chunk(
      1,
      "downstream",
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    capture.chunk(1, "downstream", body);
  }, async (catalog) => {
    const message = { exchange: "e1", side: "response" } as const;
    const view = await catalog.view({ ...message, as: "auto", from: 0, lines: 5 });
    assert.deepEqual([view?.as, view?.lines, view?.complete], ["json", 5, true]);
    assert.equal(
      JSON.parse((await catalog.view({ ...message, as: "json", from: 0, lines: 5000 }))!.text).orders.length,
      50,
    );
    const find = { ...message, as: "auto", text: "acme", caseSensitive: false, regex: false } as const;
    assert.equal((await catalog.find(find))?.total, 50);
    assert.equal((await catalog.find({ ...find, caseSensitive: true }))?.total, 0);
    const abort = new AbortController();
    abort.abort(new Error("not wanted"));
    await assert.rejects(catalog.find(find, abort.signal), /not wanted/);
  });
});

Deno.test("WorkerCatalog.connections: newest first, by listener and filter; one by its id", async () => {
  await withCatalog((capture) => {
    for (let connection = 1; connection <= 250; connection++) {
      if (connection % 50) capture.connection(connection, [[get("/"), answer("{}")]], `l${connection % 2}`);
      else {
        capture.opened(connection);
        capture.failed(connection, "localhost:80 refused the connection");
      }
    }
  }, async (catalog) => {
    const { connections, next, total } = await catalog.connections({ limit: 2 });
    assert.deepEqual([connections[0].id, connections[1].id, next, total], ["c250", "c249", "c249", 250]);
    assert.deepEqual(connections[0], await catalog.connection("c250"));
    assert.deepEqual(connections[1].upstreamBytes, get("/").length);
    assert.equal((await catalog.connections({ before: "c249", limit: 1 })).connections[0].id, "c248");
    const failed = await catalog.connections({ q: "state:failed refused" });
    assert.deepEqual(failed.connections.map(({ id }) => id), ["c250", "c200", "c150", "c100", "c50"]);
    assert.equal(failed.next, null);
    assert.equal((await catalog.connections({ listener: "l0" })).total, 120);
  });
});

Deno.test("WorkerCatalog.overview: the newest exchanges and the counts of all listeners", async () => {
  await withCatalog(orders(300), async (catalog) => {
    const { exchanges, counts } = await catalog.overview();
    assert.deepEqual([exchanges.length, exchanges[0].id, exchanges[199].id], [200, "e300", "e101"]);
    assert.deepEqual(counts, {
      l1: { total: 150, open: 0, failed: 0, openConnections: 1, epoch: 0 },
      l2: { total: 150, open: 0, failed: 0, openConnections: 1, epoch: 0 },
    });
  });
});

Deno.test("WorkerCatalog.onChange: tells new and changed rows with the counts, until it is ended", async () => {
  await withCatalog(orders(0), async (catalog, capture) => {
    const changes: CatalogChange[] = [];
    const end = catalog.onChange((change) => changes.push(change));
    const changed = async () => {
      changes.length = 0;
      catalog.written(capture.size);
      await catalog.level();
    };
    // What comes at once is told at once, or in parts where the machine is slow.
    const told = () =>
      new Map(
        changes.flatMap(({ exchanges }) => exchanges.toReversed()).map(({ id, state }) => [id, state]),
      );
    const countsOf = (listener: string) =>
      changes.findLast(({ counts }) => counts[listener])?.counts[listener];
    capture.chunk(1, "upstream", get("/slow"));
    await changed();
    assert.deepEqual([...told()], [["e1", "open"]]);
    assert.deepEqual(countsOf("l1"), { total: 1, open: 1, failed: 0, openConnections: 1, epoch: 0 });
    const { more, behindMs, completed } = changes.at(-1)!;
    assert.deepEqual([more, behindMs, completed], [false, 0, []]);

    capture.chunk(1, "downstream", answer("{}"));
    await changed();
    assert.deepEqual([...told()], [["e1", "done"]]);

    for (let i = 0; i < 300; i++) {
      capture.chunk(2, "upstream", get(`/${i}`));
      capture.chunk(2, "downstream", answer("{}"));
    }
    await changed();
    assert.ok(changes.some(({ more }) => more) || told().size === 300);
    assert.ok(
      changes.every(({ exchanges, more }) => exchanges.length <= 200 && (!more || exchanges.length === 200)),
    );
    assert.equal([...told().keys()].at(-1), "e301");

    await catalog.remove({ all: true, listener: "l2" });
    await catalog.level();
    assert.deepEqual(countsOf("l2"), { total: 0, open: 0, failed: 0, openConnections: 1, epoch: 1 });

    end();
    capture.chunk(1, "upstream", get("/unheard"));
    await changed();
    assert.deepEqual(changes, []);
  });
});

Deno.test("WorkerCatalog.onChange: tells every completed exchange in order when that is asked for", async () => {
  await withCatalog(orders(0), async (catalog, capture) => {
    const completed: string[] = [];
    catalog.onChange((change) =>
      completed.push(...change.completed.map(({ id, state }) => `${id} ${state}`))
    );
    for (let i = 1; i <= 1000; i++) {
      capture.chunk(1, "upstream", get(`/${i}`));
      if (i % 100 === 0) catalog.written(capture.size);
      capture.chunk(1, "downstream", answer("{}"));
    }
    catalog.written(capture.size);
    await catalog.level();
    assert.deepEqual(completed, Array.from({ length: 1000 }, (_, i) => `e${i + 1} done`));
  }, true);
});

Deno.test("WorkerCatalog.remove: some, those of a listener, all; the bytes of what stays are not touched", async () => {
  await withCatalog(orders(5000), async (catalog, capture) => {
    assert.equal(await catalog.remove({ ids: ["e4", "e4", "e9999", "nonsense"] }), 1);
    assert.equal(await catalog.exchange("e4"), null);
    assert.equal((await catalog.exchanges({})).total, 4999);
    assert.equal(await catalog.remove({ all: true, listener: "l1" }), 2500);
    assert.equal((await catalog.exchanges({})).total, 2499);
    assert.equal(
      text(await all(await catalog.bytes({ exchange: "e6", side: "request", part: "wire" }))),
      get("/orders/6"),
    );
    assert.equal(await catalog.remove({ all: true }), 2499);
    assert.deepEqual(await catalog.exchanges({}), { exchanges: [], next: null, total: 0, offset: 0 });
    const upstream = await all(await catalog.bytes({ connection: "c1", direction: "upstream" }));
    assert.ok(Buffer.from(upstream).equals(capture.bytes(1, "upstream")));
  });
});

Deno.test("WorkerCatalog: an index that is deleted is made again from the journal, with the same rows", async () => {
  using capture = new Capture();
  orders(700)(capture);
  const rows = [];
  for (const step of [10_000, capture.size]) {
    const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
    for (let position = step; position < capture.size + step; position += step) {
      catalog.written(Math.min(position, capture.size));
      await catalog.level();
    }
    await catalog.close();
    rows.push(everything(capture));
    for (const { name } of Deno.readDirSync(capture.folder)) {
      if (name.startsWith("catalog.sqlite")) Deno.removeSync(`${capture.folder}/${name}`);
    }
  }
  assert.equal(rows[0].exchange.length, 700);
  assert.deepEqual(rows[0], rows[1]);
});

Deno.test("WorkerCatalog: follows what a recorder writes", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const file = `${folder}/capture.pcapng`;
  const recorder = await Recorder.open({ file, temporary: true, application: "tcpmon test", minFree: 0 });
  await recorder.begin();
  const catalog = await WorkerCatalog.open({ file, folder });
  try {
    recorder.onWritten = (bytes) => catalog.written(bytes);
    const address = { host: "127.0.0.1", port: 8081 };
    recorder.opened({
      connection: 1,
      listener: "l1",
      listen: address,
      local: address,
      target: address,
      client: { host: "::1", port: 5 },
    });
    recorder.chunk(1, "upstream", new TextEncoder().encode(get("/live")));
    await recorder.flush();
    await catalog.level();
    const [exchange] = (await catalog.exchanges({})).exchanges;
    assert.deepEqual([exchange.url, exchange.state, exchange.client], ["/live", "open", "[::1]:5"]);
    recorder.chunk(1, "downstream", new TextEncoder().encode(answer("{}")));
    await recorder.flush();
    await catalog.level();
    assert.equal((await catalog.exchange("e1"))?.state, "done");
  } finally {
    await catalog.close();
    await recorder.close();
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("WorkerCatalog.unopened: what it is told and asked before it is opened waits, and nothing of it is lost", async () => {
  using capture = new Capture();
  orders(30)(capture);
  const catalog = WorkerCatalog.unopened({ file: capture.file, folder: capture.folder });
  try {
    catalog.written(capture.size - 1);
    const early = catalog.exchanges({});
    const exported = catalog.exchange("e30");
    catalog.written(capture.size);
    await catalog.begin();
    assert.equal((await early).total, 30, "the first answer has what was there");
    assert.equal((await exported)?.url, "/orders/30");
    await catalog.level();
    assert.equal((await catalog.overview()).exchanges.length, 30);
  } finally {
    await catalog.close();
  }
});

Deno.test("WorkerCatalog.unopened: files that went before it is opened are not looked for", async () => {
  using capture = new Capture();
  orders(3)(capture);
  const gone = { path: `${capture.folder}/gone.pcapng`, later: null, base: 0, length: null };
  const catalog = WorkerCatalog.unopened({ files: [gone], folder: capture.folder });
  const file = { ...gone, path: capture.file };
  const opening = catalog.begin();
  // The worker is still loading when they change.
  await catalog.files([file]);
  await opening;
  try {
    catalog.written(capture.size);
    await catalog.level();
    assert.equal((await catalog.exchanges({})).total, 3);
  } finally {
    await catalog.close();
  }
});

Deno.test("WorkerCatalog.unopened: closed before it is opened, it opens nothing and answers with an error", async () => {
  const catalog = WorkerCatalog.unopened({ file: "/nonexistent/x.pcapng", folder: "/nonexistent" });
  const asked = assert.rejects(catalog.exchanges({}), /closed/);
  await catalog.close();
  await catalog.begin();
  await asked;
});

Deno.test("WorkerCatalog.unopened: where no file can be opened it says so once, and is opened when one can", async () => {
  using capture = new Capture();
  orders(3)(capture);
  const folder = `${capture.folder}/later`;
  const lacks: string[] = [];
  const before = timesOpen(capture.file);
  let leftOpen = 0;
  const catalog = WorkerCatalog.unopened({
    ...{ file: capture.file, folder },
    onLack: (reason) => {
      lacks.push(reason);
      leftOpen = timesOpen(capture.file);
      Deno.mkdirSync(folder);
    },
  });
  catalog.written(capture.size);
  const asked = catalog.exchanges({});
  // Its workers are begun before there is a lack.
  const begun = catalog.begin();
  using _lack = withoutFiles();
  await begun;
  assert.equal((await asked).total, 3);
  assert.equal(lacks.length, 1);
  assert.match(lacks[0], /^unable to open database file/);
  assert.equal(leftOpen, before, "what has failed holds files that are lacking");
  await catalog.close();
});

Deno.test("WorkerCatalog.unopened: where there are no files for a worker, none is begun before there are", async () => {
  using capture = new Capture();
  orders(3)(capture);
  const lack = withoutFiles();
  const lacks: string[] = [];
  const catalog = WorkerCatalog.unopened({
    ...{ file: capture.file, folder: capture.folder },
    onLack: (reason) => {
      lacks.push(reason);
      lack[Symbol.dispose]();
    },
  });
  catalog.written(capture.size);
  const asked = catalog.exchanges({});
  await catalog.begin();
  assert.equal((await asked).total, 3);
  assert.deepEqual(lacks, [NO_WORKER_ROOM]);
  {
    // Nor is one for contents, which Deno would end the program for: the search says why.
    using _lack = withoutFiles();
    await assert.rejects(
      catalog.exchanges({ q: "body:nowhere" }),
      /^Error: The search has stopped: too many files are open\. .*later$/,
    );
    await assert.rejects(
      catalog.export({ format: "ndjson", application: "test" }),
      /^Error: the worker of the export cannot begin: too many files are open\. .*later$/,
    );
  }
  assert.equal((await catalog.exchanges({ q: "body:nowhere", whole: true })).total, 0);
  await catalog.close();
});

Deno.test("WorkerCatalog.unopened: closed while it waits for files, it ends at once; without who is told, it does not wait", async () => {
  using capture = new Capture();
  const missing = { file: capture.file, folder: `${capture.folder}/missing` };
  const lack = Promise.withResolvers<string>();
  const catalog = WorkerCatalog.unopened({ ...missing, onLack: lack.resolve });
  const opening = assert.rejects(catalog.begin(), /unable to open database file/);
  {
    using _lack = withoutFiles();
    await lack.promise;
    await catalog.close();
    await opening;
  }
  await assert.rejects(WorkerCatalog.open(missing), /unable to open database file/);
});

Deno.test("WorkerCatalog.unopened: a folder that is not there is no lack of files: it fails, and so does what waits", async () => {
  using capture = new Capture();
  const lacks: string[] = [];
  const catalog = WorkerCatalog.unopened({
    ...{ file: capture.file, folder: `${capture.folder}/missing` },
    onLack: (reason) => lacks.push(reason),
  });
  const asked = assert.rejects(catalog.exchanges({}), /unable to open database file/);
  // Where that waits, closing it ends the waiting, with the same error.
  const late = setTimeout(() => {
    lacks.push("it waits");
    catalog.close();
  }, 20_000);
  await assert.rejects(catalog.begin(), /unable to open database file/);
  clearTimeout(late);
  await asked;
  assert.deepEqual(lacks, []);
  await catalog.close();
});

Deno.test("WorkerCatalog.unopened: what fails while it is opened is thrown, and not told as well", async () => {
  using capture = new Capture();
  orders(3)(capture);
  const size = capture.size;
  Deno.writeFileSync(capture.file, new Uint8Array(64).fill(0x41), { append: true });
  const told: string[] = [];
  const catalog = WorkerCatalog.unopened({
    ...{ file: capture.file, folder: capture.folder },
    onFailure: ({ message }) => told.push(message),
  });
  catalog.written(size + 64);
  await assert.rejects(catalog.begin(), /^Error: Cannot index .* damaged at byte/);
  assert.deepEqual(told, []);
  await catalog.close();
});

Deno.test("WorkerCatalog.stopped: what is open when recording stops ends once all was read", async () => {
  await withCatalog((capture) => {
    capture.opened(1);
    capture.chunk(1, "upstream", get("/first"));
  }, async (catalog, capture) => {
    capture.chunk(1, "downstream", answer("{}"));
    capture.chunk(1, "upstream", get("/cut"));
    catalog.stopped("Recording stopped: cannot write to x: No space left on device", capture.size);
    await catalog.level();
    const error = "not recorded further: cannot write to x: No space left on device";
    const { exchanges } = await catalog.exchanges({});
    assert.deepEqual(exchanges.map(({ url, state, fault }) => [url, state, fault]), [
      ["/cut", "failed", error],
      ["/first", "done", null],
    ]);
    const [connection] = (await catalog.connections({})).connections;
    assert.deepEqual([connection.state, connection.how, connection.error], ["closed", "stopped", error]);
  });
});

Deno.test("WorkerCatalog: a damaged capture ends the index with the reason; what was indexed stays", async () => {
  using capture = new Capture();
  orders(3)(capture);
  const size = capture.size;
  using file = Deno.openSync(capture.file, { append: true });
  file.writeSync(new Uint8Array(64).fill(0x41));
  const failure = Promise.withResolvers<Error>();
  const catalog = await WorkerCatalog.open({
    file: capture.file,
    folder: capture.folder,
    onFailure: failure.resolve,
  });
  catalog.written(size);
  await catalog.level();
  catalog.written(size + 64);
  assert.match((await failure.promise).message, /damaged at byte/);
  await assert.rejects(catalog.level(), /damaged at byte/);
  assert.equal((await catalog.exchanges({})).total, 3);
  await catalog.close();
});

Deno.test("WorkerCatalog.open: says why a capture cannot be opened", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  await assert.rejects(WorkerCatalog.open({ file: `${folder}/none.pcapng`, folder }), /none\.pcapng/);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("WorkerCatalog.close: questions that wait or come later are answered with an error", async () => {
  using capture = new Capture();
  orders(10)(capture);
  const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
  catalog.written(capture.size);
  await catalog.level();
  await catalog.close();
  await assert.rejects(catalog.exchanges({}), /closed/);
  assert.equal(select(capture, "SELECT count(*) AS rows FROM exchange")[0].rows, 10);
});

Deno.test("WorkerCatalog.exchanges: those of a connection", async () => {
  await withCatalog(orders(30), async (catalog) => {
    const first = await catalog.exchanges({ connection: "c2", limit: 10 });
    assert.deepEqual([first.total, first.exchanges.length, first.next], [15, 10, first.exchanges[9].id]);
    assert.ok(first.exchanges.every(({ connection }) => connection === "c2"));
    const rest = await catalog.exchanges({ connection: "c2", before: first.next! });
    assert.deepEqual([rest.exchanges.length, rest.offset, rest.next], [5, 10, null]);
    const some = await catalog.exchanges({ connection: "c1", q: "status:404" });
    assert.deepEqual(some.exchanges.map(({ id }) => id), []);
    const other = await catalog.exchanges({ connection: "c2", q: "status:404", listener: "l2" });
    assert.deepEqual(other.exchanges.map(({ id }) => id), ["e30", "e20", "e10"]);
    assert.equal((await catalog.exchanges({ connection: "c2", listener: "l1" })).total, 0);
    assert.equal((await catalog.exchanges({ connection: "c99" })).total, 0);
    await assert.rejects(
      catalog.exchanges({ connection: "2" }),
      /RangeError: Cannot list what went over "2"/,
    );
  });
});
