import assert from "node:assert/strict";
import { advance, beginReading, placeAt } from "../../../src/decode/views/place.ts";

Deno.test("placeAt counts lines and columns over pieces", () => {
  const reading = beginReading();
  assert.deepEqual(placeAt(reading, "ab\nc", 0), { line: 1, column: 1, offset: 0 });
  assert.deepEqual(placeAt(reading, "ab\nc", 2), { line: 1, column: 3, offset: 2 });
  assert.deepEqual(placeAt(reading, "ab\nc", 3), { line: 2, column: 1, offset: 3 });
  advance(reading, "ab\nc", 4);
  assert.deepEqual(placeAt(reading, "d\n\ne", 0), { line: 2, column: 2, offset: 4 });
  assert.deepEqual(placeAt(reading, "d\n\ne", 3), { line: 4, column: 1, offset: 7 });
});

Deno.test("advance takes no more than it is told", () => {
  const reading = beginReading();
  advance(reading, "\n\n\n", 2);
  assert.deepEqual(placeAt(reading, "\n", 0), { line: 3, column: 1, offset: 2 });
});
