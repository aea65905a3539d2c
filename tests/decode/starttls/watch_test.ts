import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { StartTlsWatch } from "../../../src/decode/starttls/mod.ts";
import type { Direction } from "../../../src/decode/mod.ts";
import { type Said, TALKS } from "./talks.ts";

/** What is said in one go, as bytes. */
interface Run {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
}

/** Joins what one side says without a pause. */
function runs(says: readonly Said[]): Run[] {
  const found: { direction: Direction; text: string }[] = [];
  for (const [by, text] of says) {
    const direction = by.toLowerCase() === "c" ? "upstream" : "downstream";
    const last = found.at(-1);
    if (last?.direction === direction) last.text += text;
    else found.push({ direction, text });
  }
  return found.map(({ direction, text }) => ({ direction, bytes: Buffer.from(text, "latin1") }));
}

/** Feeds a watch as who passes bytes on does: what does not go on is given again after the other side has spoken. */
function feed(watch: StartTlsWatch, says: readonly Said[], piece: () => number) {
  const held: Record<Direction, Buffer> = { upstream: Buffer.of(), downstream: Buffer.of() };
  const passed: Record<Direction, string> = { upstream: "", downstream: "" };
  const give = (direction: Direction, bytes: Uint8Array) => {
    const all = Buffer.concat([held[direction], bytes]);
    const count = watch.receive(direction, all);
    passed[direction] += all.toString("latin1", 0, count);
    held[direction] = all.subarray(count);
  };
  for (const { direction, bytes } of runs(says)) {
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + piece());
      give(direction, bytes.subarray(at, end));
      give(direction === "upstream" ? "downstream" : "upstream", Buffer.of());
      at = end;
    }
  }
  return { passed, held };
}

function textOf(says: readonly Said[], by: string): string {
  return says.filter(([who]) => who === by).map(([, text]) => text).join("");
}

const SEED = crypto.getRandomValues(new Uint32Array(1))[0];

const FEEDINGS: readonly (readonly [string, () => number])[] = [
  ["whole", () => Infinity],
  ["byte by byte", () => 1],
  ...Array.from({ length: 8 }, (_, at) => [`in pieces, seed ${SEED + at}`, pieces(SEED + at)] as const),
];

function pieces(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return 1 + (state >>> 16) % 13;
  };
}

for (const { name, comes, says } of TALKS) {
  Deno.test(`where TLS begins: ${name}`, () => {
    for (const [how, piece] of FEEDINGS) {
      const watch = new StartTlsWatch();
      const { passed, held } = feed(watch, says, piece);
      const { begun } = watch;
      const came = begun === null ? watch.state : `${begun.protocol} ${begun.command}`;
      assert.equal(came, comes, how);
      assert.equal(watch.state === "begun", begun !== null, how);
      assert.equal(passed.upstream, textOf(says, "c"), how);
      assert.equal(passed.downstream, textOf(says, "s"), how);
      assert.equal(held.upstream.toString(), Buffer.from(textOf(says, "C"), "latin1").toString(), how);
      assert.equal(held.downstream.toString(), Buffer.from(textOf(says, "S"), "latin1").toString(), how);
      if (begun !== null) {
        assert.deepEqual([begun.upstream, begun.downstream], [
          passed.upstream.length,
          passed.downstream.length,
        ]);
      }
      if (watch.state !== "open") assert.equal(watch.asked, null);
    }
  });
}

Deno.test("asked says what the client waits for", () => {
  const watch = new StartTlsWatch();
  watch.receive("downstream", Buffer.from("220 ready\r\n"));
  assert.equal(watch.asked, null);
  assert.equal(watch.receive("upstream", Buffer.from("STARTTLS\r\nNOOP\r\n")), 10);
  assert.deepEqual(watch.asked, { protocol: "SMTP", command: "STARTTLS" });
  watch.receive("downstream", Buffer.from("454 no\r\n"));
  assert.equal(watch.asked, null);
  assert.equal(watch.receive("upstream", Buffer.from("NOOP\r\n")), 6);
});

Deno.test("any bytes are watched without a throw, and come out as they went in", () => {
  console.log(`seed ${SEED}`);
  const next = pieces(SEED);
  const beginnings = ["", ...TALKS.flatMap(({ says }) => says.map(([, text]) => text))];
  for (let round = 0; round < 2_000; round++) {
    const begin = beginnings[next() * next() % beginnings.length];
    const says: Said[] = [[round % 2 ? "s" : "c", begin]];
    for (let i = 0; i < 20; i++) {
      const text = next() > 6
        ? beginnings[next() * next() % beginnings.length].slice(0, 200)
        : String.fromCharCode(...Array.from({ length: next() }, () => next() * next() & 255));
      says.push([next() % 2 ? "c" : "s", text]);
    }
    const { passed, held } = feed(new StartTlsWatch(), says, next);
    assert.equal(passed.upstream + held.upstream.toString("latin1"), textOf(says, "c"));
    assert.equal(passed.downstream + held.downstream.toString("latin1"), textOf(says, "s"));
  }
});
