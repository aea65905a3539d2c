// The catalog's workers have a lower priority than the relay's thread, and nobody else has.

import assert from "node:assert/strict";
import { getPriority } from "node:os";

const worker = `
  import { getPriority } from "node:os";
  import { standBack } from ${JSON.stringify(import.meta.resolve("../../src/catalog/stand_back.ts"))};
  const before = getPriority(0);
  standBack();
  self.postMessage({ before, after: getPriority(0) });
`;

Deno.test({
  name: "standBack lowers the priority of the thread that calls it, and of no other",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const own = getPriority(0);
    const url = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
    const thread = new Worker(url, { type: "module" });
    const { before, after } = await new Promise<{ before: number; after: number }>((resolve, reject) => {
      thread.onmessage = ({ data }) => resolve(data);
      thread.onerror = ({ message }) => reject(new Error(message));
    });
    thread.terminate();
    URL.revokeObjectURL(url);
    assert.deepEqual({ before, after }, { before: own, after: own + 5 });
    assert.equal(getPriority(0), own);
  },
});
