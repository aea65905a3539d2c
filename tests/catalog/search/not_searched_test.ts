import assert from "node:assert/strict";
import { endedAt, notSearched } from "../../../src/catalog/search/not_searched.ts";

Deno.test("what an expression takes too long on is said by its ids, and what to do", () => {
  assert.equal(
    notSearched(["e2"]),
    "e2 is not searched: the expression takes too long on what is in it. " +
      "Make it simpler: without one repetition within another.",
  );
  assert.match(notSearched(["e2", "e9"]), /^e2, e9 are not searched: .* in them\. Make it simpler/);
  assert.match(endedAt("e2"), /^Searching ended at e2: the expression takes too long on what is there\./);
});
