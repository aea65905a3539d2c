import assert from "node:assert/strict";
import type { Exchange } from "../../src/ui/types.ts";
import { fetchDetail } from "../../src/ui/page/pane/api.ts";

Deno.test("fetchDetail asks once for the same Exchange, and anew when it is asked again", async () => {
  const asked: string[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = (url) => {
    asked.push(String(url));
    return Promise.resolve(Response.json({ id: "e1", asked: asked.length }));
  };
  try {
    const exchange = { id: "e1", state: "open", requestBytes: 5 } as Exchange;
    const [first, second] = await Promise.all([fetchDetail(exchange, 0), fetchDetail(exchange, 0)]);
    assert.equal(first, second);
    const again = await fetchDetail(exchange, 1);
    assert.notEqual(again, first);
    assert.deepEqual(asked, ["/api/exchanges/e1", "/api/exchanges/e1"]);
  } finally {
    globalThis.fetch = fetch;
  }
});
