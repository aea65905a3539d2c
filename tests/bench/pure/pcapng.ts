// pcapng: the writer and the reader of the Journal, in memory.

import { Kind } from "../../../src/journal/batch.ts";
import { commentFor } from "../../../src/journal/comment.ts";
import { JournalReader } from "../../../src/journal/reader.ts";
import { JournalWriter } from "../../../src/journal/writer.ts";
import type { PureGroup } from "./types.ts";

const LISTEN = { host: "127.0.0.1", port: 8081 };
const AT = Date.UTC(2026, 0, 1);

/** What is recorded: so many Connections, each with so many chunks each way. */
interface Recorded {
  readonly name: string;
  readonly connections: number;
  readonly chunks: number;
  readonly bytes: number;
}

const RECORDED: readonly Recorded[] = [
  { name: "chunks of 200 bytes", connections: 20, chunks: 500, bytes: 200 },
  { name: "chunks of 64 KB", connections: 4, chunks: 16, bytes: 65_536 },
  { name: "Connections of one exchange", connections: 2_000, chunks: 1, bytes: 200 },
];

/** Writes it; returns how many bytes of chunks there were. */
export function write(
  { connections, chunks, bytes }: Omit<Recorded, "name">,
  sink: (bytes: Uint8Array) => void,
  body: (connection: number, chunk: number, isUpstream: boolean) => Uint8Array,
): number {
  const writer = new JournalWriter(sink);
  writer.begin("tcpmon bench", AT);
  let at = AT;
  const event = (kind: Kind, connection: number, comment: Uint8Array) =>
    writer.record({ kind, connection, at: at++, flags: 0, body: comment });
  for (let connection = 1; connection <= connections; connection++) {
    const client = { host: "127.0.0.1", port: 1024 + connection % 60_000 };
    const target = { host: "localhost", port: 80 };
    const opened = { connection, listener: "l1", listen: LISTEN, local: LISTEN, target, client };
    event(Kind.opened, connection, commentFor({ event: "opened", ...opened }));
    const connected = { connection, address: { host: "127.0.0.1", port: 80 }, dialMs: 0.25 };
    event(Kind.connected, connection, commentFor({ event: "connected", ...connected }));
  }
  for (let chunk = 0; chunk < chunks; chunk++) {
    for (let connection = 1; connection <= connections; connection++) {
      event(Kind.upstream, connection, body(connection, chunk, true));
      event(Kind.downstream, connection, body(connection, chunk, false));
    }
  }
  const none = new Uint8Array(0);
  for (let connection = 1; connection <= connections; connection++) {
    event(Kind.clientEnded, connection, none);
    event(Kind.targetEnded, connection, none);
    const counts = { upstreamBytes: chunks * bytes, downstreamBytes: chunks * bytes };
    const closed = { connection, endedBy: "client", how: "end", error: null, ...counts } as const;
    event(Kind.closed, connection, commentFor({ event: "closed", ...closed }));
  }
  writer.flush();
  return 2 * connections * chunks * bytes;
}

/** All that was written, as a file that is in memory. */
export class MemoryFile {
  #bytes = new Uint8Array(1024);
  length = 0;

  readonly append = (bytes: Uint8Array): void => {
    if (this.length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.length + bytes.length));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  };

  readonly read = (position: number, into: Uint8Array): number => {
    const part = this.#bytes.subarray(position, Math.min(this.length, position + into.length));
    into.set(part);
    return part.length;
  };
}

function readAll(file: MemoryFile): number {
  const reader = new JournalReader(file.read);
  let bytes = 0;
  for (let record = reader.next(file.length); record !== null; record = reader.next(file.length)) {
    if (record.kind === "chunk") bytes += reader.payload(record).length;
  }
  return bytes;
}

/** See above. */
export const pcapngWrite: PureGroup = {
  group: "pcapng write",
  cases: () =>
    RECORDED.map((recorded) => {
      const body = new Uint8Array(recorded.bytes).fill(0x61);
      const size = written(recorded).length;
      return {
        name: recorded.name,
        bytes: size,
        run: () => {
          let length = 0;
          write(recorded, (bytes) => length += bytes.length, () => body);
          return length;
        },
        expected: size,
      };
    }),
};

/** See above. */
export const pcapngRead: PureGroup = {
  group: "pcapng read",
  cases: () =>
    RECORDED.map((recorded) => {
      const { name, connections, chunks, bytes } = recorded;
      const file = written(recorded);
      return {
        name,
        bytes: file.length,
        run: () => readAll(file),
        expected: 2 * connections * chunks * bytes,
      };
    }),
};

function written(recorded: Recorded): MemoryFile {
  const file = new MemoryFile();
  const body = new Uint8Array(recorded.bytes).fill(0x61);
  write(recorded, file.append, () => body);
  return file;
}
