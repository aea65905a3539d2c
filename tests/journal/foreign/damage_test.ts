// A capture that is damaged in the middle is read on behind the damage, and what is passed over is told.

import assert from "node:assert/strict";
import {
  concat,
  conversation,
  type Ends,
  ipPacket,
  LINKS,
  NOTHING,
  packetBlock,
  pcap,
  random,
  section,
  T0,
} from "./made.ts";
import { readAll } from "./reading.ts";

const encoder = new TextEncoder();
const COUNT = 20;

/** The frames of so many connections, one after the other; each says its number. */
const CONNECTIONS = Array.from({ length: COUNT }, (_, n) => {
  const ends: Ends = { wide: false, client: 40_000 + n, server: 80 };
  const turns = [[true, encoder.encode(`GET /${n} HTTP/1.1\r\n\r\n`)], [
    false,
    encoder.encode(`answer ${n}`),
  ]] as const;
  return conversation(turns, { at: T0 + n * 1000 }).map((made) => ({
    at: made.at,
    bytes: LINKS["Ethernet"].wrap(ipPacket(made, ends), false),
  }));
});

const whole = {
  pcap: (little: boolean) =>
    CONNECTIONS.map((frames, n) => pcap(1, frames, { little, magic: 0xa1b2c3d4 }).subarray(n === 0 ? 0 : 24)),
  pcapng: (little: boolean) =>
    CONNECTIONS.map((frames, n) =>
      concat(
        n === 0 ? section([1], little) : NOTHING,
        ...frames.map((frame) => packetBlock(6, 0, frame, little)),
      )
    ),
};

/** What becomes of the bytes of one connection. */
const DAMAGES: Readonly<Record<string, (bytes: Uint8Array, next: () => number) => Uint8Array>> = {
  "overwritten": (bytes, next) => Uint8Array.from(bytes, () => Math.floor(next() * 256)),
  "overwritten with zeros": (bytes) => new Uint8Array(bytes.length),
  "partly missing": (bytes) => concat(bytes.subarray(0, 37), bytes.subarray(bytes.length - 101)),
  "with bytes between": (bytes, next) =>
    concat(
      bytes.subarray(0, 150),
      Uint8Array.from({ length: 1001 }, () => 128 + Math.floor(next() * 128)),
      bytes.subarray(150),
    ),
};

for (const kind of ["pcap", "pcapng"] as const) {
  for (const [name, damage] of Object.entries(DAMAGES)) {
    Deno.test(`ForeignReader: a ${kind} file that is ${name} in the middle goes on behind it`, () => {
      const seed = Date.now() % 1e6;
      for (const little of [true, false]) {
        const parts = whole[kind](little);
        parts[7] = damage(parts[7], random(seed));
        const file = concat(...parts);
        const steps = [
          file.length,
          ...Array.from({ length: 40 }, (_, n) => Math.floor(file.length * n / 40)),
        ];
        for (const limits of [[file.length], steps.sort((a, b) => a - b)]) {
          const { connections, notes } = readAll(kind, file, limits);
          const asked = connections.map(({ upstream }) => /GET \/(\d+) /.exec(upstream)?.[1]);
          for (let n = 0; n < COUNT; n++) {
            // Of the first one behind the damage the beginning may be passed over, too.
            if (n === 7 || n === 8) continue;
            assert.ok(asked.includes(`${n}`), `seed ${seed}, ${n}: ${asked} ${notes}`);
          }
          assert.match(notes[0], /^The file is damaged at byte \d+: .* [\d,]+ bytes are passed over there$/);
          assert.equal(
            notes.some((note) => note.includes("What follows is not shown")),
            false,
            notes.join("\n"),
          );
        }
      }
    });
  }

  Deno.test(`ForeignReader: a ${kind} file that is damaged to its end says so, and many places are counted`, () => {
    const parts = whole[kind](true);
    const file = concat(...parts.slice(0, 5), new Uint8Array(5000).fill(0xee));
    assert.match(
      readAll(kind, file).notes[0],
      /^The file is damaged at byte \d+: .* What follows is not shown$/,
    );
    const many = readAll(kind, concat(...parts.flatMap((part) => [part, new Uint8Array(333).fill(0xee)])));
    assert.equal(many.notes.filter((note) => /^The file is damaged at byte/.test(note)).length, 4);
    assert.match(
      many.notes[3],
      /^The file is damaged at 16 more places\. [\d,]+ bytes are passed over there$/,
    );
    assert.equal(many.connections.length, COUNT);
  });
}
