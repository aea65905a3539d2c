// A capture that comes through a pipe, in whatever pieces.

import assert from "node:assert/strict";
import { PipedInput } from "../../src/journal/piped_input.ts";
import { concat } from "./foreign/made.ts";

const NEVER = new Promise<void>(() => {});
/** The header of a pcap file, and something behind it. */
const PCAP = concat(new Uint8Array([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0]), new Uint8Array(100_000).fill(7));

/** A pipe that is written to, and a folder. */
async function through(
  test: (
    pipe: { write(bytes: Uint8Array): void; end(): void; fail(error: Error): void; readonly closed: boolean },
    begin: (ended?: Promise<void>) => Promise<PipedInput>,
  ) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let closed = false;
  const input = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: () => void (closed = true),
  });
  const pipe = {
    write: (bytes: Uint8Array) => controller.enqueue(bytes),
    end: () => controller.close(),
    fail: (error: Error) => controller.error(error),
    get closed() {
      return closed;
    },
  };
  try {
    await test(pipe, (ended = NEVER) => PipedInput.begin(input, folder, ended));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Waits until the file has so many bytes. */
async function has({ path }: PipedInput, length: number): Promise<void> {
  while (Deno.statSync(path).size < length) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function packed(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("what comes through a pipe is there as it comes, once it can be told what it is", async () => {
  await through(async (pipe, begin) => {
    const beginning = begin();
    for (const byte of PCAP.subarray(0, 24)) pipe.write(new Uint8Array([byte]));
    const piped = await beginning;
    await has(piped, 24);
    pipe.write(PCAP.subarray(24, 60_000));
    await has(piped, 60_000);
    pipe.write(PCAP.subarray(60_000));
    pipe.end();
    assert.equal(await piped.over, null);
    assert.deepEqual(Deno.readFileSync(piped.path), PCAP);
  });
});

Deno.test("JSON is waited for to its end, and what is nothing known is refused by whoever reads it", async () => {
  for (
    const [text, waits] of [['{"log":{}}', true], ["hello", true], ["\x00\x01".repeat(20), false]] as const
  ) {
    await through(async (pipe, begin) => {
      let begun = false;
      const beginning = begin().then((piped) => (begun = true, piped));
      pipe.write(new TextEncoder().encode(text));
      if (waits) {
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
        assert.equal(begun, false, text);
      } else await beginning;
      pipe.end();
      const piped = await beginning;
      await piped.over;
      assert.equal(Deno.readTextFileSync(piped.path), text);
    });
  }
});

Deno.test("a section header is waited for as a whole, in either byte order", async () => {
  for (const little of [true, false]) {
    await through(async (pipe, begin) => {
      const section = new Uint8Array(32);
      const view = new DataView(section.buffer);
      view.setUint32(0, 0x0a0d0d0a);
      view.setUint32(4, section.length, little);
      view.setUint32(8, 0x1a2b3c4d, little);
      let begun = false;
      const beginning = begin().then((piped) => (begun = true, piped));
      pipe.write(section.subarray(0, 31));
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
      assert.equal(begun, false);
      pipe.write(section.subarray(31));
      const piped = await beginning;
      await piped.stop();
      assert.equal(pipe.closed, true);
    });
  }
});

Deno.test("what is compressed is unpacked on the way; damaged, what could be unpacked is there", async () => {
  const whole = await packed(PCAP);
  for (const [bytes, note] of [[whole, null], [whole.subarray(0, -12), "damaged or ends early"]] as const) {
    await through(async (pipe, begin) => {
      pipe.write(bytes.subarray(0, 1));
      pipe.write(bytes.subarray(1));
      pipe.end();
      const piped = await begin();
      const said = await piped.over;
      if (note === null) assert.equal(said, null);
      else assert.ok(said?.includes(note), `${said}`);
      const kept = Deno.readFileSync(piped.path);
      assert.deepEqual(kept, PCAP.subarray(0, kept.length));
      assert.ok(note !== null || kept.length === PCAP.length);
    });
  }
});

Deno.test("nothing more is read once nobody wants it, also before anything came; a fault is told", async () => {
  await through(async (pipe, begin) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const beginning = begin(promise);
    resolve();
    const piped = await beginning;
    assert.equal(await piped.over, null);
    assert.deepEqual([pipe.closed, Deno.statSync(piped.path).size], [true, 0]);
  });
  await through(async (pipe, begin) => {
    pipe.write(PCAP.subarray(0, 100));
    const piped = await begin();
    pipe.fail(new Error("Input/output error (os error 5)"));
    assert.equal(await piped.over, "It cannot be read further: input/output error");
  });
});
