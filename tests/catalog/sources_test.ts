import assert from "node:assert/strict";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import type { CatalogChange, SourceState } from "../../src/catalog/types.ts";
import { answer, Capture, get } from "./capture.ts";

/** A catalog of `live`, to which captures can be added. */
async function withSources(
  live: Capture,
  ask: (catalog: WorkerCatalog) => Promise<void>,
): Promise<void> {
  const catalog = await WorkerCatalog.open({ file: live.file, folder: live.folder });
  try {
    catalog.written(live.size);
    await catalog.level();
    await ask(catalog);
  } finally {
    await catalog.close();
  }
}

/** Resolves once `is` holds of what the catalog tells. */
function once(catalog: WorkerCatalog, is: (change: CatalogChange) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = catalog.onChange((change) => {
      if (!is(change)) return;
      stop();
      resolve();
    });
  });
}

const text = async (catalog: WorkerCatalog, connection: string) => {
  const bytes = await catalog.bytes({ connection, direction: "upstream" });
  return bytes && await new Response(bytes.stream).text();
};

Deno.test("captures that are opened beside the one that is recorded keep their rows apart from its own", async () => {
  using live = new Capture();
  using one = new Capture();
  using two = new Capture();
  live.connection(1, [[get("/live/1"), answer("{}")]]);
  one.connection(1, [[get("/one/1"), answer("{}")], [get("/one/2"), answer("{}", "500 Oh")]]);
  one.opened(2, "l2", undefined, { resendOf: ["e2"], origin: "tcpmon" });
  one.chunk(2, "upstream", get("/one/again"));
  two.connection(7, [[get("/two/1"), answer("{}")]], "sender");
  await withSources(live, async (catalog) => {
    assert.deepEqual(await catalog.addSource({ number: 1, file: one.file }), {
      kind: "tcpmon",
      size: one.size,
    });
    await catalog.addSource({ number: 2, file: two.file });
    await catalog.level();
    const rows = async (listener?: string, q?: string) =>
      (await catalog.exchanges({ listener, q })).exchanges.map(({ id, url }) => `${id} ${url}`);
    assert.deepEqual(await rows("l1"), ["e1 /live/1"]);
    assert.deepEqual(await rows("k1.l1"), ["e1000000002 /one/2", "e1000000001 /one/1"]);
    assert.deepEqual(await rows("k1.l2"), ["e1000000003 /one/again"]);
    assert.deepEqual(await rows("k2.sender"), ["e2000000001 /two/1"]);
    assert.deepEqual(await rows("k1.l1", "status:>=500"), ["e1000000002 /one/2"]);
    assert.equal((await catalog.exchange("e1000000003"))?.resendOf, "e1000000002");
    assert.deepEqual(
      [await text(catalog, "c1"), await text(catalog, "c1000000001"), await text(catalog, "c2000000007")],
      [get("/live/1"), get("/one/1") + get("/one/2"), get("/two/1")],
    );
    const sources = catalog.sources.map(({ number, done, total, error, listeners }) => [
      ...[number, done === total, error],
      listeners.map(({ id }) => id).join(),
    ]);
    assert.deepEqual(sources, [[0, true, null, "l1"], [1, true, null, "k1.l1,k1.l2"], [
      ...[2, true, null],
      "k2.sender",
    ]]);

    // What is recorded now is found by a filter that was asked while captures with higher numbers were there.
    assert.deepEqual(await rows(undefined, "path:/live"), ["e1 /live/1"]);
    live.connection(2, [[get("/live/2"), answer("{}")]]);
    catalog.written(live.size);
    await catalog.level();
    assert.deepEqual(await rows(undefined, "path:/live"), ["e2 /live/2", "e1 /live/1"]);

    assert.equal(await catalog.remove({ ids: ["e1000000001", "e1"] }), 2);
    assert.deepEqual(await rows("k1.l1"), ["e1000000002 /one/2"]);
    await catalog.removeSource(1);
    assert.deepEqual([await rows("k1.l1"), await catalog.connection("c1000000001")], [[], null]);
    assert.deepEqual([await rows("l1"), await rows("k2.sender")], [["e2 /live/2"], ["e2000000001 /two/1"]]);
    // Its number is free again.
    await catalog.addSource({ number: 1, file: two.file });
    await catalog.level();
    assert.deepEqual(await rows("k1.sender"), ["e1000000001 /two/1"]);
  });
});

Deno.test("an opened capture that still grows is followed; its file and its times are not touched", async () => {
  using live = new Capture();
  using growing = new Capture();
  growing.connection(1, [[get("/first"), answer("{}")]]);
  await withSources(live, async (catalog) => {
    await catalog.addSource({ number: 1, file: growing.file });
    await catalog.level();
    const came = once(catalog, ({ exchanges }) => exchanges.some(({ url }) => url === "/second"));
    growing.connection(2, [[get("/second"), answer("{}")]]);
    const before = Deno.statSync(growing.file);
    await came;
    const after = Deno.statSync(growing.file);
    assert.deepEqual([after.size, after.mtime], [before.size, before.mtime]);
  });
});

Deno.test("what is open where a finished capture ends is said to end there", async () => {
  using live = new Capture();
  using ended = new Capture();
  ended.opened(1);
  ended.chunk(1, "upstream", get("/open"));
  Deno.utimeSync(ended.file, new Date(2026, 0, 1), new Date(2026, 0, 1));
  await withSources(live, async (catalog) => {
    await catalog.addSource({ number: 1, file: ended.file });
    await catalog.level();
    const [{ state, fault }] = (await catalog.exchanges({ listener: "k1.l1" })).exchanges;
    assert.deepEqual([state, fault], ["failed", "the capture ends here"]);
  });
});

Deno.test("a finished capture that ends within a block is read to there, and that is said", async () => {
  using live = new Capture();
  using torn = new Capture();
  torn.connection(1, [[get("/whole"), answer("{}")]]);
  Deno.truncateSync(torn.file, torn.size - 1);
  Deno.utimeSync(torn.file, new Date(2026, 0, 1), new Date(2026, 0, 1));
  await withSources(live, async (catalog) => {
    const said = once(catalog, ({ sources }) => (sources?.[1]?.notes.length ?? 0) > 0);
    await catalog.addSource({ number: 1, file: torn.file });
    await said;
    const [, { done, total, notes, error }] = catalog.sources;
    assert.equal(done, total);
    assert.equal(error, null);
    assert.match(notes.join(), /^The file ends within a block: its last \d+ bytes are left out$/);
    assert.equal((await catalog.exchanges({ listener: "k1.l1" })).exchanges[0].url, "/whole");
  });
});

Deno.test({
  name: "what is open in a capture that another program still records to stays open, however quiet it is",
  ignore: Deno.build.os === "windows" || !("tryLockSync" in Deno.FsFile.prototype),
  fn: async () => {
    using live = new Capture();
    using recorded = new Capture();
    const quiet = () => Deno.utimeSync(recorded.file, new Date(2026, 0, 1), new Date(2026, 0, 1));
    const lock = Deno.openSync(recorded.file, { write: true });
    lock.lockSync(true);
    recorded.opened(1);
    recorded.chunk(1, "upstream", get("/quiet"));
    quiet();
    await withSources(live, async (catalog) => {
      await catalog.addSource({ number: 1, file: recorded.file });
      await catalog.level();
      const row = async () => {
        const [{ state, status, fault }] = (await catalog.exchanges({ listener: "k1.l1" })).exchanges;
        return [state, status, fault];
      };
      assert.deepEqual(await row(), ["open", null, null]);
      const answered = once(catalog, ({ exchanges }) => exchanges.some(({ status }) => status === 200));
      recorded.chunk(1, "downstream", answer("{}"));
      await answered;
      assert.deepEqual(await row(), ["done", 200, null]);
      // That program has ended without a word.
      const over = once(catalog, ({ counts }) => counts["k1.l1"]?.openConnections === 0);
      lock.close();
      quiet();
      await over;
      assert.equal((await catalog.connection("c1000000001"))?.error, "the capture ends here");
    });
  },
});

Deno.test("a capture that is damaged is read as far as that, and says where; the others go on", async () => {
  using live = new Capture();
  using damaged = new Capture();
  damaged.connection(1, [[get("/good"), answer("{}")]]);
  using file = Deno.openSync(damaged.file, { append: true });
  file.writeSync(new Uint8Array(64).fill(0x41));
  await withSources(live, async (catalog) => {
    const failed = once(catalog, ({ sources }) => sources?.some(({ error }) => error !== null) ?? false);
    await catalog.addSource({ number: 1, file: damaged.file });
    await failed;
    const state = catalog.sources.find(({ number }) => number === 1) as SourceState;
    assert.match(state.error ?? "", /damaged at byte/);
    assert.equal((await catalog.exchanges({ listener: "k1.l1" })).exchanges[0].url, "/good");
    live.connection(1, [[get("/live"), answer("{}")]]);
    catalog.written(live.size);
    await catalog.level();
    assert.equal((await catalog.exchanges({ listener: "l1" })).total, 1);
  });
});

Deno.test("a file that is no capture is refused in words", async () => {
  using live = new Capture();
  const path = (name: string, content: string | Uint8Array) => {
    Deno.writeFileSync(
      `${live.folder}/${name}`,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    return `${live.folder}/${name}`;
  };
  const refusals: [file: string, reason: string][] = [
    [`${live.folder}/none.pcapng`, "there is no such file"],
    [live.folder, "it is a folder"],
    [path("empty", ""), "it is empty"],
    [path("words.txt", "not a capture"), "it is neither pcapng nor pcap nor HAR"],
    [
      path("a.gz", Uint8Array.of(0x1f, 0x8b, 8, 0)),
      "it is compressed with gzip, and its data is damaged",
    ],
  ];
  await withSources(live, async (catalog) => {
    for (const [file, reason] of refusals) {
      await assert.rejects(
        catalog.addSource({ number: 1, file }),
        ({ message }: Error) => message === `Cannot open ${file}: ${reason}.`,
      );
    }
    assert.ok(catalog.sources.every(({ number }) => number === 0));
  });
});
