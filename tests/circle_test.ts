// Circles themselves are tried with listeners (listeners_test.ts); here, how long it takes to see that there is none.

import assert from "node:assert/strict";
import { refuseCircle } from "../src/circle.ts";

Deno.test("refuseCircle follows a hundred thousand listeners that each lead to the next", () => {
  const at = (number: number) => ({
    host: `127.0.${Math.floor(number / 50_000)}.1`,
    port: 1 + number % 50_000,
  });
  const count = 100_000;
  const others = Array.from({ length: count }, (_, number) => ({
    listen: at(number + 1),
    route: { listen: at(number + 1), target: at(number + 2) },
  }));
  const route = { listen: at(2 * count), target: at(1) };
  refuseCircle(route, at(2 * count), others, -1);
  assert.throws(() => refuseCircle(route, at(count + 1), others, -1), /in a circle/);
});
