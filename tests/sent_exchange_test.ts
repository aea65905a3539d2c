import assert from "node:assert/strict";
import type { CatalogChange } from "../src/catalog/types.ts";
import type { Exchange } from "../src/model.ts";
import { sentExchange } from "../src/sent_exchange.ts";
import { anExchange } from "./ui/fakes.ts";

/** A catalog whose rows are `rows` when it is asked, and which tells changes. */
class Rows {
  rows: Exchange[] = [];
  asked = 0;
  #listen: (change: CatalogChange) => void = () => {};
  listening = 0;

  exchanges() {
    this.asked++;
    return Promise.resolve({ exchanges: this.rows, next: null, total: this.rows.length, offset: 0 });
  }

  onChange(listen: (change: CatalogChange) => void) {
    this.#listen = listen;
    this.listening++;
    return () => void this.listening--;
  }

  tell(exchanges: readonly Exchange[], more = false): void {
    this.#listen({ exchanges, more, counts: {}, behindMs: 0, completed: [] });
  }
}

const { signal } = new AbortController();
const never = new Promise<void>(() => {});
const row = (id: string, changes: Partial<Exchange> = {}) => anExchange({ id, connection: "c2", ...changes });

Deno.test("sentExchange finds the row that is told, of its connection and its origin", async () => {
  const catalog = new Rows();
  const found = sentExchange(catalog, { connection: "c2", resendOf: "e2", ended: never, signal });
  await Promise.resolve();
  catalog.tell([row("e8", { connection: "c9", resendOf: "e2" }), row("e7", { resendOf: "e1" })]);
  catalog.tell([row("e9", { resendOf: "e2" })]);
  assert.equal((await found)?.id, "e9");
  assert.equal(catalog.listening, 0);
});

Deno.test("sentExchange finds a row that was told before, or among more than are told", async () => {
  const catalog = new Rows();
  catalog.rows = [row("e5"), row("e4"), row("e3", { requestBytes: 0 })];
  const sought = { connection: "c2", resendOf: null, ended: never, signal };
  assert.equal((await sentExchange(catalog, sought))?.id, "e4", "the first one with a request");
  catalog.rows = [];
  const found = sentExchange(catalog, sought);
  await Promise.resolve();
  catalog.rows = [row("e6")];
  catalog.tell([], true);
  assert.equal((await found)?.id, "e6");
});

Deno.test("sentExchange gives the latest request where the connection has ended before", async () => {
  const catalog = new Rows();
  catalog.rows = [row("e6", { requestBytes: 0 }), row("e5", { resendOf: "e1" }), row("e4")];
  const found = await sentExchange(catalog, {
    connection: "c2",
    resendOf: "e2",
    ended: Promise.resolve(),
    signal,
  });
  assert.equal(found?.id, "e5");
});

Deno.test("sentExchange gives nothing once nobody waits", async () => {
  const over = new AbortController();
  const sought = { connection: "c2", resendOf: null, ended: never, signal: over.signal };
  const found = sentExchange(new Rows(), sought);
  over.abort();
  assert.equal(await found, null);
  assert.equal(await sentExchange(new Rows(), sought), null);
});
