// Both legs around the place where TLS begins, with legs of memory, whose order of events is certain.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { StartTlsWatch } from "../../../src/decode/starttls/mod.ts";
import type { Direction } from "../../../src/model.ts";
import { pump } from "../../../src/relay/pump.ts";
import { TlsError } from "../../../src/relay/tls/tls_stream.ts";
import { type UpgradableLeg, UpgradeLegs } from "../../../src/relay/tls/upgrade_legs.ts";
import type { Upgrade } from "../../../src/relay/tls/upgrade_watch.ts";
import { TALKS } from "../../decode/starttls/talks.ts";
import { Transcript } from "../transcript.ts";

const ADDRESS: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };

/** A leg that gives what it is told to. */
class MemoryLeg implements UpgradableLeg {
  readonly localAddr = ADDRESS;
  readonly remoteAddr = ADDRESS;
  isSecure = false;
  readonly isTruncated = false;
  written = "";
  /** While hands are being shaken. */
  shaking: Promise<void> | null = null;
  hasEnded = false;
  readonly #queue: (Uint8Array | null)[] = [];
  #wake = () => {};

  give(text: string | null): void {
    this.#queue.push(text === null ? null : Buffer.from(text, "latin1"));
    this.#wake();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#queue.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
    const bytes = this.#queue.shift()!;
    if (bytes === null) return null;
    const count = Math.min(bytes.length, buffer.length);
    buffer.set(bytes.subarray(0, count));
    if (count < bytes.length) this.#queue.unshift(bytes.subarray(count));
    return count;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.shaking;
    return await this.writePlain(bytes);
  }

  writePlain(bytes: Uint8Array): Promise<number> {
    // Not all at once, as with a socket.
    const taken = bytes.subarray(0, 100);
    this.written += Buffer.from(taken).toString("latin1");
    return Promise.resolve(taken.length);
  }

  closeWrite(): Promise<void> {
    this.hasEnded = true;
    return Promise.resolve();
  }

  cutOff(): Promise<void> {
    return this.closeWrite();
  }

  close(): void {
    this.give(null);
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
}

/** A Connection that is watched, with its pumps running. */
function watched() {
  const [client, target] = [new MemoryLeg(), new MemoryLeg()];
  const began: { upgrade: Upgrade; ahead: string }[] = [];
  const undelivered: [Direction, string][] = [];
  const legs = new UpgradeLegs({
    client,
    target,
    watch: new StartTlsWatch(),
    begin: (upgrade, ahead) => began.push({ upgrade, ahead: Buffer.from(ahead).toString("latin1") }),
    undelivered: (direction, bytes) => undelivered.push([direction, Buffer.from(bytes).toString("latin1")]),
  });
  const observer = new Transcript();
  const run = async (direction: Direction) => {
    const [source, sink] = direction === "upstream" ? [legs.client, legs.target] : [legs.target, legs.client];
    const end = await pump(source, { sink }, 1, direction, observer, () => {});
    if (end.how === "end") await sink.closeWrite();
    return end;
  };
  const ends = { upstream: run("upstream"), downstream: run("downstream") };
  const close = async () => {
    legs.client.close();
    legs.target.close();
    await Promise.all([ends.upstream, ends.downstream]);
  };
  return { client, target, legs, began, undelivered, observer, ends, close };
}

/** All that can go on has gone on. */
const still = () => new Promise<void>((resolve) => setTimeout(resolve));

const FEEDINGS = [["", (text: string) => [text]], [
  ", byte by byte",
  (text: string) => text.length < 5_000 ? [...text] : [text],
]] as const;
const CASES = TALKS.flatMap((talk) => FEEDINGS.map(([how, pieces]) => ({ ...talk, how, pieces })));

for (const { name, comes, says, how, pieces } of CASES) {
  Deno.test(`legs up to the place where TLS begins: ${name}${how}`, async () => {
    const { client, target, began, undelivered, legs, close, ends } = watched();
    for (const [by, text] of says) {
      for (const piece of pieces(text)) {
        if (piece !== "") (by.toLowerCase() === "c" ? client : target).give(piece);
      }
      await still();
    }
    const textOf = (who: string) => says.filter(([by]) => by === who).map(([, text]) => text).join("");
    assert.equal(target.written, textOf("c"));
    assert.equal(client.written, textOf("s"));
    const injected = /sent ahead in the clear/.test(name);
    if (injected) {
      await assert.rejects(
        async () => {
          throw (await ends.upstream).error;
        },
        (error) =>
          error instanceof TlsError && error.by === "client" && /in the clear behind/.test(error.message),
      );
      const [direction, bytes] = undelivered[0];
      assert.equal(direction, "upstream");
      assert.ok(bytes !== "" && textOf("C").startsWith(bytes));
      if (how === "") assert.equal(bytes, textOf("C"));
      assert.deepEqual(began, []);
    } else if (/^(open|never)$/.test(comes)) {
      assert.deepEqual([began, undelivered], [[], []]);
    } else {
      assert.deepEqual(began.map(({ upgrade: { protocol, command } }) => `${protocol} ${command}`), [comes]);
      await legs.delivered();
    }
    await close();
  });
}

Deno.test("what the client sends ahead of the answer, and is TLS, is what TLS begins with", async () => {
  const { client, target, began, undelivered, close } = watched();
  target.give("220 ready\r\n");
  await still();
  client.give("STARTTLS\r\n\x16\x03\x01hello");
  await still();
  assert.deepEqual([began, target.written], [[], "STARTTLS\r\n"]);
  target.give("220 go\r\n");
  await still();
  assert.equal(began.length, 1);
  assert.equal(began[0].ahead, "\x16\x03\x01hello");
  assert.deepEqual([undelivered, target.written, client.written], [
    [],
    "STARTTLS\r\n",
    "220 ready\r\n220 go\r\n",
  ]);
  await close();
});

Deno.test("a client that begins TLS before it has the answer gets the answer all the same, and in the clear", async () => {
  const { client, target, legs, close } = watched();
  target.give("220 ready\r\n");
  await still();
  client.give("STARTTLS\r\n");
  await still();
  const { promise, resolve } = Promise.withResolvers<void>();
  target.give(`220-${"x".repeat(500)}\r\n220 go\r\n`);
  client.shaking = promise;
  await still();
  await legs.delivered();
  assert.match(client.written, /x\r\n220 go\r\n$/);
  resolve();
  await close();
});

Deno.test("TLS that is broken off before it has begun is called so", async () => {
  const cases = [
    [
      "c",
      "\x16\x03\x01\x00",
      /^the client began TLS after STARTTLS \(SMTP\), but not with a whole ClientHello/,
    ],
    [
      "s",
      "\x15\x03\x01\x00\x02\x02\x32",
      /^the target broke TLS off after STARTTLS \(SMTP\), which the client had not/,
    ],
  ] as const;
  for (const [by, bytes, words] of cases) {
    const { client, target, undelivered, close, ends } = watched();
    target.give("220 ready\r\n");
    await still();
    client.give("STARTTLS\r\n");
    await still();
    target.give("220 go\r\n");
    await still();
    (by === "c" ? client : target).give(bytes);
    const { error } = await (by === "c" ? ends.upstream : ends.downstream);
    assert.ok(error instanceof TlsError);
    assert.match(error.message, words);
    assert.equal(undelivered.length, 1);
    await close();
  }
});

Deno.test("what a target sends behind its consent is not passed on, and said", async () => {
  for (const pause of [true, false]) {
    const { client, target, undelivered, close, ends } = watched();
    target.give("220 ready\r\n");
    await still();
    client.give("STARTTLS\r\n");
    await still();
    if (pause) {
      target.give("220 go\r\n");
      await still();
      target.give("250 injected\r\n");
    } else target.give("220 go\r\n250 injected\r\n");
    const { error } = await ends.downstream;
    assert.ok(error instanceof TlsError);
    assert.equal(
      error.message,
      "the target sent 14 bytes in the clear behind its consent to STARTTLS (SMTP), where TLS was to begin: not passed on",
    );
    assert.deepEqual(undelivered, [["downstream", "250 injected\r\n"]]);
    assert.equal(client.written, "220 ready\r\n220 go\r\n");
    await close();
  }
});

Deno.test("a side that ends before the answer ends the waiting for it: all passes as it came", async () => {
  const { client, target, close } = watched();
  target.give("220 ready\r\n");
  await still();
  client.give("STARTTLS\r\nNOOP\r\n");
  await still();
  assert.equal(target.written, "STARTTLS\r\n");
  target.give(null);
  await still();
  assert.deepEqual([client.hasEnded, target.written], [true, "STARTTLS\r\nNOOP\r\n"]);
  client.give("QUIT\r\n");
  await still();
  assert.equal(target.written, "STARTTLS\r\nNOOP\r\nQUIT\r\n");
  await close();
});

Deno.test("TLS from the first byte is not asked for once more", async () => {
  const { client, target, began, close } = watched();
  client.isSecure = target.isSecure = true;
  target.give("220 ready\r\n");
  await still();
  client.give("STARTTLS\r\n");
  await still();
  target.give("220 go\r\n");
  await still();
  client.give("plain");
  await still();
  assert.deepEqual([began, target.written], [[], "STARTTLS\r\nplain"]);
  await close();
});

Deno.test("TLS that is passed through goes on as it is", async () => {
  const { client, target, legs, began, close, undelivered } = watched();
  target.give("220 ready\r\n");
  await still();
  client.give("STARTTLS\r\n");
  await still();
  target.give("220 go\r\n");
  await still();
  assert.equal(began.length, 1);
  legs.letPass();
  client.give("\x16\x03\x01hello");
  await still();
  target.give("\x16\x03\x03hello");
  await still();
  assert.deepEqual([target.written, client.written], [
    "STARTTLS\r\n\x16\x03\x01hello",
    "220 ready\r\n220 go\r\n\x16\x03\x03hello",
  ]);
  assert.deepEqual(undelivered, []);
  await close();
});
