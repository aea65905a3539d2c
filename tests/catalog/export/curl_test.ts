// Scripts of curl commands: a shell reads them, and nothing that was recorded becomes a command by itself.

import assert from "node:assert/strict";
import { answer, Capture, get } from "../capture.ts";
import { exportedText, withCatalog } from "./exporting.ts";

async function bash(...args: string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command("bash", { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("curl: a command for each HTTP request, with what it was; of others it is said why not", async () => {
  using capture = new Capture();
  capture.opened(1);
  capture.chunk(1, "upstream", "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nit's `id`");
  capture.chunk(1, "downstream", answer("{}"));
  capture.chunk(1, "upstream", "GET /x\u0085y\u2028 HTTP/1.1\r\nHost: $(id)\r\n\r\n");
  capture.chunk(1, "downstream", answer("{}"));
  capture.opened(2);
  capture.chunk(2, "upstream", "PING\necho broken\n");
  capture.chunk(2, "downstream", "+PONG\r\n");
  capture.ended(2, "client");
  capture.closed(2);
  capture.opened(3);
  capture.secured(3, "target");
  capture.chunk(3, "upstream", get("/inside"));
  capture.edited(3, "upstream", get("/inside").indexOf("localhost"), 9, "shop.example");
  capture.chunk(3, "downstream", answer("{}"));
  await withCatalog(capture, async (catalog) => {
    const script = await exportedText(catalog, { format: "curl" });
    assert.match(script, /^#!\/usr\/bin\/env bash\n# tcpmon test: the requests of 4 exchanges\n\n# e1 2026/);
    const one = await exportedText(catalog, { format: "curl", ids: ["e1"] });
    assert.match(one, /^#!.*\n# tcpmon test: the request of 1 exchange\n/);
    assert.match(script, /# e3 .*PING.*\n# not an HTTP request\n/);
    // A shell in which curl only says what it was given.
    const heard = await bash("-c", `curl() { printf '<%s>' "$@"; echo; }\n${script}`);
    const calls = heard.trim().split("\n");
    assert.equal(calls.length, 3, heard);
    assert.match(calls[0], /<http:\/\/localhost:80\/a>.*<it's `id`>/);
    assert.match(calls[1], /<Host: \$\(id\)>/);
    assert.match(calls[2], /<https:\/\/localhost:80\/inside>.*<Host: shop\.example>/);
  });
});
