// Batches: what is appended is read back, and the room is told exactly.

import assert from "node:assert/strict";
import {
  ABRUPT,
  BATCH,
  BatchWriter,
  HEADER,
  Kind,
  MORE,
  readBatch,
  utf8Room,
} from "../../src/journal/batch.ts";

Deno.test("readBatch gives back what BatchWriter appended, whatever its length", () => {
  const memory = new SharedArrayBuffer(BATCH);
  const writer = new BatchWriter(memory);
  const sizes = [0, 1, 7, 8, 9, 4_095];
  for (const size of sizes) {
    writer.append(
      Kind.downstream,
      0xffff_ffff - size,
      1e12 + size / 8,
      size % 2 ? MORE : ABRUPT,
      filled(size),
    );
  }
  const read = [...readBatch(memory, writer.length)].map((record) => ({ ...record, body: [...record.body] }));
  assert.deepEqual(
    read,
    sizes.map((size) => ({
      kind: Kind.downstream,
      connection: 0xffff_ffff - size,
      at: 1e12 + size / 8,
      flags: size % 2 ? MORE : ABRUPT,
      body: [...filled(size)],
    })),
  );
});

Deno.test("BatchWriter.room: a body of so many bytes fits, and then nothing more does", () => {
  const memory = new SharedArrayBuffer(BATCH);
  const writer = new BatchWriter(memory);
  assert.equal(writer.room, BATCH - HEADER);
  writer.append(Kind.upstream, 1, 0, 0, filled(3));
  assert.equal(writer.room, BATCH - 2 * HEADER - 8);
  writer.append(Kind.upstream, 1, 0, 0, filled(writer.room));
  assert.ok(writer.room < 0);
  assert.equal([...readBatch(memory, writer.length)].length, 2);
});

function filled(size: number): Uint8Array {
  return new Uint8Array(size).fill(size & 0xff);
}

Deno.test("BatchWriter.appendText appends what append does with the text as UTF-8, wherever utf8Room says it fits", () => {
  const texts = ["", "plain", "Börse €", "𝄞".repeat(1000), "é".repeat(BATCH / 8), "x".repeat(BATCH / 2)];
  for (const text of texts) {
    const [one, other] = [new SharedArrayBuffer(BATCH), new SharedArrayBuffer(BATCH)];
    const [asText, asBytes] = [new BatchWriter(one), new BatchWriter(other)];
    const body = new TextEncoder().encode(text);
    assert.ok(utf8Room(text) >= body.length);
    for (const writer of [asText, asBytes]) writer.append(Kind.upstream, 1, 0, 0, new Uint8Array(5));
    asText.appendText(Kind.opened, 7, 1.5, ABRUPT, text);
    asBytes.append(Kind.opened, 7, 1.5, ABRUPT, body);
    assert.equal(asText.length, asBytes.length);
    assert.deepEqual([...readBatch(one, asText.length)], [...readBatch(other, asBytes.length)]);
  }
});
