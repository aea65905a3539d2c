// The pieces of the lines of the TLS view, and which formats a message offers.

import assert from "node:assert/strict";
import { formatName, formatsFor } from "../../src/ui/page/pane/format.ts";
import { lexTls, tlsTextStart } from "../../src/ui/page/pane/tls_tokens.ts";
import type { MessageDetail } from "../../src/ui/types.ts";

const LINES: readonly (readonly [line: string, pieces: readonly string[]])[] = [
  ["00000000  handshake record, TLS 1.0, 512 B", ["comment:00000000  ", "tag:handshake record"]],
  ["00000005    ClientHello, 512 B", ["comment:00000005  ", "tag:ClientHello"]],
  ["00000009      version: TLS 1.2", ["comment:00000009  ", "attr:version"]],
  [
    "00000050        TLS_AES_128_GCM_SHA256 (0x1301)",
    ["comment:00000050  ", "number:(0x1301)"],
  ],
  [
    "00000090        server_name (0): localhost",
    ["comment:00000090  ", "attr:server_name ", "number:(0)"],
  ],
  ["000000d6        encrypt_then_mac (22)", ["comment:000000d6  ", "attr:encrypt_then_mac ", "number:(22)"]],
  ["                subject: CN=localhost", ["comment:          ", "attr:subject"]],
  ["100000000  3 encrypted records (application_data), 184 B", [
    "comment:100000000  ",
    "tag:3 encrypted records (application_data)",
  ]],
  ["", []],
];

for (const [line, pieces] of LINES) {
  Deno.test(`lexTls: ${JSON.stringify(line)}`, () => {
    const { tokens, state } = lexTls(line);
    assert.deepEqual(tokens.map(({ from, to, kind }) => `${kind}:${line.slice(from, to)}`), pieces);
    assert.equal(state, "");
  });
}

Deno.test("tlsTextStart tells where wrapped lines hang", () => {
  assert.deepEqual(LINES.slice(0, 7).map(([line]) => tlsTextStart(line)), [10, 12, 14, 16, 16, 16, 16]);
});

Deno.test("formatsFor offers TLS where it is that, or was chosen, and nowhere else", () => {
  const tls = { auto: "tls" } as MessageDetail;
  const xml = { auto: "xml" } as MessageDetail;
  assert.deepEqual(formatsFor(xml, "auto"), ["auto", "xml", "json", "form", "hex", "text", "raw"]);
  assert.deepEqual(formatsFor(tls, "auto"), ["auto", "xml", "json", "form", "tls", "hex", "text", "raw"]);
  assert.ok(formatsFor(xml, "tls").includes("tls"));
  assert.ok(!formatsFor(null, "auto").includes("tls"));
  assert.equal(formatName("auto", tls), "Auto: TLS");
});
