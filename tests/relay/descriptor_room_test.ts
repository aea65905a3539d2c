// Room for clients at the limit of open files: none is let in for whom there are no two descriptors, and while there
// never was a lack nobody asks.

import assert from "node:assert/strict";
import { DescriptorRoom } from "../../src/relay/descriptor_room.ts";

/** A system with so many descriptors left, and how often it was asked for some. */
class Left {
  asked = 0;
  constructor(public count: number) {}

  readonly spare = (most: number) => {
    this.asked++;
    const count = Math.min(most, this.count);
    this.count -= count;
    return { count, isShort: count < most, close: () => void (this.count += count) };
  };
}

Deno.test("DescriptorRoom lets all in and asks for nothing while there never was a lack", () => {
  const left = new Left(0);
  const room = new DescriptorRoom(left.spare);
  for (let count = 0; count < 10_000; count++) {
    assert.equal(room.wait(), undefined);
    room.begin();
  }
  assert.equal(left.asked, 0);
});

Deno.test("DescriptorRoom gives back what it holds once there is a lack, and then lets no more in than fit", async () => {
  const left = new Left(52);
  const room = new DescriptorRoom(left.spare);
  room.hold();
  assert.equal(left.count, 40);
  for (let count = 0; count < 20; count++) {
    room.begin();
    left.count -= 2;
  }
  room.lack();
  assert.equal(left.count, 12);
  const waiting = room.wait();
  assert.ok(waiting);
  const { asked } = left;
  assert.ok(room.wait());
  assert.equal(left.asked, asked);
  left.count += 2;
  room.end();
  await waiting;
  // It is known that one fits, and not asked.
  assert.equal(room.wait(), undefined);
  assert.equal(left.asked, asked);
  room.begin();
  left.count -= 2;
  const last = room.wait();
  assert.ok(last);
  // Others than clients have given some back, which is found out by looking.
  left.count += 2;
  for (let wait: Promise<void> | undefined = last; wait; wait = room.wait()) await wait;
  room.begin();
  assert.equal(room.isFull, true);
});

Deno.test("DescriptorRoom keeps a descriptor for each client that has no target yet", () => {
  const left = new Left(20);
  const room = new DescriptorRoom(left.spare);
  const port = { owed: 0 };
  room.add(port);
  room.lack();
  let count = 0;
  for (; room.wait() === undefined; count++) {
    room.begin();
    port.owed++;
    left.count--;
  }
  assert.deepEqual([count, left.count], [7, 13]);
  room.remove(port);
});

Deno.test("DescriptorRoom lets clients in also where there is less than it would keep for others", () => {
  const room = new DescriptorRoom(new Left(4).spare);
  room.hold();
  assert.equal(room.wait(), undefined);
  room.begin();
  assert.equal(room.isFull, true);
});

Deno.test("DescriptorRoom leaves threads that begin what they need, and lets all in when they have it", () => {
  const left = new Left(1_000);
  const room = new DescriptorRoom(left.spare);
  room.prepare();
  for (; room.wait() === undefined; left.count -= 2) room.begin();
  assert.ok(left.count >= 48 && left.count < 50);
  left.count = 1_000;
  room.hold();
  assert.equal(room.wait(), undefined);
});
