// The pump on connections made for it: short writes, sizes of reads, who is told when, and what ends it.

import assert from "node:assert/strict";
import type { Observer } from "../../src/model.ts";
import { pump } from "../../src/relay/pump.ts";

/** A source that gives these reads, and a sink that takes at most so many bytes at a time. */
function legs(reads: readonly (number | Error)[], options: { take?: number; failAfter?: number } = {}) {
  const log: string[] = [];
  const sent: number[] = [];
  const asked: number[] = [];
  let next = 0;
  let value = 0;
  const source = {
    read(buffer: Uint8Array): Promise<number | null> {
      asked.push(buffer.length);
      if (next === reads.length) return Promise.resolve(null);
      const read = reads[next++];
      if (read instanceof Error) return Promise.reject(read);
      const length = Math.min(read, buffer.length);
      for (let at = 0; at < length; at++) buffer[at] = value++ & 0xff;
      return Promise.resolve(length);
    },
  } as Deno.Conn;
  const sink = {
    write(bytes: Uint8Array): Promise<number> {
      log.push(`write ${bytes.length}`);
      if (sent.length >= (options.failAfter ?? Infinity)) return Promise.reject(new Deno.errors.BrokenPipe());
      const taken = bytes.subarray(0, options.take);
      for (const byte of taken) sent.push(byte);
      return Promise.resolve(taken.length);
    },
  } as Deno.Conn;
  const seen: number[] = [];
  const observer = {
    chunk(_connection: number, _direction: string, bytes: Uint8Array) {
      log.push(`chunk ${bytes.length}`);
      for (const byte of bytes) seen.push(byte);
    },
    behind: () => undefined,
  } as Partial<Observer> as Observer;
  let counted = 0;
  const run = () => pump(source, { sink }, 1, "upstream", observer, (bytes) => counted += bytes);
  return { run, log, sent, seen, asked, counted: () => counted, made: () => value };
}

Deno.test("pump writes on what a short write has left, until all is written", async () => {
  const { run, sent, seen, made } = legs([100, 7, 5000], { take: 3 });
  assert.deepEqual(await run(), { leg: "source", how: "end", error: null });
  const all = Array.from({ length: made() }, (_, at) => at & 0xff);
  assert.deepEqual(sent, all);
  assert.deepEqual(seen, all);
});

Deno.test("pump tells the observer of a chunk before it writes it", async () => {
  const { run, log, counted } = legs([10, 20]);
  await run();
  assert.deepEqual(log, ["chunk 10", "write 10", "chunk 20", "write 20"]);
  assert.equal(counted(), 30);
});

Deno.test("pump records what could not be delivered any more", async () => {
  const { run, seen, sent } = legs([10, 20, 30], { failAfter: 10 });
  const end = await run();
  assert.deepEqual([end.leg, end.how], ["sink", "reset"]);
  assert.equal(sent.length, 10);
  assert.equal(seen.length, 30);
});

Deno.test("pump reads 4 KiB, more while reads fill the buffer, 256 KiB at most, and less again when they are small", async () => {
  const full = Number.MAX_SAFE_INTEGER;
  const { run, asked } = legs([10, full, full, full, full, full, full, ...new Array<number>(17).fill(5)]);
  await run();
  const kib = asked.map((size) => size / 1024);
  assert.deepEqual(kib.slice(0, 8), [4, 4, 16, 64, 256, 256, 256, 256]);
  assert.equal(kib.at(-1), 4);
});

Deno.test("pump says how it ended by the error that it met", async () => {
  const table = [
    [new Deno.errors.ConnectionReset("x"), "reset"],
    [new Deno.errors.BrokenPipe("x"), "reset"],
    [new Deno.errors.ConnectionAborted("x"), "reset"],
    [new Deno.errors.TimedOut("x"), "error"],
  ] as const;
  for (const [error, how] of table) {
    assert.deepEqual(await legs([1, error]).run(), { leg: "source", how, error });
  }
});

Deno.test("pump waits before the next read while the observer is behind", async () => {
  const log: string[] = [];
  const room = Promise.withResolvers<void>();
  const source = { read: () => Promise.resolve(log.push("read") > 4 ? null : 1) } as unknown as Deno.Conn;
  const sink = { write: () => Promise.resolve(1) } as unknown as Deno.Conn;
  const observer = {
    chunk: () => log.push("chunk"),
    behind: () => log.length === 2 ? room.promise : undefined,
  } as unknown as Observer;
  const running = pump(source, { sink }, 1, "downstream", observer, () => {});
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assert.deepEqual(log, ["read", "chunk"]);
  room.resolve();
  await running;
  assert.deepEqual(log, ["read", "chunk", "read", "chunk", "read"]);
});
