import assert from "node:assert/strict";
import { PURE_GROUPS } from "./mod.ts";
import { cameOf } from "./types.ts";

for (const { group, cases } of PURE_GROUPS) {
  Deno.test(`the cases of "${group}" come to what they should`, () => {
    for (const { name, bytes, run, expected } of cases()) {
      assert.ok(bytes > 0, name);
      assert.equal(cameOf(run()), expected, name);
    }
  });
}
