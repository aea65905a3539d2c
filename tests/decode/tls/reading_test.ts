import assert from "node:assert/strict";
import { TlsReading } from "../../../src/decode/tls/reading.ts";
import { dice, octets, seed } from "../transcript.ts";
import {
  alert,
  CIPHER_CHANGE,
  clientHello,
  encrypted,
  extension,
  handshake,
  handshakeRecord,
  hello13,
  number,
  protocols,
  record,
  schemes,
  serverHello,
  serverName,
  vector,
  versions,
} from "./records.ts";

function lines(text: string): string[] {
  const reading = new TlsReading();
  return (reading.receive(octets(text)) + reading.end()).trimEnd().split("\n");
}

/** The lines that say this, without their offsets. */
function said(text: string, ...beginnings: string[]): string[] {
  return lines(text).map((line) => line.slice(10).trimStart())
    .filter((line) => beginnings.some((beginning) => line.startsWith(beginning)));
}

Deno.test("TlsReading tells a ClientHello field by field, each with its offset", () => {
  const hello = clientHello({
    suites: [0x2a2a, 0x1301, 0xeeee],
    extensions: [
      serverName("shop.test"),
      protocols("h2"),
      versions(0x1a1a, 0x0304, 0x7f1c),
      extension(10, vector(number(29, 2) + number(0x11ec, 2), 2)),
      schemes(0x0403, 0x0603),
      extension(51, vector(number(29, 2) + vector("k".repeat(32), 2), 2)),
      extension(45, vector("\x01", 1)),
      extension(23, ""),
      extension(0xabcd, "xy"),
      extension(5, "\x01\0\0\0\0"),
    ],
  });
  assert.deepEqual(lines(handshakeRecord(1, hello, 0x0301)), [
    "00000000  handshake record, TLS 1.0, 176 B",
    "00000005    ClientHello, 176 B",
    "              in short: shop.test; up to TLS 1.3 draft 28; offers h2",
    "              JA4: t00d0210h2_c951e5f143b7_f42e04274b47",
    "00000009      version: TLS 1.2, see supported_versions",
    `0000000b      random: ${"72".repeat(32)}`,
    "0000002b      session id: 0 B",
    "0000002c      cipher suites: 3",
    "0000002e        GREASE 0x2a2a (0x2a2a)",
    "00000030        TLS_AES_128_GCM_SHA256 (0x1301)",
    "00000032        suite 0xeeee (0xeeee)",
    "00000034      compression: none",
    "00000036      extensions: 10",
    "00000038        server_name (0): shop.test",
    "0000004a        application_layer_protocol_negotiation (16): h2",
    "00000053        supported_versions (43): GREASE 0x1a1a, TLS 1.3, TLS 1.3 draft 28",
    "0000005e        supported_groups (10): x25519, X25519MLKEM768",
    "00000068        signature_algorithms (13): ecdsa_secp256r1_sha256, ecdsa_secp521r1_sha512",
    "00000072        key_share (51): x25519, 32 B",
    "0000009c        psk_key_exchange_modes (45): psk_dhe_ke",
    "000000a2        extended_master_secret (23)",
    "000000a6        extension 0xabcd (43981): 2 B: 7879",
    "000000ac        status_request (5): OCSP",
    "              JA4 before its digests: t00d0210h2_1301,eeee_0005,000a,000d,0017,002b,002d,0033,abcd_0403,0603",
  ]);
});

const EXTENSIONS: readonly (readonly [type: number, contents: string, line: string])[] = [
  [1, "\x02", "max_fragment_length (1): 1,024 B"],
  [1, "\xff", "max_fragment_length (1): number 255"],
  [11, vector("\0\x01", 1), "ec_point_formats (11): uncompressed, ansiX962_compressed_prime"],
  [21, "\0".repeat(180), "padding (21): 180 B"],
  [27, vector("\0\x02\0\x01", 1), "compress_certificate (27): brotli, zlib"],
  [28, "\x40\x01", "record_size_limit (28): 16,385 B"],
  [35, "", "session_ticket (35): none yet"],
  [35, "t".repeat(192), "session_ticket (35): 192 B"],
  [
    41,
    vector(vector("i".repeat(208), 2) + "\0\0\0\0", 2) + vector(vector("b".repeat(32), 1), 2),
    "pre_shared_key (41): 1 key of earlier connections (208 B)",
  ],
  [42, "", "early_data (42)"],
  [17613, vector(vector("h2", 1), 2), "application_settings (17613): h2"],
  [
    65037,
    "\0\0\x01\0\x01\x07" + vector("e".repeat(32), 2) + vector("p".repeat(144), 2),
    "encrypted_client_hello (65037): key 7, 144 B encrypted",
  ],
  [65281, "\0", "renegotiation_info (65281): first handshake"],
  [0x8a8a, "\0", "GREASE 0x8a8a (35466): 1 B: 00"],
  [51, "\0\x05ab", "key_share (51): malformed, 4 B: 00056162"],
];

for (const [type, contents, line] of EXTENSIONS) {
  Deno.test(`TlsReading: ${line}`, () => {
    const hello = handshakeRecord(1, clientHello({ extensions: [extension(type, contents)] }));
    assert.deepEqual(said(hello, line.slice(0, line.indexOf(" "))), [line]);
  });
}

Deno.test("TlsReading tells a HelloRetryRequest, and what a change_cipher_spec means in TLS 1.3", () => {
  const random = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
    .replace(/../g, (digits) => String.fromCharCode(parseInt(digits, 16)));
  const retry = serverHello(0x1302, [extension(43, number(0x0304, 2)), extension(51, number(23, 2))], random);
  assert.deepEqual(
    said(
      handshakeRecord(2, retry) + CIPHER_CHANGE,
      "this ",
      "cipher suite",
      "key_share",
      "supported_versions",
    ),
    [
      "this random makes it a HelloRetryRequest: another ClientHello is asked for",
      "cipher suite: TLS_AES_256_GCM_SHA384 (0x1302)",
      "supported_versions (43): TLS 1.3",
      "key_share (51): secp256r1",
      "this means nothing in TLS 1.3",
    ],
  );
});

Deno.test("TlsReading tells the messages of TLS 1.2 besides certificates", () => {
  const point = "\x03" + number(23, 2) + vector("p".repeat(65), 1) + number(0x0804, 2) +
    vector("s".repeat(256), 2);
  const ask = vector("\x01\x40", 1) + vector(number(0x0403, 2), 2) + vector("", 2);
  const text = handshakeRecord(2, serverHello(0xc02f)) + handshakeRecord(12, point) +
    handshakeRecord(13, ask) +
    handshakeRecord(4, number(7200, 4) + vector("t".repeat(176), 2)) +
    handshakeRecord(22, "\x01" + vector("o".repeat(471), 3)) + handshakeRecord(14, "");
  assert.deepEqual(
    said(
      text,
      "group",
      "public key",
      "signature",
      "kinds",
      "issuers",
      "lifetime",
      "ticket",
      "OCSP",
      "ServerHelloDone",
    ),
    [
      "group: secp256r1",
      "public key: 65 B",
      "signature: rsa_pss_rsae_sha256",
      "kinds: rsa_sign, ecdsa_sign",
      "signatures: ecdsa_secp256r1_sha256",
      "issuers: any",
      "lifetime: 7,200 s",
      "ticket: 176 B",
      "OCSP answer: 471 B",
      "ServerHelloDone, 4 B",
    ],
  );
  const prime = vector("\xff".repeat(256), 2) + vector("\x02", 2) + vector("y".repeat(256), 2) +
    number(0x0401, 2);
  assert.deepEqual(
    said(
      handshakeRecord(2, serverHello(0x009e)) + handshakeRecord(12, prime + vector("s", 2)),
      "prime",
      "sig",
    ),
    [
      "prime: 2,048 bits",
      "signature: rsa_pkcs1_sha256",
    ],
  );
});

Deno.test("TlsReading counts encrypted records that follow one another", () => {
  assert.deepEqual(
    lines(CIPHER_CHANGE + encrypted(40, 22) + encrypted(100) + encrypted(2000) + encrypted(19)).slice(2),
    [
      "00000006  1 encrypted record (handshake), 40 B",
      "00000033  3 encrypted records (application_data), 2,119 B: 100, 2,000, 19",
      "              the last has the length of an alert in TLS 1.3, most often close_notify",
    ],
  );
  const many = lines(Array.from({ length: 1000 }, () => encrypted(16_401)).join(""));
  assert.deepEqual(many, [
    `00000000  1,000 encrypted records (application_data), 16,401,000 B: ${"16,401, ".repeat(8)}…`,
  ]);
});

Deno.test("TlsReading says what an alert means, from whichever side", () => {
  const meaning = (text: string) => lines(text).slice(-2).map((line) => line.trim());
  assert.deepEqual(meaning(hello13("a") + alert(2, 48)), [
    "00000060    fatal alert: unknown_ca (48)",
    "the client does not trust the certificate; add its issuer to what the client trusts",
  ]);
  assert.deepEqual(meaning(alert(2, 70)), [
    "00000005    fatal alert: protocol_version (70)",
    "this side does not speak a version that the other side offers",
  ]);
  assert.deepEqual(lines(alert(1, 200)).slice(1), ["00000005    warning alert: alert 200 (200)"]);
});

Deno.test("TlsReading says what is wrong, and where", () => {
  const short = handshake(1, clientHello({}).slice(0, 20));
  assert.deepEqual(said(record(22, short), "fault"), ["fault: 32 B are needed and 18 are left"]);
  assert.deepEqual(said(record(22, handshake(11, "\0\0\x05abc")), "fault"), [
    "fault: 5 B are needed and 3 are left",
  ]);
  assert.deepEqual(said(record(22, handshake(11, vector(vector("junk", 3), 3))), "fault").length, 1);
  assert.deepEqual(said("GET / HTTP/1.1\r\n", "fault"), [
    "fault: this is no record of TLS but “GET /…”; nothing more is read",
  ]);
  assert.deepEqual(said(record(24, "\x01\xff\xffab"), "heartbeat r", "fault"), [
    "heartbeat record, TLS 1.2, 5 B",
    "heartbeat request: payload of 65,535 B",
    "fault: A heartbeat request claims 65,535 B and has 2 B: this is what Heartbleed does",
  ]);
});

Deno.test("TlsReading keeps a peer's text on its line", () => {
  const [line] = said(hello13("a\nb\u0000\x1b[31m\x85"), "server_name");
  assert.equal(line, "server_name (0): a·b··[31m·");
});

Deno.test("TlsReading tells the same from any place on, and never throws", () => {
  const roll = dice(seed);
  const good = hello13("shop.test") + handshakeRecord(2, serverHello(0xc02f, [protocols("h2")])) +
    CIPHER_CHANGE +
    encrypted(60) + alert(2, 40) + encrypted(19) + encrypted(700);
  for (let round = 0; round < 300; round++) {
    const bytes = octets(good);
    for (let i = roll(5); i > 0; i--) bytes[roll(bytes.length)] = roll(256);
    const whole = new TlsReading();
    const expected = whole.receive(bytes) + whole.end();
    let text = "";
    let reading = new TlsReading();
    for (let at = 0; at < bytes.length;) {
      const to = at + 1 + roll(60);
      text += reading.receive(bytes.slice(at, to));
      const state = structuredClone(reading.snapshot());
      reading.receive(octets("whatever"));
      reading = new TlsReading(state);
      at = to;
    }
    assert.equal(text + reading.end(), expected, `TCPMON_SEED=${seed}`);
  }
});
