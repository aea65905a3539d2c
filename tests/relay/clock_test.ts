// The machine's clock, and that a timer of it can be taken back.

import assert from "node:assert/strict";
import { CLOCK } from "../../src/relay/clock.ts";

Deno.test("CLOCK calls back no earlier than asked for, and not at all what was taken back", async () => {
  const began = CLOCK.now();
  const cancel = CLOCK.after(1, () => assert.fail("it was taken back"));
  cancel();
  await new Promise<void>((resolve) => CLOCK.after(2.5, resolve));
  assert.ok(CLOCK.now() - began >= 2);
});
