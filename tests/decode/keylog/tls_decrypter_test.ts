import assert from "node:assert/strict";
import { KeyLog } from "../../../src/decode/keylog/key_log.ts";
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
        proves(passed, new RegExp(`^TLS 1\\.3, ${suite}`), suite);
      }
    }
  },
});
