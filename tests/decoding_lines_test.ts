import assert from "node:assert/strict";
import { DecodingLines } from "../src/decoding_lines.ts";

Deno.test("DecodingLines: one a second while decoding is late, one when it has caught up, and none otherwise", () => {
  const lines: unknown[] = [];
  const decoding = new DecodingLines((line) => lines.push(JSON.parse(line)));
  const line = (behindMs: number, behindBytes: number) => ({ event: "decoding", behindMs, behindBytes });
  const told = (behindMs: number, behindBytes: number | undefined, now: number) =>
    decoding.told({ behindMs, ...behindBytes !== undefined && { behindBytes } }, now);
  told(900, 10, 0);
  told(0, undefined, 100);
  assert.deepEqual(lines, []);
  told(1200.4, 5_000, 200);
  told(1300, 6_000, 300);
  told(2200, 9_000, 1250);
  told(700, 4_000, 2300);
  told(0, undefined, 2310);
  told(0, undefined, 2400);
  told(5000, 20_000, 2500);
  told(5000, 20_000, 3400);
  assert.deepEqual(lines, [line(1200, 5_000), line(2200, 9_000), line(0, 0), line(5000, 20_000)]);
});
