// IP addresses as bytes.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { addressBytes } from "../../src/journal/ip.ts";

Deno.test("addressBytes reads every way to write an address", () => {
  const table: readonly (readonly [text: string, hex: string])[] = [
    ["127.0.0.1", "7f000001"],
    ["255.0.10.200", "ff000ac8"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["fe80::", "fe800000000000000000000000000000"],
    ["fe80::1%eth0", "fe800000000000000000000000000001"],
    ["2001:db8::ff00:42:8329", "20010db8000000000000ff0000428329"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["::ffff:192.0.2.128", "00000000000000000000ffffc0000280"],
    ["64:ff9b::1.2.3.4", "0064ff9b000000000000000001020304"],
  ];
  for (const [text, hex] of table) assert.equal(Buffer.from(addressBytes(text)).toString("hex"), hex, text);
});
