// JournalReader on damaged files: bytes are changed at random, and it either reads on or says where it is damaged.

import assert from "node:assert/strict";
import { Kind } from "../../src/journal/batch.ts";
import { commentFor } from "../../src/journal/comment.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { JournalWriter } from "../../src/journal/writer.ts";
import { closed, generator, opened } from "./recording.ts";

const ROUNDS = 5_000;
const EXPECTED = /^(damaged at byte \d+: |not a pcapng file$|not written by tcpmon$)/;

function journal(): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new JournalWriter((bytes) => void parts.push(bytes.slice()));
  const at = 1e12;
  writer.begin("test", at);
  for (let connection = 1; connection < 4; connection++) {
    const record = (kind: Kind, body: Uint8Array) => writer.record({ kind, connection, at, flags: 0, body });
    const address = { host: "127.0.0.1", port: 80 };
    record(Kind.opened, commentFor({ event: "opened", ...opened(connection) }));
    record(Kind.connected, commentFor({ event: "connected", connection, address, dialMs: 1 }));
    for (const size of [100, 9_000, 20_000]) record(Kind.upstream, new Uint8Array(size).fill(65));
    const edit = { connection, direction: "upstream", offset: 9, removed: 2, inserted: "\xff" } as const;
    record(Kind.upstreamEdited, commentFor({ event: "edited", ...edit }));
    record(Kind.closed, commentFor({ event: "closed", ...closed(connection) }));
  }
  writer.flush();
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function readThrough(bytes: Uint8Array): number {
  const reader = new JournalReader((position, into) => {
    const piece = bytes.subarray(position, position + into.length);
    into.set(piece);
    return piece.length;
  });
  let count = 0;
  for (let record = reader.next(bytes.length); record; record = reader.next(bytes.length)) {
    count++;
    if (record.kind === "chunk") {
      assert.ok(record.position + record.length <= bytes.length, `${record.length} bytes in a small file`);
      assert.equal(reader.payload(record).length, record.length);
    }
    if (record.kind === "opened") assert.equal(typeof record.client.host, "string");
  }
  return count;
}

Deno.test("JournalReader says where a file is damaged, and never reads out of a block (random, seeded)", () => {
  const whole = journal();
  assert.equal(readThrough(whole), 21);
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  console.log(`seed ${seed}`);
  const random = generator(seed);
  // Where the headers and comments are: at the bytes that are not the filling of the payloads.
  const places = [...whole.keys()].filter((at) => whole[at] !== 65 || whole[at - 1] !== 65);
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = whole.slice();
    for (let count = 0; count < 3; count++) {
      bytes[places[Math.floor(random() * places.length)]] = random() < 0.5 ? 255 : Math.floor(random() * 256);
    }
    try {
      readThrough(bytes);
    } catch (error) {
      assert.match((error as Error).message, EXPECTED);
      refused++;
    }
  }
  assert.ok(refused > ROUNDS / 10, `${refused} of ${ROUNDS} were found to be damaged`);
});
