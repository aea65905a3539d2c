import assert from "node:assert/strict";
import { lineBreak, MAX_INDENT } from "../../../src/decode/views/indent.ts";

Deno.test("lineBreak indents by two spaces a level, up to MAX_INDENT", () => {
  assert.equal(lineBreak(0), "\n");
  assert.equal(lineBreak(3), "\n      ");
  assert.equal(lineBreak(MAX_INDENT + 1), lineBreak(MAX_INDENT));
  assert.equal(lineBreak(MAX_INDENT).length, 1 + 2 * MAX_INDENT);
});
