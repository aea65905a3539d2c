// The golden pairs of tests/golden. `deno task golden` writes them anew; look at the difference then.

import assert from "node:assert/strict";
import { layOut, pairs } from "../../golden/pairs.ts";

for (const pair of pairs()) {
  Deno.test(`golden ${pair.name} is laid out as before`, () => {
    const { text, fault } = layOut(pair);
    assert.equal(text, Deno.readTextFileSync(pair.formatted));
    assert.equal(fault, faultOf(pair.fault));
  });
}

function faultOf(file: URL): string {
  try {
    return Deno.readTextFileSync(file).trimEnd();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
