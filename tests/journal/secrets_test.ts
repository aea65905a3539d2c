import assert from "node:assert/strict";
import { ClientRandoms } from "../../src/journal/client_randoms.ts";
import { KeyLogFile } from "../../src/journal/key_log_file.ts";
import { Secrets } from "../../src/journal/secrets.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const random = (digit: string) => digit.repeat(64);
const text = (digit: string, label = "CLIENT_RANDOM") => `${label} ${random(digit)} ${digit.repeat(96)}`;
const line = (digit: string, label = "CLIENT_RANDOM") => ({
  label,
  random: random(digit),
  line: encoder.encode(text(digit, label)),
});

/** A file in memory: what was appended, block by block. */
class Blocks {
  readonly blocks: Uint8Array[] = [];

  append(lines: Uint8Array): number {
    this.blocks.push(lines.slice());
    return (this.blocks.length - 1) * 1_000_000;
  }

  replace(position: number, bytes: Uint8Array): void {
    this.blocks[Math.floor(position / 1_000_000)].set(bytes, position % 1_000_000);
  }

  /** The lines of a block that are not empty. */
  lines(block: number): string[] {
    return decoder.decode(this.blocks[block]).split("\n").filter((line) => line !== "");
  }
}

Deno.test("Secrets keeps lines of recorded connections alone, in the room before them and where they come", () => {
  const blocks = new Blocks();
  const secrets = new Secrets(blocks);
  secrets.begin();
  secrets.line(line("a"));
  secrets.line(line("b"));
  assert.equal(blocks.blocks.length, 1, "nobody has been seen");
  secrets.seen(random("b"));
  secrets.line(line("b", "CLIENT_TRAFFIC_SECRET_0"));
  assert.deepEqual(blocks.lines(0), [text("b"), text("b", "CLIENT_TRAFFIC_SECRET_0")]);
  assert.deepEqual(blocks.lines(1), [text("b")]);
  assert.deepEqual(blocks.lines(2), [text("b", "CLIENT_TRAFFIC_SECRET_0")]);
  assert.ok(!blocks.blocks.some((block) => decoder.decode(block).includes(random("a"))));
});

Deno.test("Secrets keeps a line once, however often its key log is read", () => {
  const blocks = new Blocks();
  const secrets = new Secrets(blocks);
  secrets.begin();
  for (let n = 0; n < 3; n++) secrets.line(line("a"));
  secrets.seen(random("a"));
  for (let n = 0; n < 3; n++) secrets.line(line("a"));
  assert.deepEqual(blocks.lines(0), [text("a")]);
  assert.deepEqual(blocks.blocks.slice(1).map((_, n) => blocks.lines(n + 1)), [[text("a")]]);
});

Deno.test("Secrets leaves new room before a connection for whose lines there is none", () => {
  const blocks = new Blocks();
  const secrets = new Secrets(blocks);
  secrets.begin();
  const randoms = Array.from({ length: 200 }, (_, number) => number.toString(16).padStart(64, "0"));
  const room = new Map<string, number>();
  for (const one of randoms) {
    secrets.seen(one);
    room.set(one, blocks.blocks.length - 1);
  }
  assert.ok(new Set(room.values()).size > 2, "several blocks were left blank");
  for (const one of randoms) {
    for (const label of ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET"]) {
      secrets.line({ label, random: one, line: encoder.encode(`${label} ${one} ${"c".repeat(96)}`) });
    }
  }
  for (const [one, block] of room) {
    assert.equal(blocks.lines(block).filter((line) => line.includes(one)).length, 2, one);
  }
});

Deno.test("Secrets writes nothing beyond the room that it left", () => {
  const blocks = new Blocks();
  const secrets = new Secrets(blocks);
  secrets.begin();
  const room = blocks.blocks[0].length;
  const randoms = Array.from({ length: 60 }, (_, number) => number.toString(16).padStart(64, "0"));
  const long = encoder.encode("x".repeat(1_000));
  for (const random of randoms) {
    secrets.seen(random);
    for (const label of ["CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"]) {
      secrets.line({ label, random, line: long });
    }
  }
  assert.equal(blocks.blocks[0].length, room);
  assert.equal(blocks.lines(0).length, Math.floor(room / 1_001));
  assert.equal(blocks.blocks.length, 1 + 2 * randoms.length, "all are where they came");
});

Deno.test("Secrets remembers the latest ten thousand lines of connections that have not come", () => {
  const blocks = new Blocks();
  const secrets = new Secrets(blocks);
  secrets.begin();
  const randoms = Array.from({ length: 10_001 }, (_, number) => number.toString(16).padStart(64, "0"));
  for (const random of randoms) {
    secrets.line({ label: "CLIENT_RANDOM", random, line: encoder.encode(random) });
  }
  secrets.seen(randoms[0]);
  assert.equal(blocks.blocks.length, 1, "the oldest is forgotten");
  secrets.seen(randoms[1]);
  assert.deepEqual(blocks.lines(1), [randoms[1]]);
});

Deno.test("KeyLogFile follows a file that comes late, grows within lines, has other things in it, and begins anew", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/keys.log`;
  const file = new KeyLogFile(path);
  const read = () => {
    file.look();
    return [...file.read()].map(({ line }) => decoder.decode(line));
  };
  try {
    file.check();
    assert.deepEqual(read(), []);
    Deno.writeTextFileSync(path, `# comment\n\n${text("a")}\r\n${text("b").slice(0, 50)}`);
    assert.deepEqual(read(), [text("a")]);
    Deno.writeTextFileSync(path, `${text("b").slice(50)}\n`, { append: true });
    assert.deepEqual(read(), [text("b")]);
    assert.equal(file.damaged, 0);
    const junk = ["no line", text("c").slice(0, -1), "x".repeat(100_000), text("d", "EXPORTER_SECRET")];
    Deno.writeTextFileSync(path, `${junk.join("\n")}\n${text("e")}\n`, { append: true });
    assert.deepEqual(read(), [text("e")]);
    assert.equal(file.damaged, 3, "another label is no damage");
    Deno.writeTextFileSync(path, `${text("f")}\n`);
    assert.deepEqual(read(), [text("f")]);
    Deno.removeSync(path);
    assert.deepEqual(read(), []);
    Deno.writeTextFileSync(path, `${text("1")}\n`);
    assert.deepEqual(read(), [text("1")]);
    assert.throws(
      () => new KeyLogFile(folder).check(),
      /^Error: Cannot follow the key log .*: it is a folder\. Give/,
    );
  } finally {
    file.close();
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test({
  name: "KeyLogFile passes over a file that cannot be read: it is no reason to stop recording",
  // A file that can be opened, and of which nothing can be read: no process has memory at 0.
  ignore: Deno.build.os !== "linux",
  fn: () => {
    const file = new KeyLogFile("/proc/self/mem");
    for (let n = 0; n < 2; n++) {
      file.look();
      assert.deepEqual([...file.read()], []);
    }
    file.close();
  },
});

/** The beginning of a ClientHello with this random, in a record. */
function hello(digit: string): Uint8Array {
  const bytes = Uint8Array.from(random(digit).match(/../g)!, (hex) => parseInt(hex, 16));
  return new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, ...bytes, 32, 1, 2, 3]);
}

Deno.test("ClientRandoms finds hellos where a Chunk begins, behind CONNECT, and in pieces", () => {
  const randoms = new ClientRandoms();
  const connect = encoder.encode("CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test\r\n\r\n");
  assert.equal(randoms.take(1, hello("a")), random("a"));
  assert.equal(randoms.take(2, new Uint8Array([...connect, ...hello("b")])), random("b"));
  assert.equal(randoms.take(3, connect), null);
  assert.equal(randoms.take(3, hello("c")), random("c"));
  let found: string | null = null;
  for (const byte of hello("d")) found = randoms.take(4, Uint8Array.of(byte)) ?? found;
  assert.equal(found, random("d"));
  assert.equal(randoms.take(5, encoder.encode("GET / HTTP/1.1\r\n\r\n")), null);
  assert.equal(
    randoms.take(6, new Uint8Array([22, 3, 1, 0, 50, 2, ...new Uint8Array(80)])),
    null,
    "a ServerHello",
  );
  // Two Connections at once, in pieces.
  assert.equal(randoms.take(7, hello("e").subarray(0, 20)), null);
  assert.equal(randoms.take(8, hello("f").subarray(0, 9)), null);
  assert.equal(randoms.take(7, hello("e").subarray(20)), random("e"));
  assert.equal(randoms.take(8, hello("f").subarray(9)), random("f"));
});
