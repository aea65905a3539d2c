import assert from "node:assert/strict";
import { pem, pemBlocks } from "../../src/ca/pem.ts";

Deno.test("pemBlocks reads what pem writes, and leaves out what stands between", () => {
  for (const length of [1, 47, 48, 49, 1000]) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const text = pem("CERTIFICATE", bytes);
    for (const line of text.split("\n")) assert.ok(line.length <= 64);
    const blocks = pemBlocks(
      `Bag attributes\r\n${text.replaceAll("\n", "\r\n")}# more\n${pem("PRIVATE KEY", bytes)}`,
    );
    assert.deepEqual(blocks.map(({ label }) => label), ["CERTIFICATE", "PRIVATE KEY"]);
    assert.deepEqual(blocks[0].bytes, bytes);
    assert.equal(pemBlocks(text)[0].text, text);
  }
});

Deno.test("pemBlocks knows where there is no base64, and where a block has no end", () => {
  const old =
    "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
  assert.equal(pemBlocks(old)[0].bytes, null);
  assert.deepEqual(pemBlocks("-----BEGIN CERTIFICATE-----\nAAAA\n"), []);
});
