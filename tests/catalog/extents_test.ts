import assert from "node:assert/strict";
import { GrowingRun, NOWHERE, RUN_LENGTH, StoredRun } from "../../src/catalog/extents.ts";

Deno.test("StoredRun: finds every byte of a run, near the beginning of a file and beyond 2^40", () => {
  for (const base of [0, 120, 2 ** 40 + 3]) {
    const run = new GrowingRun();
    const bytes: number[] = [];
    let position = base;
    for (let i = 0; !run.full; i++) {
      const length = 1 + (i * 7919) % 65_495;
      run.add(position, length);
      if (i < 40) {
        for (let at = 0; at < length; at += 97) bytes.push(run.end - length + at, position + at);
      }
      position += length + (i % 3 === 0 ? 0 : i * 131);
    }
    const stored = new StoredRun(0, run.encode());
    assert.equal(stored.end, run.end);
    for (let at = 0; at < bytes.length; at += 2) {
      assert.equal(stored.find(bytes[at]).position, bytes[at + 1]);
    }
  }
});

Deno.test("StoredRun: says how many bytes lie together", () => {
  const run = new GrowingRun();
  run.add(100, 10);
  run.add(300, 5);
  const stored = new StoredRun(0, run.encode());
  assert.deepEqual(stored.find(0), { position: 100, length: 10 });
  assert.deepEqual(stored.find(9), { position: 109, length: 1 });
  assert.deepEqual(stored.find(10), { position: 300, length: 5 });
  assert.deepEqual(stored.find(14), { position: 304, length: 1 });
});

Deno.test("GrowingRun: is full after RUN_LENGTH extents, and the next run starts where it ends", () => {
  const run = new GrowingRun();
  for (let i = 0; i < RUN_LENGTH; i++) {
    assert.equal(run.full, false);
    run.add(i * 20, 10);
  }
  assert.equal(run.full, true);
  run.next();
  assert.deepEqual([run.start, run.end, run.full], [RUN_LENGTH * 10, RUN_LENGTH * 10, false]);
  run.add(90_000, 3);
  const stored = new StoredRun(run.start, run.encode());
  assert.deepEqual(stored.find(run.start + 1), { position: 90_001, length: 2 });
});
Deno.test("StoredRun: has gaps, and extents that lie before the one before them", () => {
  const run = new GrowingRun();
  run.add(5000, 10);
  run.addGap(7);
  run.add(100, 5);
  run.add(2 ** 52, 3);
  run.addGap(1);
  const stored = new StoredRun(0, run.encode());
  assert.equal(stored.end, 26);
  assert.deepEqual(stored.find(9), { position: 5009, length: 1 });
  assert.deepEqual(stored.find(12), { position: NOWHERE, length: 5, gap: { start: 10, end: 17 } });
  assert.deepEqual(stored.find(17), { position: 100, length: 5 });
  assert.deepEqual(stored.find(23), { position: 2 ** 52 + 1, length: 2 });
  assert.deepEqual([...stored.gaps(0, 26)], [{ start: 10, end: 17 }, { start: 25, end: 26 }]);
  assert.deepEqual([...stored.gaps(16, 25)], [{ start: 10, end: 17 }]);
  assert.deepEqual([...stored.gaps(17, 25)], []);
});
