// Rows that wait to be inserted together, and are changed meanwhile.

import assert from "node:assert/strict";
import type { StoredExchange } from "../../src/catalog/rows.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";

const ROW: StoredExchange = {
  id: 1,
  listener: "l1",
  connection: 1,
  protocol: "http",
  state: "done",
  started: 0,
  first_byte_ms: null,
  elapsed_ms: 1,
  client: "c",
  target: "t",
  method: null,
  url: null,
  status: null,
  summary: "",
  request_bytes: 0,
  response_bytes: 0,
  tls: null,
  resend_of: null,
  fault: null,
  leads_away: null,
  cut: null,
  position: 0,
  request: null,
  response: null,
  interim: null,
};

Deno.test("Tables: a new row that is changed or removed in the same transaction is as it was last, however many wait", () => {
  for (const waiting of [1, 7, 8, 9]) {
    const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
    const database = createIndex(folder);
    const tables = new Tables(database);
    for (let id = 1; id <= waiting; id++) tables.addExchange({ ...ROW, id });
    tables.putExchange({ ...ROW, id: 1, fault: "reset" });
    tables.addExchange({ ...ROW, id: 100 });
    tables.remove(100);
    tables.commit();
    const rows = database.prepare("SELECT id, fault FROM exchange ORDER BY id").all().map((row) => ({
      ...row,
    }));
    const expected = Array.from(
      { length: waiting },
      (_, at) => ({ id: at + 1, fault: at === 0 ? "reset" : null }),
    );
    assert.deepEqual(rows, expected, `${waiting} waiting`);
    tables.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
