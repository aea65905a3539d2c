// Positions and counts of matching rows: against plain SQL over all rows, while rows come, end and go, in several
// captures; which ways SQLite takes to them; and that what has not changed is not looked at again.

import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { BlockRanking } from "../../src/catalog/block_ranking.ts";
import { BLOCK, noteGone } from "../../src/catalog/gone.ts";
import { type Ranked, rankSql } from "../../src/catalog/rank_sql.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { conditionOf, EVERY_ROW } from "../../src/catalog/search/condition.ts";
import { Slices } from "../../src/catalog/slices.ts";
import { readQuery } from "../../src/decode/query/mod.ts";
import { CONNECTIONS } from "../../src/journal/capture_files.ts";
import { randomFrom } from "./growing_wire.ts";

/** Never due: everything in one go. */
const AT_ONCE = new Slices(Infinity);
/** Always due: as little as there can be at a time. */
const LEAST = new Slices(0);

const FILTERS = [
  "",
  "status:>=500",
  "method:POST",
  "-method:POST",
  "path:nowhere",
  "status:2xx",
  "state:open",
  "-state:open status:<300",
  "time:>900ms or path:/7",
  "-status:999",
];

function ranked(q: string, more: Partial<Ranked> = {}): Ranked {
  const condition = q === ""
    ? EVERY_ROW
    : conditionOf(readQuery(q), { table: "exchange", now: 0, contents: "0" });
  return { table: "exchange", listener: undefined, connection: undefined, condition, ...more };
}

class Rows implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  readonly database: DatabaseSync = createIndex(this.#folder);
  readonly #put = this.database.prepare(
    "INSERT OR REPLACE INTO exchange (id, listener, connection, protocol, state, started, elapsed_ms, client, target, " +
      "method, url, status, summary, request_bytes, response_bytes) " +
      "VALUES (?, ?, ?, 'http', ?, 0, ?, 'c', 't', ?, ?, ?, '', 1, 1)",
  );

  put(id: number, random: (below: number) => number, state: string): void {
    const listener = id % 20 === 0 ? "rare" : "often";
    const status = state === "open" ? null : 200 + random(4) * 100;
    const method = random(4) === 0 ? "POST" : "GET";
    this.#put.run(id, listener, id % 97, state, random(1000), method, `/${random(5000)}`, status);
  }

  remove(ids: readonly number[]): void {
    for (const id of ids) this.database.prepare("DELETE FROM exchange WHERE id = ?").run(id);
    noteGone(this.database, "exchange", new Set(ids.map((id) => Math.floor(id / BLOCK))));
  }

  /** All that match, by plain SQL, ascending. */
  judged({ listener, connection, condition }: Ranked): number[] {
    const where = [
      ...listener === undefined ? [] : [`listener = '${listener}'`],
      ...connection === undefined ? [] : [`connection = ${connection}`],
      condition.sql,
    ].join(" AND ");
    return this.database.prepare(`SELECT id FROM exchange NOT INDEXED WHERE ${where} ORDER BY id`)
      .all(...condition.parameters).map((row) => (row as { readonly id: number }).id);
  }

  [Symbol.dispose](): void {
    this.database.close();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function compare(
  ranking: BlockRanking,
  expected: readonly number[],
  random: (below: number) => number,
): void {
  assert.equal(ranking.total, expected.length);
  assert.equal(ranking.part, 1);
  const down = expected.toReversed();
  for (const offset of [0, random(expected.length + 1), random(expected.length + 1), expected.length]) {
    const limit = 1 + random(300);
    assert.deepEqual(ranking.numbers(offset, limit, "desc"), down.slice(offset, offset + limit));
    assert.deepEqual(ranking.numbers(offset, limit, "asc"), expected.slice(offset, offset + limit));
  }
  for (const id of [down[0] ?? 5, down[random(down.length)] ?? 7, 1 + random(5 * BLOCK), CONNECTIONS]) {
    assert.equal(ranking.rank(id), expected.filter((one) => one >= id).length, `rank of ${id}`);
  }
}

Deno.test("BlockRanking finds the same rows as plain SQL while rows come, end and go, in several captures", () => {
  const seed = Date.now() % 1e6;
  console.log(`seed ${seed}`);
  const random = randomFrom(seed);
  using rows = new Rows();
  const kinds = FILTERS.flatMap((q) => [
    ranked(q),
    ranked(q, { listener: "often" }),
    ranked(q, { listener: "rare" }),
    ranked(q, { connection: 7 }),
  ]);
  const rankings = kinds.map((kind) => ({ kind, ranking: new BlockRanking(rows.database, kind) }));
  /** The highest number in each capture, and what is open. */
  const last = new Map([[0, 0]]);
  const open = new Set<number>();
  const all = new Set<number>();
  for (let round = 0; round < 8; round++) {
    rows.database.exec("BEGIN");
    for (const id of open) {
      if (random(3) !== 0) continue;
      open.delete(id);
      rows.put(id, random, "done");
    }
    if (round === 3) last.set(2, 2 * CONNECTIONS);
    for (const [source, before] of last) {
      const count = random(round === 0 ? 3 * BLOCK : 1500);
      for (let id = before + 1; id <= before + count; id++) {
        const state = random(60) === 0 ? "open" : random(9) === 0 ? "failed" : "done";
        rows.put(id, random, state);
        if (state === "open") open.add(id);
        all.add(id);
      }
      last.set(source, before + count);
    }
    if (round % 2 === 1) {
      const gone = [...all].filter((id) => random(round === 5 ? 2 : 40) === 0 || id < round * 100);
      for (const id of gone) {
        all.delete(id);
        open.delete(id);
      }
      rows.remove(gone);
    }
    rows.database.exec("COMMIT");
    for (const { kind, ranking } of rankings) {
      // Some are asked now and then only.
      if (round > 0 && random(3) === 0) continue;
      const slices = random(2) === 0 ? AT_ONCE : LEAST;
      while (!ranking.advance(slices));
      compare(ranking, rows.judged(kind), random);
    }
  }
});

Deno.test("BlockRanking begins with the newest, and says how far it has come", () => {
  using rows = new Rows();
  const random = randomFrom(1);
  rows.database.exec("BEGIN");
  for (let id = 1; id < 4 * BLOCK; id++) rows.put(id, random, "done");
  rows.database.exec("COMMIT");
  const ranking = new BlockRanking(rows.database, ranked("method:GET"));
  assert.equal(ranking.advance(LEAST), false);
  assert.ok(ranking.part < 0.5, `${ranking.part}`);
  const expected = rows.judged(ranked("method:GET")).toReversed();
  assert.deepEqual(ranking.numbers(0, 1, "desc"), expected.slice(0, 1));
  let steps = 1;
  while (!ranking.advance(LEAST)) steps++;
  assert.equal(ranking.total, expected.length);
  assert.ok(steps >= 4, `${steps}`);
});

Deno.test("BlockRanking looks again only at blocks in which something has happened", () => {
  using rows = new Rows();
  const random = randomFrom(2);
  rows.database.exec("BEGIN");
  for (let id = 1; id < 5 * BLOCK; id++) rows.put(id, random, "done");
  rows.put(BLOCK + 5, random, "open");
  rows.database.exec("COMMIT");
  const kind = ranked("status:999");
  const ranking = new BlockRanking(rows.database, kind);
  while (!ranking.advance(AT_ONCE));
  assert.equal(ranking.total, 0);
  // Nothing tells of this, so whoever sees it has looked without reason.
  rows.database.exec("UPDATE exchange SET status = 999 WHERE state = 'done'");
  rows.put(5 * BLOCK, random, "done");
  ranking.advance(AT_ONCE);
  assert.equal(ranking.total, 0, "what came is alone in its block");
  rows.remove([2 * BLOCK + 1]);
  rows.put(BLOCK + 5, random, "done");
  ranking.advance(AT_ONCE);
  const seen = rows.judged(kind).filter((id) => Math.floor(id / BLOCK) === 1 || Math.floor(id / BLOCK) === 2);
  assert.deepEqual(ranking.numbers(0, 2 * BLOCK, "asc"), seen);
});

Deno.test("BlockRanking looks again at everything once more has gone than is remembered", () => {
  using rows = new Rows();
  const random = randomFrom(3);
  rows.database.exec("BEGIN");
  for (let id = 1; id < 3 * BLOCK; id++) rows.put(id, random, "done");
  rows.database.exec("COMMIT");
  const kind = ranked("method:GET");
  const ranking = new BlockRanking(rows.database, kind);
  while (!ranking.advance(AT_ONCE));
  rows.database.exec("BEGIN");
  rows.remove(Array.from({ length: BLOCK / 2 }, (_, at) => at + 1));
  // Notes of another block, more than are kept.
  noteGone(rows.database, "exchange", Array.from({ length: 10_001 }, () => 2));
  rows.database.exec("COMMIT");
  while (!ranking.advance(AT_ONCE));
  compare(ranking, rows.judged(kind), random);
});

/** By filter, what SQLite must do for a block of it, for a listener with most rows and for one with few. */
const WAYS: readonly (readonly [q: string, often: RegExp, rare: RegExp])[] = [
  [
    "",
    /COVERING INDEX exchange_of_listener \(listener=\? AND (?:row)?id/,
    /COVERING INDEX exchange_of_listener/,
  ],
  ...[
    "status:>=500",
    "method:POST",
    "path:/x",
    "time:>1s",
    "-status:404",
    "method:PUT or has:fault",
    "is:tls",
  ].map(
    (q) =>
      [
        q,
        /INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/,
        /INDEX exchange_of_listener \(listener=\? AND (?:row)?id/,
      ] as const,
  ),
];

Deno.test("SQLite takes the way that is meant: blocks by number, rare listeners and what is open by their indexes", () => {
  using rows = new Rows();
  const plan = (sql: string) => {
    const count = sql.match(/\?/g)?.length ?? 0;
    return rows.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...new Array(count).fill(1))
      .map((row) => (row as { readonly detail: string }).detail).join("; ");
  };
  for (const [q, often, rare] of WAYS) {
    for (const [isRare, way] of [[false, often], [true, rare]] as const) {
      const sql = rankSql(ranked(q, { listener: "l1" }), isRare);
      for (const name of ["few", "more", "numbersUp", "numbersDown", "from"] as const) {
        assert.match(plan(sql[name]), way, `${q} ${name}: ${plan(sql[name])}`);
        assert.doesNotMatch(plan(sql[name]), /SCAN|B-TREE/, `${q} ${name}`);
      }
      for (const name of ["last", "first"] as const) {
        assert.match(plan(sql[name]), /^SEARCH exchange USING COVERING INDEX exchange_of_listener/, name);
      }
      for (const name of ["open", "matching"] as const) assert.match(plan(sql[name]), /INDEX open_exchange/);
    }
  }
});
