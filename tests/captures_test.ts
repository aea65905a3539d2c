// Opening and closing captures at the same time, with a catalog that answers when the test says so.

import assert from "node:assert/strict";
import { Captures, type CapturesOptions } from "../src/captures.ts";

/** Captures of a catalog whose answers wait for `next`. */
function waiting() {
  const said: string[] = [];
  const answers: (() => void)[] = [];
  const answer = <T>(text: string, value: T) => {
    said.push(text);
    return new Promise<T>((resolve) => answers.push(() => resolve(value)));
  };
  const catalog: CapturesOptions["catalog"] = {
    addSource: ({ number }) => answer(`add ${number}`, { kind: "pcap", size: 1 }),
    removeSource: (number) => answer(`remove ${number}`, undefined),
    sources: [],
    bytes: () => Promise.resolve(null),
    over: () => Promise.resolve(),
  };
  const captures = new Captures({
    ...{ catalog, folder: "", changed: () => {} },
    saved: () => ({ file: "", size: 0 }),
  });
  return { captures, said, next: () => answers.shift()!() };
}

Deno.test("Captures: one that is being opened is not there to be closed before it is open", async () => {
  const { captures, said, next } = waiting();
  const opening = captures.open("/a.pcap");
  assert.deepEqual([captures.list(), await captures.close("k1")], [[], false]);
  next();
  assert.equal((await opening).id, "k1");
  assert.deepEqual([captures.list().map(({ file }) => file), said], [["a.pcap"], ["add 1"]]);
});

Deno.test("Captures: no other gets the number of one whose rows are still being removed", async () => {
  const { captures, said, next } = waiting();
  const first = captures.open("/a.pcap");
  next();
  await first;
  const closing = captures.close("k1");
  const second = captures.open("/b.pcap");
  next();
  assert.equal(await closing, true);
  const third = captures.open("/c.pcap");
  next();
  next();
  assert.deepEqual([(await second).id, (await third).id], ["k2", "k1"]);
  assert.deepEqual(said, ["add 1", "remove 1", "add 2", "add 1"]);
});
