import assert from "node:assert/strict";
import { stepOf } from "../../src/ui/page/compare/going_through.ts";

Deno.test("stepOf goes round", () => {
  assert.deepEqual([stepOf(-1, 1, 3), stepOf(0, 1, 3), stepOf(2, 1, 3)], [0, 1, 0]);
  assert.deepEqual([stepOf(-1, -1, 3), stepOf(0, -1, 3), stepOf(2, -1, 3)], [2, 2, 1]);
});
