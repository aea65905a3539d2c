import assert from "node:assert/strict";
import { decode } from "../../src/decode/mod.ts";
import { readerOf } from "../../src/journal/file.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { IndexedSource } from "../../src/catalog/indexed_source.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";
import { answer, Capture, get } from "./capture.ts";

Deno.test("an index that has no room says so, and goes on once there is some", async () => {
  using capture = new Capture();
  for (let n = 1; n <= 300; n++) {
    capture.opened(n);
    capture.chunk(n, "upstream", get(`/${"a".repeat(300)}${n}`));
    capture.chunk(n, "downstream", answer("{}"));
    capture.closed(n);
  }
  using file = Deno.openSync(capture.file);
  const database = createIndex(capture.folder);
  const tables = new Tables(database);
  const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
  database.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const waits = Promise.withResolvers<void>();
  const source: IndexedSource = new IndexedSource({
    hasRoom: () => tables.retry(),
    number: 0,
    source: new JournalReader(readerOf(file)),
    note: null,
    tables,
    decode,
    keep: () => 0,
    cores: 8,
    completed: false,
    tell: () => {
      if (source.state.waits) waits.resolve();
    },
    fail: (reason) => waits.reject(new Error(reason)),
  });
  const count = () =>
    (database.prepare("SELECT count(*) AS count FROM exchange").get() as { readonly count: number }).count;
  try {
    source.tail.written(capture.size);
    await waits.promise;
    assert.ok(count() < 300);
    database.exec("PRAGMA max_page_count = 1000000");
    await source.tail.level();
    assert.deepEqual([count(), source.state.waits, source.state.error], [300, undefined, null]);
  } finally {
    source.stop();
    database.close();
  }
});

Deno.test("what goes before it was read is known to have gone, and what goes afterwards is counted", async () => {
  for (const isRead of [true, false]) {
    using capture = new Capture();
    capture.connection(1, [[get("/"), answer("{}")]]);
    using file = Deno.openSync(capture.file);
    const tables = new Tables(createIndex(capture.folder));
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const source = new IndexedSource({
      ...{
        hasRoom: () => true,
        number: 0,
        source: new JournalReader(readerOf(file)),
        note: null,
        tables,
        decode,
      },
      ...{ keep: () => 0, cores: 8, completed: false, tell: () => {} },
      fail: (reason) => reject(new Error(reason)),
    });
    if (isRead) source.tail.written(capture.size);
    await Promise.race([source.tail.level(), failed]);
    for (const _step of source.dropBefore(capture.size)) continue;
    assert.deepEqual(
      [source.hasSkipped, source.indexer.dropped?.exchanges ?? 0],
      isRead ? [false, 1] : [true, 0],
    );
    source.stop();
    tables.close();
  }
});
