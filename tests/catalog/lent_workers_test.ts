import assert from "node:assert/strict";
import { type Given, LentWorkers } from "../../src/catalog/lent_workers.ts";

Deno.test("a lent worker comes with its port, and one that ends by an error says so", async () => {
  const { promise, resolve } = Promise.withResolvers<Given>();
  const lent = new LentWorkers(resolve);
  lent.take({ begin: "find", number: 7 });
  const given = await promise;
  assert.ok(given.number === 7 && "port" in given);
  const answer = new Promise<Uint32Array>((resolve) => {
    given.port.onmessage = ({ data }) => resolve(data);
  });
  given.port.postMessage(/a/g);
  assert.deepEqual([...await answer], []);
  lent.take({ end: 7 });
  lent.take({ end: 7 });
  given.port.close();
});
