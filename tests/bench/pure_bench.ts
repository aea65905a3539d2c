// `deno bench` of the pure parts: HTTP decode, pcapng, views, index, search. `deno task bench:pure` runs it and tells MB/s.
// What the cases are is in pure/, whose test runs each once.

import { calibrate, CALIBRATION } from "./pure/calibration.ts";
import { PURE_GROUPS } from "./pure/mod.ts";
import { cameOf } from "./pure/types.ts";

Deno.bench({ name: CALIBRATION, fn: () => void calibrate() });

for (const { group, cases } of PURE_GROUPS) {
  for (const { name, run, expected } of cases()) {
    Deno.bench({
      group,
      name: `${group}: ${name}`,
      n: 10,
      warmup: 3,
      fn: (bench) => {
        bench.start();
        const ran = run();
        bench.end();
        if (cameOf(ran) !== expected) {
          throw new Error(`Cannot trust "${name}": it does not come to what it should.`);
        }
      },
    });
  }
}
