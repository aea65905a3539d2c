import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { formatOf } from "../../src/catalog/kept_index.ts";
import { answer, Capture, get } from "./capture.ts";

const PROGRAM = "tcpmon test";

/** A capture whose index is kept beside it. */
class Keeping implements Disposable {
  readonly capture = new Capture();
  readonly kept = `${this.capture.file}.index`;
  readonly database = `${this.kept}/catalog.sqlite`;

  [Symbol.dispose](): void {
    this.capture[Symbol.dispose]();
  }

  /** Reads all there is; `isKept` is whether the index stays. */
  async open<T>(ask: (catalog: WorkerCatalog) => Promise<T>, program = PROGRAM): Promise<T> {
    const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
    const { file } = this.capture;
    const catalog = await WorkerCatalog.open({ file, folder, kept: this.kept, program });
    try {
      catalog.written(this.capture.size);
      await catalog.level();
      return await ask(catalog);
    } finally {
      await catalog.close();
      Deno.removeSync(folder, { recursive: true });
    }
  }

  /** Changes the index, so that it is known again. */
  mark(): void {
    this.sql("UPDATE exchange SET summary = 'of the kept index'");
  }

  sql(statement: string): void {
    const database = new DatabaseSync(this.database);
    database.exec(statement);
    database.close();
  }
}

const summaries = async (catalog: WorkerCatalog) =>
  (await catalog.exchanges({ limit: 1000 })).exchanges.map(({ id, url, summary }) =>
    `${id} ${url} ${summary}`
  );

function orders(capture: Capture, first: number, count: number): void {
  for (let number = first; number < first + count; number++) {
    capture.connection(number, [[get(`/orders/${number}`), answer(`{"id":${number}}`)]]);
  }
}

/** What is the same however often the index was gone on with. */
function content(database: string): unknown {
  const read = new DatabaseSync(database, { readOnly: true });
  const rows = (sql: string) => read.prepare(sql).all().map((row) => ({ ...row }));
  const content = {
    connection: rows("SELECT * FROM connection ORDER BY id"),
    exchange: rows("SELECT * FROM exchange ORDER BY id"),
    extent: rows("SELECT * FROM extent ORDER BY connection, direction, start"),
    edit: rows("SELECT * FROM edit"),
    counts: rows("SELECT listener, total, open, failed, open_connections FROM counts ORDER BY listener"),
    listener: rows("SELECT * FROM listener ORDER BY id"),
  };
  read.close();
  return content;
}

Deno.test("an index that is kept is used again, and only what is new is read", async () => {
  using keeping = new Keeping();
  const { capture } = keeping;
  orders(capture, 1, 3);
  await keeping.open((catalog) => Promise.resolve(assert.ok(catalog.isKept)));
  keeping.mark();
  orders(capture, 4, 2);
  await keeping.open(async (catalog) => {
    assert.deepEqual(await summaries(catalog), [
      "e5 /orders/5 ",
      "e4 /orders/4 ",
      "e3 /orders/3 of the kept index",
      "e2 /orders/2 of the kept index",
      "e1 /orders/1 of the kept index",
    ]);
    const [{ done, total, listeners }] = catalog.sources;
    assert.deepEqual([done, total], [capture.size, capture.size]);
    assert.deepEqual(listeners.map(({ id, listen, target }) => [id, listen, target]), [
      ["l1", "127.0.0.1:8081", "localhost:80"],
    ]);
    const bytes = await catalog.bytes({ connection: "c2", direction: "downstream" });
    assert.equal(await new Response(bytes!.stream).text(), answer('{"id":2}'));
    assert.deepEqual((await catalog.overview()).counts.l1.total, 5);
  });
});

/** What becomes of a kept index, and whether it is good afterwards. */
const DAMAGES: Readonly<Record<string, (keeping: Keeping) => void>> = {
  "deleted": ({ kept }) => Deno.removeSync(kept, { recursive: true }),
  "random bytes throughout": ({ database }) => {
    const bytes = Deno.readFileSync(database);
    crypto.getRandomValues(bytes.subarray(0, Math.min(bytes.length, 65_536)));
    Deno.writeFileSync(database, bytes);
  },
  "random bytes behind its head": ({ database }) => {
    const bytes = Deno.readFileSync(database);
    for (let at = 4096; at < bytes.length; at += 4096) crypto.getRandomValues(bytes.subarray(at, at + 512));
    Deno.writeFileSync(database, bytes);
  },
  "cut in the middle": ({ database }) => {
    Deno.truncateSync(database, Deno.statSync(database).size >> 1);
  },
  "empty": ({ database }) => Deno.truncateSync(database, 0),
  "a folder in its place": ({ database }) => {
    Deno.removeSync(database);
    Deno.mkdirSync(database);
  },
  "another format": (keeping) => keeping.sql(`UPDATE kept SET format = '${formatOf("another")}'`),
  "without a checkpoint": (keeping) => keeping.sql("DELETE FROM kept"),
  "of another capture": ({ capture }) => {
    // The same traffic at another time, in a file as long as this one.
    using another = new Capture();
    another.now += 1000;
    orders(another, 1, 40);
    assert.equal(another.size, capture.size);
    Deno.copyFileSync(another.file, capture.file);
  },
  "with secrets of TLS connections": (keeping) => keeping.sql("INSERT INTO secret VALUES (5)"),
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  Deno.test(`an index that does not fit is made anew: ${name}`, async () => {
    using keeping = new Keeping();
    orders(keeping.capture, 1, 40);
    await keeping.open(() => Promise.resolve());
    keeping.mark();
    damage(keeping);
    await keeping.open(async (catalog) => {
      assert.ok(catalog.isKept);
      const rows = await summaries(catalog);
      assert.equal(rows.length, 40);
      assert.ok(rows.every((row) => !row.endsWith("kept index")), rows[0]);
    });
    // And that one is good for the next time.
    keeping.mark();
    await keeping.open(async (catalog) => assert.match((await summaries(catalog))[39], /kept index$/));
  });
}

Deno.test("what was indexed after the checkpoint is read again, whatever was open when the program was killed", async () => {
  using keeping = new Keeping();
  const { capture } = keeping;
  orders(capture, 1, 3);
  capture.opened(4);
  capture.chunk(4, "upstream", get("/open"));
  await keeping.open(async (catalog) => {
    // A checkpoint is made once nothing is open; these come after it, some of them whole.
    orders(capture, 5, 3);
    catalog.written(capture.size);
    await catalog.level();
    assert.equal((await catalog.exchanges({})).total, 7);
    // What a kill would leave: the files as they are, and nobody who closes them.
    Deno.mkdirSync(`${capture.folder}/left`);
    for (const { name } of Deno.readDirSync(keeping.kept)) {
      Deno.copyFileSync(`${keeping.kept}/${name}`, `${capture.folder}/left/${name}`);
    }
  });
  Deno.removeSync(keeping.kept, { recursive: true });
  Deno.renameSync(`${capture.folder}/left`, keeping.kept);
  capture.continue();
  orders(capture, 8, 2);
  await keeping.open(async (catalog) => {
    assert.equal((await catalog.exchanges({})).total, 9);
    assert.match((await catalog.exchange("e4"))?.fault ?? "", /tcpmon ended/);
  });
  const resumed = content(keeping.database);
  Deno.removeSync(keeping.kept, { recursive: true });
  await keeping.open(() => Promise.resolve());
  assert.deepEqual(resumed, content(keeping.database));
});

Deno.test("a second program reads the same capture with an index of its own", async () => {
  using keeping = new Keeping();
  orders(keeping.capture, 1, 3);
  await keeping.open(async (first) => {
    await keeping.open(async (second) => {
      assert.deepEqual([first.isKept, second.isKept], [true, false]);
      assert.deepEqual(await summaries(second), await summaries(first));
    });
    orders(keeping.capture, 4, 1);
    first.written(keeping.capture.size);
    await first.level();
    assert.equal((await first.exchanges({})).total, 4);
  });
  keeping.mark();
  await keeping.open(async (catalog) => assert.match((await summaries(catalog))[3], /kept index$/));
});

Deno.test("where no folder can be had beside the capture, the index is in the temporary one", async () => {
  using keeping = new Keeping();
  orders(keeping.capture, 1, 2);
  Deno.writeTextFileSync(keeping.kept, "the user's own");
  await keeping.open(async (catalog) => {
    assert.equal(catalog.isKept, false);
    assert.equal((await catalog.exchanges({})).total, 2);
  });
  assert.equal(Deno.readTextFileSync(keeping.kept), "the user's own");
});

Deno.test("rows that were removed stay removed", async () => {
  using keeping = new Keeping();
  orders(keeping.capture, 1, 3);
  await keeping.open((catalog) => catalog.remove({ ids: ["e2"] }));
  await keeping.open(async (catalog) => {
    assert.deepEqual((await catalog.exchanges({})).exchanges.map(({ id }) => id), ["e3", "e1"]);
    assert.equal((await catalog.overview()).counts.l1.total, 2);
  });
});
