// What had gone in the clear before TLS: told late, and true all the same.

import assert from "node:assert/strict";
import { clearBefore } from "../../src/catalog/clear_before.ts";

Deno.test("clearBefore leaves out what came from the target while the client was shaking hands", () => {
  const cases = [
    ["TLS from the first byte", "target", [0, 0], null, [0, 0]],
    ["… and an HTTP/2 target has spoken first", "client", [0, 40], [0, 0], [0, 0]],
    ["… also where the target speaks no TLS", "client", [0, 40], null, [0, 0]],
    ["CONNECT, and the target's leg first", "target", [79, 39], null, [79, 39]],
    ["… and an HTTP/2 target has spoken first", "client", [79, 79], [79, 39], [79, 39]],
    ["STARTTLS to a target that is inside TLS from its first byte", "client", [10, 30], [0, 0], [10, 30]],
    ["STARTTLS with a target that speaks no TLS", "client", [10, 30], null, [10, 30]],
  ] as const;
  for (const [what, leg, [upstream, downstream], target, clear] of cases) {
    const known = target && { upstreamFrom: target[0], downstreamFrom: target[1] };
    const { upstreamFrom, downstreamFrom } = clearBefore(leg, { upstream, downstream }, known);
    assert.deepEqual([upstreamFrom, downstreamFrom], clear, what);
  }
});
