import assert from "node:assert/strict";
import { sourceShares } from "./source_shares.ts";

Deno.test("sourceShares gives each byte of a bundle to the source before it", () => {
  // AAAA: from the first source. CCAA: a column further, from the next one. ADAA: from the one before that again.
  const cases: [script: string, mappings: string, shares: [source: string, bytes: number][]][] = [
    ["ab\ncd", "AAAA,CCAA;ADAA", [["x", 3], ["y", 2]]],
    ["// é\nab", ";CAAA", [["", 7], ["x", 1]]],
    ["abc\nd", "AAAA,C", [["x", 5]]],
    // 16 columns take two digits.
    [`${"a".repeat(16)}b`, "AAAA,gBCAA", [["x", 16], ["y", 1]]],
  ];
  for (const [script, mappings, shares] of cases) {
    assert.deepEqual([...sourceShares(script, { sources: ["x", "y"], mappings })], shares, mappings);
  }
});
