import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { hexOf, KeyLog } from "../../../src/decode/keylog/key_log.ts";
import { trafficKeys } from "../../../src/decode/keylog/schedule.ts";
import { suiteOf } from "../../../src/decode/keylog/suites.ts";
import { TlsDecrypter } from "../../../src/decode/keylog/tls_decrypter.ts";
import type { Direction } from "../../../src/decode/types.ts";
import { makeCertificates } from "../../certificates.ts";
import { openssl } from "../../needs.ts";
import { type Passed, PassingServer } from "./passing.ts";

const LINES = ["GET /one HTTP/1.1\n", "a second line\n"];
const UP = LINES.join("");
const DOWN = LINES.map((line) => `${[...line.trimEnd()].reverse().join("")}\n`).join("");

interface Decrypted {
  readonly decrypter: TlsDecrypter;
  readonly upstream: string;
  readonly downstream: string;
}

/** Decrypts what passed. `cut` gives the length of each next piece. */
function decrypt({ chunks, keyLog }: Passed, cut: () => number = () => Infinity, late = false): Decrypted {
  const log = new KeyLog();
  if (!late) log.add(keyLog);
  const decrypter = new TlsDecrypter((random) => log.of(random));
  for (const { direction, bytes } of chunks) {
    for (let from = 0; from < bytes.length;) {
      const piece = bytes.subarray(from, from + cut());
      decrypter.receive(direction, piece, 1);
      from += piece.length;
    }
  }
  if (late) {
    assert.match(decrypter.missing ?? "", /CLIENT_RANDOM|_HANDSHAKE_TRAFFIC_SECRET/);
    log.add(keyLog);
    decrypter.retry();
  }
  const plain = decrypter.take();
  const text = (side: Direction) =>
    plain.filter(({ direction }) => direction === side).map(({ bytes }) => new TextDecoder().decode(bytes))
      .join("");
  return { decrypter, upstream: text("upstream"), downstream: text("downstream") };
}

function proves(passed: Passed, agreed: RegExp, what: string): void {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const random = () => 1 + (state = (state * 48271) % 2147483647) % 40;
  for (
    const { decrypter, upstream, downstream } of [
      decrypt(passed),
      decrypt(passed, () => 1),
      decrypt(passed, random),
      decrypt(passed, undefined, true),
    ]
  ) {
    const says = `${what}, seed ${seed}`;
    assert.equal(decrypter.failure, null, says);
    assert.equal(upstream, UP, says);
    assert.equal(downstream, DOWN, says);
    assert.match(decrypter.agreed ?? "", agreed, says);
  }
}

/** Every suite that openssl offers of those that are decrypted, by what its key is agreed on with. */
const SUITES_1_2 = {
  rsa: [
    ...["ECDHE-RSA", "DHE-RSA"].flatMap((exchange) => [
      `${exchange}-AES128-GCM-SHA256`,
      `${exchange}-AES256-GCM-SHA384`,
      `${exchange}-CHACHA20-POLY1305`,
      `${exchange}-AES128-SHA`,
      `${exchange}-AES256-SHA`,
      `${exchange}-AES128-SHA256`,
    ]),
    ...["ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES256-SHA256"],
    ...[
      "AES128-GCM-SHA256",
      "AES256-GCM-SHA384",
      "AES128-SHA",
      "AES256-SHA",
      "AES128-SHA256",
      "AES256-SHA256",
    ],
  ],
  ecdsa: [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
  ],
};

Deno.test({
  name: "TlsDecrypter reads every suite that openssl offers, whole, byte by byte, at random cuts and late",
  ignore: openssl === null,
  async fn() {
    await using made = await makeCertificates();
    const { folder } = made;
    const weak = ["-cipher", "ALL:@SECLEVEL=0"];
    for (const kind of ["rsa", "ecdsa"] as const) {
      await using server = await PassingServer.start(made[kind], folder, weak);
      for (const suite of SUITES_1_2[kind]) {
        const passed = await server.pass(["-tls1_2", "-cipher", `${suite}:@SECLEVEL=0`], LINES);
        proves(passed, /^TLS 1\.2, TLS_/, suite);
      }
      for (
        const suite of ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
      ) {
        const passed = await server.pass(["-tls1_3", "-ciphersuites", suite], LINES);
        proves(passed, new RegExp(`^TLS 1\\.3, ${suite}, certificate of .*localhost`), suite);
      }
    }
  },
});

/** What is decrypted with some lines of the key log alone. */
function withLines(passed: Passed, keep: (line: string) => string | null): Decrypted {
  const lines = new TextDecoder().decode(passed.keyLog).split("\n").flatMap((line) => keep(line) ?? []);
  return decrypt({ ...passed, keyLog: new TextEncoder().encode(`${lines.join("\n")}\n`) });
}

Deno.test({
  name:
    "TlsDecrypter follows what connections do: HelloRetryRequest, key updates, resumption, padding, fragments",
  ignore: openssl === null,
  async fn() {
    await using made = await makeCertificates();
    const { folder } = made;
    const args = ["-groups", "P-384:X25519", "-cipher", "ALL:@SECLEVEL=0"];
    await using server = await PassingServer.start(made.rsa, folder, args);
    const cases: [name: string, args: string[], agreed: RegExp, lines?: string[]][] = [
      ["HelloRetryRequest", ["-tls1_3", "-groups", "P-521:P-384"], /TLS 1\.3/],
      ["key update", ["-tls1_3"], /TLS 1\.3/, [LINES[0], "K\n", LINES[1]]],
      ["key update of one side", ["-tls1_3"], /TLS 1\.3/, ["k\n", LINES[0], "k\n", LINES[1]]],
      ["padding", ["-tls1_3", "-record_padding", "700"], /TLS 1\.3/],
      ["fragments", ["-tls1_2", "-max_send_frag", "512"], /TLS 1\.2/],
      ["MAC inside", ["-tls1_2", "-no_etm", "-cipher", "ECDHE-RSA-AES128-SHA:@SECLEVEL=0"], /CBC_SHA$/],
      ["MAC inside, SHA-384", ["-tls1_2", "-no_etm", "-cipher", "ECDHE-RSA-AES256-SHA384"], /CBC_SHA384$/],
      ["a session", ["-tls1_2", "-sess_out", `${folder}/session`], /TLS 1\.2/],
      ["the session again", ["-tls1_2", "-sess_in", `${folder}/session`], /TLS 1\.2/],
      ["a session of 1.3", ["-tls1_3", "-sess_out", `${folder}/session`], /TLS 1\.3/],
      ["the session of 1.3 again", ["-tls1_3", "-sess_in", `${folder}/session`], /TLS 1\.3/],
    ];
    for (const [name, args, agreed, lines = LINES] of cases) {
      proves(await server.pass(args, lines), agreed, name);
    }
  },
});

/** The same connection, had its client offered early data and sent some, under this secret. */
function withEarlyData(passed: Passed, secret: Uint8Array, text: string): Passed {
  const [first, ...others] = passed.chunks;
  // The extension early_data, empty, behind the others; record, message and extensions are longer by its 4 bytes.
  const hello = new Uint8Array([...first.bytes, 0, 42, 0, 0]);
  const view = new DataView(hello.buffer);
  const sessionId = 5 + 4 + 2 + 32;
  const suites = sessionId + 1 + hello[sessionId];
  const compression = suites + 2 + view.getUint16(suites);
  for (const at of [3, 7, compression + 1 + hello[compression]]) view.setUint16(at, view.getUint16(at) + 4);
  const { key, iv } = trafficKeys(suiteOf(0x1301)!, secret);
  const content = new TextEncoder().encode(`${text}\x17`);
  const header = Uint8Array.of(23, 3, 3, 0, content.length + 16);
  const cipher = createCipheriv("aes-128-gcm", key, iv);
  cipher.setAAD(header);
  const encrypted = [...header, ...cipher.update(content), ...cipher.final(), ...cipher.getAuthTag()];
  const early = { direction: "upstream", bytes: new Uint8Array(encrypted) } as const;
  return { ...passed, chunks: [{ ...first, bytes: hello }, early, ...others] };
}

Deno.test({
  name: "TlsDecrypter reads early data where its secret is known, and says how much it left out where not",
  ignore: openssl === null,
  async fn() {
    await using made = await makeCertificates();
    await using server = await PassingServer.start(made.ecdsa, made.folder);
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const plain = await server.pass(["-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"], LINES);
    const passed = withEarlyData(plain, secret, "early, ");
    const without = decrypt(passed);
    assert.equal(without.decrypter.failure, null);
    assert.equal(without.decrypter.skippedEarly, 1);
    assert.deepEqual([without.upstream, without.downstream], [UP, DOWN]);
    const line = `CLIENT_EARLY_TRAFFIC_SECRET ${without.decrypter.random} ${hexOf(secret)}\n`;
    const keyLog = new Uint8Array([...passed.keyLog, ...new TextEncoder().encode(line)]);
    const whole = decrypt({ ...passed, keyLog });
    assert.equal(whole.decrypter.skippedEarly, 0);
    assert.deepEqual([whole.upstream, whole.downstream], [`early, ${UP}`, DOWN]);
  },
});

Deno.test({
  name: "TlsDecrypter says what it lacks, and gives nothing that does not prove right",
  ignore: openssl === null,
  async fn() {
    await using made = await makeCertificates();
    await using server = await PassingServer.start(made.ecdsa, made.folder);
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const passed = await server.pass([version], LINES);
      const wrong = withLines(passed, (line) => line.replace(/[0-9a-f]{4}$/, "0000"));
      assert.match(wrong.decrypter.failure ?? "", /does not prove right: the key log has another secret/);
      assert.equal(wrong.upstream + wrong.downstream, "");
      const none = withLines(passed, () => null);
      assert.equal(none.decrypter.failure, null);
      const label = version === "-tls1_2" ? "CLIENT_RANDOM" : "SERVER_HANDSHAKE_TRAFFIC_SECRET";
      assert.equal(none.decrypter.missing, label);
      assert.equal(none.upstream + none.downstream, "");
      // One bit of the last record of a side is another one: what came before it stands.
      const isLong = ({ direction, bytes }: Passed["chunks"][number]) =>
        direction === "downstream" && bytes.length > 30;
      const last = passed.chunks.findLast(isLong)!;
      const chunks = passed.chunks.map((chunk) => {
        if (chunk !== last) return chunk;
        const bytes = chunk.bytes.slice();
        bytes[bytes.length - 1] ^= 1;
        return { ...chunk, bytes };
      });
      const torn = decrypt({ ...passed, chunks });
      assert.match(torn.decrypter.failure ?? "", /a record of the target does not prove right/);
      assert.ok(DOWN.startsWith(torn.downstream));
    }
    const passed = await server.pass(["-tls1_3"], LINES);
    const missing = withLines(passed, (line) => line.startsWith("CLIENT_TRAFFIC_SECRET_0") ? null : line);
    assert.equal(missing.decrypter.missing, "CLIENT_TRAFFIC_SECRET_0");
    assert.equal(missing.upstream, "");
  },
});

Deno.test("TlsDecrypter counts records without bytes among what waits, and puts a message of many records together", () => {
  const decrypter = new TlsDecrypter(() => null);
  // A ClientHello without suites and extensions, a byte in each record.
  const body = [3, 3, ...new Uint8Array(32).fill(0xab), 0, 0, 0, 0];
  for (const byte of [1, 0, 0, body.length, ...body]) {
    decrypter.receive("upstream", Uint8Array.of(22, 3, 1, 0, 1, byte), 1);
  }
  assert.equal(decrypter.random, "ab".repeat(32));
  assert.equal(decrypter.held, 0);
  // What follows waits for a ServerHello: ten thousand records of no bytes are no small thing to keep.
  const empty = Uint8Array.of(23, 3, 3, 0, 0);
  for (let n = 0; n < 10_000; n++) decrypter.receive("upstream", empty, 1);
  assert.ok(decrypter.held > 1024 * 1024, `${decrypter.held}`);
  decrypter.giveUp("enough");
  assert.equal(decrypter.held, 0);
});
