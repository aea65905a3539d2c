// Room for attempts: when it is lacking, and that neither silent targets nor a lack of descriptors takes it for good.

import assert from "node:assert/strict";
import { DialRoom } from "../../src/relay/dial_room.ts";

const attempt = {};

Deno.test("DialRoom has no room while many attempts are under way, and has it again when half of them are done", async () => {
  const room = new DialRoom();
  for (let count = 0; count < 512; count++) {
    assert.equal(room.wait(), undefined);
    room.begin();
  }
  const waiting = room.wait();
  assert.ok(waiting);
  for (let count = 0; count < 257; count++) room.end(attempt);
  await waiting;
  assert.equal(room.wait(), undefined);
});

Deno.test("DialRoom lets more be under way after a moment where nothing is done: who is silent holds nobody up", async () => {
  const room = new DialRoom();
  for (let count = 0; count < 512; count++) room.begin();
  await room.wait();
  // Those who do get an answer never wait, however many come one after the other.
  for (let count = 0; count < 2_000; count++) {
    assert.equal(room.wait(), undefined);
    room.begin();
    room.end(attempt);
  }
  for (let count = 0; count < 512; count++) {
    assert.equal(room.wait(), undefined);
    room.begin();
  }
  const again = room.wait();
  assert.ok(again);
  for (let count = 0; count < 1_024; count++) room.end(attempt);
  await again;
  // The limit is as before then.
  for (let count = 0; count < 512; count++) room.begin();
  const last = room.wait();
  assert.ok(last);
  for (let count = 0; count < 512; count++) room.end(attempt);
  await last;
});

Deno.test("DialRoom has no room while an attempt lacks a file descriptor, and has it tried again", async () => {
  const room = new DialRoom();
  room.begin();
  await room.lack(attempt);
  assert.ok(room.isLacking);
  const waiting = room.wait();
  assert.ok(waiting);
  const again = room.lack(attempt);
  room.end(attempt);
  await Promise.all([again, waiting]);
  assert.deepEqual([room.isLacking, room.wait()], [false, undefined]);
});

Deno.test("DialRoom has room again once an attempt has got a descriptor, though its target is silent", async () => {
  const room = new DialRoom();
  room.begin();
  await room.lack(attempt);
  assert.ok(room.lacks(attempt));
  for (let wait = room.wait(); wait !== undefined; wait = room.wait()) await wait;
  assert.deepEqual([room.isLacking, room.lacks(attempt)], [false, false]);
  room.end(attempt);
});

Deno.test("DialRoom lets no attempt begin that nobody can end while descriptors are lacking, nor more than 64", async () => {
  const room = new DialRoom();
  let count = 0;
  while (room.beginFree()) count++;
  assert.equal(count, 64);
  room.endFree();
  room.begin();
  const lacking = room.lack(attempt);
  assert.equal(room.beginFree(), false);
  room.end(attempt);
  await lacking;
  assert.equal(room.beginFree(), true);
});
