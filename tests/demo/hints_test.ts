// What the demo prints, and the lines to paste: run by a shell as they are printed.

import assert from "node:assert/strict";
import { startBackend } from "../../src/demo/backend.ts";
import { hints, jsonLines, mailLine, sayTaken, soapLine } from "../../src/demo/hints.ts";
import { nextFreePort } from "../../src/demo/ports.ts";
import { curl } from "../needs.ts";

async function shell(line: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", line], stdin: "null", stderr: "null" })
    .output();
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "soapLine and jsonLines work when they are pasted",
  ignore: curl === null,
  fn: async () => {
    const backend = startBackend();
    try {
      const { port } = backend.http;
      assert.match(await shell(soapLine(port, "GOOG")), /<q:price currency="EUR">141\.80<\/q:price>/);
      assert.match(await shell(soapLine(port, "GOGG")), /<faultstring>unknown symbol GOGG<\/faultstring>/);
      const [order, conflict] = await Promise.all(jsonLines(port).map(shell));
      assert.equal(JSON.parse(order).id, "A-20931");
      assert.equal(JSON.parse(conflict).error, "revision 6 is not the current one");
    } finally {
      await backend.stop();
    }
  },
});

Deno.test("hints holds the page's address and every line to paste", () => {
  const entrances = { http: { host: "127.0.0.1", port: 8081 }, mail: { host: "127.0.0.1", port: 2525 } };
  const text = hints(entrances, "http://127.0.0.1:4040/?token=x");
  for (
    const part of [
      "http://127.0.0.1:4040/?token=x",
      soapLine(8081, "GOOG"),
      ...jsonLines(8081),
      mailLine(2525),
    ]
  ) {
    assert.ok(text.includes(part), part);
  }
});

Deno.test("sayTaken speaks only of a port that was not the wanted one", () => {
  assert.equal(sayTaken({ wanted: 8081, port: 8081 }), null);
  assert.match(sayTaken({ wanted: 8081, port: 8083 }) ?? "", /8081 .* 8083/);
});

Deno.test("nextFreePort goes past ports that are used", () => {
  using first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const wanted = first.addr.port;
  const free = nextFreePort(wanted);
  assert.ok(free > wanted && free < wanted + 100);
  using second = Deno.listen({ hostname: "127.0.0.1", port: free });
  assert.ok(nextFreePort(wanted) > second.addr.port);
});
