// Notes of blocks from which rows were removed: written with the removal, told once, and too old ones not at all.

import assert from "node:assert/strict";
import { BLOCK, blockOf, goneSince, noteGone } from "../../src/catalog/gone.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";
import { CONNECTIONS } from "../../src/journal/capture_files.ts";

Deno.test("What is removed is noted by blocks, for each table, with the same commit", () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const database = createIndex(folder);
  const tables = new Tables(database);
  try {
    for (const id of [1, 2, BLOCK, 3 * BLOCK, CONNECTIONS + 1]) {
      database.prepare("INSERT INTO exchange (id, listener, state, position) VALUES (?, 'l1', 'done', 0)")
        .run(id);
      database.prepare("INSERT INTO connection (id, state, position) VALUES (?, 'closed', ?)").run(id, id);
    }
    const { latest } = goneSince(database, "exchange", 0);
    tables.remove(1);
    tables.removeOldest("l1", BLOCK, 10);
    tables.removeConnectionsBefore(2);
    tables.commit();
    assert.deepEqual([...goneSince(database, "exchange", latest).blocks!].sort(), [0, 1]);
    assert.deepEqual([...goneSince(database, "connection", latest).blocks!], [0]);
    const then = goneSince(database, "exchange", latest).latest;
    assert.deepEqual([...goneSince(database, "exchange", then).blocks!], []);
    tables.removeSource(1);
    tables.commit();
    assert.deepEqual([...goneSince(database, "exchange", then).blocks!], [blockOf(CONNECTIONS)]);
    for (let block = 0; block < 11_000; block++) noteGone(database, "exchange", [block]);
    assert.equal(goneSince(database, "exchange", then).blocks, null, "too long ago");
    const { first } = database.prepare("SELECT min(at) AS first FROM gone").get() as {
      readonly first: number;
    };
    assert.equal(goneSince(database, "exchange", first - 1).blocks!.size, 10_000);
  } finally {
    tables.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
