import assert from "node:assert/strict";
import { Decryption } from "../../src/catalog/decryption.ts";
import type { Decrypting } from "../../src/decode/keylog/decrypting.ts";
import { makeCertificates } from "../certificates.ts";
import { type Passed, PassingServer } from "../decode/keylog/passing.ts";
import { openssl } from "../needs.ts";
import { Capture } from "./capture.ts";
import { Indexing, select } from "./indexing.ts";

const LINES = ["first, upstream\n", "second, upstream\n"];
const BLANK = new TextEncoder().encode("\n\n\n");

/** What stands in the table, in the order in which it began: protocol, TLS, and what each side said. */
function rows(capture: Capture) {
  return select(capture, "SELECT protocol, tls, url, request_bytes, response_bytes FROM exchange ORDER BY id")
    .map((row) => [row.protocol, row.tls, row.url, row.request_bytes, row.response_bytes]);
}

function decryption(capture: Capture, connection = 1) {
  return select(capture, "SELECT decryption FROM connection WHERE id = ?", connection)[0].decryption;
}

function pass(capture: Capture, connection: number, { chunks }: Passed): void {
  for (const { direction, bytes } of chunks) capture.chunk(connection, direction, bytes);
}

const DECRYPTED = LINES.map((line) => ["tcp", "decrypted", line, line.length, line.length]);

Deno.test({
  name:
    "Indexer decrypts connections whose secrets come before, while, or after they pass, in a tunnel and after STARTTLS",
  ignore: openssl === null,
  async fn() {
    await using made = await makeCertificates();
    await using server = await PassingServer.start(made.ecdsa, made.folder);
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const passed = await server.pass([version], LINES);
      const half = Math.floor(passed.chunks.length / 2);
      const orders: Record<string, (capture: Capture) => void> = {
        before(capture) {
          capture.secrets(passed.keyLog);
          capture.opened(1);
          pass(capture, 1, passed);
          capture.closed(1);
        },
        "byte by byte"(capture) {
          capture.secrets(passed.keyLog);
          capture.opened(1);
          const chunks = passed.chunks.flatMap(({ direction, bytes }) =>
            Array.from(bytes, (byte) => ({ direction, bytes: Uint8Array.of(byte) }))
          );
          pass(capture, 1, { ...passed, chunks });
          capture.closed(1);
        },
        while(capture) {
          capture.secrets(BLANK);
          capture.opened(1);
          pass(capture, 1, { ...passed, chunks: passed.chunks.slice(0, half) });
          capture.secrets(passed.keyLog);
          pass(capture, 1, { ...passed, chunks: passed.chunks.slice(half) });
          capture.closed(1);
        },
        after(capture) {
          capture.secrets(BLANK);
          capture.opened(1);
          pass(capture, 1, passed);
          capture.closed(1);
          capture.secrets(passed.keyLog);
        },
      };
      for (const [when, record] of Object.entries(orders)) {
        using capture = new Capture();
        record(capture);
        using indexing = new Indexing(capture);
        indexing.read();
        const inside = rows(capture).filter(([, tls]) => tls === "decrypted");
        assert.deepEqual(inside, DECRYPTED, `${version}, ${when}`);
        assert.match(String(decryption(capture)), /^Decrypted with the key log: TLS 1\.[23], TLS_/);
        const tls = rows(capture).filter(([protocol]) => protocol === "tls");
        const sent = capture.bytes(1, "upstream").length;
        assert.deepEqual(
          tls.map(([, , , request]) => request),
          [sent],
          "the row of the bytes as they passed",
        );
        assert.deepEqual(indexing.indexer.held, { connections: 0, exchanges: 0 });
      }
      using capture = new Capture();
      capture.secrets(passed.keyLog);
      capture.opened(1, "l1", undefined, { forward: true });
      capture.chunk(1, "upstream", "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n");
      capture.chunk(1, "downstream", "HTTP/1.1 200 Connection established\r\n\r\n");
      pass(capture, 1, passed);
      capture.closed(1);
      using indexing = new Indexing(capture);
      indexing.read();
      assert.deepEqual(rows(capture).map(([protocol, tls]) => [protocol, tls]), [
        ["http", null],
        ["tls", null],
        ["tcp", "decrypted"],
        ["tcp", "decrypted"],
      ], version);

      using mail = new Capture();
      mail.secrets(passed.keyLog);
      mail.opened(1);
      mail.chunk(1, "downstream", "220 mail.test ESMTP\r\n");
      mail.chunk(1, "upstream", "STARTTLS\r\n");
      mail.chunk(1, "downstream", "220 ready\r\n");
      pass(mail, 1, passed);
      mail.closed(1);
      using reading = new Indexing(mail);
      reading.read();
      assert.deepEqual(rows(mail).filter(([, tls]) => tls === "decrypted"), DECRYPTED, version);
    }
  },
});

Deno.test({
  name: "Indexer says what it lacks, waits within bounds, and decrypts nothing where there is no key log",
  ignore: openssl === null,
  async fn() {
    await using made = await makeCertificates();
    await using server = await PassingServer.start(made.ecdsa, made.folder);
    const passed = await server.pass(["-tls1_3"], LINES);
    using capture = new Capture();
    capture.opened(1);
    pass(capture, 1, passed);
    capture.closed(1);
    capture.secrets(BLANK);
    capture.opened(2);
    pass(capture, 2, passed);
    // Without secrets 1 MiB is too much to wait with; a record of 16 KiB is one that is encrypted.
    capture.opened(3);
    pass(capture, 3, passed);
    const record = new Uint8Array(5 + 16_384);
    record.set([23, 3, 3, 0x40, 0]);
    for (let count = 0; count < 65; count++) capture.chunk(3, "downstream", record);
    using indexing = new Indexing(capture);
    indexing.read();
    const lacks = "Not decrypted: the key log has no SERVER_HANDSHAKE_TRAFFIC_SECRET for this connection";
    assert.equal(decryption(capture, 1), null);
    assert.equal(decryption(capture, 2), `${lacks}.`);
    assert.equal(
      decryption(capture, 3),
      `${lacks}, and it was not waited for any longer. Should it come, open the capture again.`,
    );
    capture.secrets(passed.keyLog);
    indexing.read();
    assert.match(String(decryption(capture, 2)), /^Decrypted/);
    assert.match(String(decryption(capture, 3)), /^Not decrypted/);
    // A disk that is full ends decrypting, and nothing else.
    using full = new Capture();
    full.secrets(passed.keyLog);
    full.opened(1);
    pass(full, 1, passed);
    full.closed(1);
    using failing = new Indexing(full, undefined, () => {
      throw new Error("No space left on device (os error 28)");
    });
    failing.read();
    assert.equal(
      decryption(full),
      "Not decrypted to the end: what is decrypted cannot be kept: no space left on device.",
    );
    assert.equal(rows(full)[0][0], "tls");
  },
});

interface Waiter {
  readonly decrypting: Decrypting | null;
}

Deno.test("Decryption gives up who has waited longest where too many wait", () => {
  const decryption = new Decryption<Waiter>(() => {
    throw new Error("nothing is decrypted here");
  });
  const given: number[] = [];
  const waiters = Array.from({ length: 2_003 }, (_, n): Waiter => ({
    decrypting: { held: 300, giveUp: () => given.push(n) } as unknown as Decrypting,
  }));
  const returned = waiters.flatMap((waiter) => decryption.watch(waiter));
  assert.deepEqual(given, [0, 1, 2]);
  assert.deepEqual(returned, waiters.slice(0, 3));
});
