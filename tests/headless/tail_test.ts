// Tail over a stand-in of the catalog: order, the filter, and that nothing is printed twice.

import assert from "node:assert/strict";
import type { Catalog, ExchangeList, ExchangeQuery } from "../../src/catalog/types.ts";
import { MOST_WAITING, Tail } from "../../src/headless/tail.ts";
import { plain } from "../../src/headless/words.ts";
import type { Exchange } from "../../src/model.ts";

/** Exchanges with the given numbers; those that the filter "even" finds have even ones. */
class Rows {
  readonly asked: ExchangeQuery[] = [];
  constructor(public numbers: number[]) {}

  row(number: number, state: Exchange["state"] = "done"): Exchange {
    return {
      id: `e${number}`,
      state,
      started: new Date(0).toISOString(),
      protocol: "http",
      method: "GET",
      url: `/${number}`,
      target: "t:1",
      status: 200,
      elapsedMs: 1,
      responseBytes: 1,
      fault: null,
    } as Exchange;
  }

  exchanges(query: ExchangeQuery): Promise<ExchangeList> {
    this.asked.push(query);
    if (query.q === "wrong:") return Promise.reject(new RangeError("that is no filter"));
    const matching = this.numbers.filter((number) => query.q !== "even" || number % 2 === 0);
    const order = query.order === "asc" ? matching : matching.toReversed();
    const before = query.before === undefined ? 0 : order.indexOf(Number(query.before.slice(1)));
    const from = before + (query.offset ?? 0);
    // As few at once as make several questions.
    const limit = Math.min(query.limit ?? 100, 3);
    const exchanges = order.slice(from, from + limit).map((number) => this.row(number));
    const after = order[from + limit];
    const next = after === undefined ? null : `e${after}`;
    return Promise.resolve({ exchanges, total: matching.length, offset: from, next });
  }
}

function tailing(rows: Rows, filter = "") {
  const printed: string[] = [];
  const hints: string[] = [];
  const failed = Promise.withResolvers<Error>();
  const tail = new Tail(rows as unknown as Pick<Catalog, "exchanges" | "exchange" | "view">, {
    ...{ filter, heads: false, bodies: false, paint: plain },
    print: (lines) => void printed.push(...lines.map((line) => /GET (\S+)/.exec(line)![1])),
    hint: (text) => void hints.push(text),
    failed: failed.resolve,
  });
  return { tail, printed, hints, failed: failed.promise };
}

Deno.test("Tail says at once that a field may be misspelt", () => {
  assert.match(tailing(new Rows([]), "stauts:500").hints.join(), /Write status: for that field\.$/);
  assert.deepEqual(tailing(new Rows([]), "status:500").hints, []);
});

Deno.test("Tail prints the latest that are there, then what comes, each once", async () => {
  const rows = new Rows([1, 2, 3, 4, 5, 6]);
  const { tail, printed } = tailing(rows);
  tail.begin(4);
  tail.completed([rows.row(6), rows.row(7)]);
  await tail.done();
  tail.completed([rows.row(8)]);
  await tail.done();
  assert.deepEqual(printed, ["/3", "/4", "/5", "/6", "/7", "/8"]);
});

Deno.test("Tail prints only what its filter finds, in the order of completion", async () => {
  const rows = new Rows([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const { tail, printed } = tailing(rows, "even");
  tail.begin(0);
  tail.completed([10, 3, 2, 9, 8].map((number) => rows.row(number)));
  await tail.done();
  assert.deepEqual(printed, ["/10", "/2", "/8"]);
});

Deno.test("Tail asks no further than the oldest of what is complete", async () => {
  const rows = new Rows(Array.from({ length: 100 }, (_, at) => at + 1));
  const { tail, printed } = tailing(rows, "even");
  tail.begin(0);
  await tail.done();
  rows.asked.length = 0;
  tail.completed([rows.row(97)]);
  await tail.done();
  assert.deepEqual([printed, rows.asked.length], [[], 1]);
});

Deno.test("Tail begins with all where it is told to, and leaves out what is open", async () => {
  const rows = new Rows([1, 2, 3, 4]);
  const real = rows.row.bind(rows);
  rows.row = (number) => real(number, number === 2 ? "open" : "done");
  const { tail, printed } = tailing(rows);
  tail.begin(null);
  await tail.done();
  assert.deepEqual(printed, ["/1", "/3", "/4"]);
});

Deno.test("Tail begins with so many as it prints, however many are open among them", async () => {
  for (const [count, numbers] of [[3, [2, 3, 6]], [1, [6]], [9, [1, 2, 3, 6]], [0, []]] as const) {
    const rows = new Rows([1, 2, 3, 4, 5, 6, 7]);
    const real = rows.row.bind(rows);
    rows.row = (number) => real(number, [4, 5, 7].includes(number) ? "open" : "done");
    const { tail, printed } = tailing(rows);
    tail.begin(count);
    await tail.done();
    assert.deepEqual(printed, numbers.map((number) => `/${number}`));
  }
});

Deno.test("Tail tells what is wrong with its filter, and prints no more", async () => {
  const rows = new Rows([1]);
  const { tail, printed, failed } = tailing(rows, "wrong:");
  tail.begin(1);
  assert.match((await failed).message, /that is no filter/);
  tail.completed([rows.row(1)]);
  await tail.done();
  assert.deepEqual(printed, []);
});

Deno.test("Tail holds so many at most while nobody reads, and says what it left out", async () => {
  const rows = new Rows([]);
  const taken = Promise.withResolvers<void>();
  const lines: string[] = [];
  const tail = new Tail(rows as unknown as Pick<Catalog, "exchanges" | "exchange" | "view">, {
    ...{ filter: "", heads: false, bodies: false, paint: plain },
    print: async (printed) => {
      lines.push(...printed);
      await taken.promise;
    },
    hint: (text) => assert.fail(text),
    failed: (error) => assert.fail(error),
  });
  tail.completed([rows.row(1)]);
  for (let from = 2; from < MOST_WAITING + 1_002; from += 1_000) {
    tail.completed(Array.from({ length: 1_000 }, (_, at) => rows.row(from + at)));
  }
  taken.resolve();
  await tail.done();
  assert.equal(lines.length, 1 + MOST_WAITING);
  assert.equal(lines[0], "(… 1,001 left out: they came faster than they are read)");
  assert.match(lines[1], /GET \/1002 /);
});
