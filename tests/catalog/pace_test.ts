import assert from "node:assert/strict";
import { Pace } from "../../src/catalog/pace.ts";

/** A pace that has seen the journal grow by `rate` bytes a ms for a second. */
function grown(cores: number, rate: number): Pace {
  const pace = new Pace(cores);
  for (let now = 0; now <= 1000; now += 20) pace.written(now * rate, now);
  return pace;
}

const BY_RATE: readonly (readonly [bytes: number, rest: number])[] = [
  [999, 0],
  [1_000, 400],
  [500_000, 400],
];

for (const [rate, rest] of BY_RATE) {
  Deno.test(`Pace: after 20 ms of work it rests ${rest} while ${rate} bytes a ms come on few cores`, () => {
    assert.equal(grown(2, rate).rest(20, 1010), rest);
  });
}

const BY_LATENESS: readonly (readonly [late: number, rest: number])[] = [
  [0, 400],
  [5_000, 400],
  [17_500, 200],
  [30_000, 0],
  [90_000, 0],
];

for (const [late, rest] of BY_LATENESS) {
  Deno.test(`Pace: after 20 ms of work it rests ${rest} while much comes and it is ${late} ms late`, () => {
    assert.equal(grown(2, 10_000).rest(20, 1010, late), rest);
  });
}

const AT_FULL_SPEED: readonly (readonly [string, Pace, number])[] = [
  ["with more cores", grown(4, 50_000), 1010],
  ["while the journal grows slowly", grown(2, 500), 1010],
  ["when the journal has not grown for a while", grown(2, 50_000), 1300],
  ["before anything was written", new Pace(1), 0],
];

for (const [when, pace, now] of AT_FULL_SPEED) {
  Deno.test(`Pace: does not rest ${when}`, () => assert.equal(pace.rest(20, now), 0));
}

Deno.test("Pace: forgets how fast the journal grew when it pauses", () => {
  const pace = grown(2, 50_000);
  pace.written(60_000_000, 2000);
  assert.equal(pace.rest(20, 2001), 0);
});

Deno.test("Pace: where nobody tells it how far the journal is written, it looks", () => {
  let written = 0;
  const pace = new Pace(2, () => written);
  const rests: number[] = [];
  for (let now = 0; now <= 600; now += 20) {
    // The journal stands still from 300 ms on.
    written = Math.min(now, 300) * 10_000;
    rests.push(pace.rest(20, now));
  }
  const at = (now: number) => rests[now / 20];
  assert.deepEqual([at(20), at(300), at(480), at(600)], [0, 400, 400, 0]);
});

Deno.test("Pace: who looks only between long rests goes on with them as long as the journal grows", () => {
  let written = 0;
  const pace = new Pace(2, () => written);
  const rests: number[] = [];
  for (let now = 0; now <= 3_500; now += 350) {
    written = now * 10_000;
    rests.push(pace.rest(16, now));
  }
  assert.deepEqual(rests.slice(2), new Array(9).fill(320));
});

Deno.test("Pace: while two fifths of the processors' time are spare it does not rest, or as long as it is told, however fast the journal grows", () => {
  let spare = 0.39;
  let written = 0;
  const paces = [new Pace(2, () => written, () => spare), new Pace(2, () => written, () => spare, 2)];
  for (let now = 0; now <= 1000; now += 20) {
    written = now * 10_000;
    for (const pace of paces) pace.rest(20, now);
  }
  assert.deepEqual(paces.map((pace) => pace.rest(20, 1010)), [400, 400]);
  spare = 0.4;
  assert.deepEqual(paces.map((pace) => pace.rest(20, 1010)), [0, 40]);
  // Quiet traffic has no share in it.
  assert.deepEqual(paces.map((pace) => pace.rest(20, 2000)), [0, 0]);
});
