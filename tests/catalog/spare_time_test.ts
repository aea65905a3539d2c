// Which part of the processors' time is spare: over a span, of what the system counts.

import assert from "node:assert/strict";
import { SpareTime } from "../../src/catalog/spare_time.ts";

Deno.test("SpareTime: is what was spare since the last look, measured over 200 ms and more", () => {
  const looks = [{ all: 1_000, spare: 900 }, { all: 1_400, spare: 1_000 }, { all: 2_400, spare: 2_000 }];
  const time = new SpareTime(() => looks.shift()!);
  assert.equal(time.share(0), 0, "not known yet");
  assert.equal(time.share(199), 0, "not looked at again");
  assert.equal(time.share(200), 0.25);
  assert.equal(time.share(399), 0.25);
  assert.equal(time.share(500), 1);
  assert.equal(looks.length, 0);
});

Deno.test("SpareTime: knows nothing of now where it was not asked for a second", () => {
  const looks = [{ all: 0, spare: 0 }, { all: 9_000, spare: 9_000 }, { all: 9_400, spare: 9_100 }];
  const time = new SpareTime(() => looks.shift()!);
  time.share(0);
  assert.equal(time.share(1_001), 0);
  assert.equal(time.share(1_300), 0.25);
});

Deno.test("SpareTime: asks the system", async () => {
  const time = new SpareTime();
  time.share(0);
  // The system counts in hundredths of a second.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const share = time.share(500);
  assert.ok(share >= 0 && share <= 1, `${share}`);
});
