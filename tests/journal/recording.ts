// Makes Journals for tests: a recorder on a file in a temporary folder, and a random conversation to record.

import type { Address, Direction } from "../../src/model.ts";
import { readerOf } from "../../src/journal/file.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { Recorder, type RecorderOptions } from "../../src/journal/recorder.ts";
import type { JournalRecord } from "../../src/journal/records.ts";

export const CLIENT: Address = { host: "127.0.0.1", port: 50_000 };
export const LISTEN: Address = { host: "127.0.0.1", port: 8081 };
export const TARGET: Address = { host: "localhost", port: 80 };

/** A folder that `remove` takes away again. */
export function folder() {
  const path = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  return { path, file: `${path}/capture.pcapng`, remove: () => Deno.removeSync(path, { recursive: true }) };
}

export async function record(
  file: string,
  minFree?: number,
  more: Partial<RecorderOptions> = {},
): Promise<Recorder> {
  const recorder = await Recorder.open({
    ...{ file, temporary: false, application: "tcpmon test", minFree },
    ...more,
  });
  await recorder.begin();
  return recorder;
}

/** All records of a file, with the bytes of its chunks. */
export function readRecords(file: string): { record: JournalRecord; bytes: Uint8Array | null }[] {
  const open = Deno.openSync(file);
  const reader = new JournalReader(readerOf(open));
  const records = [];
  const size = open.statSync().size;
  for (let record = reader.next(size); record; record = reader.next(size)) {
    records.push({ record, bytes: record.kind === "chunk" ? reader.payload(record).slice() : null });
  }
  open.close();
  return records;
}

/** What one Direction of a Connection carried, according to the file. */
export function recorded(file: string, connection: number, direction: Direction): Uint8Array {
  const parts = readRecords(file).flatMap(({ record, bytes }) =>
    record.kind === "chunk" && record.connection === connection && record.direction === direction
      ? [bytes!]
      : []
  );
  return Uint8Array.from(Buffer.concat(parts));
}

export function opened(connection: number, client: Address = CLIENT, local: Address = LISTEN) {
  return { connection, listener: "l1", listen: LISTEN, local, target: TARGET, client };
}

export function closed(connection: number, upstreamBytes = 0, downstreamBytes = 0) {
  return { connection, endedBy: "client", how: "end", error: null, upstreamBytes, downstreamBytes } as const;
}

/** Numbers from a seed (mulberry32), each at least 0 and less than 1. */
export function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Waits until `test` holds, looking again whenever the recorder has written more. */
export async function written(recorder: Recorder, test: () => boolean): Promise<void> {
  while (!test()) {
    await new Promise<void>((resolve) => {
      recorder.onWritten = () => resolve();
    });
  }
}
