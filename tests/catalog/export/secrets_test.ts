import assert from "node:assert/strict";
import { secretsOf } from "../../../src/catalog/export/secrets.ts";
import { readerOf } from "../../../src/journal/file.ts";
import { JournalReader } from "../../../src/journal/reader.ts";
import { Capture } from "../capture.ts";

/** The beginning of a ClientHello with 32 such bytes as its random. */
function hello(byte: number): Uint8Array {
  return Uint8Array.of(22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3, ...Array(32).fill(byte), 0, 0);
}

function line(byte: number): string {
  return `CLIENT_RANDOM ${byte.toString(16).padStart(2, "0").repeat(32)} ${"ab".repeat(48)}`;
}

Deno.test("secretsOf gives the lines of chosen connections alone, wherever they stand", () => {
  using capture = new Capture();
  const encoder = new TextEncoder();
  capture.secrets(encoder.encode(`${line(1)}\n${line(2)}\n\n`));
  for (const connection of [1, 2, 3]) {
    capture.opened(connection);
    capture.chunk(connection, "upstream", hello(connection).slice(0, 20));
    capture.chunk(connection, "upstream", hello(connection).slice(20));
  }
  capture.secrets(encoder.encode(`${line(3)}\n${line(4)}\n${line(1)}\n`));
  using file = Deno.openSync(capture.file);
  const secrets = (chosen: readonly number[]) => {
    const source = new JournalReader(readerOf(file));
    const records = (function* () {
      for (let record = source.next(capture.size); record; record = source.next(capture.size)) {
        yield { record, source, number: 0 };
      }
    })();
    const lines = secretsOf(records, { parts: (connection) => chosen.includes(connection) ? {} : null });
    return lines && new TextDecoder().decode(lines);
  };
  assert.equal(secrets([1, 3]), `${line(1)}\n${line(3)}\n`);
  assert.equal(secrets([2]), `${line(2)}\n`);
  assert.equal(secrets([]), null);
});
