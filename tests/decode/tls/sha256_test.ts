import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { hexOf } from "../../../src/decode/tls/cursor.ts";
import { sha256 } from "../../../src/decode/tls/sha256.ts";

Deno.test("sha256 gives what node:crypto gives, for every length around its blocks", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    assert.equal(hexOf(sha256(bytes)), createHash("sha256").update(bytes).digest("hex"), `${length} B`);
  }
});
