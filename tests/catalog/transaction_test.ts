// What the index does where SQLite has no room: nothing that was written is lost, and nothing is there twice.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Tail } from "../../src/catalog/tail.ts";
import { decode } from "../../src/decode/mod.ts";
import { Indexer } from "../../src/catalog/indexer.ts";
import { News } from "../../src/catalog/news.ts";
import { Pace } from "../../src/catalog/pace.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";
import { NoRoomError, Transaction } from "../../src/catalog/transaction.ts";
import { readerOf } from "../../src/journal/file.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { answer, Capture, get } from "./capture.ts";

const NOTHING = { flush: () => {}, clear: () => {}, last: () => {} };
const MUCH = "x".repeat(10_000);

/** Bounds a database to so many pages more than it has. */
function bound(database: DatabaseSync, more: number): void {
  const { page_count } = database.prepare("PRAGMA page_count").get() as { readonly page_count: number };
  database.exec(`PRAGMA max_page_count = ${page_count + more}`);
}

function free(database: DatabaseSync): void {
  database.exec("PRAGMA max_page_count = 1000000");
}

Deno.test("Transaction: what had no room is done as a whole once there is some, and answers are refused meanwhile", () => {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE row (text TEXT)");
  const all = () =>
    database.prepare("SELECT substr(text, 1, 1) AS text FROM row").all().map(({ text }) => text);
  const insert = database.prepare("INSERT INTO row VALUES (?)");
  const transaction = new Transaction(database, NOTHING);
  transaction.do(() => insert.run("a"));
  assert.equal(transaction.commit(), true);
  assert.equal(transaction.commit(), false);
  bound(database, 1);
  for (const text of ["b", MUCH, "c"]) transaction.do(() => insert.run(text));
  assert.equal(transaction.isFull, true);
  assert.deepEqual(all(), ["a"]);
  assert.equal(transaction.commit(), false);
  assert.throws(
    () => transaction.ask(() => database.prepare("DELETE FROM row RETURNING text").all()),
    NoRoomError,
  );
  free(database);
  assert.deepEqual([transaction.retry(), transaction.isFull, all()], [true, false, ["a", "b", "x", "c"]]);
  assert.equal(transaction.commit(), false);

  // An answer that was given stays true: what gave it is done again.
  const gone = transaction.ask(() =>
    database.prepare("DELETE FROM row WHERE text = 'a' RETURNING text").all()
  );
  assert.equal(gone.length, 1);
  bound(database, 0);
  transaction.do(() => insert.run(MUCH + MUCH));
  assert.deepEqual([transaction.isFull, all()], [true, ["a", "b", "x", "c"]]);
  free(database);
  assert.deepEqual([transaction.commit(), all()], [true, ["b", "x", "c", "x"]]);
  database.close();
});

Deno.test("Transaction: what is wrong otherwise is thrown", () => {
  const database = new DatabaseSync(":memory:");
  const transaction = new Transaction(database, NOTHING);
  assert.throws(() => transaction.do(() => database.exec("INSERT INTO nowhere VALUES (1)")), /no such table/);
  database.close();
});

const mounted = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
const canMount = Deno.build.os === "linux" && Deno.uid() === 0 && mount(mounted);
if (canMount) run("umount", mounted);
Deno.removeSync(mounted);

Deno.test("an index on a disk that is full goes on once there is room", { ignore: !canMount }, async () => {
  using capture = new Capture();
  for (let n = 1; n <= 300; n++) capture.connection(n, [[get(`/${n}`), answer("{}")]]);
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  mount(folder);
  try {
    const tables = new Tables(createIndex(folder));
    fill(`${folder}/other`);
    using file = Deno.openSync(capture.file);
    const indexer = new Indexer(tables, decode);
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const { promise: full, resolve: isFull } = Promise.withResolvers<void>();
    const hasRoom = () => {
      if (tables.isFull) isFull();
      return tables.retry();
    };
    const source = new JournalReader(readerOf(file));
    const tail = new Tail(source, indexer, new News(false), new Pace(8), () => {}, reject, hasRoom);
    tail.written(capture.size);
    await Promise.race([full, failed]);
    Deno.removeSync(`${folder}/other`);
    await Promise.race([tail.level(), failed]);
    tail.stop();
    tables.close();
    const database = new DatabaseSync(`${folder}/catalog.sqlite`, { readOnly: true });
    assert.equal(database.prepare("SELECT count(*) AS count FROM exchange").get()!.count, 300);
    database.close();
  } finally {
    run("umount", "-l", folder);
    Deno.removeSync(folder, { recursive: true });
  }
});

/** Writes until there is no room. */
function fill(path: string): void {
  using file = Deno.openSync(path, { write: true, create: true });
  for (const size of [65_536, 4096, 512]) {
    try {
      for (;;) file.writeSync(new Uint8Array(size));
    } catch {
      // Full, for this size.
    }
  }
}

function mount(folder: string): boolean {
  return run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder);
}

function run(command: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test("an index that has no room again and again waits, says so, and is then as if nothing had been", async () => {
  using capture = new Capture();
  for (let n = 1; n <= 60; n++) {
    const exchanges = Array.from(
      { length: n % 3 + 1 },
      (_, at) => [get(`/${n}/${at}`), answer(MUCH)] as const,
    );
    if (n % 10 !== 0) capture.connection(n, exchanges);
    else {
      capture.opened(n);
      capture.chunk(n, "upstream", get("/open"));
    }
  }
  const indexed = async (limits: boolean) => {
    const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
    const database = createIndex(folder);
    const tables = new Tables(database);
    using file = Deno.openSync(capture.file);
    const told = new Set<boolean>();
    const indexer = new Indexer(tables, decode);
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const tail: Tail = new Tail(
      new JournalReader(readerOf(file)),
      indexer,
      new News(false),
      new Pace(8),
      () => void told.add(tail.waits),
      reject,
      () => {
        if (!tables.isFull) return true;
        // Every time there is a little more of it.
        bound(database, room += 2);
        if (!tables.retry()) return false;
        bound(database, room = 0);
        return true;
      },
    );
    let room = 0;
    if (limits) bound(database, room);
    for (const part of [0.3, 0.5, 0.8, 1]) {
      tail.written(Math.floor(capture.size * part));
      await Promise.race([tail.level(), failed]);
    }
    tail.stop();
    const dump = ["exchange", "connection", "extent", "counts", "listener"].map((table) =>
      database.prepare(`SELECT * FROM ${table} ORDER BY 1`).all().map((row) => ({ ...row }))
    );
    tables.close();
    Deno.removeSync(folder, { recursive: true });
    return { dump, told };
  };
  const [plain, limited] = [await indexed(false), await indexed(true)];
  assert.deepEqual(limited.dump, plain.dump);
  assert.equal(plain.dump[0].length, 114);
  assert.deepEqual([[...plain.told], [...limited.told].sort()], [[false], [false, true]]);
});

Deno.test("nothing more is read while what was read has no room: it may have to look at rows", async () => {
  using capture = new Capture();
  // Many at once, so that they are written before the slice is over.
  for (let n = 1; n <= 4; n++) capture.connection(n, [[get(`/${n}`).repeat(100), answer("{}").repeat(100)]]);
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const database = createIndex(folder);
  const tables = new Tables(database);
  using file = Deno.openSync(capture.file);
  const indexer = new Indexer(tables, decode);
  const reader = new JournalReader(readerOf(file));
  let readWhileFull = 0;
  const source = {
    get position() {
      return reader.position;
    },
    payload: reader.payload.bind(reader),
    next: (limit: number) => {
      if (tables.isFull) readWhileFull++;
      return reader.next(limit);
    },
  };
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let waited = 0;
  const hasRoom = () => {
    if (!tables.isFull) return true;
    waited++;
    free(database);
    return tables.retry();
  };
  const tail = new Tail(source, indexer, new News(false), new Pace(8), () => {}, reject, hasRoom);
  bound(database, 2);
  tail.written(capture.size);
  await Promise.race([tail.level(), failed]);
  tail.stop();
  assert.deepEqual([readWhileFull, waited], [0, 1]);
  assert.equal(database.prepare("SELECT count(*) AS count FROM exchange").get()!.count, 400);
  tables.close();
  Deno.removeSync(folder, { recursive: true });
});
