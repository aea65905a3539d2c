import assert from "node:assert/strict";
import { FAMILIES } from "./mod.ts";

// The catalog's workers and the program leave nothing behind; that they do is tried elsewhere.
for (const { by, sizes, prepare } of FAMILIES) {
  Deno.test(`the costs by ${by} come to what they should, at the least size`, async () => {
    assert.ok(sizes.every((size, at) => at === 0 || size > sizes[at - 1]));
    const { costs, close } = await prepare(sizes[0]);
    try {
      for (const { run } of costs) await run();
    } finally {
      await close?.();
    }
  });
}

Deno.test("growth is measured over three orders of magnitude", () => {
  for (const { by, sizes } of FAMILIES) {
    if (by === "captures opened") continue; // of which there can be 127
    assert.ok(sizes.at(-1)! / sizes[0] >= 1_000, by);
  }
});
