import assert from "node:assert/strict";
import { changeOf, toldOf } from "../../src/catalog/told_change.ts";
import { anExchange } from "../ui/fakes.ts";

Deno.test("toldOf and changeOf: a change comes over as it was, with its Exchanges as JSON beside them", () => {
  const change = {
    exchanges: [anExchange({ id: "e2", url: "/ä\u2028\ud800" }), anExchange()],
    more: true,
    counts: { l1: { total: 2, open: 1, failed: 0, openConnections: 1, epoch: 0 } },
    behindMs: 7,
    completed: [anExchange()],
  };
  const told = structuredClone(toldOf(change));
  assert.equal("exchanges" in told, false);
  const come = changeOf(told);
  assert.deepEqual(JSON.parse(come.exchangesJson!), change.exchanges);
  assert.deepEqual(come.exchanges, change.exchanges);
  assert.equal(come.exchanges, come.exchanges, "read once");
  const { exchangesJson: _, ...rest } = come;
  assert.deepEqual(rest, change);
});
