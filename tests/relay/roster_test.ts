// Those who are here now: who comes is there, who leaves is not, whatever the order.

import assert from "node:assert/strict";
import { type Member, Roster } from "../../src/relay/roster.ts";

Deno.test("Roster has those who came and have not left, in any order of coming and going", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  let state = seed;
  const random = (below: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  const roster = new Roster<Member>();
  const here = new Set<Member>();
  for (let step = 0; step < 2_000; step++) {
    if (here.size === 0 || random(5) < 3) {
      const member = { place: -1 };
      roster.add(member);
      here.add(member);
    } else {
      const member = [...here][random(here.size)];
      roster.remove(member);
      here.delete(member);
    }
    assert.equal(roster.size, here.size, `seed ${seed}, step ${step}`);
  }
  assert.deepEqual(new Set(roster.all()), here, `seed ${seed}`);
});

Deno.test("Roster.all is as it was, whoever leaves while it is gone through", () => {
  const roster = new Roster<Member>();
  for (let i = 0; i < 5; i++) roster.add({ place: -1 });
  for (const member of roster.all()) roster.remove(member);
  assert.equal(roster.size, 0);
});
