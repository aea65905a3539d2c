// Targets as URLs and as addresses: what they say, and for what is no target the sentence that says what to write.

import assert from "node:assert/strict";
import { formatTarget, parseTargetUrl } from "../src/target.ts";

Deno.test("parseTargetUrl reads what is spoken to a target, and formatTarget writes it again", () => {
  const table: readonly [
    text: string,
    host: string,
    port: number,
    scheme: string | null | undefined,
    again: string,
  ][] = [
    ["localhost:80", "localhost", 80, undefined, "localhost:80"],
    ["[::1]:443", "::1", 443, undefined, "[::1]:443"],
    ["http://shop.example.org", "shop.example.org", 80, null, "shop.example.org:80"],
    ["HTTP://localhost:8080/", "localhost", 8080, null, "localhost:8080"],
    ["ws://localhost", "localhost", 80, null, "localhost:80"],
    ["https://api.example.org", "api.example.org", 443, "https", "https://api.example.org"],
    [" https://api.example.org/ ", "api.example.org", 443, "https", "https://api.example.org"],
    ["https://api.example.org:443", "api.example.org", 443, "https", "https://api.example.org"],
    ["https://10.0.0.1:8443", "10.0.0.1", 8443, "https", "https://10.0.0.1:8443"],
    ["https://[2001:db8::7]", "2001:db8::7", 443, "https", "https://[2001:db8::7]"],
    ["https://[2001:db8::7]:8443/", "2001:db8::7", 8443, "https", "https://[2001:db8::7]:8443"],
    ["wss://live.example.org", "live.example.org", 443, "https", "https://live.example.org"],
    ["tls://db:5432", "db", 5432, "tls", "tls://db:5432"],
    ["tls://mail.example.org:443", "mail.example.org", 443, "tls", "tls://mail.example.org:443"],
  ];
  for (const [text, host, port, scheme, again] of table) {
    assert.deepEqual(parseTargetUrl(text), { address: { host, port }, scheme }, text);
    assert.equal(formatTarget({ host, port }, parseTargetUrl(text).scheme), again, text);
    const shown = parseTargetUrl(again);
    assert.deepEqual(shown.address, { host, port }, again);
    assert.equal(shown.scheme ?? null, scheme ?? null, again);
  }
});

Deno.test("parseTargetUrl refuses what is no target and says what to write", () => {
  const table: readonly [text: string, message: string][] = [
    [
      "https://api.example.org/v1?x",
      'Cannot forward to "https://api.example.org/v1?x": a target has no path, for clients ask for it. ' +
      "Write https://api.example.org.",
    ],
    ["tls://db", 'Cannot forward to "tls://db": the port is missing. Write tls://db:443.'],
    ["tls://[::1]", 'Cannot forward to "tls://[::1]": the port is missing. Write tls://[::1]:443.'],
    ["https://", 'Cannot forward to "https://": the host is missing. Write https://HOST.'],
    ["https://:443", 'Cannot forward to "https://:443": the host is missing. Write localhost:443.'],
    [
      "https://ann:s3cret@api.example.org/x",
      'Cannot forward to "https://…@api.example.org/x": a target has no user. Write https://api.example.org.',
    ],
    [
      "https://a:99999",
      'Cannot forward to "https://a:99999": "99999" is not a port. Write a number from 1 to 65535.',
    ],
    [
      "https://a b",
      'Cannot forward to "https://a b": it is not an address. Write HOST:PORT, such as localhost:80.',
    ],
    [
      "ftp://a:1",
      `Cannot forward to "ftp://a:1": a target's scheme is http, https or tls, not "ftp". ` +
      "Write one of them, or HOST:PORT for any other protocol.",
    ],
    [
      "constructor://a:1",
      `Cannot forward to "constructor://a:1": a target's scheme is http, https or tls, not "constructor". ` +
      "Write one of them, or HOST:PORT for any other protocol.",
    ],
    ["db", 'Cannot forward to "db": the port is missing. Write db:80.'],
  ];
  for (const [text, message] of table) assert.throws(() => parseTargetUrl(text), { message }, text);
});
