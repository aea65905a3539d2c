// How long a question waits for a ranking: an answer is given early once it has the rows that were asked for.

import assert from "node:assert/strict";
import { BLOCK } from "../../src/catalog/gone.ts";
import type { Ranked } from "../../src/catalog/rank_sql.ts";
import { Ranks, type Waits } from "../../src/catalog/ranks.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { conditionOf } from "../../src/catalog/search/condition.ts";
import { Slices } from "../../src/catalog/slices.ts";
import { readQuery } from "../../src/decode/query/mod.ts";

const SIGNAL = new AbortController().signal;
/** Always due: one block at a time. */
const LEAST = new Slices(0);
const BLOCKS = 10;

const RANKED: Ranked = {
  table: "exchange",
  listener: undefined,
  connection: undefined,
  condition: conditionOf(readQuery("method:GET"), { table: "exchange", now: 0, contents: "0" }),
};

Deno.test("the first answer waits for its rows alone, others for more, and what wants the whole for all", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const database = createIndex(folder);
  try {
    const put = database.prepare(
      "INSERT INTO exchange (id, listener, connection, protocol, state, started, elapsed_ms, client, target, " +
        "method, url, status, summary, request_bytes, response_bytes) " +
        "VALUES (?, 'l', 1, 'http', 'done', 0, 1, 'c', 't', 'GET', '/', 200, '', 1, 1)",
    );
    for (let block = 0; block < BLOCKS; block++) put.run(block * BLOCK + 1);
    /** How many rows are found, one being in each block, and whether that is said to be all. */
    const found = (ranks: Ranks, enough: number, whole = false) =>
      ranks.find(RANKED, { whole, enough }, SIGNAL, ({ total, part }) => [total, part === 1]);
    const ranks = (waits: Waits) => new Ranks(database, LEAST, waits);

    const soon = { first: 0, most: Infinity };
    const asked = ranks(soon);
    assert.deepEqual(await found(asked, 3), [3, false]);
    assert.deepEqual(await found(asked, 3), [BLOCKS, true], "asked again");
    assert.deepEqual(await found(ranks(soon), Infinity), [BLOCKS, true], "not enough");
    assert.deepEqual(await found(ranks(soon), 3, true), [BLOCKS, true], "the whole");
    assert.deepEqual(await found(ranks({ first: 0, most: 0 }), Infinity), [1, false], "at most");
  } finally {
    database.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
