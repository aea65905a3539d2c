import assert from "node:assert/strict";
import { decode } from "../../src/decode/mod.ts";
import { readerOf } from "../../src/journal/file.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { IndexedSource } from "../../src/catalog/indexed_source.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";
import { answer, Capture, get } from "./capture.ts";

Deno.test("an index that has no room is left as it is, and says why", async () => {
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
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>();
  const source = new IndexedSource({
    hasRoom: () => true,
    number: 0,
    source: new JournalReader(readerOf(file)),
    note: null,
    tables,
    decode,
    keep: () => 0,
    cores: 8,
    completed: false,
    tell: () => {},
    fail,
  });
  try {
    source.tail.written(capture.size);
    assert.match(await failed, /full/);
    assert.match(source.state.error ?? "", /full/);
    const { count } = database.prepare("SELECT count(*) AS count FROM exchange").get() as { count: number };
    assert.ok(count < 300);
  } finally {
    source.stop();
    database.close();
  }
});
