// The recorder and its worker on real files: what comes out is what went in, at once, also when the disk is full or
// slow, the end of the file is torn, or the file is continued.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { isAt, leastFree, openLocked } from "../../src/journal/file.ts";
import { NO_KEEP } from "../../src/keep.ts";
import { Recorder } from "../../src/journal/recorder.ts";
import { beginThread } from "../../src/journal/thread.ts";
import type { Direction, Secured } from "../../src/model.ts";
import {
  closed,
  folder,
  generator,
  LISTEN,
  opened,
  readRecords,
  record,
  recorded,
  written,
} from "./recording.ts";

Deno.test("Recorder writes what was observed, in order, and JournalReader gives it back", async () => {
  const { file, remove } = folder();
  const recorder = await record(file);
  recorder.opened(opened(1));
  recorder.connected({ connection: 1, address: { host: "127.0.0.1", port: 80 }, dialMs: 1.5 });
  recorder.chunk(1, "upstream", new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  recorder.chunk(1, "downstream", new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
  recorder.ended({ connection: 1, by: "client", how: "end", passedOn: "end" });
  recorder.ended({ connection: 1, by: "target", how: "reset", passedOn: "end" });
  recorder.closed({
    ...closed(1, 18, 19),
    how: "reset",
    endedBy: "target",
    error: "the target reset the connection",
  });
  recorder.opened(opened(2, { host: "127.0.0.1", port: 50_001 }));
  recorder.failed({ connection: 2, how: "refused", error: "localhost:80 refused the connection" });
  await recorder.close();

  const records = readRecords(file).map(({ record }) => record);
  assert.deepEqual(records.map(({ kind }) => kind), [
    "opened",
    "connected",
    "chunk",
    "chunk",
    "ended",
    "ended",
    "closed",
    "opened",
    "failed",
  ]);
  const [first, second, , , , reset, close, , failure] = records;
  assert.deepEqual({ ...first, at: 0 }, { kind: "opened", at: 0, ...opened(1) });
  assert.equal(second.kind === "connected" && second.dialMs, 1.5);
  assert.ok(
    reset.kind === "ended" && reset.how === "reset" && reset.by === "target" && reset.passedOn === "end",
  );
  assert.ok(close.kind === "closed" && close.error === "the target reset the connection");
  assert.ok(failure.kind === "failed" && failure.connection === 2 && failure.how === "refused");
  assert.ok(Math.abs(Date.now() - first.at) < 60_000);
  assert.ok(records.every(({ at }, index) => index === 0 || at >= records[index - 1].at));
  remove();
});

Deno.test("Recorder keeps the secrets that come right before it is closed", async () => {
  const { path, file, remove } = folder();
  const keyLog = `${path}/keys.log`;
  const recorder = await record(file, undefined, { keyLog });
  recorder.opened(opened(1));
  const hello = new Uint8Array(60).fill(0xab, 11, 43);
  hello.set([22, 3, 1, 0, 55, 1, 0, 0, 51, 3, 3]);
  recorder.chunk(1, "upstream", hello);
  const line = `CLIENT_RANDOM ${"ab".repeat(32)} ${"cd".repeat(48)}`;
  Deno.writeTextFileSync(keyLog, `${line}\n`);
  await recorder.close();
  const text = new TextDecoder("latin1").decode(Deno.readFileSync(file));
  assert.equal(text.split(line).length - 1, 2, "before the connection, and where it came");
  remove();
});

Deno.test("Recorder keeps every byte of many connections at once (random, seeded)", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  console.log(`seed ${seed}`);
  const random = generator(seed);
  const { file, remove } = folder();
  const recorder = await record(file);
  const sent = new Map<string, Buffer[]>();
  const connections = 20;
  for (let connection = 1; connection <= connections; connection++) {
    const wide = connection % 3 === 0;
    const client = { host: wide ? "::1" : "127.0.0.1", port: 40_000 + connection % 7 };
    // Ports come again while earlier Connections are still open: the tag in the packet tells them apart.
    recorder.opened(opened(connection, client, wide ? { host: "::1", port: 8081 } : LISTEN));
    if (connection > 7) recorder.closed(closed(connection - 7));
    for (let round = 0; round < 12; round++) {
      const direction: Direction = random() < 0.5 ? "upstream" : "downstream";
      const size = Math.floor(random() < 0.2 ? random() * 400_000 : random() * 3_000) + 1;
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
      const chunk = Buffer.concat(Array.from({ length: Math.ceil(size / bytes.length) }, () => bytes))
        .subarray(0, size);
      recorder.chunk(connection, direction, chunk);
      const key = `${connection} ${direction}`;
      sent.set(key, [...sent.get(key) ?? [], chunk]);
      const wait = recorder.behind();
      if (wait) await wait;
    }
  }
  await recorder.close();
  for (const [key, chunks] of sent) {
    const [connection, direction] = key.split(" ");
    const got = recorded(file, Number(connection), direction as Direction);
    assert.ok(Buffer.concat(chunks).equals(got), `${key}: ${got.length} bytes`);
  }
  remove();
});

Deno.test("Recorder has what was observed in the file within 200 ms, without being asked", async () => {
  const { file, remove } = folder();
  const recorder = await record(file);
  recorder.opened(opened(1));
  const before = performance.now();
  recorder.chunk(1, "upstream", new TextEncoder().encode("now"));
  await written(recorder, () => Buffer.from(recorded(file, 1, "upstream")).toString() === "now");
  const took = performance.now() - before;
  console.log(`in the file after ${took.toFixed(0)} ms`);
  recorder.closed(closed(1));
  await recorder.close();
  remove();
});

Deno.test("Recorder asks to wait at 28 MiB and again goes on, and drops nothing", async () => {
  const { file, remove } = folder();
  const recorder = await record(file);
  recorder.opened(opened(1));
  const chunk = new Uint8Array(256 * 1024).fill(7);
  let unwritten = 0;
  let waits = 0;
  const total = 1200;
  for (let count = 0; count < total; count++) {
    const wait = recorder.behind();
    if (wait) {
      waits++;
      assert.ok(unwritten <= 30 * 1024 * 1024, `${unwritten} bytes wait`);
      await wait;
      unwritten = 0;
    }
    recorder.chunk(1, "downstream", chunk);
    unwritten += chunk.length;
  }
  assert.ok(waits > 0, "300 MiB given in one go must make it wait");
  await recorder.close();
  const bytes = readRecords(file).reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
  assert.equal(bytes, total * chunk.length);
  remove();
});

Deno.test("Recorder continues a capture: numbers and listeners are known, and the old records stay", async () => {
  const { file, remove } = folder();
  const first = await record(file);
  assert.deepEqual(first.held, {
    lastConnection: 0,
    listeners: [],
    position: first.held.position,
    cut: 0,
    secrets: [],
  });
  first.opened(opened(41));
  first.chunk(41, "upstream", new TextEncoder().encode("before"));
  await first.close();

  const second = await record(file);
  assert.equal(second.held.lastConnection, 41);
  assert.deepEqual(second.held.listeners, [{ id: "l1", listen: "127.0.0.1:8081", target: "localhost:80" }]);
  second.opened(opened(42));
  second.chunk(42, "upstream", new TextEncoder().encode("after"));
  second.closed(closed(42));
  await second.close();

  assert.deepEqual(readRecords(file).map(({ record }) => record.kind), [
    "opened",
    "chunk",
    "continued",
    "opened",
    "chunk",
    "closed",
  ]);
  assert.equal(Buffer.from(recorded(file, 41, "upstream")).toString(), "before");
  assert.equal(Buffer.from(recorded(file, 42, "upstream")).toString(), "after");
  remove();
});

Deno.test("Recorder cuts a torn end off, wherever the file was torn, and goes on behind it", async () => {
  const { file, remove } = folder();
  const first = await record(file);
  first.opened(opened(1));
  await first.flush();
  const whole = Deno.statSync(file).size;
  first.chunk(1, "upstream", new TextEncoder().encode("torn"));
  await first.close();
  const bytes = Deno.readFileSync(file);
  for (let size = whole; size < bytes.length; size += 7) {
    Deno.writeFileSync(file, bytes.subarray(0, size));
    const second = await record(file);
    assert.equal(second.held.cut, size - whole);
    second.opened(opened(2));
    await second.close();
    assert.deepEqual(readRecords(file).map(({ record }) => record.kind), ["opened", "continued", "opened"]);
  }
  remove();
});

Deno.test("Recorder refuses a file that is not its own, and leaves it as it is", async () => {
  const { file, remove } = folder();
  const table: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["text", new TextEncoder().encode("these are my notes, do not touch\n"), /not a pcapng file/],
    [
      "another program's",
      new Uint8Array(Buffer.from(
        "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000",
        "hex",
      )),
      /not written by tcpmon/,
    ],
    ["a word", new TextEncoder().encode("my notes\n"), /not a capture of tcpmon, or not a whole one/],
    ["one byte", new Uint8Array(1), /not a capture of tcpmon/],
    [
      "another program's, torn",
      new Uint8Array(Buffer.from("0a0d0d0a001000004d3c2b1a0100000000000000", "hex")),
      /not a capture of tcpmon/,
    ],
  ];
  for (const [name, content, words] of table) {
    Deno.writeFileSync(file, content);
    await assert.rejects(record(file), (error: Error) => {
      assert.match(error.message, words, name);
      assert.match(error.message, /^Cannot record to .*Give another file with --capture\.$/);
      return true;
    });
    assert.deepEqual(Deno.readFileSync(file), content);
  }
  await assert.rejects(record("/no/such/folder/x.pcapng"), /Cannot record to \/no\/such\/folder/);
  remove();
});

Deno.test("Recorder takes no block for a torn one that is longer than any, and cuts nothing off behind it", async () => {
  const { file, remove } = folder();
  const first = await record(file);
  first.opened(opened(1));
  const chunk = first.position;
  for (let count = 0; count < 20; count++) first.chunk(1, "upstream", new Uint8Array(50_000));
  await first.close();
  const bytes = Deno.readFileSync(file);
  const view = new DataView(bytes.buffer);
  const block = chunk + view.getUint32(chunk + 4, true);
  view.setUint32(block + 4, 2 * bytes.length, true);
  Deno.writeFileSync(file, bytes);
  await assert.rejects(record(file), /damaged at byte \d+: a block says that it is \d+ bytes long/);
  assert.deepEqual(Deno.readFileSync(file), bytes);
  remove();
});

Deno.test("Recorder stops when the disk is nearly full: it says so, ends open connections in the record, and takes no more", async () => {
  const { file, remove } = folder();
  const healthy = await record(file);
  assert.equal(healthy.recording.stopped, null);
  await healthy.close();
  // More than any disk has free, so that the very next look finds too little.
  const recorder = await record(file, Number.MAX_SAFE_INTEGER);
  const reason = await new Promise<string>((resolve) => {
    if (recorder.recording.stopped) resolve(recorder.recording.stopped);
    recorder.onStopped = resolve;
  });
  assert.match(reason, /^Recording stopped: less than .* is free on the disk of .*capture\.pcapng$/);
  assert.equal(recorder.recording.stopped, reason);
  const size = Deno.statSync(file).size;
  recorder.opened(opened(1));
  for (let count = 0; count < 1000; count++) recorder.chunk(1, "upstream", new Uint8Array(100_000));
  // It is counted, no more than that.
  await recorder.behind();
  await recorder.close();
  assert.equal(Deno.statSync(file).size, size);
  remove();
});

Deno.test("Recorder leaves a capture as it is that is opened and not begun, and the torn end of it, too", async () => {
  const { path, file, remove } = folder();
  const first = await record(file);
  first.opened(opened(1));
  await first.close();
  const keyLog = `${path}/keys.log`;
  Deno.writeTextFileSync(keyLog, `CLIENT_RANDOM ${"ab".repeat(32)} ${"cd".repeat(48)}\n`);
  const whole = Deno.readFileSync(file);
  for (const bytes of [whole, whole.subarray(0, -5), new Uint8Array()]) {
    Deno.writeFileSync(file, bytes);
    Deno.utimeSync(file, 1_000, 1_000);
    const recorder = await Recorder.open({ file, temporary: false, application: "tcpmon test", keyLog });
    assert.equal(recorder.held.cut > 0, bytes.length > 0 && bytes.length < whole.length);
    await recorder.discard();
    assert.deepEqual(Deno.readFileSync(file), bytes);
    assert.equal(Deno.statSync(file).mtime?.getTime(), 1_000_000);
  }
  // Nobody else has it any more, and the lock is free.
  await (await record(file)).close();

  Deno.removeSync(file);
  await (await Recorder.open({ file, temporary: false, application: "tcpmon test" })).discard();
  assert.deepEqual([...Deno.readDirSync(path)].map(({ name }) => name), ["keys.log"]);
  remove();
});

Deno.test("Recorder is told where its thread ends before the capture is begun", async () => {
  const { file, remove } = folder();
  const thread = beginThread();
  const recorder = await Recorder.open({ file, temporary: false, application: "tcpmon test", thread });
  thread.dispatchEvent(new ErrorEvent("error", { message: "gone", cancelable: true }));
  await assert.rejects(recorder.begin(), /the journal failed: gone/);
  await recorder.close();
  remove();
});

Deno.test("Recorder removes what it made where that is discarded and holds nothing, and no other file", async () => {
  const { file, remove } = folder();
  await (await record(file)).discard();
  assert.deepEqual([...Deno.readDirSync(file.replace(/[^/]*$/, ""))], []);

  Deno.writeFileSync(file, new Uint8Array());
  await (await record(file)).discard();
  const begun = Deno.readFileSync(file);
  await (await record(file)).discard();
  assert.deepEqual(Deno.readFileSync(file).subarray(0, begun.length), begun);

  Deno.removeSync(file);
  const used = await record(file);
  used.opened(opened(1));
  await used.discard();
  assert.deepEqual(readRecords(file).map(({ record }) => record.kind), ["opened"]);
  remove();
});

Deno.test({
  name: "Recorder leaves what has taken the name of the file that it made",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { path, file, remove } = folder();
    for (const take of [() => Deno.writeTextFileSync(file, "other"), () => Deno.symlinkSync("moved", file)]) {
      const recorder = await record(file);
      Deno.renameSync(file, `${path}/moved`);
      take();
      await recorder.discard();
      assert.deepEqual([...Deno.readDirSync(path)].map(({ name }) => name).sort(), [
        "capture.pcapng",
        "moved",
      ]);
      Deno.removeSync(file);
      Deno.removeSync(`${path}/moved`);
    }
    remove();
  },
});

Deno.test({
  name: "a capture that is removed, or has lost its name, before it is locked is opened again",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { path, file, remove } = folder();
    for (const lose of [() => Deno.removeSync(file), () => Deno.renameSync(file, `${path}/moved`)]) {
      Deno.writeFileSync(file, new Uint8Array());
      const opening = openLocked(file);
      // It is open, and its lock is waited for.
      lose();
      const locked = await opening;
      assert.ok(isAt(locked.file, file));
      assert.equal(locked.wasThere, false);
      locked.file.close();
    }
    Deno.writeFileSync(file, new Uint8Array());
    const opening = openLocked(file);
    Deno.renameSync(file, `${path}/moved`);
    Deno.writeTextFileSync(file, "other");
    const locked = await opening;
    assert.ok(isAt(locked.file, file));
    assert.equal(locked.wasThere, true);
    locked.file.close();
    remove();
  },
});

Deno.test("Recorder refuses a file that another one records to, and takes it afterwards", async () => {
  const { file, remove } = folder();
  const first = await record(file);
  first.opened(opened(1));
  await first.flush();
  const before = Deno.readFileSync(file);
  await assert.rejects(record(file), /is being recorded to by another tcpmon\. Give another file/);
  assert.deepEqual(Deno.readFileSync(file), before);
  await first.close();
  const second = await record(file);
  assert.equal(second.held.lastConnection, 1);
  await second.close();
  assert.deepEqual([...Deno.readDirSync(file.replace(/[^/]*$/, ""))].map(({ name }) => name), [
    "capture.pcapng",
  ]);
  remove();
});

Deno.test("Recorder says that it has stopped when the folder of its file is removed, and ends in order", async () => {
  const { file, remove } = folder();
  const recorder = await record(file);
  const stopped = new Promise<string>((resolve) => recorder.onStopped = resolve);
  recorder.opened(opened(1));
  remove();
  // So much that the free space is looked at.
  for (let count = 0; count < 300; count++) recorder.chunk(1, "upstream", new Uint8Array(100_000));
  assert.match(
    await stopped,
    /^Recording stopped: cannot see how much is free on the disk of .*capture\.pcapng: /,
  );
  await recorder.close();
});

Deno.test("Recorder outlives its worker: nobody waits for it, and it says that recording has stopped", async () => {
  const { file, remove } = folder();
  const Original = globalThis.Worker;
  const made: Worker[] = [];
  globalThis.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      made.push(this);
    }
  };
  const recorder = await record(file);
  globalThis.Worker = Original;
  const reasons: string[] = [];
  recorder.onStopped = (reason) => reasons.push(reason);
  recorder.opened(opened(1));
  const chunk = new Uint8Array(1 << 20);
  while (!recorder.behind()) recorder.chunk(1, "upstream", chunk);
  const waits = [recorder.behind(), recorder.behind(), recorder.flush()];
  const failure = new ErrorEvent("error", { message: "out of memory", cancelable: true });
  made[0].dispatchEvent(failure);
  assert.ok(failure.defaultPrevented, "or else it would end the program");
  await Promise.all(waits);
  assert.deepEqual(reasons, ["Recording stopped: the journal failed: out of memory"]);
  assert.equal(recorder.recording.stopped, reasons[0]);
  recorder.chunk(1, "upstream", chunk);
  assert.equal(recorder.behind(), undefined);
  await recorder.close();
  remove();
});

Deno.test("Recorder lets those who wait go on a few at a time, and all of them in the end", async () => {
  const { file, remove } = folder();
  const recorder = await record(file);
  recorder.opened(opened(1));
  const chunk = new Uint8Array(1 << 20);
  while (!recorder.behind()) recorder.chunk(1, "upstream", chunk);
  let free = 0;
  const waits = Array.from({ length: 1_000 }, () => recorder.behind()!.then(() => void free++));
  await Promise.race(waits);
  await Promise.resolve();
  assert.ok(free > 0 && free <= 256, `${free} of 1,000 go on at once`);
  await Promise.all(waits);
  await recorder.close();
  remove();
});

Deno.test("Recorder goes on in a new file when the folder of its file is there again", async () => {
  const { path, file, remove } = folder();
  const recorder = await record(file);
  const stopped = new Promise<string>((resolve) => recorder.onStopped = resolve);
  const resumed = new Promise<void>((resolve) => recorder.onResumed = resolve);
  recorder.opened(opened(1));
  recorder.chunk(1, "upstream", new Uint8Array(100).fill(1));
  await recorder.flush();
  remove();
  for (let count = 0; count < 200; count++) recorder.chunk(1, "upstream", new Uint8Array(100_000));
  assert.match(await stopped, /capture\.pcapng: the folder is not there$/);
  assert.equal(recorder.recording.stopped, await stopped);
  Deno.mkdirSync(path);
  await resumed;
  assert.equal(recorder.recording.stopped, null);
  recorder.chunk(1, "upstream", new Uint8Array(50).fill(2));
  await recorder.close();
  // It says of the Connection how much came before, of which nothing is left.
  const [first, second, chunk] = readRecords(file);
  assert.equal(first.record.kind, "segment");
  assert.ok(second.record.kind === "carried" && second.record.upstreamBytes === 20_000_100);
  assert.deepEqual(chunk.bytes, new Uint8Array(50).fill(2));
  remove();
});

const ownDisk = Deno.build.os === "linux" && Deno.uid() === 0 && canMount();

Deno.test({
  name: "Recorder on a disk that really fills up stops with whole blocks in the file",
  ignore: !ownDisk,
  fn: async () => {
    const disk = mounted("8m");
    const recorder = await record(disk.file, 0, { keep: { ...NO_KEEP, bytes: 1e9 } });
    const stopped = new Promise<string>((resolve) => recorder.onStopped = resolve);
    recorder.opened(opened(1));
    for (let count = 0; count < 200; count++) recorder.chunk(1, "upstream", new Uint8Array(100_000));
    assert.match(await stopped, /^Recording stopped: cannot write to .*: no space left on device/);
    await recorder.close();
    const records = readRecords(disk.file);
    assert.ok(records.length > 10);
    assert.deepEqual(
      new Set(records.map(({ record }) => record.kind)),
      new Set(["opened", "chunk", "closed"]),
    );
    const last = records.at(-1)!.record;
    assert.ok(last.kind === "closed" && last.how === "stopped" && last.endedBy === "monitor");
    assert.match(last.error!, /^not recorded further: cannot write to .*: no space left on device/);
    disk.remove();
  },
});

Deno.test({
  name: "Recorder stops where its folder has become read-only, and goes on in the next file once it is not",
  ignore: !ownDisk,
  fn: async () => {
    const { path, file, remove } = folder();
    const recorder = await record(file, 0, { keep: { ...NO_KEEP, bytes: 1e6 } });
    const reasons: string[] = [];
    const stopped = new Promise<void>((resolve) =>
      recorder.onStopped = (reason) => {
        reasons.push(reason);
        resolve();
      }
    );
    recorder.opened(opened(1));
    recorder.chunk(1, "upstream", new Uint8Array(50_000));
    await recorder.flush();
    try {
      command("mount", "--bind", path, path);
      command("mount", "-o", "remount,bind,ro", path);
      for (let count = 0; count < 4; count++) recorder.chunk(1, "upstream", new Uint8Array(50_000));
      await stopped;
    } finally {
      command("umount", path);
    }
    await new Promise<void>((resolve) => recorder.onResumed = resolve);
    recorder.chunk(1, "upstream", new Uint8Array(50).fill(2));
    await recorder.close();
    // It did not go on in the file that was full already, to stop again.
    assert.deepEqual(reasons, [
      "Recording stopped: cannot begin the next file of the capture: read-only file system",
    ]);
    const last = readRecords(file);
    assert.deepEqual(last.map(({ record }) => record.kind), ["segment", "carried", "chunk"]);
    assert.ok(last[1].record.kind === "carried" && last[1].record.upstreamBytes === 250_000);
    assert.equal(readRecords(`${path}/capture.000001.pcapng`).at(-1)!.record.kind, "closed");
    remove();
  },
});

Deno.test({
  name: "Recorder stops before the disk is full, and the open connections end in the record with the reason",
  ignore: !ownDisk,
  fn: async () => {
    const disk = mounted("80m");
    const recorder = await record(disk.file, 40 * 1024 * 1024, { keep: { ...NO_KEEP, bytes: 1e9 } });
    const stopped = new Promise<string>((resolve) => recorder.onStopped = resolve);
    recorder.opened(opened(1));
    for (let count = 0; count < 600; count++) recorder.chunk(1, "upstream", new Uint8Array(100_000));
    const reason = await stopped;
    assert.match(reason, /^Recording stopped: less than 41\.9 MB is free on the disk of /);
    await recorder.close();
    const last = readRecords(disk.file).at(-1)!.record;
    assert.ok(last.kind === "closed" && last.how === "stopped" && last.endedBy === "monitor");
    assert.equal(last.error, reason.replace("Recording stopped", "not recorded further"));
    disk.remove();
  },
});

Deno.test({
  name: "Recorder keeps 1 GiB free unless told otherwise, and of a small disk the tenth part",
  ignore: !ownDisk,
  fn: async () => {
    assert.equal(leastFree(10 * 2 ** 40), 2 ** 30);
    assert.equal(leastFree(64 * 2 ** 20), 6_710_886);
    const table = [["20m", 19, "2.1 MB"], ["20m", 0, null]] as const;
    for (const [size, used, least] of table) {
      const disk = mounted(size);
      Deno.writeFileSync(`${disk.file}.other`, new Uint8Array(used * 2 ** 20));
      const recorder = await record(disk.file);
      await recorder.close();
      const { stopped } = recorder.recording;
      if (least === null) assert.equal(stopped, null);
      else {assert.match(
          stopped ?? "",
          new RegExp(`^Recording stopped: less than ${least} is free on the disk`),
        );}
      disk.remove();
    }
  },
});

/** A folder on a file system of its own, so large. */
function mounted(size: string) {
  const { path, file, remove } = folder();
  mount(path, size);
  return {
    file,
    remove: () => {
      new Deno.Command("umount", { args: [path] }).outputSync();
      remove();
    },
  };
}

function mount(path: string, size: string): boolean {
  const args = ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path];
  return new Deno.Command("mount", { args, stderr: "null" }).outputSync().success;
}

function command(name: string, ...args: string[]): void {
  assert.ok(new Deno.Command(name, { args }).outputSync().success, `${name} ${args.join(" ")}`);
}

function canMount(): boolean {
  const { path, remove } = folder();
  const can = mount(path, "1m");
  if (can) new Deno.Command("umount", { args: [path] }).outputSync();
  remove();
  return can;
}

Deno.test("Recorder: what tcpmon sent itself is told apart, keeps its links, and makes no listener", async () => {
  const { file, remove } = folder();
  const first = await record(file);
  const own = { origin: "tcpmon", resendOf: ["e1", null] } as const;
  first.opened({ ...opened(1), ...own, target: { host: "elsewhere", port: 1 } });
  first.opened({ ...opened(2), ...own, listener: "sender", listen: { host: "127.0.0.1", port: 0 } });
  await first.close();
  const second = await record(file);
  assert.deepEqual([second.held.lastConnection, second.held.listeners], [2, []]);
  await second.close();
  const told = readRecords(file).flatMap(({ record }) => record.kind === "opened" ? [record] : []);
  assert.deepEqual(told.map(({ origin, resendOf }) => ({ origin, resendOf })), [own, own]);
  remove();
});

Deno.test("Recorder keeps edits with their bytes, whatever they are, and why editing stopped", async () => {
  const { file, remove } = folder();
  const recorder = await record(file);
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  // The longest line that is edited, of what takes the most room in a comment.
  const longest = new Uint8Array(17 * 1024).fill(0xff);
  const none = new Uint8Array(0);
  const edits = [
    { connection: 1, direction: "upstream", offset: 3, removed: 2, inserted: all },
    { connection: 1, direction: "upstream", offset: 7, removed: 0, inserted: longest },
    { connection: 1, direction: "downstream", offset: 1, removed: 4, inserted: none },
    { connection: 1, direction: "downstream", offset: 9, removed: 0, inserted: none, stopped: "in doubt" },
  ] as const;
  recorder.opened({ ...opened(1), rewrites: true });
  recorder.chunk(1, "upstream", new Uint8Array(10));
  for (const edit of edits.slice(0, 2)) recorder.edited(edit);
  recorder.chunk(1, "downstream", new Uint8Array(10));
  for (const edit of edits.slice(2)) recorder.edited(edit);
  recorder.closed(closed(1, 10, 10));
  await recorder.close();

  const records = readRecords(file).map(({ record }) => record);
  assert.deepEqual({ ...records[0], at: 0 }, { kind: "opened", at: 0, ...opened(1), rewrites: true });
  assert.deepEqual(
    records.filter(({ kind }) => kind === "edited").map(({ at: _, ...record }) => record),
    edits.map((edit) => ({ kind: "edited", ...edit })),
  );
  remove();
});

Deno.test("Recorder keeps what was negotiated on each leg", async () => {
  const { file, remove } = folder();
  const recorder = await record(file);
  const certificate = {
    subject: "CN=api.example.org",
    issuer: "CN=Some Authority",
    names: ["api.example.org", "192.0.2.1"],
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2027-01-01T00:00:00.000Z",
    publicKey: "EC P-256",
    fingerprint: "ab".repeat(32),
  };
  const target: Secured = {
    connection: 1,
    leg: "target",
    version: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    alpn: "h2",
    serverName: "api.example.org",
    peer: [certificate],
    trust: "nothing",
    untrusted: "its certificate expired",
  };
  const client: Secured = {
    ...target,
    leg: "client",
    cipher: null,
    peer: [],
    trust: "own-ca",
    untrusted: null,
  };
  recorder.opened(opened(1));
  recorder.connected({ connection: 1, address: { host: "127.0.0.1", port: 443 }, dialMs: 1 });
  recorder.secured(target);
  recorder.secured(client);
  recorder.chunk(1, "upstream", new Uint8Array(10));
  recorder.closed(closed(1, 10, 0));
  await recorder.close();
  const told = readRecords(file).flatMap(({ record }) => record.kind === "secured" ? [record] : []);
  assert.deepEqual(
    told.map(({ at: _, ...record }) => record),
    [target, client].map((event) => ({ kind: "secured", ...event })),
  );
  remove();
});

Deno.test("Recorder: a forward proxy is held as one, whatever targets its clients have named", async () => {
  const { file, remove } = folder();
  const first = await record(file);
  first.opened({ ...opened(1), forward: true });
  first.opened({ ...opened(2), forward: true, target: { host: "elsewhere", port: 1 } });
  await first.close();
  const second = await record(file);
  assert.deepEqual(second.held.listeners, [{ id: "l1", listen: "127.0.0.1:8081", target: null }]);
  await second.close();
  remove();
});
