import assert from "node:assert/strict";
import { indent, lineBreak, MAX_INDENT } from "../../../src/decode/views/indent.ts";

Deno.test("indent indents by two spaces a level, up to MAX_INDENT", () => {
  assert.equal(indent(0), "");
  assert.equal(indent(3), "      ");
  assert.equal(indent(MAX_INDENT + 1), indent(MAX_INDENT));
  assert.equal(indent(MAX_INDENT).length, 2 * MAX_INDENT);
  assert.equal(lineBreak(3), `\n${indent(3)}`);
  assert.equal(lineBreak(MAX_INDENT + 1), `\n${indent(MAX_INDENT)}`);
});
