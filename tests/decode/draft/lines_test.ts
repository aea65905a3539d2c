import assert from "node:assert/strict";
import { withoutLastEnds } from "../../../src/decode/draft/lines.ts";

Deno.test("withoutLastEnds takes off line ends at the end, and no others", () => {
  for (
    const [text, expected] of [["", ""], ["\n\n", ""], ["a", "a"], ["a\n\nb\n\n", "a\n\nb"], ["a\r\n", "a\r"]]
  ) {
    assert.equal(withoutLastEnds(text), expected);
  }
  const long = `${"\n".repeat(1_000_000)}a`;
  assert.equal(withoutLastEnds(long), long);
});
