import assert from "node:assert/strict";
import { text } from "../../../src/decode/views/text.ts";
import { layOut } from "./pieces.ts";

Deno.test("text changes nothing", () => {
  const source = "\ufeffa\r\nb\rc\n\0\x1b \ud800 <a>{";
  assert.deepEqual(layOut(text, source), { text: source, fault: null });
});
