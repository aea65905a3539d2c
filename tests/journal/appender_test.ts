// A capture in segments: what each holds alone and all together, to this program and to tshark.

import assert from "node:assert/strict";
import { NO_KEEP } from "../../src/keep.ts";
import { Appender } from "../../src/journal/appender.ts";
import { CaptureFiles } from "../../src/journal/capture_files.ts";
import { readHeld } from "../../src/journal/file.ts";
import { filesOf } from "../../src/journal/open_source.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import type { JournalRecord } from "../../src/journal/records.ts";
import { olderSegments } from "../../src/journal/segment_files.ts";
import { mergecap, tshark } from "../needs.ts";
import { closed, folder, opened, record, recorded, TARGET } from "./recording.ts";

/** All records of a capture's files, as they are now. */
function recordsOf(files: CaptureFiles): JournalRecord[] {
  const reader = new JournalReader(files.readAt, { position: files.files[0].base, at: 0 });
  const records: JournalRecord[] = [];
  const limit = Number.MAX_SAFE_INTEGER;
  for (let next = reader.next(limit); next; next = reader.next(limit)) records.push(next);
  return records;
}

/** Two Connections over several segments: the first speaks all the time, the second ends in the first segment. */
async function recordSegments(file: string, bytes: number, rounds: number): Promise<readonly CaptureFiles[]> {
  const recorder = await record(file, 0, { keep: { ...NO_KEEP, bytes } });
  recorder.opened(opened(1));
  recorder.connected({ connection: 1, address: { ...TARGET, host: "127.0.0.1" }, dialMs: 1 });
  recorder.opened(opened(2, { host: "127.0.0.1", port: 50_001 }));
  recorder.ended({ connection: 2, by: "client", how: "end", passedOn: "end" });
  recorder.ended({ connection: 2, by: "target", how: "end", passedOn: "end" });
  recorder.closed(closed(2));
  for (let round = 0; round < rounds; round++) {
    recorder.chunk(1, "upstream", new Uint8Array(1_000).fill(0x61 + round % 26));
    recorder.chunk(1, "downstream", new Uint8Array(50_000).fill(0x41 + round % 26));
    await recorder.flush();
  }
  recorder.ended({ connection: 1, by: "client", how: "end", passedOn: "end" });
  recorder.ended({ connection: 1, by: "target", how: "end", passedOn: "end" });
  recorder.closed(closed(1, 1_000 * rounds, 50_000 * rounds));
  await recorder.close();
  const list = recorder.files;
  return [new CaptureFiles(() => list)];
}

Deno.test("Appender: a torn end is cut off before anything is written, so that none is left behind a new section", async () => {
  const { file: path, remove } = folder();
  const recorder = await record(path);
  recorder.opened(opened(1));
  recorder.chunk(1, "upstream", new Uint8Array(50_000));
  await recorder.close();
  Deno.truncateSync(path, Deno.statSync(path).size - 100);
  const file = Deno.openSync(path, { read: true, write: true });
  const held = readHeld(path, file);
  assert.ok(held.cut > 40_000, `${held.cut}`);
  const sizes: number[] = [];
  const write = file.writeSync.bind(file);
  file.writeSync = (bytes) => {
    sizes.push(file.statSync().size);
    return write(bytes);
  };
  const limits = { minFree: 0, keepBytes: null, keepMs: null, captureLimit: null };
  const options = { path, application: "tcpmon test", ...limits, keys: null, post: () => {} };
  const appender = new Appender(options, { ...held, file });
  appender.begin(0);
  appender.close();
  assert.equal(sizes[0], held.length);
  remove();
});

Deno.test("Appender: segments follow one another, each carries what is open, and together they have every byte", async () => {
  const { file, remove } = folder();
  const [files] = await recordSegments(file, 4_000_000, 40);
  const older = olderSegments(file, files.files.at(-1)!.base);
  assert.equal(older.length, files.files.length - 1);
  assert.ok(older.length >= 3, `${older.length}`);
  assert.deepEqual(older.map(({ number }) => number), older.map((_, at) => at + 1));
  assert.match(older[0].path, /capture\.000001\.pcapng$/);
  const records = recordsOf(files);
  const bytes = { upstream: 0, downstream: 0 };
  let segments = 0;
  for (const one of records) {
    if (one.kind === "segment") {
      segments++;
      assert.equal(one.carried, 1);
    } else if (one.kind === "chunk") bytes[one.direction] += one.length;
    else if (one.kind === "carried") {
      assert.deepEqual([one.connection, one.upstreamBytes, one.downstreamBytes], [
        1,
        bytes.upstream,
        bytes.downstream,
      ]);
      assert.equal(one.connected?.dialMs, 1);
    }
  }
  assert.equal(segments, older.length);
  assert.deepEqual(bytes, { upstream: 40_000, downstream: 2_000_000 });
  files.close();

  // The third one alone.
  const alone = new CaptureFiles(() => files.files.slice(2, 3));
  const kinds = recordsOf(alone).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 2), ["segment", "carried"]);
  assert.ok(kinds.includes("chunk"));
  alone.close();
  remove();
});

Deno.test("Appender: the oldest segments go, and never more is kept; who continues it takes the others along", async () => {
  const { file, remove, path } = folder();
  const most = 1_000_000;
  const [files] = await recordSegments(file, most, 60);
  const size = () =>
    [...Deno.readDirSync(path)].reduce((sum, { name }) => sum + Deno.statSync(`${path}/${name}`).size, 0);
  assert.ok(size() <= most, `${size()}`);
  assert.ok(size() > most / 2, `${size()}`);
  assert.ok(files.files[0].base > 0);
  files.close();
  const again = await record(file, 0, { keep: { ...NO_KEEP, bytes: most } });
  assert.equal(again.held.lastConnection, 2);
  assert.deepEqual(again.held.listeners.map(({ id }) => id), ["l1"]);
  assert.deepEqual(again.files.map(({ base }) => base), files.files.map(({ base }) => base));
  again.opened(opened(3));
  for (let count = 0; count < 40; count++) again.chunk(3, "upstream", new Uint8Array(50_000));
  await again.close();
  assert.ok(size() <= most + 100_000, `${size()}`);
  remove();
});

Deno.test("Appender: a file that has the name of a segment and is none stays as it is, and the segments are still found", async () => {
  const { file, remove, path } = folder();
  const names = ["capture.000001.pcapng", "capture.000003.pcapng"];
  for (const name of names) Deno.writeTextFileSync(`${path}/${name}`, "not yours");
  const [files] = await recordSegments(file, 1_000_000, 10);
  for (const name of names) assert.equal(Deno.readTextFileSync(`${path}/${name}`), "not yours");
  const older = olderSegments(file, files.files.at(-1)!.base);
  assert.deepEqual(older.map(({ number }) => number).slice(0, 2), [2, 4]);
  assert.equal(older.length, files.files.length - 1);
  files.close();
  remove();
});

Deno.test({
  name:
    "Appender: a capture that is named by a link grows where the link leads, and is opened with all its segments",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const { file, remove, path } = folder();
    Deno.mkdirSync(`${path}/real`);
    Deno.symlinkSync(`${path}/real/today.pcapng`, file);
    const [files] = await recordSegments(file, 1_000_000, 10);
    const segments = files.files.length;
    files.close();
    assert.ok(segments > 1);
    assert.equal(Deno.readLinkSync(file), `${path}/real/today.pcapng`);
    assert.equal([...Deno.readDirSync(`${path}/real`)].length, segments);
    assert.equal(filesOf(file, "tcpmon").length, segments);
    remove();
  },
});

Deno.test("Appender: where a segment was taken away, reading goes on with the one behind it", async () => {
  const { file, remove } = folder();
  const [recorded] = await recordSegments(file, 4_000_000, 40);
  recorded.close();
  const [gone] = recorded.files.slice(1);
  Deno.removeSync(gone.path);
  const again = await record(file, 0);
  const files = new CaptureFiles(() => again.files);
  const reader = new JournalReader(files.readAt, { position: 0, at: 0 }, files.after);
  const segments: number[] = [];
  let bytes = 0;
  for (let one = reader.next(again.position); one; one = reader.next(again.position)) {
    if (one.kind === "segment") segments.push(one.position);
    if (one.kind === "chunk") bytes += one.length;
  }
  const bases = recorded.files.map(({ base }) => base);
  assert.deepEqual(segments, bases.slice(1).filter((base) => base !== gone.base));
  assert.ok(bytes < 40 * 51_000 && bytes > 40 * 51_000 - gone.length!, `${bytes}`);
  assert.equal(reader.position, again.position);
  await again.close();
  files.close();
  remove();
});

Deno.test("Appender: a run that ended right after it put a segment away goes on behind it", async () => {
  const { file, remove } = folder();
  const [files] = await recordSegments(file, 1_000_000, 10);
  const [before] = files.files.slice(-2);
  files.close();
  for (const left of ["", "\x0a\x0d\x0d"]) {
    if (left === "") Deno.removeSync(file);
    else Deno.writeTextFileSync(file, left);
    const again = await record(file, 0);
    assert.equal(again.files.at(-1)!.base, before.base + before.length!);
    assert.equal(again.held.lastConnection, 2);
    assert.equal(again.held.cut, left.length);
    await again.close();
  }
  remove();
});

Deno.test("Appender: of each direction so much is recorded as the limit says, and where it was cut is known", async () => {
  const { file, remove } = folder();
  const recorder = await record(file, 0, { captureLimit: 1_000 });
  recorder.opened(opened(1));
  recorder.chunk(1, "upstream", new Uint8Array(600).fill(1));
  recorder.chunk(1, "upstream", new Uint8Array(600).fill(2));
  recorder.chunk(1, "downstream", new Uint8Array(1_000).fill(3));
  recorder.chunk(1, "upstream", new Uint8Array(200_000).fill(4));
  recorder.closed(closed(1, 201_200, 1_000));
  await recorder.close();
  assert.equal(recorded(file, 1, "upstream").length, 1_000);
  assert.equal(recorded(file, 1, "downstream").length, 1_000);
  const list = recorder.files;
  const files = new CaptureFiles(() => list);
  const records = recordsOf(files);
  files.close();
  const cuts = records.filter(({ kind }) => kind === "cut");
  assert.deepEqual(cuts.map((cut) => ({ ...cut, at: 0 })), [
    { kind: "cut", at: 0, connection: 1, direction: "upstream", offset: 1_000 },
  ]);
  const missing = records.reduce((sum, one) => sum + (one.kind === "gap" ? one.length : 0), 0);
  assert.equal(missing, 200_200);
  assert.ok(Deno.statSync(file).size < 6_000);
  remove();
});

Deno.test({
  name: "tshark reads each segment alone and all together",
  ignore: !tshark || !mergecap,
  fn: async () => {
    const { file, remove, path } = folder();
    const [files] = await recordSegments(file, 4_000_000, 40);
    files.close();
    const paths = files.files.map(({ path }) => path);
    const read = async (input: string, ...args: string[]) => {
      const { stdout, stderr, success } = await new Deno.Command(tshark!, { args: ["-r", input, ...args] })
        .output();
      assert.ok(success, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    const lengths = (text: string) =>
      text.trim().split("\n").reduce((sum, line) => sum + Number(line || 0), 0);
    const bytes = await Promise.all(paths.map(async (one) => {
      const lost = await read(
        one,
        "-Y",
        "tcp.analysis.lost_segment || tcp.analysis.retransmission || _ws.malformed",
      );
      assert.equal(lost, "", one);
      return lengths(await read(one, "-T", "fields", "-e", "tcp.len"));
    }));
    assert.equal(bytes.reduce((sum, one) => sum + one, 0), 51_000 * 40);
    const all = `${path}/all.pcapng`;
    const merged = await new Deno.Command(mergecap!, { args: ["-a", "-w", all, ...paths] }).output();
    assert.ok(merged.success, new TextDecoder().decode(merged.stderr));
    const wrong = await read(
      all,
      "-Y",
      "tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.analysis.duplicate_ack || _ws.malformed",
    );
    assert.equal(wrong, "");
    assert.deepEqual(
      new Set((await read(all, "-T", "fields", "-e", "tcp.stream")).trim().split("\n")),
      new Set(["0", "1"]),
    );
    remove();
  },
});
