import assert from "node:assert/strict";
import { decode } from "../../src/decode/mod.ts";
import { readerOf } from "../../src/journal/file.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import type { RecordSource } from "../../src/journal/records.ts";
import { Indexer } from "../../src/catalog/indexer.ts";
import { News } from "../../src/catalog/news.ts";
import { Pace } from "../../src/catalog/pace.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";
import { Tail } from "../../src/catalog/tail.ts";
import type { CatalogChange } from "../../src/catalog/types.ts";
import { answer, Capture, get } from "./capture.ts";

interface Tailing {
  readonly tail: Tail;
  readonly indexer: Indexer;
  readonly changes: CatalogChange[];
  /** What it could not go on after. */
  readonly errors: unknown[];
  /** Resolves with the first of them. */
  readonly failed: Promise<unknown>;
}

async function withTail(
  capture: Capture,
  ask: (tailing: Tailing) => Promise<void>,
  wrap: (source: RecordSource) => RecordSource = (source) => source,
  hasRoom?: () => boolean,
): Promise<void> {
  using file = Deno.openSync(capture.file);
  const tables = new Tables(createIndex(capture.folder));
  const news = new News(true);
  const indexer = new Indexer(tables, decode, (row, completed) => news.row(row, completed));
  const changes: CatalogChange[] = [];
  const errors: unknown[] = [];
  const { promise: failed, resolve: fail } = Promise.withResolvers<unknown>();
  const tail = new Tail(
    wrap(new JournalReader(readerOf(file))),
    indexer,
    news,
    new Pace(8),
    (change) => changes.push(change),
    (error) => {
      errors.push(error);
      fail(error);
    },
    hasRoom,
  );
  try {
    await ask({ tail, indexer, changes, errors, failed });
  } finally {
    tail.stop();
    tables.close();
  }
}

/** A source that takes 5 ms for each record. */
function slow(source: RecordSource): RecordSource {
  return {
    get position() {
      return source.position;
    },
    payload: (chunk) => source.payload(chunk),
    next(limit) {
      const until = performance.now() + 5;
      while (performance.now() < until);
      return source.next(limit);
    },
  };
}

Deno.test("Tail: gives way to others between slices, and tells how far it is behind", async () => {
  using capture = new Capture();
  for (let connection = 1; connection <= 6; connection++) {
    capture.connection(connection, [[get("/"), answer("{}")]]);
  }
  await withTail(capture, async ({ tail, changes }) => {
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    tail.written(capture.size);
    await tail.level();
    clearInterval(count);
    // 42 records of 5 ms each, looked at the clock after every 16.
    assert.ok(turns >= 2, `${turns} turns`);
    const [first, last] = [changes[0], changes.at(-1)!];
    assert.ok(first.behindMs > 0, "behind at first");
    assert.ok(first.behindBytes! > 0 && first.behindBytes! < capture.size, `${first.behindBytes} bytes`);
    assert.deepEqual([last.behindMs, last.behindBytes], [0, undefined]);
    assert.equal(changes.flatMap(({ completed }) => completed).length, 6);
  }, slow);
});

Deno.test("Tail: tells at once after a pause, and what is level tells nothing", async () => {
  using capture = new Capture();
  capture.opened(1);
  await withTail(capture, async ({ tail, changes }) => {
    tail.written(capture.size);
    await tail.level();
    const told = changes.length;
    assert.deepEqual(changes.at(-1)?.counts.l1.openConnections, 1);
    tail.written(capture.size);
    await tail.level();
    assert.equal(changes.length, told);
  });
});

Deno.test("Tail: reads nothing while the disk has no room for the index, and all of it afterwards", async () => {
  using capture = new Capture();
  capture.connection(1, [[get("/"), answer("{}")]]);
  let looks = 0;
  const room: boolean[] = [];
  const hasRoom = () => {
    room.push(++looks > 2);
    return looks > 2;
  };
  const reading = (source: RecordSource): RecordSource => ({
    get position() {
      return source.position;
    },
    payload: (chunk) => source.payload(chunk),
    next(limit) {
      assert.equal(room.at(-1), true);
      return source.next(limit);
    },
  });
  await withTail(
    capture,
    async ({ tail, indexer, errors }) => {
      tail.written(capture.size);
      await tail.level();
      assert.deepEqual([indexer.counting.all.l1.total, errors], [1, []]);
      assert.deepEqual(room.slice(0, 3), [false, false, true]);
    },
    reading,
    hasRoom,
  );
});

Deno.test("Tail: the end of what was written may be in the middle of a block", async () => {
  using capture = new Capture();
  capture.opened(1);
  const before = capture.size;
  capture.chunk(1, "upstream", get("/"));
  await withTail(capture, async ({ tail, indexer }) => {
    for (let limit = before; limit < capture.size; limit += 7) {
      tail.written(limit);
      await tail.level();
      assert.equal(indexer.counting.all.l1.total, 0);
    }
    tail.written(capture.size);
    await tail.level();
    assert.equal(indexer.counting.all.l1.total, 1);
  });
});

Deno.test("Tail: stops at what it cannot read, and says so once", async () => {
  using capture = new Capture();
  capture.opened(1);
  const broken = (source: RecordSource): RecordSource => ({
    position: 0,
    payload: (chunk) => source.payload(chunk),
    next() {
      throw new Error("damaged");
    },
  });
  await withTail(capture, async ({ tail, errors, failed }) => {
    tail.written(capture.size);
    assert.deepEqual(await failed, new Error("damaged"));
    tail.written(capture.size + 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(errors.length, 1);
  }, broken);
});
