import assert from "node:assert/strict";
import { type ClientHello, readClientHello } from "../../../src/relay/tls/client_hello.ts";

/** A ClientHello in records that hold at most `most` bytes each. */
function hello(extensions: readonly number[], most = 16_384): Uint8Array {
  const body = [
    3,
    3,
    ...Array(32).fill(7),
    1,
    9,
    0,
    2,
    0x13,
    1,
    1,
    0,
    ...two(extensions.length),
    ...extensions,
  ];
  const message = [1, 0, ...two(body.length), ...body];
  const records: number[] = [];
  for (let at = 0; at < message.length; at += most) {
    const part = message.slice(at, at + most);
    records.push(22, 3, 1, ...two(part.length), ...part);
  }
  return Uint8Array.from(records);
}

function two(value: number): number[] {
  return [value >> 8, value & 255];
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}

function sni(name: string): number[] {
  return [0, 0, ...two(name.length + 5), ...two(name.length + 3), 0, ...two(name.length), ...text(name)];
}

function alpn(...names: string[]): number[] {
  const list = names.flatMap((name) => [name.length, ...text(name)]);
  return [0, 16, ...two(list.length + 2), ...two(list.length), ...list];
}

function versions(...all: number[]): number[] {
  return [0, 43, ...two(all.length * 2 + 1), all.length * 2, ...all.flatMap(two)];
}

const NOTHING: ClientHello = { serverName: null, alpn: [], newest: 0x0303 };

const CASES: readonly (readonly [string, number[], ClientHello])[] = [
  ["nothing", [], NOTHING],
  ["a name", sni("Shop.Example.org."), { ...NOTHING, serverName: "shop.example.org" }],
  ["protocols", alpn("h2", "http/1.1"), { ...NOTHING, alpn: ["h2", "http/1.1"] }],
  ["both, among others", [0, 23, 0, 0, ...sni("a.b"), 0x2a, 0x2a, 0, 1, 0, ...alpn("x")], {
    ...NOTHING,
    serverName: "a.b",
    alpn: ["x"],
  }],
  ["a name with a line end", sni("a\r\nb"), NOTHING],
  ["versions, the newest not first", versions(0x0302, 0x0304, 0x0303), { ...NOTHING, newest: 0x0304 }],
  ["versions that are none", versions(0x7a7a, 0x0302), { ...NOTHING, newest: 0x0302 }],
];

Deno.test("readClientHello reads the name and the protocols, however it comes", () => {
  for (const [what, extensions, expected] of CASES) {
    for (const most of [16_384, 100, 7, 1]) {
      const bytes = hello(extensions, most);
      for (let length = 1; length < bytes.length; length++) {
        assert.equal(readClientHello(bytes.subarray(0, length)), "more", `${what}, ${length} bytes`);
      }
      assert.deepEqual(readClientHello(bytes), expected, what);
      // What follows is not looked at.
      assert.deepEqual(readClientHello(Uint8Array.from([...bytes, 23, 3, 3, 0, 1, 0])), expected, what);
    }
  }
});

Deno.test("readClientHello tells what is none as soon as it can", () => {
  const none: readonly (readonly number[])[] = [
    text("GET / HTTP/1.1\r\n"),
    [22, 2],
    [22, 3, 1, 0, 0],
    [22, 3, 1, 0xff, 0xff],
    [22, 3, 3, 0, 4, 2, 0, 0, 0],
    [22, 3, 3, 0, 4, 1, 255, 255, 255],
    // Extensions that are longer than the message.
    [...hello(sni("a.b")).subarray(0, 5), 1, 0, 0, 5, 3, 3, 0, 0, 0, ...Array(60).fill(0)],
    [22, 3, 1, 0, 5, 1, 0, 0, 40, 3, 23, 3, 3],
  ];
  for (const bytes of none) assert.equal(readClientHello(Uint8Array.from(bytes)), null, String(bytes));
});

Deno.test("readClientHello never throws, whatever comes", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  console.log(`seed ${seed}`);
  let state = seed;
  const random = () => (state = Math.imul(state ^ state >>> 15, 2_246_822_519) + 0x9e3779b9 >>> 0) / 2 ** 32;
  for (let round = 0; round < 2000; round++) {
    const bytes = hello(
      [...sni("some.example.org"), ...alpn("h2", "http/1.1")],
      1 + Math.floor(random() * 300),
    );
    for (let change = 0; change < 3; change++) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    }
    readClientHello(bytes);
  }
});
