// Segments: the numbers that a TCP stack would have given.

import assert from "node:assert/strict";
import { ACK, FIN, MAX_PAYLOAD, Segments, SYN } from "../../src/journal/segments.ts";

const CLIENT = { host: "127.0.0.1", port: 50_000 };
const SERVER = { host: "127.0.0.1", port: 80 };

function segmentsOf(connection: number): Segments {
  const segments = new Segments();
  segments.begin(connection, CLIENT, SERVER);
  return segments;
}

function numbers(header: Uint8Array, ip = 20): readonly [number, number] {
  const view = new DataView(header.buffer, header.byteOffset);
  return [view.getUint32(ip + 4), view.getUint32(ip + 8)];
}

Deno.test("Segments: a SYN and a FIN count as a byte, and each side acknowledges what the other sent", () => {
  const segments = segmentsOf(7);
  const [client] = numbers(segments.header(true, SYN, 0));
  const [server, first] = numbers(segments.header(false, SYN | ACK, 0));
  const next = (start: number, count: number) => (start + count) >>> 0;
  assert.equal(first, next(client, 1));
  assert.deepEqual(numbers(segments.header(true, ACK, 100)), [next(client, 1), next(server, 1)]);
  assert.deepEqual(numbers(segments.header(false, ACK, 5)), [next(server, 1), next(client, 101)]);
  assert.deepEqual(numbers(segments.header(true, FIN | ACK, 0)), [next(client, 101), next(server, 6)]);
  assert.deepEqual(numbers(segments.header(false, ACK, 0)), [next(server, 6), next(client, 102)]);
});

Deno.test("Segments: the IPv4 header's length and checksum are right for the longest packet", () => {
  const header = segmentsOf(1).header(true, ACK, MAX_PAYLOAD);
  const view = new DataView(header.buffer, header.byteOffset);
  assert.equal(view.getUint16(2), 65_535);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  assert.equal(sum, 0xffff);
});

Deno.test("Segments.needsAcknowledgement: well before the window of 1 GiB is full, until the other side answers", () => {
  const segments = segmentsOf(1);
  let sent = 0;
  while (!segments.needsAcknowledgement(true) && sent < 2 ** 30) {
    segments.header(true, ACK, MAX_PAYLOAD);
    sent += MAX_PAYLOAD;
  }
  assert.ok(sent < 2 ** 29, `${sent} bytes`);
  assert.equal(segments.needsAcknowledgement(false), false);
  segments.header(false, ACK, 0);
  assert.equal(segments.needsAcknowledgement(true), false);
});
