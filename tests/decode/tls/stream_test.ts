import assert from "node:assert/strict";
import { offsetIn, type TlsEvent, TlsStream } from "../../../src/decode/tls/stream.ts";
import { dice, octets, seed } from "../transcript.ts";
import {
  alert,
  CIPHER_CHANGE,
  encrypted,
  handshake,
  handshakeRecord,
  hello13,
  number,
  record,
  SERVER_13,
  serverHello,
} from "./records.ts";

/** Everything that is found, as lines: kind, and what tells it apart. */
function found(text: string, piece: () => number = () => Infinity, skips = false): string[] {
  let stream = new TlsStream();
  const events: TlsEvent[] = [];
  const bytes = octets(text);
  for (let at = 0; at < bytes.length;) {
    const most = Math.min(stream.skippable(), bytes.length - at);
    if (skips && most > 0) {
      const length = Math.min(most, piece());
      events.push(...stream.skip(length));
      at += length;
      continue;
    }
    const part = bytes.slice(at, at + piece());
    events.push(...stream.receive(part));
    part.fill(0); // nothing of it may be kept
    at += part.length;
    stream = new TlsStream(structuredClone(stream.snapshot()));
  }
  events.push(...stream.end());
  return events.map(described);
}

function described(event: TlsEvent): string {
  switch (event.kind) {
    case "record":
    case "encrypted":
      return `${event.kind} ${event.head.type} at ${event.head.offset}, ${event.head.length} B`;
    case "handshake": {
      const { type, bytes, places } = event.message;
      const last = offsetIn({ places }, bytes.length - 1);
      return `handshake ${type}, ${bytes.length} B from ${offsetIn({ places }, 0)} to ${last}`;
    }
    case "alert":
      return `alert ${event.level} ${event.description} at ${event.offset}`;
    case "fault":
      return `fault at ${event.offset}: ${event.text}`;
    default:
      return `${event.kind} at ${event.offset}`;
  }
}

const LONG = handshake(11, "c".repeat(40_000));
const DONE = handshake(14, "");

const CASES: readonly { name: string; text: string; found: readonly string[] }[] = [
  {
    name: "messages that lie several in a record, and one that lies over three",
    text: record(22, DONE + LONG.slice(0, 16_000)) + record(22, LONG.slice(16_000, 32_000)) +
      record(22, LONG.slice(32_000) + DONE),
    found: [
      "record 22 at 0, 16004 B",
      "handshake 14, 4 B from 5 to 8",
      "record 22 at 16009, 16000 B",
      "record 22 at 32014, 8008 B",
      `handshake 11, 40004 B from 9 to ${32_014 + 5 + 8_003}`,
      `handshake 14, 4 B from ${32_019 + 8_004} to ${32_019 + 8_007}`,
    ],
  },
  {
    name: "a second ClientHello after a change_cipher_spec that means nothing",
    text: hello13("a") + CIPHER_CHANGE + hello13("a") + encrypted(53),
    found: [
      "record 22 at 0, 86 B",
      "handshake 1, 86 B from 5 to 90",
      "record 20 at 91, 1 B",
      "cipher-change at 96",
      "record 22 at 97, 86 B",
      "handshake 1, 86 B from 102 to 187",
      "encrypted 23 at 188, 53 B",
    ],
  },
  {
    name: "a Finished message and an alert of TLS 1.2, encrypted",
    text: CIPHER_CHANGE + encrypted(40, 22) + encrypted(26, 21) + alert(2, 48),
    found: [
      "record 20 at 0, 1 B",
      "cipher-change at 5",
      "encrypted 22 at 6, 40 B",
      "encrypted 21 at 51, 26 B",
      "record 21 at 82, 2 B",
      "alert 2 48 at 87",
    ],
  },
  {
    name: "a message that another record breaks off",
    text: record(22, handshake(11, "abc").slice(0, 5)) + alert(1, 0),
    found: [
      "record 22 at 0, 5 B",
      "record 21 at 10, 2 B",
      "fault at 5: A Certificate message is broken off",
      "alert 1 0 at 15",
    ],
  },
  {
    name: "a message that does not end",
    text: record(22, handshake(11, "abc").slice(0, 5)),
    found: ["record 22 at 0, 5 B", "fault at 5: A Certificate message is not complete"],
  },
  {
    name: "a record that does not end",
    text: SERVER_13 + record(23, "x".repeat(300)).slice(0, 105),
    found: [
      "record 22 at 0, 50 B",
      "handshake 2, 50 B from 5 to 54",
      "fault at 55: The last record is 300 B long and ends after 100 B",
    ],
  },
  {
    name: "a header that does not end",
    text: CIPHER_CHANGE + "\x17\x03",
    found: ["record 20 at 0, 1 B", "cipher-change at 5", "fault at 8: The header of a record ends after 2 B"],
  },
  {
    name: "other bytes than records",
    text: CIPHER_CHANGE + "HTTP/1.1 400 Bad Request\r\n\r\n",
    found: ["record 20 at 0, 1 B", "cipher-change at 5", "foreign at 6"],
  },
  { name: "a few other bytes", text: "SSH", found: ["foreign at 0"] },
  {
    name: "a record that is too long",
    text: "\x17\x03\x03\x50\0" + "x".repeat(0x5000),
    found: [
      "fault at 0: A record of 20,480 B is longer than may be (RFC 5246, 6.2.3)",
      "encrypted 23 at 0, 20480 B",
    ],
  },
  {
    name: "a message that is too long, and one after it",
    text: record(22, "\x0b" + number(70_000, 3) + "x".repeat(16_000)) +
      Array.from({ length: 3 }, () => record(22, "x".repeat(16_000))).join("") +
      record(22, "x".repeat(6_000) + DONE),
    found: [
      "record 22 at 0, 16004 B",
      "fault at 5: A Certificate message of 70,004 B is longer than 64 KiB, so it is not read",
      ...[16_009, 32_014, 48_019].map((at) => `record 22 at ${at}, 16000 B`),
      "record 22 at 64024, 6004 B",
      "handshake 14, 4 B from 70029 to 70032",
    ],
  },
  {
    name: "an empty handshake record",
    text: record(22, ""),
    found: ["record 22 at 0, 0 B", "fault at 5: A handshake record is empty (RFC 8446, 5.1)"],
  },
  {
    name: "an alert that is too short",
    text: record(21, "\x02"),
    found: ["record 21 at 0, 1 B", "fault at 5: An alert has 2 B, this 1"],
  },
  {
    name: "a ClientHello of SSL 2.0, and records after it",
    text: "\x80\x1f\x01\x03\x01\0\x06\0\0\0\x10" + "\0\0\x05\x01\0\x80" + "c".repeat(16) + alert(2, 70),
    found: ["hello2 at 0", "record 21 at 33, 2 B", "alert 2 70 at 38"],
  },
];

for (const { name, text, found: expected } of CASES) {
  Deno.test(`TlsStream finds ${name}, however it is cut`, () => {
    assert.deepEqual(found(text), expected, "whole");
    const roll = dice(seed);
    if (text.length < 1000) assert.deepEqual(found(text, () => 1), expected, "byte by byte");
    for (let i = 0; i < 5; i++) {
      assert.deepEqual(found(text, () => 1 + roll(3000)), expected, `in pieces, TCPMON_SEED=${seed}`);
      assert.deepEqual(found(text, () => 1 + roll(3000), true), expected, `with skips, TCPMON_SEED=${seed}`);
    }
  });
}

Deno.test("TlsStream never throws for spoilt bytes, and finds the same however they are cut", () => {
  const roll = dice(seed);
  const good = hello13("shop.test") + SERVER_13 + record(22, LONG.slice(0, 300)) + alert(2, 40) +
    encrypted(60);
  for (let round = 0; round < 300; round++) {
    const bytes = octets(good);
    for (let i = roll(6); i >= 0; i--) bytes[roll(bytes.length)] = roll(256);
    const text = String.fromCharCode(...bytes.subarray(0, 1 + roll(bytes.length)));
    const whole = found(text);
    assert.deepEqual(found(text, () => 1 + roll(40)), whole, `TCPMON_SEED=${seed}`);
    assert.deepEqual(found(text, () => 1 + roll(40), true), whole, `TCPMON_SEED=${seed}`);
  }
});

Deno.test("TlsStream tells what need not be seen", () => {
  const stream = new TlsStream();
  assert.equal(stream.skippable(), 0);
  stream.receive(octets("\x17\x03\x03\x01\x00ab"));
  assert.equal(stream.skippable(), 254);
  assert.equal(stream.isInRecord, true);
  stream.skip(254);
  assert.equal(stream.isInRecord, false);
  stream.receive(octets("no TLS at all"));
  assert.equal(stream.skippable(), Infinity);
});

Deno.test("TlsStream takes a handshake record that is a hello for one also where all is encrypted", () => {
  const hello = handshakeRecord(2, serverHello(0x1301));
  assert.deepEqual(found(CIPHER_CHANGE + hello).slice(2), [
    "record 22 at 6, 42 B",
    "handshake 2, 42 B from 11 to 52",
  ]);
});
