// An independent judge: openssl knows the names of the suites that it speaks.

import assert from "node:assert/strict";
import { cipherSuiteName } from "../../../src/decode/tls/cipher_suites.ts";
import { suiteName } from "../../../src/decode/tls/names.ts";
import { openssl } from "../../needs.ts";

Deno.test({
  name: "cipherSuiteName names every suite as openssl does",
  ignore: openssl === null,
  fn: async () => {
    const { stdout } = await new Deno.Command(openssl!, {
      args: ["ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    const named = lines.map((line) => /0x([0-9A-F]{2}),0x([0-9A-F]{2}) - (\S+)/.exec(line)!);
    assert.ok(named.length > 100, `${named.length} suites`);
    for (const [, high, low, name] of named) assert.equal(cipherSuiteName(parseInt(high + low, 16)), name);
  },
});

Deno.test("suiteName tells what has no name by its number", () => {
  assert.equal(suiteName(0x1304), "TLS_AES_128_CCM_SHA256");
  assert.equal(suiteName(0xc0b5), "TLS_SHA384_SHA384");
  assert.equal(suiteName(0xfafa), "GREASE 0xfafa");
  assert.equal(suiteName(0xeeee), "suite 0xeeee");
});
