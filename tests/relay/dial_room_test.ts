// Room for attempts: when it is lacking, and that neither silent targets nor a lack of descriptors takes it for good.

import assert from "node:assert/strict";
import { DialRoom } from "../../src/relay/dial_room.ts";

Deno.test("DialRoom has no room while many attempts are under way, and has it again when half of them are done", async () => {
  const room = new DialRoom();
  for (let count = 0; count < 512; count++) {
    assert.equal(room.wait(), undefined);
    room.begin();
  }
  const waiting = room.wait();
  assert.ok(waiting);
  for (let count = 0; count < 257; count++) room.end(false);
  await waiting;
  assert.equal(room.wait(), undefined);
});

Deno.test("DialRoom lets more come after a moment where nothing is done: who is silent holds nobody up", async () => {
  const room = new DialRoom();
  for (let count = 0; count < 512; count++) room.begin();
  await room.wait();
  for (let count = 0; count < 256; count++) assert.equal(room.wait(), undefined);
  const again = room.wait();
  assert.ok(again);
  for (let count = 0; count < 512; count++) room.end(false);
  await again;
  assert.equal(room.wait(), undefined);
});

Deno.test("DialRoom has no room while an attempt lacks a file descriptor, and has it tried again", async () => {
  const room = new DialRoom();
  room.begin();
  await room.lack(true);
  assert.ok(room.isLacking);
  const waiting = room.wait();
  assert.ok(waiting);
  const again = room.lack(false);
  room.end(true);
  await Promise.all([again, waiting]);
  assert.deepEqual([room.isLacking, room.wait()], [false, undefined]);
});
