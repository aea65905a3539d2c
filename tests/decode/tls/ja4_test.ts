// The vectors with a name are published: Chrome's of FoxIO's description of JA4, and one that a site that computes it
// showed to Chromium 143, with the lists that it is made of.

import assert from "node:assert/strict";
import { readClientHello } from "../../../src/decode/tls/hello.ts";
import { ja4, ja4Raw } from "../../../src/decode/tls/ja4.ts";
import { octets } from "../transcript.ts";
import {
  clientHello,
  extension,
  handshake,
  type HelloParts,
  protocols,
  schemes,
  serverName,
  versions,
} from "./records.ts";

function fingerprint(parts: HelloParts): string {
  return ja4(readClientHello(octets(handshake(1, clientHello(parts)))));
}

const SUITES = [
  ...[0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030],
  ...[0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035],
];
const SCHEMES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];

/** Extensions by their numbers in this order, with GREASE around; those that count are filled. */
function chrome(...types: number[]): string[] {
  const known: Readonly<Record<number, string>> = {
    0: serverName("shop.test"),
    13: schemes(...SCHEMES),
    16: protocols("h2", "http/1.1"),
    43: versions(0x2a2a, 0x0304, 0x0303),
  };
  return [0x1a1a, ...types, 0xfafa].map((type) => known[type] ?? extension(type, ""));
}

const CASES: readonly [name: string, parts: HelloParts, expected: string][] = [
  [
    "Chrome, as FoxIO describes it",
    {
      suites: SUITES,
      extensions: chrome(0, 23, 65281, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27, 17513, 21),
    },
    "t13d1516h2_8daaf6152771_e5627efa2ab1",
  ],
  [
    "Chromium 143",
    {
      suites: SUITES,
      extensions: chrome(45, 51, 16, 65037, 23, 17613, 0, 11, 10, 43, 65281, 35, 18, 5, 13, 27),
    },
    "t13d1516h2_8daaf6152771_d8a2da3f94cd",
  ],
  ["no extensions", { suites: [] }, "t12i000000_000000000000_000000000000"],
  [
    "SSL 3.0, a name and no suites",
    { version: 0x0300, suites: [], extensions: [serverName("a")] },
    "ts3d000100_000000000000_000000000000",
  ],
  [
    "a protocol of one letter",
    { suites: [], extensions: [protocols("x")] },
    "t12i0001xx_000000000000_000000000000",
  ],
  [
    "a protocol that is no text",
    { suites: [], extensions: [protocols("\xab\xcd")] },
    "t12i0001ad_000000000000_000000000000",
  ],
  [
    "a protocol that ends with no text",
    { suites: [], extensions: [protocols("0\xab")] },
    "t12i00013b_000000000000_000000000000",
  ],
];

for (const [name, parts, expected] of CASES) {
  Deno.test(`ja4: ${name}`, () => assert.equal(fingerprint(parts), expected));
}

Deno.test("ja4Raw gives what the digests are made of", () => {
  const hello = readClientHello(
    octets(handshake(1, clientHello({ suites: SUITES, extensions: chrome(16, 13, 0) }))),
  );
  assert.equal(
    ja4Raw(hello),
    "t12d1503h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_000d_" +
      "0403,0804,0401,0503,0805,0501,0806,0601",
  );
});

Deno.test("ja4 counts to 99", () => {
  const suites = Array.from({ length: 150 }, (_, i) => 0xc000 + i);
  assert.match(fingerprint({ suites }), /^t12i9900/);
});
